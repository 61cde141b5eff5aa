import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { DiscoveryView, InspectForm, InspectionView } from '../contract/cameras.js'
import type { LampLookQuery, LampLookView } from '../contract/rules.js'
import type { SystemView } from '../contract/system.js'
import type { Alerts } from '../alerts/alerts.js'
import type { Aims } from '../devices/aims.js'
import type { Registry } from '../devices/registry.js'
import type { SessionNews } from '../domain/camera.js'
import type { AreaId, CameraId, StreamId } from '../domain/ids.js'
import { BUILT_IN } from '../domain/model.js'
import type { Evidence } from '../evidence/evidence.js'
import type { Exports } from '../evidence/exports.js'
import type { RedactedCopies } from '../evidence/redacted-copies.js'
import type { Feedback } from '../feedback/feedback.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { Bus } from '../flow/topics.js'
import type { Models } from '../models/open-models.js'
import { UPLOAD_BYTES_MAX } from '../models/uploads.js'
import type { Live } from '../live/open-live.js'
import type { Recording } from '../recording/open-recording.js'
import type { Backtests } from '../rules/backtests.js'
import type { Rules } from '../rules/open-rules.js'
import type { Signals } from '../signals/open-signals.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import type { Passwords } from '../system/password.js'
import { makeAccess } from './access.js'
import { waitWords } from './aim-views.js'
import { makeBacktestViews } from './backtest-views.js'
import { makeGuests } from './guests.js'
import { makeHttp } from './http.js'
import { makeMeetingViews } from './meeting-views.js'
import { makeRecordingViews } from './recording-views.js'
import { openLiveSocket } from './live-socket.js'
import { makeModelViews, type ModelViewParts } from './model-views.js'
import type { PushParts } from './routes/push-cameras.js'
import { alertRoutes } from './routes/alerts.js'
import { backtestRoutes } from './routes/backtests.js'
import { bookmarkMarks, bookmarkRoutes } from './routes/bookmarks.js'
import { cameraRoutes } from './routes/cameras.js'
import { doorRoutes } from './routes/door.js'
import { evidenceRoutes } from './routes/evidence.js'
import { heldRoutes } from './routes/held.js'
import { exportRoutes } from './routes/exports.js'
import { holdRoutes } from './routes/holds.js'
import { liveRoutes } from './routes/live.js'
import { meetingRoutes } from './routes/meetings.js'
import { modelRoutes } from './routes/models.js'
import { open311Routes } from './routes/open311.js'
import { peopleRoutes } from './routes/people.js'
import { presetRoutes } from './routes/presets.js'
import { recordingRoutes } from './routes/recordings.js'
import { reportRoutes } from './routes/reports.js'
import { roomRoutes } from './routes/room.js'
import { ruleRoutes } from './routes/rules.js'
import { signalRoutes } from './routes/signals.js'
import { systemRoutes } from './routes/system.js'
import { ticketRoutes } from './routes/tickets.js'
import { wallRoutes } from './routes/walls.js'
import type { Route } from './route.js'
import { makeRuleViews } from './rule-views.js'
import { makeSignIns } from './sign-in.js'
import { makeSignalViews } from './signal-views.js'
import { makeTickets } from './tickets.js'
import { makeViews } from './views.js'
import { makeWallViews } from './wall-views.js'

/** What the doors open onto. */
export interface DoorParts extends PushParts {
  readonly store: Store
  readonly bus: Bus
  readonly hub: PacketHub
  readonly clock: Clock
  readonly log: Log
  readonly live: Live
  readonly alerts: Alerts
  readonly evidence: Evidence
  /** Redacted copies of stills and clips. */
  readonly copies: RedactedCopies
  readonly feedback: Feedback
  /** Null where recording is switched off in the settings. */
  readonly recording: Recording | null
  /** Copies of the past that leave the system; null where nothing is recorded. */
  readonly exports: Exports | null
  readonly models: Models
  /** Of the model in use and the one that comes with the program. */
  readonly sight: Pick<ModelViewParts, 'builtIn' | 'runsOn' | 'blind'>
  readonly registry: Registry
  readonly rules: Rules
  /** Where cameras look to whose presets rules are bound. */
  readonly aims: Aims
  readonly backtests: Backtests
  readonly signals: Signals
  readonly passwords: Passwords
  session(streamId: StreamId): SessionNews | null
  /** Makes or finds the root of the area tree. */
  firstArea(siteName: string): Promise<AreaId>
  /** ISO 8601 by the site's clock. */
  isoTime(atMs: number): string
  /** Names of the other Open311 servers a report can be sent on to. */
  readonly destinations: readonly string[]
  discover(addresses: readonly string[]): Promise<DiscoveryView>
  inspect(form: InspectForm): Promise<InspectionView>
  still(cameraId: CameraId, widthMax?: number): Promise<{ readonly jpeg: Uint8Array; readonly atMs: number } | null>
  /** What a lamp in this part of the picture shows now; null: there is no picture. */
  lampIn(cameraId: CameraId, region: LampLookQuery): Promise<LampLookView | null>
  system(): Promise<SystemView>
  metrics(): Promise<string>
  readonly sandbox: SandboxDoor | null
}

export interface SandboxDoor {
  faultOf(cameraId: string): { readonly fault: string; readonly faults: readonly string[] } | null
  setFault(cameraId: string, fault: string): Promise<boolean>
}

export interface DoorOptions {
  readonly siteName: string
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly playerFolder: string | null
}

