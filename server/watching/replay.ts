import type { Replay, ReplayAnswer, ReplayFault, ReplayTask } from '../domain/replay.js'
import { forkOurs } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import { makePolite } from '../system/politeness.js'
import { packPieces, type ReplayNews, type ReplayRequest } from './replay-messages.js'

export interface ReplayOptions {
  readonly ffmpeg: string
  readonly runId: string
  readonly clock: Clock
  /** Of the cameras' site: a rule's hours are its people's. */
  readonly timeZone: string
  /** Another than our own only in tests, which need processes that die. */
  readonly entry?: URL
}

/** Nothing heard for this long: it hangs. A hundredth of an hour is two hundred pictures, four seconds of a free core; a full machine takes ten times that. */
const SILENT_MS_MAX = 300_000
/** Of the heap: a hundred pictures lie outside it. */
const MEMORY_MB = 1_024

/** Looks at a recorded hour in a process of its own that gives way to everybody. Answers in any case: what ended it before it was through is a failure with its reason. */
export function makeReplay(options: ReplayOptions): Replay {
  return (task) => (task.signal.aborted ? Promise.resolve({ is: 'cancelled' }) : replayOnce(options, task))
}

function replayOnce({ clock, entry, ...tools }: ReplayOptions, { signal, onProgress, pieces, ...task }: ReplayTask): Promise<ReplayAnswer> {
  const child = forkOurs(entry ?? new URL('./replay-process', import.meta.url), { runId: tools.runId, memoryMb: MEMORY_MB })
  makePolite(child.pid)
  return new Promise((resolve) => {
    let answer: ReplayAnswer | null = null
    let end: ReplayFault = { code: 'died', said: 'the process that looks is gone' }
    const stop = (because: ReplayFault): void => {
      end = because
      child.kill('SIGKILL')
    }
    const watch = (): (() => void) => clock.after(SILENT_MS_MAX, () => stop({ code: 'silent', said: `nothing was heard of it for ${SILENT_MS_MAX / 1000} s` }))
    let rest = watch()
    const onAbort = (): void => void child.kill('SIGKILL')
    signal.addEventListener('abort', onAbort, { once: true })
    // As in redaction.ts: the kernel tells an end before the channel is empty.
    const left = { process: false, channel: false }
    const leave = (part: 'process' | 'channel'): void => {
      left[part] = true
      if (!left.process || !left.channel) return
      rest()
      signal.removeEventListener('abort', onAbort)
      resolve(answer ?? (signal.aborted ? { is: 'cancelled' } : { is: 'failed', fault: end, again: true }))
    }
    child.on('message', (news: ReplayNews) => {
      rest()
      rest = watch()
      if (news.kind === 'progress') return onProgress(news.part)
      answer = answerOf(news)
    })
    child.once('exit', (_code, by) => {
      if (by && end.code === 'died') end = { code: 'died', said: `the process that looks was ended by ${by}` }
      leave('process')
    })
    child.once('disconnect', () => leave('channel'))
    child.on('error', (fault) => {
      stop({ code: 'internal', said: fault.message })
      if (child.pid !== undefined) return
      leave('process')
      leave('channel')
    })
    child.send({ ...task, ...tools, ...packPieces(pieces) } satisfies ReplayRequest)
  })
}

function answerOf(news: Exclude<ReplayNews, { kind: 'progress' }>): ReplayAnswer {
  // What was refused will be refused again; a decoder that was ended may live the next time.
  if (news.kind !== 'seen') return { is: 'failed', fault: news.fault, again: news.kind === 'failed' }
  const { kind: _kind, ...seen } = news
  return { is: 'seen', ...seen }
}
