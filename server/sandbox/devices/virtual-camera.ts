import { randomBytes } from 'node:crypto'
import type { Clock } from '../../system/clock.js'
import type { Log } from '../../system/log.js'
import { macOf, ROLES, SERVICE_PATHS, uuidOf, type DeviceFacts, type StreamFacts, type StreamRole } from './device-facts.js'
import { makeDigestGate, type Credentials } from './digest-gate.js'
import { makeEventDesk } from './event-desk.js'
import { SKEW_MS, variantOf, VARIANTS, type Fault, type FaultOptions, type Variant } from './fault.js'
import { makeFeed, type Showing } from './feed.js'
import { openMediaFile, type MediaFile } from './media-file.js'
import { makeMotionSense } from './motion.js'
import { startOnvifDevice } from './onvif-device.js'
import { makePtzMount, type PtzMount } from './ptz-mount.js'
import { startRtspServer } from './rtsp-server.js'
import { describeStream } from './session-description.js'
import { makeSnapshooter } from './snapshot.js'
import { makeTimeline, within } from './timeline.js'
import { makeTokenGate } from './username-token.js'

export interface FilmSpec {
  /** Annex B H.264 without B-frames. */
  readonly file: string
  readonly width: number
  readonly height: number
}

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
  readonly variants: Partial<Readonly<Record<Variant, Readonly<Record<StreamRole, FilmSpec>>>>>
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

type Films = Readonly<Record<StreamRole, MediaFile>>

