import type { Clock } from '../system/clock.js'
import { TROUBLE_WORDS, type Trouble } from '../domain/trouble.js'
import type { Words } from '../domain/words.js'
import type { AddressGuard, Allowed } from './address-guard.js'
import { chooseStreams, type Channel } from './choose-streams.js'
import type { DeviceProfile, DeviceReport, Onvif } from './onvif.js'
import { reach } from './reach.js'
import { probeStream, type StreamFacts } from './rtsp-describe.js'
import type { Credentials } from './secrets.js'
import { verdictOf, type CameraVerdict, type RungName } from './verdict.js'

export type InspectInput =
  /** `address`: host, host:port or the whole service URL. `source` picks a channel of a recorder; the first by default. */
  | { readonly kind: 'onvif'; readonly address: string; readonly user: string; readonly password: string; readonly source?: string | undefined }
  | { readonly kind: 'rtsp'; readonly mainUrl: string; readonly subUrl?: string | undefined; readonly user: string; readonly password: string }

export interface Rung {
  readonly rung: RungName
  readonly ok: boolean
  readonly ms: number
  /** What was found; for a failure the cause and the next step. */
  readonly said: Words
  readonly trouble?: Trouble
}

export interface SuggestedStream extends StreamFacts {
  readonly url: string
  readonly token: string | null
}

export interface Inspection {
  readonly rungs: readonly Rung[]
  readonly verdict: CameraVerdict
  readonly identity: DeviceReport['identity'] | null
  readonly profiles: readonly DeviceProfile[]
  readonly channels: readonly Channel[]
  readonly suggested: { readonly main: SuggestedStream | null; readonly sub: SuggestedStream | null }
  readonly snapshotUrl: string | null
  readonly ptz: boolean
  readonly events: boolean
  readonly warnings: DeviceReport['warnings']
}

export interface LadderParts {
  readonly guard: AddressGuard
  readonly onvif: Onvif
  readonly clock: Clock
  readonly reachMs?: number
  readonly streamMs?: number
}

const REACH_MS_MAX = 3_000
const STREAM_MS_MAX = 10_000
/** Below, a device that tells whole seconds over a slow link may look off without being it. */
const SKEW_MS_NOTED = 5_000
const SKEW_MS_MAX = 60_000
/** Decoders for these exist in museums; no browser, no recorder of ours reads them. */
const LEGACY = /\b(H261|H263|MPV|H263-1998|H263-2000)\b/

/**
 * Climbs a fixed ladder and stops at the first rung that breaks, with the cause, the cheapest remedy and a verdict from a
 * closed set. The last two rungs (`web`, `clock`) are cautions: the camera works, so the ladder goes on over them.
 */
export async function inspectCamera(input: InspectInput, parts: LadderParts): Promise<Inspection> {
  const climb = makeClimb(parts.clock)
  const credentials: Credentials | null = input.user || input.password ? { user: input.user, password: input.password } : null
  const found = input.kind === 'onvif' ? await climbOnvif(input, credentials, parts, climb) : await climbRtsp(input, parts, climb)
  const streams = found && (await climbStreams(found, credentials, parts, climb))
  if (streams) {
    climbWeb(streams, climb)
    if (found.report) climbClock(found.report.clockOffsetMs, found.on, climb)
  }
  const failed = climb.rungs.find((rung) => rung.trouble)
  const profiles = climb.report?.profiles ?? []
  const seen = { offersH264: profiles.some((one) => one.codec === 'h264'), legacyCodec: LEGACY.test(failed?.trouble?.said ?? '') }
  return {
    rungs: climb.rungs,
    verdict: failed?.trouble ? verdictOf(failed.rung, failed.trouble.code, seen) : 'usable',
    identity: climb.report?.identity ?? null,
    profiles,
    channels: chooseStreams(profiles),
    suggested: { main: streams?.main ?? null, sub: streams?.sub ?? null },
    snapshotUrl: climb.report?.snapshotUrl ?? null,
    ptz: climb.report?.ptz ?? false,
    events: climb.report?.events ?? false,
    warnings: climb.report?.warnings ?? [],
  }
}

