import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseRule } from '../analytics/rules/parse-rule.js'
import { placesOf } from '../config/places.js'
import type { Settings } from '../config/settings.js'
import type { LoadedModel, PlateCard } from '../models/model-card.js'
import type { PlatePair, PlatePairFault } from '../models/plate-pair.js'
import { openAlerts } from './alerts/alerts.js'
import { makeAddressGuard } from './devices/address-guard.js'
import { openCameraAims } from './devices/ask-camera.js'
import { makeCovers } from './devices/covers.js'
import { openOnvif } from './devices/onvif.js'
import { makePushCameras } from './devices/push-cameras.js'
import { openStandLog } from './devices/stands.js'
import { openWaitLog } from './devices/wait-log.js'
import { makeRegistry } from './devices/registry.js'
import type { CameraId } from './domain/ids.js'
import type { LookForPrivate } from './domain/redaction.js'
import { everyMask } from './domain/privacy-mask.js'
import { splitObservation, splitReport } from './domain/rule-key.js'
import type { Words } from './domain/words.js'
import { openEvidence } from './evidence/evidence.js'
import { openExports } from './evidence/exports.js'
import { openLatestPictures } from './evidence/latest-still.js'
import { writeCover } from './evidence/lay-cover.js'
import { openRedactedCopies } from './evidence/redacted-copies.js'
import { openFeedback } from './feedback/feedback.js'
import { makeLocalBus } from './flow/local-bus.js'
import { openMemoryPacketHub } from './flow/memory-packet-hub.js'
import type { PacketHub } from './flow/packet-hub.js'
import { openIncidents } from './incidents/incidents.js'
import { joinSources } from './ingest/all-sources.js'
import { openIngest } from './ingest/open-ingest.js'
import { pushAddress } from './ingest/push-address.js'
import { openPushIntake } from './ingest/push-intake.js'
import { openModels } from './models/open-models.js'
import { openLive } from './live/open-live.js'
import { placesFor } from './live/transcode-budget.js'
import type { Packet } from './media/packet.js'
import { openRecording, type Recording, type RecordingOptions } from './recording/open-recording.js'
import { openBacktests } from './rules/backtests.js'
import { openRules } from './rules/open-rules.js'
import { openSignals } from './signals/open-signals.js'
import { openStore } from './storage/open.js'
import type { Clock } from './system/clock.js'
import { isoTimeIn, localTimeIn, wallTimeIn } from './system/local-time.js'
import type { Log } from './system/log.js'
import { findMediaTools, type MediaTools } from './system/media-tools.js'
import { ownAddresses } from './system/networks.js'
import { makePasswords } from './system/password.js'
import { loadOrMakeKey, makeSecretBox } from './system/secret-box.js'
import { makeMetrics } from './web/figures.js'
import { firstArea } from './web/first-area.js'
import { makeBacktestSource, makeRecorded } from './web/recorded.js'
import { makeSystemView, runsOn } from './web/health.js'
import { makeDiscover, makeInspect } from './web/inspection.js'
import { openDoors, type DoorParts, type Doors, type SandboxDoor } from './web/doors.js'
import { makeLampLook } from './watching/lamp-look.js'
import { makeLookForPrivate } from './watching/redaction.js'
import { makeReplay } from './watching/replay.js'
import { openPlateStudy, type PlateStudy } from './watching/plate-study.js'
import { openWatching, type Watching, type WatchingOptions } from './watching/watching.js'
import type { WatchingModel } from './watching/inference-messages.js'
import { followCameras, type Following } from './follow-cameras.js'

/** What one run is given by main.ts: plain values, the clock, the log. */
export interface AppOptions {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
  /** Marks our children, so that a later start can sweep what a crash left. */
  readonly runId: string
  readonly version: string
  readonly playerFolder: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  /** The model that watches, or why there is none. */
  readonly model: LoadedModel | { readonly fault: string; readonly next: string }
  /** The same network in 8 bits, for machines that show to be better off with it; null or left out: the float file watches. */
  readonly eightBits?: LoadedModel | null
  /** The pair that reads plates, ours or brought, or why there is none; left out: nobody reads. */
  readonly plates?: PlatePair | PlatePairFault
  /** The half of ours that finds plates, to cover them in redacted copies; left out or missing: there, only heads are covered. */
  readonly finder?: LoadedModel<PlateCard> | { readonly fault: string; readonly next: string }
  /** Virtual cameras play: their faults can be switched, and discovery asks them without multicast. */
  readonly sandbox: (SandboxDoor & { readonly discovery: readonly { readonly address: string; readonly port: number }[] }) | null
}

