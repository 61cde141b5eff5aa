import { createHash } from 'node:crypto'
import { envelope, fault, type Animal, type Answer, type Asked } from './soap-device.js'

/**
 * Devices as they are met in the field, made by hand after the findings of 2026 (npm onvif 0.8.3 against four independent
 * devices) and public issue threads; no recording of anybody's camera. Each is the healthy one with a single quirk.
 */
export const HEALTHY: Animal = {
  GetSystemDateAndTime: () => timeAnswer(0),
  GetServices: ({ origin }) => services(origin, ['ver10/device', 'ver10/media', 'ver20/ptz', 'ver10/events']),
  GetDeviceInformation: () => '<tds:GetDeviceInformationResponse><tds:Manufacturer>Sông Hậu</tds:Manufacturer><tds:Model>SH-20</tds:Model><tds:FirmwareVersion>5.10</tds:FirmwareVersion><tds:SerialNumber>12345678901234567890</tds:SerialNumber><tds:HardwareId>2.40</tds:HardwareId></tds:GetDeviceInformationResponse>',
  GetProfiles: () => profilesAnswer([profile('main', 1920, 1080), profile('sub', 640, 360)]),
  GetStreamUri: (asked) => streamAnswer(`rtsp://${host(asked)}:8554/live/${tokenOf(asked)}`),
  GetSnapshotUri: (asked) => `<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>http://${asked.origin}/snap/${tokenOf(asked)}</tt:Uri></trt:MediaUri></trt:GetSnapshotUriResponse>`,
  GetNodes: () => '<tptz:GetNodesResponse><tptz:PTZNode token="n1"><tt:Name>PTZ</tt:Name></tptz:PTZNode></tptz:GetNodesResponse>',
  CreatePullPointSubscription: ({ origin }) => `<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa:Address>http://${origin}/sub/1</wsa:Address></tev:SubscriptionReference></tev:CreatePullPointSubscriptionResponse>`,
  Unsubscribe: () => '<wsnt:UnsubscribeResponse xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"/>',
}

const DENIED = fault('ter:NotAuthorized', 'Sender not Authorized')
const denyAll = { GetDeviceInformation: () => DENIED, GetProfiles: () => DENIED, GetStreamUri: () => DENIED, GetSnapshotUri: () => DENIED, GetNodes: () => DENIED, CreatePullPointSubscription: () => DENIED }

/** `connect` of the library reports success here, with no profile (simple_server of the ONVIF C world). */
export const DENIES_QUIETLY: Animal = { ...HEALTHY, ...denyAll }

export const WITHOUT_PROFILES: Animal = { ...HEALTHY, GetProfiles: () => '<trt:GetProfilesResponse/>' }

/** Twelve channels, two streams each; tokens that look like numbers; addresses with `&`, on host 0.0.0.0. */
export const RECORDER: Animal = {
  ...HEALTHY,
  GetProfiles: () => profilesAnswer(RECORDER_TOKENS.map((token, i) => profile(token, i % 2 === 0 ? 1920 : 704, i % 2 === 0 ? 1080 : 576, { source: `Src${i >> 1}` }))),
  GetStreamUri: (asked) => streamAnswer(`rtsp://0.0.0.0:554/cam/realmonitor?channel=${(RECORDER_TOKENS.indexOf(tokenOf(asked)) >> 1) + 1}&amp;subtype=${RECORDER_TOKENS.indexOf(tokenOf(asked)) % 2}`),
}
export const RECORDER_TOKENS: readonly string[] = ['0', '1.0', '00', '1e3', 'true', '2024-01-01T00:00:00Z', ...Array.from({ length: 18 }, (_, i) => `Profile_${i}`)]

/** Advertises Media2 and cannot speak it (a known model of a large maker). */
export const BROKEN_MEDIA2: Animal = {
  ...HEALTHY,
  GetServices: ({ origin }) => services(origin, ['ver10/device', 'ver10/media', 'ver20/media']),
  GetProfiles: (asked) => (asked.body.includes('ver20/media') ? fault('ter:ActionNotSupported', 'not implemented', 500) : (HEALTHY.GetProfiles?.(asked) ?? '')),
}

