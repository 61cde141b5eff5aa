import { availableParallelism } from 'node:os'
import { sizeOf, type Size } from '../../analytics/crop.js'
import { ModelFault } from '../../analytics/detect/detector.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import type { Abilities, FrameOnLoan, WatchingModel, WrittenFault } from './inference-messages.js'
import { chooseBatch, type Pace } from './inference-pace.js'
import { startSeat, type Answer, type Seat } from './inference-seat.js'

/** A frame comes back with what was found in it, or is lost with its reason; it never waits for ever. */
export type Judged =
  | ({ readonly kind: 'judged' } & Answer)
  | { readonly kind: 'lost'; readonly why: 'worker_died' | 'model_refused' | 'closed' }

export type ModelState =
  | { readonly kind: 'loading' }
  | ({ readonly kind: 'ready' } & Abilities)
  | { readonly kind: 'refused'; readonly fault: WrittenFault }

export interface PoolStats {
  readonly model: ModelState
  readonly workers: number
  readonly waiting: number
  /** How many frames share a call at most, as measured when the first worker came; null until then. */
  readonly batch: { readonly frames: number; readonly paces: readonly Pace[] } | null
  readonly judged: number
  /** Frames that went down with a worker. */
  readonly lost: number
  readonly deaths: number
  /** Time inside the model, over all frames so far. */
  readonly judgeMs: number
}

export interface InferencePool {
  /** Resolves when a worker has loaded the model; rejects with a ModelFault that names field, reason and next step. */
  readonly ready: Promise<void>
  /** The model that looks, and what it can do: the same object for as long as it is the same model. */
  readonly model: ModelState
  judge(frame: FrameOnLoan): Promise<Judged>
  stats(): PoolStats
  close(): Promise<void>
}

export interface PoolOptions {
  readonly model: WatchingModel
  readonly clock: Clock
  readonly log: Log
  /** Default: half of the cores, and two where there are two (workersFor). */
  readonly workers?: number
}

interface Waiting {
  readonly frame: FrameOnLoan
  readonly settle: (judged: Judged) => void
}

/**
 * Decoding, recording and the web need cores too. But two threads on two cores carried cameras that were too many for one
 * (measured: README): frames of many cameras come at once, and while they wait for one thread the other core has nothing to do.
 */
export function workersFor(cores: number): number {
  return Math.max(Math.min(2, cores), Math.floor(cores / 2))
}

const BACK_OFF_MS_MIN = 200
const BACK_OFF_MS_MAX = 30_000

/**
 * Fair by construction: a camera has one frame here at a time (its lane sees to that) and frames are taken in order of
 * arrival, so every camera that waits has its turn before any has a second one.
 */
export function openInferencePool(options: PoolOptions): InferencePool {
  const { clock, log } = options
  const seatCount = Math.max(1, options.workers ?? workersFor(availableParallelism()))
  const queue: Waiting[] = []
  const seats = new Set<Seat>()
  const retries = new Set<() => void>()
  const count = { judged: 0, lost: 0, deaths: 0, judgeMs: 0 }
  let model: ModelState = { kind: 'loading' }
  let closed = false
  let failuresInRow = 0
  let batch: PoolStats['batch'] = null
  let settleReady: { resolve(): void; reject(fault: ModelFault): void }
  const ready = new Promise<void>((resolve, reject) => (settleReady = { resolve, reject }))
  ready.catch(() => undefined) // told again by stats() and by every judge(); an unread promise must not end the server

  function seat(): void {
    const added: Seat = startSeat(options.model, {
      clock,
      measure: seats.size === 0 && batch === null,
      onReady(abilities) {
        if (closed) return
        failuresInRow = 0
        if (model.kind === 'loading') model = { kind: 'ready', ...abilities }
        settleReady.resolve()
        deal()
      },
      onPaced(paces) {
        batch = { frames: chooseBatch(paces), paces }
        log.info({ model: options.model.name, batch: batch.frames, paces }, 'as many frames share a call as is fastest here')
      },
      onFree(judgeMs) {
        count.judgeMs += judgeMs
        deal()
      },
      onRefused(fault) {
        model = { kind: 'refused', fault }
        log.error({ model: options.model.name, ...fault }, 'model refused')
        settleReady.reject(new ModelFault(fault.field, fault.message, fault.next))
        drop('model_refused')
      },
      onGone(reason) {
        seats.delete(added)
        if (closed || model.kind === 'refused') return
        count.deaths += 1
        failuresInRow += 1
        const waitMs = Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** (failuresInRow - 1))
        log.warn({ reason, waitMs, model: options.model.name }, 'inference worker died; another takes its place')
        const cancel = clock.after(waitMs, () => {
          retries.delete(cancel)
          seat()
        })
        retries.add(cancel)
      },
    })
    seats.add(added)
  }

  function deal(): void {
    if (closed) return
    for (const free of seats) {
      if (queue.length === 0) return
      if (!free.free) continue
      const together = takeBatch()
      void free.judge(together.map((each) => each.frame)).then((answers) => {
        together.forEach((each, at) => {
          const answer = answers?.[at]
          count[answer ? 'judged' : 'lost'] += 1
          each.settle(answer ? { kind: 'judged', ...answer } : { kind: 'lost', why: closed ? 'closed' : 'worker_died' })
        })
      })
    }
  }

  /** The longest waiting frame, and others that show the network a picture of the same size; never so many that another worker would sit idle. */
  function takeBatch(): readonly Waiting[] {
    const first = queue[0]!
    const share = Math.ceil(queue.length / seatCount)
    const shown = sizeShown(first.frame)
    const taken = queue.filter((each) => sameSize(sizeShown(each.frame), shown)).slice(0, Math.min(batch?.frames ?? 1, share))
    for (const each of taken) queue.splice(queue.indexOf(each), 1)
    return taken
  }

  function drop(why: 'model_refused' | 'closed'): void {
    for (const each of queue.splice(0)) each.settle({ kind: 'lost', why })
  }

  for (let at = 0; at < seatCount; at += 1) seat()

  return {
    ready,
    get model() {
      return model
    },
    judge(frame) {
      if (closed) return Promise.resolve({ kind: 'lost', why: 'closed' })
      if (model.kind === 'refused') return Promise.resolve({ kind: 'lost', why: 'model_refused' })
      return new Promise((settle) => {
        queue.push({ frame, settle })
        deal()
      })
    },
    stats: () => ({ model, workers: seats.size, waiting: queue.length, batch, ...count }),
    async close() {
      closed = true
      for (const cancel of retries) cancel()
      drop('closed')
      await Promise.all([...seats].map((each) => each.close()))
    },
  }
}

function sizeShown(frame: FrameOnLoan): Size {
  return frame.crop ? sizeOf(frame.crop) : frame
}

function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height
}
