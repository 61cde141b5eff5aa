import type { Trouble } from '../domain/trouble.js'
import type { Clock } from '../system/clock.js'
import { openCalls, type Called, type OnvifCalls } from './onvif-calls.js'
import { askProfileList, askServices, askSigned, askStreamUri, askTime } from './onvif-inspect.js'
import type { DeviceAim, OnvifRequest } from './onvif-messages.js'
import { readPresets, readProfiles, readStatus, readTurningProfiles, type PlainProfile } from './onvif-read.js'
import { reveals, scrub } from './secrets.js'
import { escapeXml } from './xml.js'

export type AskedAim = { readonly ok: true; readonly aim: DeviceAim } | { readonly ok: false; readonly trouble: Trouble }
type Ask = Extract<OnvifRequest['ask'], { readonly for: 'aim' }>
type Failed = Extract<Called, { readonly ok: false }>

/** Asked once, and then remembered as the way. */
const CHANNEL_PROFILES_MAX = 64
const FIXED: DeviceAim = { way: null, at: null, isMoving: null, presets: null, untold: null }

/**
 * Runs in the child. Where does a camera that turns look, and which presets does it keep? A camera that cannot say is a proper answer
 * with its reason: GetStatus is optional, and so is the position in it.
 */
export async function askAim(request: OnvifRequest, ask: Ask, clock: Clock): Promise<AskedAim> {
  const calls = openCalls(request, clock)
  const clean = (text: string): string => scrub(text, request.credentials)
  const fail = ({ code, tried, said }: Failed): AskedAim => ({ ok: false, trouble: { code, tried: `ONVIF ${tried}`, on: clean(`${request.target.host}:${request.target.port}${request.target.path}`), said: clean(said) } })
  try {
    const time = await askTime(calls, clock)
    if (!time.ok) return fail(time)
    calls.cam.useWSSecurity = !ask.way?.digestOnly
    await askServices(calls)
    const way = ask.way ?? (await findWay(calls, request, ask, clock))
    if (way === null) return { ok: true, aim: FIXED }
    if ('tried' in way) return fail(way)
    if (!calls.cam.uri?.['ptz']) return { ok: true, aim: FIXED }
    const profileToken = escapeXml(way.profile)
    const status = await calls.call('GetStatus', (cam, done) => cam.getStatus({ profileToken }, done))
    if (!status.ok && status.code !== 'onvif_fault') return fail(status)
    const presets = ask.withPresets ? await calls.call('GetPresets', (cam, done) => cam.getPresets({ profileToken }, done)) : null
    if (presets && !presets.ok && presets.code !== 'onvif_fault') return fail(presets)
    const read = status.ok ? readStatus(status.root) : { at: null, isMoving: null, said: status.said }
    return { ok: true, aim: { way, at: read.at, isMoving: read.isMoving, presets: presets && (presets.ok ? readPresets(presets.root).filter(({ token, name }) => !reveals(`${token} ${name}`, request.credentials)) : []), untold: read.at ? null : clean(read.said).slice(0, 300) } }
  } finally {
    calls.close()
  }
}

/** Which profile turns the camera, and how one signs in; null: none does. */
async function findWay(calls: OnvifCalls, request: OnvifRequest, { streams }: Ask, clock: Clock): Promise<DeviceAim['way'] | Failed> {
  const signed = await askSigned(calls, clock, [])
  if (!signed.ok) return signed
  // Some tell their services only to those who signed in.
  if (!calls.cam.uri) await askServices(calls)
  if (!calls.cam.uri?.['ptz']) return null
  const asked = await askProfileList(calls)
  if (!asked.ok) return asked
  const turning = readTurningProfiles(asked.root)
  const profiles = readProfiles(asked.root)
  const isRecorder = new Set(profiles.map(({ source }) => source)).size > 1
  const source = isRecorder ? await sourceOf(calls, request, { profiles, streams }) : undefined
  const profile = turning.find((one) => source === undefined || one.source === source)
  return profile ? { profile: profile.token, digestOnly: !calls.cam.useWSSecurity } : null
}

/** The channel of a recorder that shows one of these streams; null: none does, and nobody may ask after another channel's mount. */
async function sourceOf(calls: OnvifCalls, request: OnvifRequest, { profiles, streams }: { readonly profiles: readonly PlainProfile[]; readonly streams: readonly string[] }): Promise<string | null> {
  for (const { token, source } of profiles.slice(0, CHANNEL_PROFILES_MAX)) {
    const url = (await askStreamUri(calls, request, token))?.url
    if (url && URL.canParse(url) && streams.includes(new URL(url).toString())) return source
  }
  return null
}