/** Profile T: H.265 main stream, told only through Media2. */
export const PROFILE_T: Animal = {
  ...HEALTHY,
  GetServices: ({ origin }) => services(origin, ['ver10/device', 'ver20/media']),
  GetProfiles: () => `<tr2:GetProfilesResponse>${['H265 3840 2160 t1', 'H264 640 360 t2'].map((line) => {
    const [encoding, width, height, token] = line.split(' ')
    return `<tr2:Profiles token="${token}" fixed="true"><tr2:Name>${token}</tr2:Name><tr2:Configurations><tr2:VideoSource token="vsc"><tt:SourceToken>vs1</tt:SourceToken></tr2:VideoSource><tr2:VideoEncoder token="ve"><tt:Encoding>${encoding}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:RateControl ConstantBitRate="false"><tt:FrameRateLimit>25</tt:FrameRateLimit><tt:BitrateLimit>4096</tt:BitrateLimit></tt:RateControl></tr2:VideoEncoder></tr2:Configurations></tr2:Profiles>`
  }).join('')}</tr2:GetProfilesResponse>`,
  GetStreamUri: (asked) => `<tr2:GetStreamUriResponse><tr2:Uri>rtsp://${host(asked)}/m2/${tokenOf(asked)}</tr2:Uri></tr2:GetStreamUriResponse>`,
}

/** Names its neighbour everywhere: nobody may follow. */
export const POINTS_ELSEWHERE: Animal = {
  ...HEALTHY,
  GetServices: () => services('10.255.255.1:80', ['ver10/device', 'ver10/media', 'ver20/ptz', 'ver10/events']),
  GetStreamUri: (asked) => streamAnswer(`rtsp://admin:12345@10.255.255.1:554/live/${tokenOf(asked)}`),
  GetSnapshotUri: () => '<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>file:///etc/passwd</tt:Uri></trt:MediaUri></trt:GetSnapshotUriResponse>',
  CreatePullPointSubscription: () => '<tev:CreatePullPointSubscriptionResponse><tev:SubscriptionReference><wsa:Address>http://169.254.169.254/latest</wsa:Address></tev:SubscriptionReference></tev:CreatePullPointSubscriptionResponse>',
}

export const BOASTS: Animal = { ...HEALTHY, GetNodes: () => fault('ter:ActionNotSupported', 'no PTZ', 500), CreatePullPointSubscription: () => fault('ter:ActionNotSupported', 'no events', 500) }

const GENERIC = 'http://www.onvif.org/ver10/tptz'
/** Where it looks, in ONVIF's words; `space` as the device names it, if it does. */
export function place(pan: string, tilt: string, zoom: string | null, space = `${GENERIC}/PanTiltSpaces/PositionGenericSpace`): string {
  return `<tt:PanTilt x="${pan}" y="${tilt}"${space ? ` space="${space}"` : ''}/>${zoom === null ? '' : `<tt:Zoom x="${zoom}"/>`}`
}
export const statusAnswer = (position: string, moves = '<tt:MoveStatus><tt:PanTilt>IDLE</tt:PanTilt><tt:Zoom>IDLE</tt:Zoom></tt:MoveStatus>'): string => `<tptz:GetStatusResponse><tptz:PTZStatus>${position === '' ? '' : `<tt:Position>${position}</tt:Position>`}${moves}</tptz:PTZStatus></tptz:GetStatusResponse>`
export const presetsAnswer = (presets: readonly (readonly [token: string, name: string, position: string])[]): string =>
  `<tptz:GetPresetsResponse>${presets.map(([token, name, position]) => `<tptz:Preset token="${token}">${name === '' ? '' : `<tt:Name>${name}</tt:Name>`}${position === '' ? '' : `<tt:PTZPosition>${position}</tt:PTZPosition>`}</tptz:Preset>`).join('')}</tptz:GetPresetsResponse>`