export interface App {
  readonly url: string
  readonly port: number
  readonly firstSecret: string | null
  readonly routes: Doors['routes']
  readonly parts: DoorParts & { readonly watching: Watching | null; readonly tools: MediaTools | null }
  close(): Promise<void>
}

/**
 * The wiring, and nothing else: opens what remembers and what carries, each stage, then the doors. Data flows one way; a
 * stage knows no other, only what it is handed here. Closing goes the other way round.
 */
export async function openApp(options: AppOptions): Promise<App> {
  const { settings, clock, log, runId } = options
  const folder = settings.dataFolder
  await mkdir(join(folder, 'evidence'), { recursive: true, mode: 0o700 })
  const places = placesOf(settings)
  const tools = await findMediaTools(options.env)
  const ffmpeg = tools?.ffmpeg ?? null
  const store = await openStore({ url: places.storageUrl, log, clock })
  const bus = makeLocalBus(log)
  const hub = openMemoryPacketHub()
  const guard = makeAddressGuard({ networks: settings.cameras.networks }, clock)
  const box = makeSecretBox({ keys: [await loadOrMakeKey(join(folder, 'camera.key'))] })
  const registry = makeRegistry({ store, bus, clock, box, guard })
  const rules = await openRules({ store, bus, clock, log, parseRule, isOneEnough: settings.rules.secondPerson === 'off' })
  const waits = openWaitLog({ store, bus, clock, log })
  const stands = openStandLog({ store, clock, log, keptMs: settings.recording.days * DAY_MS })
  const aims = openCameraAims({ runId, bus, clock, log, guard, registry, onStand: stands.note, onVerdicts: waits.note })
  const covers = makeCovers({ store, clock, aims, stands })
  const following = followCameras({ store, bus, hub, clock, log, registry, rules, aims, covers, zoneTime: localTimeIn(settings.timeZone) })

  const pushed = openPushIntake({ hub, clock, log, ffmpeg, runId, ...settings.rtmp, onSession: following.onSession })
  const ingest = joinSources(await openIngest({ hub, clock, log, ffmpeg, runId, mayConnect: (ip) => guard.allows(ip), onSession: following.onSession }), pushed)
  const live = openLive({ hub, clock, log, transcode: ffmpeg === null ? null : { ffmpeg, runId, atOnceMax: placesFor(availableParallelism()) }, onTranscoding: following.retell, onWanted: following.listen })
  const incidents = await openIncidents({ store, bus, clock, log })
  const recording = settings.recording.enabled ? await openRecording({ store, hub, bus, clock, log, ffmpeg, runId, folder: places.recordings, ...recordingLimits(settings.recording) }) : null
  const plates = await openPlates(options, ffmpeg)
  const study = plates?.study ?? null
  const evidence = await openEvidence({ store, hub, bus, clock, log, folder: join(folder, 'evidence'), ffmpeg, runId, streamsOf: following.streamsOf, masksDuring: covers.during, ...(recording ? { recall: recording.recall } : {}), ...(study ? { readPlate: study.readPlate } : {}) })
  const lookForPrivate = lookOf(options, ffmpeg)
  const copies = await openRedactedCopies({ store, bus, clock, log, folder: join(folder, 'evidence'), ffmpeg, runId, masksDuring: covers.during, lookForPrivate })
  const exports = recording && (await openExports({ store, bus, clock, log, ffmpeg, runId, folder: join(folder, 'exports'), centre: settings.siteName, localTime: wallTimeIn(settings.timeZone), masksDuring: covers.during, lookForPrivate, ...makeRecorded({ store, recording, clock }) }))
  const feedback = await openFeedback({ store, bus, clock, log, ...settings.open311 })
  const alerts = await openAlerts({ store, bus, clock, log })
  const signals = await openSignals({ store, bus, clock, log })
  const eyes = openEyes(options, ffmpeg, {
    onObservations: (cameraId, seen) => seen.forEach((one) => aims.say(cameraId, one.ruleId, { sinceMs: one.sinceMs, ends: one.phase === 'ended', tell: () => bus.publish('observation.seen', { cameraId, ...splitObservation(one) }) })),
    onSignals: (cameraId, reports) => reports.forEach((one) => aims.say(cameraId, one.ruleId, { sinceMs: clock.wallMs(), ends: false, tell: () => bus.publish('lamp.reported', { cameraId, ...splitReport(one) }) })),
    askFeed: signals.controllers.read,
  }, hub)
  const { watching } = eyes
  const models = await openModels({ store, clock, log, runId, ffmpeg, folder: join(folder, 'models'), builtIn: 'fault' in options.model ? null : options.model, eightBits: options.eightBits ?? null, watch: watching && ((model) => watching.useModel(model)), recall: recallOf({ hub, recording, streamsOf: following.streamsOf }), writeCover: async (cameraId, file, size) => (await writeCover(file, size, everyMask((await store.cameras.get(cameraId))?.masks ?? []))) !== null })
  const backtests = await openBacktests({ store, bus, clock, log, source: recording && makeBacktestSource({ store, recording, clock }), replay: ffmpeg === null ? null : makeReplay({ ffmpeg, runId, clock, timeZone: settings.timeZone }), models: { watching: models.watchingFile, bySha256: models.fileOf } })
  const onvif = openOnvif({ runId, log, clock, deadlineMs: INSPECT_MS_MAX })

  const latest = openLatestPictures({ hub, clock, ffmpeg, runId, streamsOf: following.streamsOf, masksDuring: covers.during })
  const parts: App['parts'] = {
    store,
    bus,
    hub,
    clock,
    log,
    live,
    alerts,
    evidence,
    copies,
    feedback,
    recording,
    exports,
    models,
    sight: { builtIn: 'fault' in options.model ? null : options.model.card, blind: eyes.said, runsOn: () => runsOn(watching) },
    registry,
    rules,
    aims,
    backtests,
    signals,
    push: makePushCameras({ store, bus, clock }),
    pushAddress: () => (settings.rtmp.enabled ? pushAddress({ ...settings.rtmp, port: pushed.port() ?? settings.rtmp.port, publicUrl: settings.http.publicUrl }, ownAddresses()) : null),
    tools,
    watching: eyes.watching,
    passwords: makePasswords(),
    session: following.session,
    isoTime: isoTimeIn(settings.timeZone),
    firstArea: (siteName) => firstArea(store, siteName),
    destinations: settings.open311.destinations.map(({ name }) => name),
    discover: makeDiscover({ guard, clock, store, multicast: settings.cameras.multicast, targets: options.sandbox?.discovery ?? [] }),
    inspect: makeInspect({ guard, clock, onvif }),
    still: latest.still,
    lampIn: makeLampLook(latest.pixels),
    system: makeSystemView({ store, clock, tools, version: options.version, eyes: eyes.said, standIn: models.notice, ...(plates ? { plates: plates.sight } : {}), ...(recording ? { recording: () => recording.trouble() } : {}) }),
    metrics: makeMetrics({ store, hub, live, watching: eyes.watching, session: following.session }),
    sandbox: options.sandbox,
  }
  const doors = await openDoors({ siteName: settings.siteName, host: settings.http.host, port: settings.http.port, secure: settings.http.publicUrl?.startsWith('https:') ?? false, playerFolder: options.playerFolder }, parts)
  await following.start(ingest, eyes.watching)
  // Our own float file watches meanwhile: a start waits for nobody's model and for no comparison, and is never blind for one.
  models.resume().catch((fault: unknown) => log.error({ fault }, 'the model that is to watch could not be taken up'))

  const { port } = doors.server.address() as AddressInfo
  return {
    url: settings.http.publicUrl ?? `http://${settings.http.host === '0.0.0.0' ? '127.0.0.1' : settings.http.host}:${port}`,
    port,
    firstSecret: doors.firstSecret,
    routes: doors.routes,
    parts,
    async close() {
      following.close()
      aims.close()
      await stands.close()
      await waits.close()
      await doors.close()
      await backtests.close()
      await models.close()
      await eyes.watching?.close()
      await exports?.close()
      await copies.close()
      await recording?.close()
      await ingest.close()
      live.close()
      onvif.close()
      // Evidence lets go of its questions first; then nobody waits for the study.
      for (const stage of [rules, incidents, signals, alerts, evidence, study, feedback, store]) await stage?.close()
    },
  }
}

