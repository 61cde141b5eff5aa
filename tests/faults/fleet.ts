import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub, type MemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import type { FloodBounds } from '../../server/ingest/flood-guard.js'
import { openIngest, type Ingest } from '../../server/ingest/open-ingest.js'
import type { SessionNews } from '../../server/ingest/session-news.js'
import type { SupervisionBounds } from '../../server/ingest/supervise.js'
import { pause, systemClock, type Clock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { closeAfterTest } from '../support/rtsp-server.js'
import { childrenOfRun, type Running } from './processes.js'

/** Some cameras kept by one ingest, and what becomes of each, with the instants at which it did. */
export interface Fleet {
  readonly ingest: Ingest
  readonly hub: MemoryPacketHub
  readonly runId: string
  camera(name: string): CameraLog
  children(): readonly Running[]
  close(): Promise<void>
}

export interface CameraLog {
  readonly id: StreamId
  /** Pictures so far, and when the newest came (monotonic). */
  readonly pictures: number
  readonly newestAtMs: number
  /** All that was told, with the monotonic instant. */
  readonly told: readonly { readonly atMs: number; readonly news: SessionNews }[]
  /** How often a session was begun so far. */
  readonly starts: number
  readonly bytes: number
}

export interface FleetWish {
  readonly cameras: Readonly<Record<string, { readonly url: string; readonly transport?: 'auto' | 'tcp' | 'udp' }>>
  readonly bounds?: Partial<SupervisionBounds>
  readonly flood?: Partial<FloodBounds>
  readonly clock?: Clock
}

let fleets = 0

export async function openFleet(wish: FleetWish): Promise<Fleet> {
  fleets += 1
  const runId = `faults-${process.pid}-${fleets}:1`
  const clock = wish.clock ?? systemClock
  const hub = openMemoryPacketHub()
  const logs = new Map<StreamId, { pictures: number; newestAtMs: number; bytes: number; told: { atMs: number; news: SessionNews }[] }>()
  const logOf = (id: StreamId) => {
    let log = logs.get(id)
    if (!log) logs.set(id, (log = { pictures: 0, newestAtMs: 0, bytes: 0, told: [] }))
    return log
  }
  const counting: MemoryPacketHub = {
    ...hub,
    publish(id, packet) {
      const log = logOf(id)
      log.pictures += 1
      log.bytes += packet.bytes.length
      log.newestAtMs = clock.monotonicMs()
      hub.publish(id, packet)
    },
  }
  const ingest = await openIngest({
    hub: counting,
    clock,
    log: silentLog,
    ffmpeg: 'ffmpeg',
    runId,
    ...(wish.bounds ? { bounds: wish.bounds } : {}),
    ...(wish.flood ? { flood: wish.flood } : {}),
    onSession: (id, news) => void logOf(id).told.push({ atMs: clock.monotonicMs(), news }),
  })
  closeAfterTest(() => ingest.close())
  for (const [name, { url, transport }] of Object.entries(wish.cameras)) ingest.setStream(asId<StreamId>(name), { url, transport: transport ?? 'tcp' })
  return {
    ingest,
    hub,
    runId,
    children: () => childrenOfRun(runId),
    close: () => ingest.close(),
    camera(name) {
      const id = asId<StreamId>(name)
      const log = logOf(id)
      return {
        id,
        get pictures() {
          return log.pictures
        },
        get bytes() {
          return log.bytes
        },
        get newestAtMs() {
          return log.newestAtMs
        },
        get starts() {
          return log.told.filter(({ news }, at) => news.state === 'connecting' && log.told[at - 1]?.news.state !== 'connecting').length
        },
        told: log.told,
      }
    },
  }
}

/** Waits for what real programs do in their own time, and tells how long it took; fails loudly at the deadline. */
export async function waitFor(what: string, holds: () => boolean, msMax = 60_000): Promise<number> {
  const fromMs = systemClock.monotonicMs()
  while (!holds()) {
    if (systemClock.monotonicMs() - fromMs > msMax) throw new Error(`in ${msMax} ms it did not happen that ${what}`)
    await pause(systemClock, 20)
  }
  return systemClock.monotonicMs() - fromMs
}

/** Pictures a second of some cameras together over a while. */
export async function rateOf(cameras: readonly CameraLog[], ms: number): Promise<number> {
  const before = cameras.reduce((sum, { pictures }) => sum + pictures, 0)
  const fromMs = systemClock.monotonicMs()
  await pause(systemClock, ms)
  return ((cameras.reduce((sum, { pictures }) => sum + pictures, 0) - before) * 1_000) / (systemClock.monotonicMs() - fromMs)
}

/** The first news after an instant that fits. */
export function firstTold(camera: CameraLog, sinceMs: number, fits: (news: SessionNews) => boolean): { readonly atMs: number; readonly news: SessionNews } | null {
  return camera.told.find(({ atMs, news }) => atMs >= sinceMs && fits(news)) ?? null
}

/** Starts that came sooner after their wait began than the step of the ladder less its jitter: more than one a step. */
export function hurriedStarts(told: CameraLog['told'], stepMs = 1_000, stepMsMax = 30_000): number {
  return told.filter(({ news, atMs }, at) => {
    const before = told[at - 1]
    if (news.state !== 'connecting' || before?.news.state !== 'waiting') return false
    return atMs - before.atMs < 0.8 * Math.min(stepMsMax, stepMs * 2 ** (before.news.attempts - 1)) - 1
  }).length
}