/** Turns by its second profile alone, and keeps three presets: a token that looks like a number, a name with marks, a third without name and place. */
export const TURNS: Animal = {
  ...HEALTHY,
  GetProfiles: () => profilesAnswer([profile('main', 1920, 1080), profile('sub', 640, 360).replace('</trt:Profiles>', '<tt:PTZConfiguration token="p"/></trt:Profiles>')]),
  GetStatus: () => statusAnswer(place('0.4000', '-0.1', '0.25')),
  GetPresets: () => presetsAnswer([['0', 'Cầu &amp; chợ', place('0.4', '-0.1', '0.25')], ['1.0', 'Ngã tư', place('-1', '1', '0')], ['p3', '', '']]),
}
export const KEEPS_STATUS_TO_ITSELF: Animal = { ...TURNS, GetStatus: () => fault('ter:ActionNotSupported', 'Optional Action Not Implemented', 500) }
export const NAMES_NO_POSITION: Animal = { ...TURNS, GetStatus: () => statusAnswer('') }
export const LIES_BEYOND_BOUNDS: Animal = { ...TURNS, GetStatus: () => statusAnswer(place('3599', 'NaN', '1')) }
/** Says 0 for every place, wherever it looks: its firmware has no position. */
export const KNOWS_NO_PLACE: Animal = { ...TURNS, GetStatus: () => statusAnswer(place('0', '0', '0')), GetPresets: () => presetsAnswer([['1', 'a', place('0', '0', '0')], ['2', 'b', place('0', '0', '0')]]) }
export const TELLS_DEGREES: Animal = { ...TURNS, GetStatus: () => statusAnswer(place('72', '-9', '0.25', `${GENERIC}/PanTiltSpaces/SphericalPositionSpaceDegrees`)) }
/** Turns, does not zoom, and is on its way. */
export const MOVES: Animal = { ...TURNS, GetStatus: () => statusAnswer(place('0.1', '0', null), '<tt:MoveStatus><tt:PanTilt>MOVING</tt:PanTilt></tt:MoveStatus>') }
export const SAYS_NOTHING_OF_MOVING: Animal = { ...TURNS, GetStatus: () => statusAnswer(place('0.4', '-0.1', '0.25'), '') }
/** Advertises the service, and no profile of it turns. */
export const BOASTS_OF_TURNING: Animal = { ...TURNS, GetProfiles: HEALTHY.GetProfiles! }

/** Two domes on one recorder: what is asked of one channel must never be answered by the other. */
export const RECORDER_OF_DOMES: Animal = {
  ...TURNS,
  GetProfiles: () => profilesAnswer(['a', 'b'].map((channel) => profile(channel, 1920, 1080, { source: channel }).replace('</trt:Profiles>', '<tt:PTZConfiguration token="p"/></trt:Profiles>'))),
  GetStreamUri: (asked) => streamAnswer(`rtsp://0.0.0.0:554/${tokenOf(asked)}`),
  GetStatus: (asked) => statusAnswer(place(tokenOf(asked) === 'a' ? '0.1' : '0.9', '0', '0')),
}

export const WITH_DOCTYPE: Animal = { ...HEALTHY, GetDeviceInformation: () => ({ status: 200, body: `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${envelope('<tds:GetDeviceInformationResponse><tds:Model>&f;</tds:Model></tds:GetDeviceInformationResponse>')}` }) }

/** Fifty megabytes of model name. */
export const HUGE: Animal = {
  ...HEALTHY,
  GetDeviceInformation: () => (response) => {
    response.writeHead(200, { 'content-type': 'application/soap+xml' })
    const chunk = 'A'.repeat(1 << 16)
    let left = 800
    const more = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= 1
        if (!response.write(chunk)) return void response.once('drain', more)
      }
      response.end()
    }
    more()
  },
}

/** A byte every 50 ms, for ever: never silent, never done. */
export const SLOW_LORIS: Animal = {
  ...HEALTHY,
  GetDeviceInformation: () => (response) => {
    response.writeHead(200, { 'content-type': 'application/soap+xml' })
    const timer = setInterval(() => response.write(' '), 50)
    response.once('close', () => clearInterval(timer))
  },
}

export const HANGS_UP: Animal = {
  ...HEALTHY,
  GetProfiles: () => (response) => {
    response.writeHead(200, { 'content-type': 'application/soap+xml', 'content-length': '5000' })
    response.write('<half', () => response.destroy())
  },
}

