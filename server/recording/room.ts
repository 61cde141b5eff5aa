import type { CameraId } from '../domain/ids.js'
import type { RecordedSegment } from '../domain/recording.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { dropBallast, fillBallast, judgeDisk, readDisk, type DiskFacts, type DiskVerdict } from './disk-space.js'
import { isFull } from './durable.js'
import { openRetention } from './retention.js'

export interface RoomParts {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly root: string
  readonly legalDays: number
  readonly quotaBytes: number | null
  readonly reserveBytes: number
  readonly ballastBytes: number
  /** Recording stops for want of room, or begins again. */
  readonly onStop: (stopped: boolean) => Promise<void>
}

export interface RoomState extends DiskFacts, DiskVerdict {
  readonly stopped: boolean
  readonly quotaBytes: number | null
}

/** Keeps room on the disk: watches how full it is, lets the oldest go, stops the cameras when nothing more can go, and starts them again. */
export interface Room {
  grew(segments: readonly RecordedSegment[]): void
  /** A write was refused. */
  refused(fault: unknown): void
  state(): RoomState
  /** What the recordings of one camera take. */
  bytesOf(cameraId: CameraId): number
  /** One look and what follows from it, now. */
  look(): Promise<void>
  close(): Promise<void>
}

/** Recovery is promised within 30 s of space being back; the warning of a stop within 10 s. */
const LOOK_MS = 5_000
const EXPIRE_MS = 60_000

export async function openRoom(parts: RoomParts): Promise<Room> {
  const { store, bus, clock, log, root, reserveBytes, quotaBytes, ballastBytes } = parts
  const bytesOf = new Map((await store.recordings.totals()).map(({ cameraId, bytes }) => [cameraId, bytes]))
  let recordedBytes = [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0)
  let disk = await readDisk(root).catch(() => ({ totalBytes: 1, freeBytes: 1 }))
  let stopped = false
  let expiredMonoMs: number | null = null
  let ballast = false
  let level: DiskVerdict['level'] = 'ok'
  let line: Promise<void> = Promise.resolve()
  const count = (segments: readonly RecordedSegment[], sign: 1 | -1): void => {
    for (const { cameraId, bytes } of segments) {
      recordedBytes += sign * bytes
      bytesOf.set(cameraId, (bytesOf.get(cameraId) ?? 0) + sign * bytes)
    }
  }
  const judge = (): DiskVerdict => judgeDisk({ ...disk, recordedBytes }, { quotaBytes, reserveBytes })
  const retention = openRetention({ ...parts, onFreed: (segments) => count(segments, -1) })

  const say = async (what: string, facts: Readonly<Record<string, string | number>>): Promise<void> => {
    log.warn({ what, ...facts }, 'the recording disk')
    const seq = await store.changes.append({ topic: 'camera', entityId: 'recording', areaId: null, what, by: null, atMs: clock.wallMs(), facts })
    bus.publish('changes.appended', { seq })
  }

  const setStopped = async (next: boolean): Promise<void> => {
    if (stopped === next) return
    stopped = next
    await parts.onStop(next)
    await say(next ? 'recording_stopped' : 'recording_resumed', { why: 'disk_full', freeBytes: disk.freeBytes })
  }

  const look = async (): Promise<void> => {
    disk = await readDisk(root)
    const monoMs = clock.monotonicMs()
    if (expiredMonoMs === null || monoMs - expiredMonoMs >= EXPIRE_MS) {
      expiredMonoMs = monoMs
      await retention.expire()
    }
    const before = judge()
    if (before.releaseBytes > 0) await retention.release(before.releaseBytes)
    disk = await readDisk(root)
    const now = judge()
    if (now.level !== level) {
      level = now.level
      if (now.level !== 'ok') await say('recording_disk', { level, percent: Math.round(now.share * 100) })
    }
    if (now.stop && ballast) {
      await dropBallast(root)
      ballast = false
    }
    if (now.stop) await setStopped(true)
    else if (now.mayResume) await setStopped(false)
    if (!stopped && !ballast && recordedBytes > 0 && now.level === 'ok' && disk.freeBytes > 4 * ballastBytes) {
      ballast = true
      await fillBallast(root, ballastBytes)
    }
  }
  const lookLater = (): Promise<void> => (line = line.then(look).catch((fault: unknown) => log.error({ fault }, 'the recording disk could not be looked after')))
  const stop = clock.every(LOOK_MS, () => void lookLater())

  return {
    grew: (segments) => count(segments, 1),
    bytesOf: (cameraId) => bytesOf.get(cameraId) ?? 0,
    refused(fault) {
      if (!isFull(fault)) return log.error({ fault }, 'the recording disk refused a write')
      line = line.then(() => setStopped(true)).catch((trouble: unknown) => log.error({ fault: trouble }, 'the stop of recording could not be told'))
      void lookLater()
    },
    state: () => ({ ...disk, recordedBytes, ...judge(), stopped, quotaBytes }),
    look: lookLater,
    async close() {
      stop()
      await line
    },
  }
}
