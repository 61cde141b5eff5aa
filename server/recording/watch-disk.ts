import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import { pause, type Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { checkDisk, type Finding } from './check.js'

export interface Compared {
  readonly atMs: number
  readonly segments: number
  readonly findings: Readonly<Partial<Record<Finding['is'], number>>>
}

const BEGIN_MS = 30_000
const AGAIN_MS = 24 * 60 * 60_000
const PACE_MS = 100
const YOUNG_MS = 60_000

/**
 * Compares names and sizes with the rows after each start and once a day, slowly, beside the recording. A file that is gone
 * or was cut is marked at once, so that the timeline shows a gap and nobody is sent half a file; the mark can be taken back
 * (`npm run doctor` does, when the file is back). Everything else is told and left to a person.
 */
export function watchDisk({ store, bus, clock, log, root }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock; readonly log: Log; readonly root: string }): { last(): Compared | null; close(): Promise<void> } {
  let last: Compared | null = null
  let running: Promise<void> = Promise.resolve()
  let closed = false
  let cancel = (): void => undefined
  let stop: (fault: Error) => void = () => undefined
  const stopped = new Promise<never>((_, reject) => (stop = reject))
  stopped.catch(() => undefined)

  const compare = async (): Promise<void> => {
    const check = await checkDisk({ store, root, clock, hash: false, youngMs: YOUNG_MS, pace: () => Promise.race([stopped, pause(clock, PACE_MS)]) })
    const findings: Partial<Record<Finding['is'], number>> = {}
    for (const { is } of check.findings) findings[is] = (findings[is] ?? 0) + 1
    for (const one of check.findings) if (one.is === 'missing' || one.is === 'wrong_size') await store.recordings.markDamaged(one.segment, true)
    last = { atMs: clock.wallMs(), segments: check.cameras.reduce((sum, { segments }) => sum + segments, 0), findings }
    if (check.findings.length === 0) return
    log.warn({ ...findings }, 'the recording disk and the rows differ: npm run doctor')
    const seq = await store.changes.append({ topic: 'camera', entityId: 'recording', areaId: null, what: 'recordings_differ', by: null, atMs: clock.wallMs(), facts: { ...findings } })
    bus.publish('changes.appended', { seq })
  }
  const later = (ms: number): void => {
    cancel = clock.after(ms, () => {
      running = compare()
        .catch((fault: unknown) => void (closed || log.error({ fault }, 'the recording disk could not be compared with the rows')))
        .then(() => (closed ? undefined : later(AGAIN_MS)))
    })
  }
  later(BEGIN_MS)
  return {
    last: () => last,
    async close() {
      closed = true
      cancel()
      stop(new Error('the server stops'))
      await running
    },
  }
}