export async function startVirtualCamera({ spec, clock, log: parentLog, ffmpeg, runId, epochMs = clock.wallMs() }: VirtualCameraOptions): Promise<VirtualCamera> {
  const log = parentLog.child({ camera: spec.id })
  const address = spec.address ?? '127.0.0.1'
  const shelf = makeShelf(spec)
  const films = await shelf.open(null)
  if (spec.ptz && spec.variants.turned) await shelf.open('turned')
  const timeline = makeTimeline({ clock, fps: spec.fps, epochMs })
  const loopMs = (films.main.units.length * 1000) / spec.fps
  if (films.sub.units.length !== films.main.units.length) log.warn({ main: films.main.units.length, sub: films.sub.units.length }, 'main and sub film have different lengths: they will drift apart at each loop')

  let fault: Fault = 'none'
  let silent = false
  let skewMs = 0
  let frozenAt: number | null = null
  let credentials: Credentials = { user: spec.user, password: spec.password }
  const mount = spec.ptz ? makePtzMount(clock) : null
  const deviceWallMs = (): number => clock.wallMs() + skewMs
  const variantNow = (): Variant | null => variantOf(fault) ?? (mount?.away() ? 'turned' : null)
  const showing = (role: StreamRole): Showing => ({ film: (shelf.opened(variantNow()) ?? films)[role], frozenAt, garbage: fault === 'garbage', stalled: fault === 'stall' })

  const feeds = mapRoles((role) => makeFeed({ clock, timeline, showing: () => showing(role), log: log.child({ stream: role }) }))
  const events = makeEventDesk({ clock, deviceWallMs })
  const gateOf = (qop: 'absent' | 'auth', strict: boolean) => makeDigestGate({ realm: `${spec.model}-${spec.serial.slice(-6)}`, credentials: () => credentials, clock, qop, strict, ...(spec.nonceMsMax === undefined ? {} : { nonceMsMax: spec.nonceMsMax }) })
  const banner = `${spec.model}/${spec.firmware}`
  const sessionId = Math.floor(clock.wallMs() / 1000)
  const rtsp = await startRtspServer({
    address, port: spec.rtspPort, name: banner, gate: gateOf(spec.rtspQop ?? 'absent', false), timeline, clock, log, deviceWallMs,
    streams: new Map(ROLES.map((role) => [pathOf(role), { feed: feeds[role], describe: () => describeStream({ film: showing(role).film, fps: spec.fps, sessionId, address, width: spec[role].width, height: spec[role].height }) }])),
    ...(spec.sessionMsMax === undefined ? {} : { sessionMsMax: spec.sessionMsMax }),
  })
  const facts: DeviceFacts = {
    ...spec, address, uuid: uuidOf(spec.serial), mac: macOf(spec.serial), deviceWallMs,
    streams: mapRoles((role) => streamFacts(spec, role, films[role])),
    origin: () => `http://${address}:${onvif.port}`,
    streamUrl: (role) => `rtsp://${address}:${rtsp.port}${pathOf(role)}`,
  }
  const snapshots = mapRoles((role) => makeSnapshooter({ ffmpeg, runId, clock, keyUnitNow: () => feeds[role].keyUnitNow() }))
  const onvif = await startOnvifDevice({ address, port: spec.onvifPort, facts, tokens: makeTokenGate({ credentials: () => credentials, deviceWallMs }), gate: gateOf('auth', true), mount, events, snapshot: (role) => snapshots[role](), log }).catch(async (error: unknown) => {
    await rtsp.close()
    await shelf.close()
    throw error
  })

  const inMotion = makeMotionSense(films.sub.units, spec.fps)
  const sense = (): void => {
    const variant = variantNow()
    const moves = variant === null && frozenAt === null && fault !== 'stall' && inMotion(timeline.frameNow())
    const tampered = variantOf(fault) !== null
    events.tell({ motion: moves, motionAlarm: moves, tamper: tampered, sceneChange: variant === 'covered' || variant === 'turned', tooBlurry: variant === 'blurred', tooDark: variant === 'black' || variant === 'covered' })
  }
  const stopSensing = clock.every(SENSE_MS, () => { if (events.subscriptions > 0) sense() })

  const apply = async (wanted: Fault, options: FaultOptions): Promise<void> => {
    const variant = variantOf(wanted)
    if (variant) await shelf.open(variant)
    const outage = wanted === 'drop' ? 'down' : wanted === 'stall' && options.silent === true ? 'mute' : 'none'
    frozenAt = wanted === 'freeze' ? timeline.frameNow() : null
    skewMs = wanted === 'clock_skew' ? (options.skewMs ?? SKEW_MS) : 0
    const passwordChanges = (wanted === 'wrong_password') !== (fault === 'wrong_password')
    if (passwordChanges) credentials = wanted === 'wrong_password' ? { user: spec.user, password: randomBytes(12).toString('base64url') } : { user: spec.user, password: spec.password }
    fault = wanted
    silent = outage === 'mute'
    // As on real devices, a new password ends what the old one opened; else nobody would notice for hours.
    if (passwordChanges) rtsp.dropAll()
    await Promise.all([rtsp.setOutage(outage), onvif.setOutage(outage)])
    sense()
  }
  let lastChange: Promise<void> = Promise.resolve()

  return {
    id: spec.id,
    facts,
    onvifUrl: `${facts.origin()}${SERVICE_PATHS.device}`,
    onvifPort: onvif.port,
    rtspPort: rtsp.port,
    rtspUrl: (role) => facts.streamUrl(role),
    get fault() { return fault },
    setFault(wanted, options = {}) {
      const change = lastChange.then(() => apply(wanted, options))
      lastChange = change.catch(() => undefined) // the caller of this change hears of it; the next change starts afresh
      return change
    },
    credentials: () => credentials,
    get reachable() { return fault !== 'drop' && !silent },
    ptz: mount,
    positionAt(wallMs) {
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

function pathOf(role: StreamRole): string {
  return `/live/${role}`
}

function mapRoles<T>(make: (role: StreamRole) => T): Readonly<Record<StreamRole, T>> {
  return { main: make('main'), sub: make('sub') }
}

const PROFILES: Readonly<Record<number, StreamFacts['profile']>> = { 66: 'Baseline', 77: 'Main', 100: 'High' }

function streamFacts(spec: VirtualCameraSpec, role: StreamRole, film: MediaFile): StreamFacts {
  const last = film.units.at(-1)
  const bytes = (last?.offset ?? 0) + (last?.length ?? 0)
  const secondKey = film.units.findIndex((unit, index) => index > 0 && unit.key)
  return { width: spec[role].width, height: spec[role].height, kilobits: Math.ceil((bytes * 8 * spec.fps) / film.units.length / 1000), gop: secondKey > 0 ? secondKey : film.units.length, profile: PROFILES[film.sps[1] ?? 0] ?? 'High' }
}

/** Films are opened when they are first needed: indexing reads the whole file once. */
function makeShelf(spec: VirtualCameraSpec): { open(variant: Variant | null): Promise<Films>; opened(variant: Variant | null): Films | undefined; close(): Promise<void> } {
  const opened = new Map<Variant | null, Films>()
  return {
    async open(variant) {
      const known = opened.get(variant)
      if (known) return known
      const files = variant === null ? spec : spec.variants[variant]
      if (!files) throw new Error(`camera ${spec.id} has no film for ${variant ?? 'normal'}: set variants.${variant ?? ''} to one of ${VARIANTS.join(', ')}`)
      const films = { main: await openMediaFile(files.main.file), sub: await openMediaFile(files.sub.file) }
      opened.set(variant, films)
      return films
    },
    opened: (variant) => opened.get(variant),
    async close() {
      for (const films of opened.values()) await Promise.all([films.main.close(), films.sub.close()])
      opened.clear()
    },
  }
}

