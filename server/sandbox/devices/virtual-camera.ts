import type { Clock } from '../../system/clock.js'
import type { Log } from '../../system/log.js'
import { makeCondition, type Condition } from './condition.js'
import { macOf, ROLES, SERVICE_PATHS, uuidOf, type DeviceFacts, type StreamRole } from './device-facts.js'
import { makeDigestGate, type Credentials, type DigestGate } from './digest-gate.js'
import { makeEventDesk, type EventDesk } from './event-desk.js'
import type { Fault, FaultOptions, Variant } from './fault.js'
import { makeFeed, type Feed } from './feed.js'
import { makeFilmShelf, streamFacts, type FilmPair, type Films, type FilmShelf, type FilmSpec } from './film-shelf.js'
import { makeMotionSense } from './motion.js'
import { startOnvifDevice, type OnvifDevice } from './onvif-device.js'
import type { Showing } from './projector.js'
import { makePtzMount, type PtzMount } from './ptz-mount.js'
import { startRtspServer, type RtspServer } from './rtsp-server.js'
import { describeStream } from './session-description.js'
import { makeSnapshooter } from './snapshot.js'
import { makeTimeline, within, type Timeline } from './timeline.js'
import { makeTokenGate } from './username-token.js'

export interface VirtualCameraSpec {
  readonly id: string
  readonly name: string
  readonly vendor: string
  readonly model: string
  readonly firmware: string
  readonly serial: string
  readonly user: string
  readonly password: string
  readonly location: string
  /** 0 takes a free one. */
  readonly onvifPort: number
  readonly rtspPort: number
  readonly fps: number
  readonly main: FilmSpec
  readonly sub: FilmSpec
  readonly variants: Partial<Readonly<Record<Variant, FilmPair>>>
  readonly ptz: boolean
  /** 127.0.0.1 unless a test made a network namespace of its own. */
  readonly address?: string
  /** Most cameras offer RTSP digest without qop; some newer ones with. */
  readonly rtspQop?: 'absent' | 'auth'
  readonly sessionMsMax?: number
  readonly nonceMsMax?: number
}

export interface VirtualCameraOptions {
  readonly spec: VirtualCameraSpec
  readonly clock: Clock
  readonly log: Log
  /** Path of ffmpeg; null where there is none, and then stills answer 503. */
  readonly ffmpeg: string | null
  readonly runId: string
  /** Wall time at which the film was at its beginning; cameras with the same epoch play in step. The start, unless told. */
  readonly epochMs?: number
}

export interface VirtualCamera {
  readonly id: string
  readonly facts: DeviceFacts
  readonly onvifUrl: string
  readonly onvifPort: number
  readonly rtspPort: number
  /** Without credentials. */
  rtspUrl(role: StreamRole): string
  readonly fault: Fault
  /** Settles when the fault is in force; pictures change at the next key picture. Refused when the camera lacks that film. */
  setFault(fault: Fault, options?: FaultOptions): Promise<void>
  /** What the device accepts at this moment (after `wrong_password` nobody outside knows it). */
  credentials(): Credentials
  /** False while it neither answers nor is found. */
  readonly reachable: boolean
  /** Null for a fixed camera. */
  readonly ptz: PtzMount | null
  /** Milliseconds into the film that is being sent at this wall time; the truth of the scene is told in the same time. */
  positionAt(wallMs: number): number
  readonly loopMs: number
  readonly sessions: number
  readonly skippedFrames: number
  close(): Promise<void>
}

/** A camera that a client could not tell from a real one: RTSP on one port, ONVIF and stills on another. */
export async function startVirtualCamera({ spec, clock, log: parentLog, ffmpeg, runId, epochMs = clock.wallMs() }: VirtualCameraOptions): Promise<VirtualCamera> {
  const log = parentLog.child({ camera: spec.id })
  const shelf = makeFilmShelf(spec)
  const films = await openFilms(shelf, spec, log)
  const timeline = makeTimeline({ clock, fps: spec.fps, epochMs })
  const mount = spec.ptz ? makePtzMount(clock) : null
  const condition = makeCondition({ sticker: { user: spec.user, password: spec.password }, clock, timeline, mount })
  const showing = (role: StreamRole): Showing => ({ film: (shelf.opened(condition.variant()) ?? films)[role], frozenAt: condition.frozenAt, garbage: condition.fault === 'garbage', stalled: condition.fault === 'stall' })
  const feeds = mapRoles((role) => makeFeed({ clock, timeline, showing: () => showing(role), log: log.child({ stream: role }) }))
  const events = makeEventDesk({ clock, deviceWallMs: () => condition.deviceWallMs() })
  const parts: Parts = { spec, clock, log, timeline, condition, feeds, events, mount, films, showing, address: spec.address ?? '127.0.0.1' }
  const { rtsp, onvif, facts } = await openServers(parts, { ffmpeg, runId }).catch(async (error: unknown) => {
    await shelf.close()
    throw error
  })
  const inMotion = makeMotionSense(films.sub.units, spec.fps)
  const sense = (): void => events.tell(condition.events(inMotion(timeline.frameNow())))
  const stopSensing = clock.every(SENSE_MS, () => { if (events.subscriptions > 0) sense() })
  const change = makeChanger({ condition, shelf, rtsp, onvif, sense })
  const loopMs = (films.main.units.length * 1000) / spec.fps

  return {
    id: spec.id,
    facts,
    onvifUrl: `${facts.origin()}${SERVICE_PATHS.device}`,
    onvifPort: onvif.port,
    rtspPort: rtsp.port,
    rtspUrl: (role) => facts.streamUrl(role),
    get fault() { return condition.fault },
    setFault: change,
    credentials: () => condition.credentials(),
    get reachable() { return condition.outage === 'none' },
    ptz: mount,
    positionAt(wallMs) {
      const { frozenAt } = condition
      if (frozenAt === null) return within(timeline.elapsedAt(wallMs), loopMs)
      return (films.main.keyBefore(within(frozenAt, films.main.units.length)) * 1000) / spec.fps
    },
    loopMs,
    get sessions() { return rtsp.sessions },
    get skippedFrames() { return feeds.main.skippedFrames + feeds.sub.skippedFrames },
    async close() {
      stopSensing()
      events.close()
      for (const role of ROLES) feeds[role].close()
      await Promise.all([rtsp.close(), onvif.close()])
      await shelf.close()
    },
  }
}

