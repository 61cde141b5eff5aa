import { forkOurs } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import { makePolite } from '../system/politeness.js'
import { residentBytes } from '../system/resident.js'
import type { ChildJob, ChildSays } from './child-messages.js'

/** How the child ended. Only `left` with code 0 is an end of its own will. */
export type ChildEnd =
  | { readonly how: 'left'; readonly code: number | null; readonly signal: string | null }
  | { readonly how: 'late'; readonly afterMs: number }
  | { readonly how: 'memory'; readonly megabytes: number }
  | { readonly how: 'stopped' }

export interface ModelProcess {
  readonly ended: Promise<ChildEnd>
  stop(): void
}

export interface ProcessOptions {
  readonly clock: Clock
  readonly runId: string
  readonly deadlineMs: number
  readonly memoryMb: number
  /** Written without extension; another than our own only in tests, which need children that die and hang. */
  readonly entry?: URL
  readonly onSays: (said: ChildSays) => void
}

const LOOK_MS = 100

/**
 * A model's bytes meet the runtime for the first time here, in a process of its own: the runtime is native code, and a graph
 * that crashes it takes its whole process with it. V8's own limit does not see the runtime's memory, so the kernel is asked.
 */
export function startModelProcess(job: ChildJob, options: ProcessOptions): ModelProcess {
  const { clock, runId, deadlineMs, memoryMb } = options
  const child = forkOurs(options.entry ?? new URL('./model-child', import.meta.url), { runId, args: [JSON.stringify(job)] })
  let end: ChildEnd | null = null
  const kill = (why: ChildEnd): void => {
    end ??= why
    child.kill('SIGKILL')
  }
  makePolite(child.pid)
  const cancelDeadline = clock.after(deadlineMs, () => kill({ how: 'late', afterMs: deadlineMs }))
  const stopLooking = clock.every(LOOK_MS, () => {
    const bytes = child.pid === undefined ? null : residentBytes(child.pid)
    if (bytes !== null && bytes > memoryMb * 2 ** 20) kill({ how: 'memory', megabytes: memoryMb })
  })
  child.on('message', (said) => options.onSays(said as ChildSays))
  const ended = new Promise<ChildEnd>((resolve) => {
    const leave = (code: number | null, signal: string | null): void => {
      cancelDeadline()
      stopLooking()
      resolve(end ?? { how: 'left', code, signal })
    }
    child.on('error', () => leave(null, null))
    child.on('close', leave)
  })
  return { ended, stop: () => kill({ how: 'stopped' }) }
}