/** The library's regular expression needs time with the square of this attribute's length: half a minute of a stuck process. */
export const STUNS: Animal = { ...HEALTHY, GetDeviceInformation: () => ({ status: 200, body: `<a xmlns${' xmlns'.repeat(120_000)}` }) }

/** Corrects its clock by an hour between our question and our sign-in, as a camera does when its time server answers. */
export function correctsItsClock(): Animal {
  const aheadMs = (asked: Asked): number => (asked.action === 'GetSystemDateAndTime' && asked.before === 0 ? 3_600_000 : 0)
  const guard = (asked: Asked, answer: Answer): Answer => {
    const created = /<Created[^>]*>([^<]+)</.exec(asked.body)?.[1]
    return created && Math.abs(Date.parse(created) - Date.now()) < 30_000 ? answer : DENIED
  }
  const healthy = (asked: Asked): Answer => (asked.action === 'other' ? '' : (HEALTHY[asked.action]?.(asked) ?? ''))
  return { ...HEALTHY, GetSystemDateAndTime: (asked) => timeAnswer(aheadMs(asked)), GetDeviceInformation: (asked) => guard(asked, healthy(asked)), GetProfiles: (asked) => guard(asked, healthy(asked)) }
}

/** Knows no WS-Security: HTTP digest (RFC 7616) or nothing. */
export function wantsHttpDigest(user: string, password: string): Animal {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
  const guard = (asked: Asked, answer: () => Answer): Answer => {
    const field = (name: string): string => new RegExp(`${name}="?([^",]+)`).exec(asked.authorization ?? '')?.[1] ?? ''
    const good = asked.authorization !== null && field('response') === md5(`${md5(`${user}:cam:${password}`)}:n0nce:${field('nc')}:${field('cnonce')}:auth:${md5(`POST:${asked.path}`)}`) && !asked.body.includes('UsernameToken')
    return good ? answer() : { status: 401, body: '<html>Unauthorized</html>', headers: { 'www-authenticate': 'Digest realm="cam", nonce="n0nce", qop="auth"' } }
  }
  const guarded = (['GetServices', 'GetDeviceInformation', 'GetProfiles', 'GetStreamUri', 'GetSnapshotUri', 'GetNodes', 'CreatePullPointSubscription'] as const).map((action) => [action, (asked: Asked) => guard(asked, () => HEALTHY[action]?.(asked) ?? '')] as const)
  return { ...HEALTHY, ...Object.fromEntries(guarded) }
}

export function timeAnswer(aheadMs: number): string {
  const now = new Date(Date.now() + aheadMs)
  return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:UTCDateTime><tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time><tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`
}

export function profile(token: string, width: number, height: number, part: { readonly encoding?: string; readonly source?: string } = {}): string {
  return `<trt:Profiles token="${token}" fixed="true"><tt:Name>${token}</tt:Name><tt:VideoSourceConfiguration token="vsc"><tt:SourceToken>${part.source ?? 'vs1'}</tt:SourceToken></tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="ve"><tt:Encoding>${part.encoding ?? 'H264'}</tt:Encoding><tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution><tt:RateControl><tt:FrameRateLimit>15</tt:FrameRateLimit><tt:BitrateLimit>2048</tt:BitrateLimit></tt:RateControl></tt:VideoEncoderConfiguration></trt:Profiles>`
}

export function profilesAnswer(profiles: readonly string[]): string {
  return `<trt:GetProfilesResponse>${profiles.join('')}</trt:GetProfilesResponse>`
}

export function streamAnswer(uri: string): string {
  return `<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>${uri}</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>`
}

function services(origin: string, names: readonly string[]): string {
  return `<tds:GetServicesResponse>${names.map((name) => `<tds:Service><tds:Namespace>http://www.onvif.org/${name}/wsdl</tds:Namespace><tds:XAddr>http://${origin}/onvif/${name.replace('/', '_')}</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>40</tt:Minor></tds:Version></tds:Service>`).join('')}</tds:GetServicesResponse>`
}

function tokenOf(asked: Asked): string {
  return /<ProfileToken>([^<]*)</.exec(asked.body)?.[1] ?? ''
}

function host(asked: Asked): string {
  return asked.origin.split(':')[0] ?? ''
}