const SENSE_MS = 1000

interface Parts {
  readonly spec: VirtualCameraSpec
  readonly clock: Clock
  readonly log: Log
  readonly timeline: Timeline
  readonly condition: Condition
  readonly feeds: Readonly<Record<StreamRole, Feed>>
  readonly events: EventDesk
  readonly mount: PtzMount | null
  readonly films: Films
  readonly showing: (role: StreamRole) => Showing
  readonly address: string
}

async function openFilms(shelf: FilmShelf, spec: VirtualCameraSpec, log: Log): Promise<Films> {
  const films = await shelf.open(null)
  // A move must show at once, so a moving camera has its other view ready.
  if (spec.ptz && spec.variants.turned) await shelf.open('turned')
  const [main, sub] = [films.main.units.length, films.sub.units.length]
  if (main !== sub) log.warn({ main, sub }, 'main and sub film have different numbers of pictures, so they drift apart at each loop')
  return films
}

async function openServers(parts: Parts, { ffmpeg, runId }: { readonly ffmpeg: string | null; readonly runId: string }): Promise<{ readonly rtsp: RtspServer; readonly onvif: OnvifDevice; readonly facts: DeviceFacts }> {
  const { spec, clock, log, condition, feeds, address } = parts
  const deviceWallMs = (): number => condition.deviceWallMs()
  const rtsp = await openRtsp(parts)
  const facts: DeviceFacts = {
    ...spec, address, uuid: uuidOf(spec.serial), mac: macOf(spec.serial), deviceWallMs,
    streams: mapRoles((role) => streamFacts(parts.films[role], spec[role], spec.fps)),
    origin: () => `http://${address}:${onvif.port}`,
    streamUrl: (role) => `rtsp://${address}:${rtsp.port}${pathOf(role)}`,
  }
  const snapshots = mapRoles((role) => makeSnapshooter({ ffmpeg, runId, clock, keyUnitNow: () => feeds[role].keyUnitNow() }))
  const onvif = await startOnvifDevice({
    address, port: spec.onvifPort, facts, log, mount: parts.mount, events: parts.events,
    tokens: makeTokenGate({ credentials: () => condition.credentials(), deviceWallMs }),
    gate: gateOf(parts, 'auth', true),
    snapshot: (role) => snapshots[role](),
  }).catch(async (error: unknown) => {
    await rtsp.close()
    throw error
  })
  return { rtsp, onvif, facts }
}

function openRtsp(parts: Parts): Promise<RtspServer> {
  const { spec, clock, log, timeline, condition, feeds, address, showing } = parts
  const sessionId = Math.floor(clock.wallMs() / 1000)
  const describe = (role: StreamRole): string => describeStream({ film: showing(role).film, fps: spec.fps, sessionId, address, width: spec[role].width, height: spec[role].height })
  return startRtspServer({
    address, port: spec.rtspPort, name: `${spec.model}/${spec.firmware}`, timeline, clock, log,
    gate: gateOf(parts, spec.rtspQop ?? 'absent', false),
    deviceWallMs: () => condition.deviceWallMs(),
    streams: new Map(ROLES.map((role) => [pathOf(role), { feed: feeds[role], describe: () => describe(role) }])),
    ...(spec.sessionMsMax === undefined ? {} : { sessionMsMax: spec.sessionMsMax }),
  })
}

function gateOf({ spec, condition, clock }: Parts, qop: 'absent' | 'auth', strict: boolean): DigestGate {
  return makeDigestGate({ realm: `${spec.model}-${spec.serial.slice(-6)}`, credentials: () => condition.credentials(), clock, qop, strict, ...(spec.nonceMsMax === undefined ? {} : { nonceMsMax: spec.nonceMsMax }) })
}

/** Changes one after the other, however fast they are asked for: ports close and open again in between. */
function makeChanger({ condition, shelf, rtsp, onvif, sense }: { readonly condition: Condition; readonly shelf: FilmShelf; readonly rtsp: RtspServer; readonly onvif: OnvifDevice; readonly sense: () => void }): VirtualCamera['setFault'] {
  const apply = async (fault: Fault, options: FaultOptions): Promise<void> => {
    if (fault === 'covered' || fault === 'blurred' || fault === 'turned' || fault === 'black') await shelf.open(fault)
    // As on real devices, a new password ends what the old one opened; else nobody would notice for hours.
    if (condition.change(fault, options)) rtsp.dropAll()
    await Promise.all([rtsp.setOutage(condition.outage), onvif.setOutage(condition.outage)])
    sense()
  }
  let last: Promise<void> = Promise.resolve()
  return (fault, options = {}) => {
    const change = last.then(() => apply(fault, options))
    last = change.catch(() => undefined) // who asked for this change hears of it; the next one starts afresh
    return change
  }
}

function pathOf(role: StreamRole): string {
  return `/live/${role}`
}

function mapRoles<T>(make: (role: StreamRole) => T): Readonly<Record<StreamRole, T>> {
  return { main: make('main'), sub: make('sub') }
}

export type { FilmSpec } from './film-shelf.js'
