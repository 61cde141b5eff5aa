import type { Clock } from '../system/clock.js'
import type { Trouble, TroubleCode } from '../domain/trouble.js'
import { openCalls, type Called, type OnvifCalls } from './onvif-calls.js'
import type { DeviceReport, OnvifRequest } from './onvif-messages.js'
import { readClock, readIdentity, readProfiles, readUri, type PlainProfile } from './onvif-read.js'
import { reveals, scrub } from './secrets.js'
import { elementsAt, escapeXml } from './xml.js'

export type Inspected = { readonly ok: true; readonly report: DeviceReport } | { readonly ok: false; readonly trouble: Trouble }
type Warnings = DeviceReport['warnings']

/** More than a 64-channel recorder has; what lies beyond is cut and said. */
const PROFILES_MAX = 192

/** Runs in the child. Asks a device who it is, what time it has and what it shows; believes only authenticated answers. */
export async function inspectDevice(request: OnvifRequest, clock: Clock): Promise<Inspected> {
  const calls = openCalls(request, clock)
  const on = `${request.target.host}:${request.target.port}${request.target.path}`
  const fail = (called: { readonly code: TroubleCode; readonly tried: string; readonly said: string }): Inspected => ({
    ok: false,
    trouble: { code: called.code, tried: `ONVIF ${called.tried}`, on: scrub(on, request.credentials), said: scrub(called.said, request.credentials) },
  })
  try {
    const warnings: Warnings[number][] = []
    // oxlint-disable-next-line no-control-regex -- ASCII is exactly this range
    if (request.credentials && /[^\x00-\x7f]/.test(request.credentials.password)) warnings.push('password_not_ascii')
    const time = await askTime(calls, clock)
    if (!time.ok) return fail(time)
    await askServices(calls)
    // `connect` reports success with a wrong password (measured), so the account is tried on a call that needs it.
    const identity = await askSigned(calls, clock, warnings)
    if (!identity.ok) return fail(identity)
    // Some tell their services only to those who signed in.
    if (!calls.cam.uri) await askServices(calls)
    if (!calls.cam.uri?.['media'] && !calls.cam.uri?.['media2']) return fail({ code: 'no_stream', tried: 'GetServices', said: 'the device names no media service' })
    const profiles = await askProfiles(calls)
    if (!profiles.ok) return fail(profiles)
    if (profiles.list.length > PROFILES_MAX) warnings.push('profiles_cut')
    const addressed: DeviceReport['profiles'] = []
    for (const profile of profiles.list.slice(0, PROFILES_MAX)) addressed.push(await addAddress(calls, request, profile, warnings))
    const [first] = addressed
    return {
      ok: true,
      report: {
        identity: readIdentity(identity.root),
        clockOffsetMs: time.offsetMs,
        profiles: addressed,
        snapshotUrl: first ? await askSnapshot(calls, request, first.token) : null,
        ptz: await askPtz(calls),
        events: await askEvents(calls),
        warnings: [...new Set(warnings)],
      },
    }
  } finally {
    calls.close()
  }
}

/** The first ONVIF knew only GetCapabilities. */
export async function askServices(calls: OnvifCalls): Promise<void> {
  const called = await calls.call('GetServices', (cam, done) => cam.getServices(true, done))
  if (!called.ok || !calls.cam.uri) await calls.call('GetCapabilities', (cam, done) => cam.getCapabilities(done))
}

type Time = { readonly ok: true; readonly offsetMs: number | null } | Extract<Called, { ok: false }>

/** Also sets the library's time shift: WS-Security answers carry the device's own time, or the device calls them replayed. */
export async function askTime(calls: OnvifCalls, clock: Clock): Promise<Time> {
  calls.cam.timeShift = undefined
  const startMs = clock.wallMs()
  const called = await calls.call('GetSystemDateAndTime', (cam, done) => cam.getSystemDateAndTime(done))
  const middleMs = (startMs + clock.wallMs()) / 2
  // Without a told time the library would sign with 1970.
  calls.cam.timeShift ??= clock.wallMs() - process.uptime() * 1000
  // A device that demands an account even for its time tells us at the next step whether ours is right.
  if (!called.ok) return called.code === 'auth' ? { ok: true, offsetMs: null } : called
  const toldMs = readClock(called.root)
  // It tells whole seconds, cut: the truth lies half a second later on average.
  return { ok: true, offsetMs: toldMs === null ? null : Math.round(toldMs + 500 - middleMs) }
}

/**
 * GetDeviceInformation by WS-Security; if refused, once more after reading the device's clock anew (it may just have been
 * corrected); if still refused, by HTTP digest alone. Three tries at most: cameras lock accounts.
 */
export async function askSigned(calls: OnvifCalls, clock: Clock, warnings: Warnings[number][]): Promise<Called> {
  const ask = (): Promise<Called> => calls.call('GetDeviceInformation', (cam, done) => cam.getDeviceInformation(done))
  const first = await ask()
  if (first.ok || first.code !== 'auth') return first
  const shift = calls.cam.timeShift
  await askTime(calls, clock)
  if (Math.abs((calls.cam.timeShift ?? 0) - (shift ?? 0)) > 1_500) {
    const second = await ask()
    if (second.ok) warnings.push('clock_corrected')
    if (second.ok || second.code !== 'auth') return second
  }
  calls.cam.useWSSecurity = false
  const third = await ask()
  if (third.ok) warnings.push('digest_only')
  return third.ok ? third : { ...third, said: first.said }
}

