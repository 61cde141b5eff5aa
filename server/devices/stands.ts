import type { CameraId } from '../domain/ids.js'
import type { Stand } from '../domain/stand.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'

/** Writes down where cameras that turn stood: masks are laid over pictures of the past by it, and back-tests know by it what nobody watched. */
export interface StandLog {
  note(cameraId: CameraId, stand: Stand): void
  /** What was written, and what has grown since. */
  between(cameraId: CameraId, fromMs: number, toMs: number): Promise<readonly Stand[]>
  /** Writes what is not written yet. */
  close(): Promise<void>
}

export interface StandLogOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** No longer than pictures are kept for which it is asked. */
  readonly keptMs: number
}

interface Noted {
  readonly stand: Stand
  readonly writtenToMs: number
}

/** A stand grows every four seconds and is written this often: a crash costs the rest, and then every mask covers that time. */
const WRITE_MS = 30_000
const SWEEP_MS = 24 * 3_600_000

export function openStandLog({ store, clock, log, keptMs }: StandLogOptions): StandLog {
  const noted = new Map<CameraId, Noted>()
  const writing = new Set<Promise<void>>()

  const write = (cameraId: CameraId, { stand, writtenToMs }: Noted): void => {
    if (stand.toMs <= writtenToMs) return
    const done = store.stands.keep(cameraId, stand).catch((fault: unknown) => log.warn({ cameraId, fault }, 'where a camera stood could not be written; that time is as if nobody knew'))
    writing.add(done)
    void done.finally(() => writing.delete(done))
  }
  const sweep = (): void => void store.stands.forgetBefore(clock.wallMs() - keptMs).catch((fault: unknown) => log.warn({ fault }, 'where cameras stood long ago could not be forgotten'))
  sweep()
  const stopSweeping = clock.every(SWEEP_MS, sweep)

  return {
    note(cameraId, stand) {
      const before = noted.get(cameraId)
      if (before && before.stand.fromMs !== stand.fromMs) write(cameraId, before)
      const writtenToMs = before?.stand.fromMs === stand.fromMs ? before.writtenToMs : stand.fromMs
      const due = stand.toMs - writtenToMs >= WRITE_MS
      if (due) write(cameraId, { stand, writtenToMs })
      noted.set(cameraId, { stand, writtenToMs: due ? stand.toMs : writtenToMs })
    },
    async between(cameraId, fromMs, toMs) {
      const newest = noted.get(cameraId)?.stand
      const written = await store.stands.between(cameraId, fromMs, toMs)
      const fresh = newest && newest.fromMs < toMs && newest.toMs > fromMs ? [newest] : []
      return [...written.filter((one) => one.fromMs !== newest?.fromMs), ...fresh]
    },
    async close() {
      stopSweeping()
      for (const [cameraId, one] of noted) write(cameraId, one)
      await Promise.all(writing)
    },
  }
}