export interface Doors {
  readonly server: Server
  /** The one-time secret for the first administrator, while there is none. */
  readonly firstSecret: string | null
  /** What was opened: for the documentation and for the test that tries every route with every role. */
  readonly routes: readonly Route[]
  close(): Promise<void>
}

const GOODBYE_MS_MAX = 500
/** So long after its end a link is still told apart from one that never was. */
const MEETING_TOLD_MS = 7 * 24 * 60 * 60_000

/** Opens HTTP and the socket: the only way in. Resolves when the port listens; rejects with the port's own trouble. */
export async function openDoors(options: DoorOptions, parts: DoorParts): Promise<Doors> {
  const { store, bus, clock, log } = parts
  const signIns = makeSignIns({ store, clock })
  const guests = makeGuests({ store, clock })
  const access = makeAccess(store, clock)
  const tickets = makeTickets(clock)
  const views = makeViews(store, { session: parts.session, newestAtMs: (streamId) => parts.hub.newestAtMs(streamId), playing: (streamId, codec) => parts.live.playing(streamId, codec), sandboxFault: (cameraId) => parts.sandbox?.faultOf(cameraId) ?? null, waits: (cameraId, preset) => waitWords(parts.aims.waiting(cameraId, preset)) })
  const wallViews = makeWallViews(store)
  const signalViews = makeSignalViews({ store, clock })
  const meetingViews = makeMeetingViews({ store, clock, views, wallViews, access })
  const knownClasses = async (): Promise<readonly string[]> => {
    const { inUse } = await parts.models.state()
    return (inUse === BUILT_IN ? parts.sight.builtIn?.classes : (await store.models.list()).find(({ id }) => id === inUse)?.classes) ?? []
  }
  const firstSecret = (await store.people.count()) === 0 ? randomBytes(16).toString('base64url') : null

  const pastRoutes = (recording: Recording): readonly Route[] => {
    const past = { store, clock, access, views: makeRecordingViews({ store, recording, clock, moreMarks: [bookmarkMarks(store)] }) }
    return [...recordingRoutes({ ...past, recording, siteName: options.siteName, isoTime: parts.isoTime }), ...holdRoutes(past)]
  }
  const routes = [
    ...doorRoutes({ store, signIns, passwords: parts.passwords, clock, siteName: options.siteName, sandbox: parts.sandbox !== null, firstSecret: () => firstSecret, onFirst: parts.firstArea }),
    ...peopleRoutes({ store, signIns, passwords: parts.passwords, clock, endMeetings: guests.revokeAllOf, onChanged: (id) => void socket.recheck(id).catch((fault: unknown) => log.error({ fault }, 'sockets could not be rechecked')) }),
    ...cameraRoutes({ store, views, registry: parts.registry, discover: parts.discover, inspect: parts.inspect, still: parts.still, setFault: parts.sandbox?.setFault ?? null, push: parts.push, pushAddress: parts.pushAddress }),
    ...ruleRoutes({ store, rules: parts.rules, lampIn: parts.lampIn, views: makeRuleViews(store, { rules: parts.rules, knownClasses, aims: parts.aims }) }),
    ...presetRoutes({ store, aims: parts.aims }),
    ...backtestRoutes({ store, backtests: parts.backtests, views: makeBacktestViews({ store, backtests: parts.backtests, isoTime: parts.isoTime }) }),
    ...heldRoutes({ store, clock, signals: parts.signals, views: signalViews }),
    ...signalRoutes({ store, signals: parts.signals, views: signalViews }),
    ...alertRoutes({ store, alerts: parts.alerts, views }),
    ...evidenceRoutes({ store, evidence: parts.evidence, copies: parts.copies }),
    ...(parts.recording ? pastRoutes(parts.recording) : []),
    ...bookmarkRoutes({ store, clock }),
    ...(parts.exports ? exportRoutes({ store, exports: parts.exports, clock }) : []),
    ...reportRoutes({ store, feedback: parts.feedback, views, destinations: parts.destinations }),
    ...open311Routes({ feedback: parts.feedback }),
    ...liveRoutes({ live: parts.live, store }),
    ...ticketRoutes({ tickets }),
    ...wallRoutes({ store, bus, clock, views: wallViews, connected: () => socket.screensConnected() }),
    ...meetingRoutes({ store, clock, guests, views: meetingViews, wallViews }),
    ...roomRoutes({ clock, guests, views: meetingViews }),
    ...modelRoutes({ store, models: parts.models, evidence: parts.evidence, views: makeModelViews({ store, models: parts.models, bytesMax: UPLOAD_BYTES_MAX, ...parts.sight }) }),
    ...systemRoutes({ system: parts.system, metrics: parts.metrics }),
  ]
  const { server } = makeHttp({ routes, signIns, guests, access, tickets, clock, log, playerFolder: options.playerFolder, secure: options.secure })
  const socket = openLiveSocket(server, { store, bus, clock, log, views, wallViews, access, signIns, playing: (streamId, codec) => parts.live.playing(streamId, codec) })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const sweep = (): Promise<unknown> => Promise.all([store.signIns.sweep(clock.wallMs()), store.meetings.sweep(clock.wallMs() - MEETING_TOLD_MS)])
  const stopSweeping = clock.every(10 * 60_000, () => void sweep().catch((fault: unknown) => log.warn({ fault }, 'ended sign-ins and meetings could not be swept')))
  return {
    server,
    firstSecret,
    routes,
    async close() {
      stopSweeping()
      // What is under way has a moment to end; a request that was sent by half would hold a stop for seconds (measured: 6).
      const cancel = clock.after(GOODBYE_MS_MAX, () => server.closeAllConnections())
      await socket.close()
      cancel()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