type Profiles = { readonly ok: true; readonly list: readonly PlainProfile[] } | Extract<Called, { ok: false }>

async function askProfiles(calls: OnvifCalls): Promise<Profiles> {
  const called = await askProfileList(calls)
  if (!called.ok) return called
  const list = readProfiles(called.root)
  return list.length > 0 ? { ok: true, list } : { ok: false, code: 'no_stream', tried: 'GetProfiles', said: 'the device lists no media profile' }
}

export async function askProfileList(calls: OnvifCalls): Promise<Called> {
  const ask = (): Promise<Called> => calls.call('GetProfiles', (cam, done) => cam.getProfiles(done))
  const called = await ask()
  if (!calls.cam.media2Support || (called.ok && readProfiles(called.root).length > 0)) return called
  calls.cam.media2Support = false // advertised but broken (D-Link DCS-8635LH and others)
  return ask()
}

export async function askStreamUri(calls: OnvifCalls, request: Pick<OnvifRequest, 'target'>, token: string): Promise<ReturnType<typeof atDevice>> {
  const called = await calls.call('GetStreamUri', (cam, done) => cam.getStreamUri({ protocol: 'RTSP', profileToken: escapeXml(token) }, done))
  return called.ok ? atDevice(readUri(called.root), ['rtsp', 'rtsps'], request) : null
}

/** Asked for each profile by its token: the library's own choice of a default maps recorders wrongly (measured). */
async function addAddress(calls: OnvifCalls, request: OnvifRequest, profile: PlainProfile, warnings: Warnings[number][]): Promise<DeviceReport['profiles'][number]> {
  const address = await askStreamUri(calls, request, profile.token)
  if (address && reveals(address.url, request.credentials)) {
    warnings.push('stream_address_held_the_password')
    return { ...profile, url: null, hostSaid: null }
  }
  return { ...profile, url: address?.url ?? null, hostSaid: address?.hostSaid ?? null }
}

async function askSnapshot(calls: OnvifCalls, request: OnvifRequest, token: string): Promise<string | null> {
  const called = await calls.call('GetSnapshotUri', (cam, done) => cam.getSnapshotUri({ profileToken: escapeXml(token) }, done))
  const url = called.ok ? atDevice(readUri(called.root), ['http', 'https'], request)?.url : undefined
  return url && !reveals(url, request.credentials) ? url : null
}

/** Real calls, not advertised flags: half of the devices that advertise PTZ have none. */
async function askPtz(calls: OnvifCalls): Promise<boolean> {
  if (!calls.cam.uri?.['ptz']) return false
  const called = await calls.call('GetNodes', (cam, done) => cam.getNodes(done))
  return called.ok && elementsAt(called.root, 'Envelope', 'Body', 'GetNodesResponse', 'PTZNode').length > 0
}

async function askEvents(calls: OnvifCalls): Promise<boolean> {
  if (!calls.cam.uri?.['events']) return false
  const called = await calls.call('CreatePullPointSubscription', (cam, done) => cam.createPullPointSubscription(done))
  if (!called.ok || elementsAt(called.root, 'Envelope', 'Body', 'CreatePullPointSubscriptionResponse', 'SubscriptionReference').length === 0) return false
  const address = calls.cam.events?.subscription?.subscriptionReference?.address
  if (!address) return true
  address.agent = calls.agent
  // Handed back at once: devices keep few. If it fails, the subscription ends by itself.
  await calls.call('Unsubscribe', (cam, done) => cam.unsubscribe(done))
  return true
}

/**
 * The stream at the address that we reach the device by. Devices name 0.0.0.0, 127.0.0.1, their other network card or the
 * address behind a router; the port and path they name are kept, account and fragment are not.
 */
export function atDevice(text: string | null, schemes: readonly string[], request: Pick<OnvifRequest, 'target'>): { readonly url: string; readonly hostSaid: string | null } | null {
  const parts = /^([a-z]+):\/\/(?:[^/?#]*@)?(\[[0-9a-f:.]+\]|[^/?#:@]+)(?::(\d{1,5}))?([/?][^#]*)?/i.exec(text ?? '')
  const scheme = (parts?.[1] ?? '').toLowerCase()
  if (!parts || !schemes.includes(scheme) || Number(parts[3] ?? 1) > 65_535) return null
  const { host, address } = request.target
  const said = parts[2] ?? ''
  const path = parts[4] ?? '/'
  const moved = said.toLowerCase() !== host.toLowerCase() && said !== address
  return { url: `${scheme}://${host}${parts[3] ? `:${parts[3]}` : ''}${path.startsWith('?') ? `/${path}` : path}`, hostSaid: moved ? said.slice(0, 255) : null }
}