interface Climb {
  readonly rungs: Rung[]
  report: DeviceReport | null
  pass(rung: RungName, said: Words): void
  fail(rung: RungName, trouble: Trouble): null
}

function makeClimb(clock: Clock): Climb {
  const rungs: Rung[] = []
  let lastMs = clock.monotonicMs()
  const add = (rung: Omit<Rung, 'ms'>): void => {
    const nowMs = clock.monotonicMs()
    rungs.push({ ...rung, ms: Math.round(nowMs - lastMs) })
    lastMs = nowMs
  }
  return {
    rungs,
    report: null,
    pass: (rung, said) => add({ rung, ok: true, said }),
    fail(rung, trouble) {
      const { state, next } = TROUBLE_WORDS[trouble.code]
      add({ rung, ok: false, trouble, said: { vi: `${state.vi}. ${next.vi}`, en: `${state.en}. ${next.en}` } })
      return null
    },
  }
}

interface Found {
  readonly main: { readonly url: string; readonly profile: DeviceProfile | null }
  readonly sub: Found['main'] | null
  readonly report: DeviceReport | null
  /** host:port that was asked. */
  readonly on: string
}

async function climbReach(verdict: Awaited<ReturnType<AddressGuard['check']>>, parts: LadderParts, climb: Climb): Promise<Allowed | null> {
  if (!verdict.ok) return climb.fail('reach', verdict.trouble)
  const trouble = await reach(verdict, parts.clock, parts.reachMs ?? REACH_MS_MAX)
  if (trouble) return climb.fail('reach', trouble)
  climb.pass('reach', { vi: `${verdict.host}:${verdict.port} trả lời`, en: `${verdict.host}:${verdict.port} answers` })
  return verdict
}

async function climbOnvif(input: Extract<InspectInput, { kind: 'onvif' }>, credentials: Credentials | null, parts: LadderParts, climb: Climb): Promise<Found | null> {
  const target = await climbReach(await parts.guard.check(serviceUrl(input.address), ['http', 'https']), parts, climb)
  if (!target) return null
  const answer = await parts.onvif.inspect(target, credentials)
  if (!answer.ok && answer.trouble.code !== 'auth' && answer.trouble.code !== 'no_stream') return climb.fail('onvif', answer.trouble)
  climb.pass('onvif', { vi: 'Thiết bị nói ONVIF', en: 'The device speaks ONVIF' })
  if (!answer.ok && answer.trouble.code === 'auth') return climb.fail('sign_in', answer.trouble)
  const who = answer.ok ? `${answer.report.identity.manufacturer} ${answer.report.identity.model}`.trim() : ''
  climb.pass('sign_in', { vi: `Đăng nhập được${who && ` vào ${who}`}`, en: `Signed in${who && ` to ${who}`}` })
  if (!answer.ok) return climb.fail('main_stream', answer.trouble)
  climb.report = answer.report
  const channels = chooseStreams(answer.report.profiles)
  const channel = input.source === undefined ? channels[0] : channels.find((one) => one.source === input.source)
  if (!channel?.main.url) return climb.fail('main_stream', noStream(answer.report, target, input.source))
  return { main: { url: channel.main.url, profile: channel.main }, sub: channel.sub?.url ? { url: channel.sub.url, profile: channel.sub } : null, report: answer.report, on: `${target.host}:${target.port}` }
}

function noStream(report: DeviceReport, target: Allowed, source: string | undefined): Trouble {
  const where = { tried: 'ONVIF GetStreamUri', on: `${target.host}:${target.port}` }
  if (source !== undefined && report.profiles.every((one) => one.source !== source)) return { code: 'no_stream', ...where, said: 'the device has no such channel' }
  return { code: 'no_stream', ...where, said: `${report.profiles.length} profiles, none with an RTSP address` }
}

async function climbRtsp(input: Extract<InspectInput, { kind: 'rtsp' }>, parts: LadderParts, climb: Climb): Promise<Found | null> {
  const reached = await climbReach(await parts.guard.check(input.mainUrl, ['rtsp', 'rtsps']), parts, climb)
  return reached && { main: { url: input.mainUrl, profile: null }, sub: input.subUrl ? { url: input.subUrl, profile: null } : null, report: null, on: `${reached.host}:${reached.port}` }
}

