import type { Aims } from './devices/aims.js'
import type { Covers } from './devices/covers.js'
import type { Registry } from './devices/registry.js'
import { isSoundOf, soundOf, type Camera, type SessionNews, type Source } from './domain/camera.js'
import type { CameraId, StreamId } from './domain/ids.js'
import { laneRule } from './domain/rule-key.js'
import type { PacketHub } from './flow/packet-hub.js'
import type { Bus } from './flow/topics.js'
import type { Sources } from './ingest/all-sources.js'
import type { SessionNews as Said } from './ingest/session-news.js'
import { newsOf } from './ingest/session-words.js'
import type { Rules } from './rules/open-rules.js'
import type { Store } from './storage/store.js'
import type { Clock } from './system/clock.js'
import type { LocalTime } from './system/local-time.js'
import type { Log } from './system/log.js'
import type { Watching } from './watching/watching.js'

export interface Following {
  session(streamId: StreamId): SessionNews | null
  streamsOf(cameraId: CameraId): Promise<Source | null>
  onSession(streamId: StreamId, said: Said): void
  /** Says again what is known of a stream: its way to the browser changed. */
  retell(streamId: StreamId): void
  /** Somebody began to ask for a stream, or nobody does any more: a camera's sound is read only meanwhile. */
  listen(streamId: StreamId, wanted: boolean): void
  /** Reads every enabled stream and watches every camera with rules, from now on, as the rows change. */
  start(ingest: Sources, watching: Watching | null): Promise<void>
  close(): void
}

const RATE_MS = 5_000

