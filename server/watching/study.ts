import { mkdir, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelFault } from '../../analytics/detect/detector.js'
import type { Anchor } from '../../analytics/plate/follow.js'
import type { PlateAnswer } from '../domain/plate.js'
import type { Packet } from '../media/packet.js'
import { forkOurs } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { packModel } from './packed-model.js'
import type { WrittenFault } from './inference-messages.js'
import type { StudyModels, StudyNews, StudyRequest } from './study-messages.js'

/** Looks back at pictures that have passed, at full size, when something happened: nothing of it costs anything otherwise. */
export interface Study {
  /** The plate of the vehicle that was there then; null when it could not be looked at (too many questions, no pictures, a dead process). */
  readPlate(packets: readonly Packet[], anchor: Anchor): Promise<PlateAnswer | null>
  /** Opens the models now, and lets them go again: whatever is wrong with them shows before the first question. Never rejects. */
  tryModels(): Promise<void>
  /** Why the models could not be opened the last time that somebody tried; null while nothing is known against them. */
  trouble(): WrittenFault | null
  stats(): { readonly asked: number; readonly answered: number; readonly failed: number; readonly waiting: number }
  close(): Promise<void>
}

export interface StudyOptions {
  readonly models: StudyModels
  readonly folder: string
  readonly ffmpeg: string
  readonly runId: string
  readonly clock: Clock
  readonly log: Log
}

const WAITING_MAX = 32
const ANSWER_MS_MAX = 60_000
const LOAD_MS_MAX = 60_000
/** Idle for this long, the process goes and its memory with it. */
const IDLE_MS = 60_000
const MEMORY_MB = 512

const DIED: WrittenFault = { field: 'plates', message: 'the process that opens the models ended before they were open', next: 'Look into the log; a smaller model, or more memory, may help.' }

interface Open {
  readonly settle: (answer: PlateAnswer | null) => void
  readonly stopWatching: () => void
}

interface Helper {
  readonly ready: Promise<void>
  ask(question: StudyRequest & { readonly kind: 'plate' }): Promise<PlateAnswer | null>
  end(): Promise<void>
  readonly gone: boolean
}

export async function openStudy(options: StudyOptions): Promise<Study> {
  const { clock, log, folder } = options
  // What a crash left there is nobody's any more.
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const count = { asked: 0, answered: 0, failed: 0 }
  let waiting = 0
  let nextId = 1
  let helper: Helper | null = null
  let rest: () => void = () => undefined
  let turn: Promise<unknown> = Promise.resolve()
  let closed = false
  let trouble: WrittenFault | null = null

  const ask = async (packets: readonly Packet[], anchor: Anchor): Promise<PlateAnswer | null> => {
    const init = packets[0]?.init
    const own = packets.filter((packet) => packet.init === init)
    if (closed || !init || !own[0]?.key) return null
    rest()
    if (!helper || helper.gone) helper = startHelper(options, (fault) => (trouble = fault))
    const id = nextId++
    const file = join(folder, `${id}.mp4`)
    try {
      await helper.ready
      await writeFile(file, Buffer.concat([init.bytes, ...own.map(({ bytes }) => bytes)]), { mode: 0o600 })
      return await helper.ask({ kind: 'plate', id, file, timesMs: own.map(({ atMs }) => atMs), anchor })
    } finally {
      await unlink(file).catch(() => undefined)
      const idle = helper
      rest = clock.after(IDLE_MS, () => void idle.end())
    }
  }

  return {
    async readPlate(packets, anchor) {
      count.asked += 1
      if (waiting >= WAITING_MAX) {
        count.failed += 1
        return null
      }
      waiting += 1
      const mine = turn.then(() => ask(packets, anchor)).catch((fault: unknown) => {
        log.warn({ fault }, 'a plate could not be looked at')
        return null
      })
      turn = mine
      const answer = await mine
      waiting -= 1
      count[answer ? 'answered' : 'failed'] += 1
      return answer
    },
    async tryModels() {
      const tried = turn.then(async () => {
        if (closed || (helper && !helper.gone)) return
        helper = startHelper(options, (fault) => (trouble = fault))
        await helper.ready.catch((fault: unknown) => (closed ? undefined : log.warn({ fault }, 'no plate is read: its models cannot be opened')))
        await helper.end()
      })
      turn = tried
      await tried
    },
    trouble: () => trouble,
    stats: () => ({ ...count, waiting }),
    async close() {
      closed = true
      // First the process: whoever waits for its answer is then told that there is none, and the queue runs empty at once.
      await helper?.end()
      await turn
      rest()
    },
  }
}

/** `onOpened` is told how opening the models went: null, or why not. */
function startHelper({ models, ffmpeg, runId, clock, log }: StudyOptions, onOpened: (fault: WrittenFault | null) => void): Helper {
  const child = forkOurs(new URL('./study-process', import.meta.url), { runId, memoryMb: MEMORY_MB })
  const open = new Map<number, Open>()
  let gone = false
  let opened = false
  let settleReady: { resolve(): void; reject(fault: Error): void }
  const ready = new Promise<void>((resolve, reject) => (settleReady = { resolve, reject }))
  ready.catch(() => undefined) // whoever asks awaits it again
  const left = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const slow = clock.after(LOAD_MS_MAX, () => void child.kill('SIGKILL'))

  const leave = (): void => {
    // One that we end before it is ready says nothing of its models; one that dies then does.
    if (!gone && !opened) onOpened(DIED)
    gone = true
    slow()
    settleReady.reject(new Error('the study process is gone'))
    for (const { settle, stopWatching } of open.values()) {
      stopWatching()
      settle(null)
    }
    open.clear()
  }
  child.on('message', (news: StudyNews) => {
    if (news.kind === 'ready') {
      slow()
      opened = true
      onOpened(null)
      return settleReady.resolve()
    }
    if (news.kind === 'refused') {
      slow()
      opened = true
      onOpened(news.fault)
      return settleReady.reject(new ModelFault(news.fault.field, news.fault.message, news.fault.next))
    }
    const asked = open.get(news.id)
    if (!asked) return
    open.delete(news.id)
    asked.stopWatching()
    if (news.kind === 'failed') log.warn({ why: news.why }, 'a plate could not be looked at')
    asked.settle(news.kind === 'plate' ? news.answer : null)
  })
  child.once('exit', leave)
  child.once('error', leave)
  const { eyes, plates } = models
  child.send({ kind: 'models', eyes: packModel(eyes), plates: { ...plates, finder: packModel({ bytes: plates.finder }), reader: packModel({ bytes: plates.reader }) }, ffmpeg, runId } satisfies StudyRequest)

  return {
    ready,
    get gone() {
      return gone
    },
    ask(question) {
      if (gone) return Promise.resolve(null)
      return new Promise((settle) => {
        open.set(question.id, { settle, stopWatching: clock.after(ANSWER_MS_MAX, () => void child.kill('SIGKILL')) })
        child.send(question)
      })
    },
    async end() {
      if (!gone) child.kill('SIGTERM')
      // From here on, not from its exit on: whoever asks meanwhile gets a new process instead of this one's last breath.
      gone = true
      await left
    },
  }
}