async function climbStreams(found: Found, credentials: Credentials | null, parts: LadderParts, climb: Climb): Promise<{ readonly main: SuggestedStream; readonly sub: SuggestedStream | null } | null> {
  const probe = async (rung: 'main_stream' | 'sub_stream', { url, profile }: Found['main']): Promise<SuggestedStream | null> => {
    const probed = await probeStream({ url, credentials, guard: parts.guard, clock: parts.clock, deadlineMs: parts.streamMs ?? STREAM_MS_MAX })
    // Over plain RTSP the account is first asked for here.
    if (!found.report && rung === 'main_stream') {
      if (!probed.ok && probed.trouble.code === 'auth') return climb.fail('sign_in', probed.trouble)
      if (probed.ok) climb.pass('sign_in', { vi: 'Đăng nhập được', en: 'Signed in' })
    }
    if (!probed.ok) return climb.fail(rung, probed.trouble)
    const { codec, width, height, fps } = probed.facts
    const facts = { codec, width: width ?? profile?.width ?? null, height: height ?? profile?.height ?? null, fps: fps ?? profile?.fps ?? null }
    const line = `${codec.toUpperCase()} ${facts.width ?? '?'}×${facts.height ?? '?'}${facts.fps === null ? '' : ` · ${facts.fps} fps`}`
    climb.pass(rung, { vi: line, en: line })
    return { url, token: profile?.token ?? null, ...facts }
  }
  const main = await probe('main_stream', found.main)
  if (!main) return null
  if (!found.sub) {
    climb.pass('sub_stream', { vi: 'Không có luồng phụ; dùng luồng chính, tốn máy hơn', en: 'No sub stream; the main one is used, at more cost' })
    return { main, sub: null }
  }
  const sub = await probe('sub_stream', found.sub)
  return sub && { main, sub }
}

/** Browsers show H.264; Chromium on Debian cannot show H.265 (measured), nobody plays MJPEG over HLS. */
function climbWeb(streams: { readonly main: SuggestedStream; readonly sub: SuggestedStream | null }, climb: Climb): void {
  const shown = [streams.main, streams.sub].filter((one) => one?.codec === 'h264')
  if (shown.length === 0) {
    climb.fail('web', { code: 'codec_unsupported', tried: 'browser codec', on: streams.main.url, said: `the streams are ${[...new Set([streams.main.codec, streams.sub?.codec].filter(Boolean))].join(' and ')}` })
    return
  }
  const partly = streams.main.codec !== 'h264'
  climb.pass('web', partly ? { vi: 'Luồng phụ xem được trên trình duyệt; luồng chính cần chuyển mã', en: 'Browsers show the sub stream; the main one needs transcoding' } : { vi: 'Xem được trên trình duyệt', en: 'Browsers show it' })
}

function climbClock(offsetMs: number | null, on: string, climb: Climb): void {
  if (offsetMs === null) return climb.pass('clock', { vi: 'Camera không cho biết giờ', en: 'The camera does not tell its time' })
  const seconds = Math.round(offsetMs / 1000)
  if (Math.abs(offsetMs) > SKEW_MS_MAX) return void climb.fail('clock', { code: 'clock_skew', tried: 'ONVIF GetSystemDateAndTime', on, said: `the camera's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}` })
  const off = Math.abs(offsetMs) > SKEW_MS_NOTED
  climb.pass('clock', off ? { vi: `Lệch ${seconds} giây; nên đặt NTP`, en: `Off by ${seconds} s; give it a time server` } : { vi: 'Đúng giờ', en: 'On time' })
}

/** What people type: an IP, an IP with a port, or what discovery found. */
export function serviceUrl(address: string): string {
  const text = address.trim()
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`
  return /^[a-z]+:\/\/[^/?#]+\/?$/i.test(url) ? `${url.replace(/\/$/, '')}/onvif/device_service` : url
}
