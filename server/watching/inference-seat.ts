import type { Clock } from '../system/clock.js'
import { startWorker } from '../system/worker.js'
import type { Abilities, FoundIn, FrameOnLoan, JudgeRequest, WatchingModel, WorkerNews, WorkerStart, WrittenFault } from './inference-messages.js'
import type { Pace } from './inference-pace.js'

export interface Answer extends FoundIn {
  readonly rgb: Uint8Array<ArrayBuffer>
}

/** One place in the pool and the thread that sits there. A seat is used once: when its thread is gone, so is it. */
export interface Seat {
  readonly free: boolean
  /** Null: the thread died over these frames, and they with it. */
  judge(frames: readonly FrameOnLoan[]): Promise<readonly Answer[] | null>
  /** Waits for the answer that is under way, then ends the thread. */
  close(): Promise<void>
}

export interface SeatNews {
  readonly clock: Clock
  /** The first one measures; one that takes a dead one's place gets to work at once. */
  readonly measure: boolean
  onReady(abilities: Abilities): void
  onFree(judgeMs: number): void
  onPaced(paces: readonly Pace[]): void
  onRefused(fault: WrittenFault): void
  onGone(reason: string): void
}

/** A frame takes milliseconds; a thread that is silent this long hangs. Loading a model on a busy machine takes seconds. */
const JUDGE_MS_MAX = 10_000
const LOAD_MS_MAX = 60_000

export function startSeat(model: WatchingModel, news: SeatNews): Seat {
  const start: WorkerStart = { model, measure: news.measure }
  const worker = startWorker(new URL('./inference-worker', import.meta.url), start)
  let state: 'loading' | 'free' | 'busy' | 'gone' = 'loading'
  let nextId = 1
  let open: { readonly id: number; readonly settle: (answers: readonly Answer[] | null) => void } | null = null
  let whenIdle: () => void = () => undefined
  let stopWatching = watch(LOAD_MS_MAX, 'it did not load its model in time')

  function watch(ms: number, reason: string): () => void {
    return news.clock.after(ms, () => leave(reason))
  }

  /**
   * Once: whatever ends the thread first (its error, its exit, our patience) gives the reason. A thread inside onnxruntime is
   * never terminated: its answer would meet a dead JavaScript world and abort the whole server (Napi::Error, SIGABRT; seen
   * with 1.30). One that hangs is left alone and another takes its seat.
   */
  function leave(reason: string): void {
    if (state === 'gone') return
    const idle = state === 'free'
    state = 'gone'
    stopWatching()
    if (idle) void worker.terminate()
    else worker.unref()
    open?.settle(null)
    open = null
    whenIdle()
    news.onGone(reason)
  }

  worker.on('message', (said: WorkerNews) => {
    if (state === 'gone') return
    if (said.kind === 'paced') return news.onPaced(said.paces)
    stopWatching()
    if (said.kind === 'refused') {
      state = 'free'
      news.onRefused(said.fault)
      leave('its model was refused')
    } else if (said.kind === 'ready') {
      state = 'free'
      news.onReady(said.abilities)
      whenIdle()
    } else if (said.id === open?.id) {
      const { settle } = open
      open = null
      state = 'free'
      settle(said.frames.map((frame, at) => ({ rgb: frame.rgb, ...(said.found[at] ?? { detections: [], far: [] }) })))
      whenIdle()
      news.onFree(said.judgeMs)
    }
  })
  worker.on('error', (error: Error) => leave(error.message))
  worker.on('exit', (code) => leave(`it left with code ${code}`))

  return {
    get free() {
      return state === 'free'
    },
    judge(frames) {
      if (state !== 'free') return Promise.resolve(null)
      state = 'busy'
      stopWatching = watch(JUDGE_MS_MAX, 'it did not answer in time')
      const request: JudgeRequest = { id: nextId++, frames }
      return new Promise((settle) => {
        open = { id: request.id, settle }
        worker.postMessage(request, frames.map((frame) => frame.rgb.buffer))
      })
    },
    async close() {
      if (state === 'loading' || state === 'busy') await new Promise<void>((resolve) => (whenIdle = resolve))
      if (state === 'gone') return
      state = 'gone'
      stopWatching()
      await worker.terminate()
    },
  }
}