/** Keeps what runs equal to what the rows say: the streams that are read, the cameras that are watched. */
export function followCameras({ store, bus, hub, clock, log, registry, rules, aims, covers, zoneTime }: { readonly store: Store; readonly bus: Bus; readonly hub: PacketHub; readonly clock: Clock; readonly log: Log; readonly registry: Registry; readonly rules: Rules; readonly aims: Aims; readonly covers: Pick<Covers, 'now'>; readonly zoneTime: LocalTime }): Following {
  const sessions = new Map<StreamId, SessionNews>()
  const known = new Map<CameraId, Camera>()
  const cameraOf = (streamId: StreamId): CameraId | undefined => [...known.values()].find(({ streams }) => streams.some(({ id }) => id === streamId))?.id
  const listened = new Set<StreamId>()
  let stop = (): void => undefined
  let resound = (_cameraId: CameraId): void => undefined

  const drop = (streamIds: readonly StreamId[], ingest: Sources): void => {
    for (const id of streamIds) {
      ingest.removeStream(id)
      hub.forget(id)
      sessions.delete(id)
    }
  }

  /** Keeps what a stream is like; the row is written when that changed, and survives a restart. */
  const note = (streamId: StreamId, news: SessionNews): void => {
    const before = sessions.get(streamId)
    sessions.set(streamId, news)
    const { codec, width, height, fps } = news
    if (!codec || !width || !height || (before?.codec === codec && before.width === width && before.height === height && Math.abs((before.fps ?? 0) - (fps ?? 0)) < 1)) return
    store.cameras.noteStream(streamId, { codec, width, height, fps }).catch((fault: unknown) => log.warn({ streamId, fault }, 'what a stream looks like could not be noted'))
  }

  const sync = async (cameraId: CameraId, ingest: Sources, watching: Watching | null): Promise<void> => {
    const camera = await store.cameras.get(cameraId)
    const before = known.get(cameraId)?.streams.map(({ id }) => id) ?? []
    if (!camera?.enabled) {
      known.delete(cameraId)
      if (camera) known.set(cameraId, camera)
      drop([...before, soundOf(cameraId)], ingest)
      aims.forget(cameraId)
      await watching?.removeCamera(cameraId)
      return
    }
    known.set(cameraId, camera)
    drop(before.filter((id) => !camera.streams.some((stream) => stream.id === id)), ingest)
    const credentials = await registry.credentialsOf(cameraId)
    const pushKey = camera.origin.kind === 'push' ? await store.pushKeys.of(cameraId) : null
    for (const { id, url } of camera.streams) if (pushKey) ingest.setPush(id, pushKey)
    else ingest.setStream(id, { url, transport: 'auto', ...(credentials.user || credentials.password ? credentials : {}) })
    await keepSound(camera, ingest)
    // Those that are drawn on another view than the camera shows now wait for it.
    const sifted = aims.sift(camera, (await rules.watched(cameraId)).map(({ rule, ...by }) => laneRule(rule, by)))
    const eyed = camera.streams.find(({ role }) => role === 'sub') ?? camera.streams[0]
    if (sifted.rules.length > 0 && eyed) watching?.setCamera(cameraId, { streamId: eyed.id, ...sifted, masks: () => covers.now(camera), zoneTime })
    else await watching?.removeCamera(cameraId)
  }

  /** A second connection of its own, so that whatever the sound does, the picture stands. */
  const keepSound = async ({ id: cameraId, enabled, sound, origin, streams }: Camera, ingest: Sources): Promise<void> => {
    const id = soundOf(cameraId)
    const url = streams.find(({ role }) => role === 'main')?.url
    if (!enabled || !sound || origin.kind === 'push' || !url || !listened.has(id)) return drop([id], ingest)
    const credentials = await registry.credentialsOf(cameraId)
    ingest.setStream(id, { url, transport: 'auto', media: 'sound', ...(credentials.user || credentials.password ? credentials : {}) })
  }

  return {
    session: (streamId) => sessions.get(streamId) ?? null,
    async streamsOf(cameraId) {
      const { streams = [] } = known.get(cameraId) ?? (await store.cameras.get(cameraId)) ?? {}
      const of = (role: 'main' | 'sub'): StreamId | null => streams.find((stream) => stream.role === role)?.id ?? null
      const main = of('main')
      return main ? { main, sub: of('sub') } : null
    },
    onSession(streamId, said) {
      const news = newsOf(streamId, said)
      note(streamId, news)
      const cameraId = cameraOf(streamId)
      if (cameraId) bus.publish('session.changed', { cameraId, news })
    },
    retell(streamId) {
      const [cameraId, news] = [cameraOf(streamId), sessions.get(streamId)]
      if (cameraId && news) bus.publish('session.changed', { cameraId, news })
    },
    listen(streamId, wanted) {
      if (!isSoundOf(streamId)) return
      if (wanted) listened.add(streamId)
      else listened.delete(streamId)
      const cameraId = [...known.keys()].find((id) => soundOf(id) === streamId)
      if (cameraId) resound(cameraId)
    },
    async start(ingest, watching) {
      // A session speaks when its state changes; its rate is known some seconds later, and is read here.
      const stopReading = clock.every(RATE_MS, () => {
        for (const { streamId, ...said } of ingest.sessions()) if (cameraOf(streamId)) note(streamId, newsOf(streamId, said))
      })
      const turn = new Map<CameraId, Promise<void>>()
      const later = (cameraId: CameraId): void => {
        const next = (turn.get(cameraId) ?? Promise.resolve()).then(() => sync(cameraId, ingest, watching)).catch((fault: unknown) => log.error({ cameraId, fault }, 'a camera could not be set up'))
        turn.set(cameraId, next)
      }
      resound = (cameraId) => {
        const camera = known.get(cameraId)
        if (camera) keepSound(camera, ingest).catch((fault: unknown) => log.error({ cameraId, fault }, 'a camera’s sound could not be set up'))
      }
      const listening = (['camera.changed', 'rule.changed', 'aim.changed'] as const).map((topic) => bus.subscribe(topic, ({ cameraId }) => later(cameraId)))
      stop = () => {
        stopReading()
        for (const stopListening of listening) stopListening()
      }
      for (const { id } of await store.cameras.list()) later(id)
      await Promise.all(turn.values())
    },
    close: () => stop(),
  }
}