/** The last seconds of a camera: from the disk where they were recorded, else what is still remembered. */
function recallOf({ hub, recording, streamsOf }: { readonly hub: PacketHub; readonly recording: Recording | null; readonly streamsOf: Following['streamsOf'] }): (cameraId: CameraId, fromMs: number, toMs: number) => Promise<readonly Packet[]> {
  return async (cameraId, fromMs, toMs) => {
    const streams = await streamsOf(cameraId)
    if (!streams) return []
    const recorded = (await recording?.recall(streams.main, fromMs, toMs)) ?? []
    return recorded.length > 0 ? recorded : hub.recall(streams.main, fromMs, toMs)
  }
}

const DAY_MS = 86_400_000
/** An inspection as a whole; a recorder with many channels takes several seconds. */
const INSPECT_MS_MAX = 20_000

/** The settings of recording in the units of the stage. A ballast as large as the reserve would take the reserve away. */
function recordingLimits({ quotaGb, reserveMb, days, eventDays, legalDays }: Settings['recording']): Pick<RecordingOptions, 'policy' | 'legalDays' | 'quotaBytes' | 'reserveBytes' | 'ballastBytes'> {
  return { policy: { mode: 'always', stream: 'main', days, eventDays }, legalDays, quotaBytes: quotaGb === undefined ? null : Math.round(quotaGb * 1e9), reserveBytes: reserveMb << 20, ballastBytes: Math.min(64, Math.floor(reserveMb / 2)) << 20 }
}

