import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Live } from '../live/open-live.js'
import type { MemoryPacketHub } from '../flow/memory-packet-hub.js'
import type { SessionNews } from '../domain/camera.js'
import type { StreamId } from '../domain/ids.js'
import type { Store } from '../storage/store.js'
import type { Watching } from '../watching/watching.js'

export interface FigureParts {
  readonly store: Store
  readonly hub: MemoryPacketHub
  readonly live: Live
  readonly watching: Watching | null
  readonly session: (streamId: StreamId) => SessionNews | null
}

/** Figures for Prometheus, read when asked for; nothing is counted twice. */
export function makeMetrics(parts: FigureParts): () => Promise<string> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, labelNames: readonly string[], read: (set: (value: number, labels?: Record<string, string>) => void) => void | Promise<void>): void => {
    const made: Gauge = new Gauge({
      name: `vonglau_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        made.reset()
        await read((value, labels) => (labels ? made.set(labels, value) : made.set(value)))
      },
    })
  }
  gauge('streams', 'Streams by state of their session', ['state'], async (set) => {
    const states = (await parts.store.cameras.list()).flatMap(({ enabled, streams }) => streams.map(({ id }) => parts.session(id)?.state ?? (enabled ? 'connecting' : 'off')))
    for (const state of new Set(states)) set(states.filter((one) => one === state).length, { state })
  })
  gauge('hub_packets', 'Packets that passed the hub', [], (set) => set(parts.hub.counters().packets))
  gauge('hub_lost_packets', 'Packets a reader lost because its own mailbox was full', [], (set) => set(parts.hub.counters().lost))
  gauge('hub_remembered_bytes', 'Memory that holds the newest seconds of all streams', [], (set) => set(parts.hub.counters().rememberedBytes))
  gauge('live_held_requests', 'Blocking playlist requests held now', [], (set) => set(parts.live.counters().held))
  gauge('live_transcoding', 'Streams that are transcoded now', [], (set) => set(parts.live.counters().transcoding))
  gauge('alerts_open', 'Unclaimed alerts by priority', ['priority'], async (set) => {
    for (const [priority, count] of Object.entries(await parts.store.alerts.countOpen({}))) set(count, { priority })
  })
  if (parts.watching) {
    const stats = parts.watching.stats.bind(parts.watching)
    gauge('frames_judged', 'Frames that the model has judged', ['camera'], (set) => stats().cameras.forEach((camera) => set(camera.framesJudged, { camera: camera.cameraId })))
    gauge('pixels_looked_share', 'Of the pixels of the frames that the model has judged, the share that it was shown', ['camera'], (set) => stats().cameras.forEach((camera) => camera.pixelsLookedShare !== null && set(camera.pixelsLookedShare, { camera: camera.cameraId })))
    gauge('frames_unchanged', 'Frames that showed nothing new and were not judged again', ['camera'], (set) => stats().cameras.forEach((camera) => set(camera.framesUnchanged, { camera: camera.cameraId })))
    gauge('boxes_left_out', 'Boxes left out because they stand where nothing of their kind ever moved', ['camera'], (set) => stats().cameras.forEach((camera) => set(camera.standing.reduce((sum, place) => sum + (place.leftOut ?? 0), 0), { camera: camera.cameraId })))
    gauge('frames_dropped', 'Frames that gave way to a newer one', ['camera'], (set) => stats().cameras.forEach((camera) => set(camera.dropped, { camera: camera.cameraId })))
  }
  return () => registry.metrics()
}
