import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asId, type CameraId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub, type MemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import { openIngest } from '../../server/ingest/open-ingest.js'
import { openRecording } from '../../server/recording/open-recording.js'
import type { Width } from '../../server/models/eight-bits.js'
import type { Store } from '../../server/storage/store.js'
import { systemClock } from '../../server/system/clock.js'
import { calmCollector } from '../../server/system/collector.js'
import { silentLog } from '../../server/system/log.js'
import type { Sharpness } from '../../server/watching/sharpness.js'
import { openWatching, type Watching } from '../../server/watching/watching.js'
import { before, openMediaHouse, type MediaHouse } from '../support/media-house.js'
import { loadOurs } from './our-model.js'

/**
 * Our ingest, hub, live and, when asked, watching, behind the door that viewers really come through (sign-in, area, ticket),
 * in a process of their own, so that what is measured is theirs alone. Told by message which cameras to read; tells its address when all of them are live.
 */
export type OursAsked = { readonly ask: 'run'; readonly urls: readonly string[]; readonly watch: Width['use'] | false; readonly pages?: Pages } | { readonly ask: 'counts' } | { readonly ask: 'record' }
export type OursTold = { readonly tell: 'running'; readonly url: string } | { readonly tell: 'counts'; readonly counts: WatchCounts } | { readonly tell: 'recording'; readonly folder: string }

/** What else its web server gives, by path. */
export type Pages = Readonly<Record<string, { readonly type: string; readonly body: string }>>

export interface WatchCounts {
  readonly framesJudged: number
  /** Frames of each camera, in the order of their addresses: judged, or known to show nothing new. */
  readonly seen: readonly number[]
  /** Age of the oldest picture whose verdict came since this was asked the last time. */
  readonly oldestMs: number
  readonly sharpness: Sharpness
  /** Threads that look. */
  readonly lookers: number
}

let watching: Watching | null = null
let oldestMs = 0
let house: { readonly hub: MemoryPacketHub; readonly store: Store } | null = null

calmCollector()

process.on('message', (asked: OursAsked) => {
  if (asked.ask === 'run') void run(asked)
  else if (asked.ask === 'record') {
    if (house) void recordAll(house.hub, house.store)
  } else process.send?.({ tell: 'counts', counts: countsOf(watching) } satisfies OursTold)
})

async function run({ urls, watch, pages = {} }: Extract<OursAsked, { readonly ask: 'run' }>): Promise<void> {
  const hub = openMemoryPacketHub()
  const streams = urls.map((_, index) => asId<StreamId>(`cam-${index}`))
  const waiting = new Set(streams)
  const { url, store } = await openDoor(hub, streams, pages)
  house = { hub, store }
  if (watch) watching = await watchAll(hub, streams, watch)
  const ingest = await openIngest({
    hub,
    clock: systemClock,
    log: silentLog,
    ffmpeg: 'ffmpeg',
    runId: `bench:${process.pid}`,
    onSession(stream, news) {
      if (news.state === 'live' && waiting.delete(stream) && waiting.size === 0) process.send?.({ tell: 'running', url } satisfies OursTold)
    },
  })
  urls.forEach((url, index) => ingest.setStream(streams[index] as StreamId, { url, transport: 'tcp' }))
}

const TICKETS_MS = 30_000

/** The measured viewers set no headers: theirs are put in here, before the door, which then asks what it asks of everybody. */
async function openDoor(hub: MemoryPacketHub, streams: readonly StreamId[], pages: Pages): Promise<MediaHouse> {
  const house = await openMediaHouse({ hub, clock: systemClock, streams })
  const viewer = await house.signIn('nguoi-xem')
  let headers = new Map<string, Record<string, string>>()
  const renew = (): void => void (headers = new Map(house.cameras.map(({ cameraId, streamId }) => [streamId, viewer.headersFor(cameraId)])))
  renew()
  systemClock.every(TICKETS_MS, renew)
  before(house.server, (request, response) => {
    const [, first, stream] = (request.url ?? '').split(/[/?]/)
    const page = pages[`/${first}`]
    if (page) {
      response.writeHead(200, { 'content-type': page.type }).end(page.body)
      return 'taken'
    }
    Object.assign(request.headers, headers.get(stream ?? ''))
    return 'go on'
  })
  return house
}

/** On this machine's disk, as a city would have it: a memory file system would hide what syncing costs. */
async function recordAll(hub: MemoryPacketHub, store: Store): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-bench-recordings-'))
  const policy = { mode: 'always', stream: 'main', days: 30, eventDays: 90 } as const
  await openRecording({ store, hub, bus: makeLocalBus(silentLog), clock: systemClock, log: silentLog, folder, ffmpeg: 'ffmpeg', runId: `bench:${process.pid}`, policy, legalDays: 365, quotaBytes: 8e9, reserveBytes: 512 << 20, ballastBytes: 0 })
  process.send?.({ tell: 'recording', folder } satisfies OursTold)
}

async function watchAll(hub: MemoryPacketHub, streams: readonly StreamId[], width: Width['use']): Promise<Watching> {
  const { card, bytes } = await loadOurs(width)
  const model = { name: card.id, bytes, format: card.format, inputWidth: card.input.width, inputHeight: card.input.height }
  const opened = openWatching({ hub, model, clock: systemClock, log: silentLog, ffmpeg: 'ffmpeg', runId: `bench:${process.pid}`, onObservations: () => undefined, onTracks: (_, atMs) => void (oldestMs = Math.max(oldestMs, systemClock.wallMs() - atMs)) })
  await opened.ready
  for (const streamId of streams) opened.setCamera(asId<CameraId>(streamId), { streamId, rules: [], masks: () => [], zoneTime: () => ({ weekday: 1, minuteOfDay: 600 }) })
  return opened
}

function countsOf(opened: Watching | null): WatchCounts {
  const stats = opened?.stats()
  const cameras = stats?.cameras ?? []
  const told = { framesJudged: cameras.reduce((sum, camera) => sum + camera.framesJudged, 0), seen: cameras.map((camera) => camera.framesJudged + camera.framesUnchanged), oldestMs, sharpness: stats?.sharpness ?? 'full', lookers: stats?.pool.workers ?? 0 } as const
  oldestMs = 0
  return told
}