interface Eyes {
  readonly watching: Watching | null
  /** Why nobody watches, or null. */
  said(): { readonly said: Words; readonly next: string } | null
}

/** Opens the watching stage where there is a model, ffmpeg and the wish; otherwise the server runs on and says why not. */
function openEyes({ settings, model, clock, log, runId }: AppOptions, ffmpeg: string | null, wires: Pick<WatchingOptions, 'onObservations' | 'onSignals' | 'askFeed'>, hub: PacketHub): Eyes {
  const blind = (vi: string, en: string, next: string): Eyes => ({ watching: null, said: () => ({ said: { vi, en }, next }) })
  if (!settings.eyes.enabled) return blind('đã tắt trong cấu hình', 'switched off in the settings', 'eyes.enabled: true')
  if (!ffmpeg) return blind('thiếu ffmpeg', 'ffmpeg is missing', 'apt-get install ffmpeg')
  if ('fault' in model) return blind(model.fault, model.fault, model.next)
  let refused: ReturnType<Eyes['said']> = null
  const watching = openWatching({ hub, clock, log, ffmpeg, runId, fps: settings.eyes.fps, ...wires, model: watchingModel(model) })
  watching.ready.catch((fault: Error & { next?: string }) => {
    refused = { said: { vi: fault.message, en: fault.message }, next: fault.next ?? '' }
    log.error({ fault }, 'the model was refused: nothing is watched')
  })
  // Another model may have been put in its place since.
  return { watching, said: () => (watching.stats().pool.model.kind === 'refused' ? refused : null) }
}

function watchingModel({ card, bytes }: LoadedModel): WatchingModel {
  return { name: card.id, bytes, format: card.format, inputWidth: card.input.width, inputHeight: card.input.height }
}

/** What looks back for plates; null where nobody wants it. */
async function openPlates({ settings, model, plates, clock, log, runId }: AppOptions, ffmpeg: string | null): Promise<PlateStudy | null> {
  if (!settings.eyes.plates || !settings.eyes.enabled || !plates) return null
  const eyes = 'fault' in model ? { said: { vi: model.fault, en: model.fault }, next: model.next } : watchingModel(model)
  return openPlateStudy({ eyes, plates, folder: join(settings.dataFolder, 'study'), ffmpeg, runId, clock, log })
}

/**
 * Who looks for heads and plates in a copy. With the model that the server came with, whatever watches now: another may know no
 * people, and a copy that it judged would be covered nowhere. Covering is no watching and no reading: it asks for neither setting.
 */
function lookOf({ model, finder, clock, log, runId }: AppOptions, ffmpeg: string | null): LookForPrivate | null {
  if (!ffmpeg || 'fault' in model) return null
  const found = finder && !('fault' in finder) ? { name: `${finder.card.id} ${finder.card.version}`, bytes: finder.bytes } : null
  if (!found) log.info({ said: finder && 'fault' in finder ? finder.fault : 'no plate finder' }, 'redacted copies cover heads and no plates')
  return makeLookForPrivate({ models: { eyes: watchingModel(model), finder: found }, ffmpeg, runId, clock })
}
