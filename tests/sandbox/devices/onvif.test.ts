import { createRequire } from 'node:module'
import type { VirtualCamera } from '../../../server/sandbox/devices/virtual-camera.js'
import { answerDigest, envelope, http, probe, soap, usernameToken } from './clients.js'
import { FFMPEG, FPS, makeFilms, openCamera, PASSWORD, USER, withLogin, type Films } from './films.js'
import { makeSteppedClock, type SteppedClock } from './stepped-clock.js'

const withFfmpeg = FFMPEG ? test : test.skip
const LOGIN = { user: USER, password: PASSWORD }
const DEVICE = 'http://www.onvif.org/ver10/device/wsdl'
const EVENTS = 'http://www.onvif.org/ver10/events/wsdl'
const MEDIA = 'http://www.onvif.org/ver10/media/wsdl'
const PTZ = 'http://www.onvif.org/ver20/ptz/wsdl'

let films: Films
let camera: VirtualCamera
let fixed: VirtualCamera
let clock: SteppedClock

beforeAll(async () => {
  if (!FFMPEG) return
  films = await makeFilms()
  clock = makeSteppedClock()
  camera = await openCamera(films, { ptz: true }, clock)
  fixed = await openCamera(films, { id: 'cam-2', serial: '09261100000000000002' })
})
afterAll(async () => {
  await camera?.close()
  await fixed?.close()
})

/** The part of npm `onvif` that these tests use: callbacks at the end of each call. */
interface Stranger {
  readonly profiles?: readonly { readonly $: { readonly token: string }; readonly videoEncoderConfiguration: { readonly encoding: string; readonly resolution: { readonly width: number; readonly height: number }; readonly rateControl: { readonly frameRateLimit: number } } }[]
  readonly uri?: Readonly<Record<string, { readonly path: string }>>
  connect(done: (error: Error | null) => void): void
  on(event: 'event', hear: (message: unknown) => void): void
  removeAllListeners(event: string): void
}
const { Cam } = createRequire(import.meta.url)('onvif') as { Cam: new (options: object) => Stranger }

async function connectStranger(to: VirtualCamera, options: object = {}): Promise<Stranger> {
  const cam = new Cam({ hostname: '127.0.0.1', port: to.onvifPort, username: USER, password: PASSWORD, autoconnect: false, timeout: 5000, ...options })
  await new Promise<void>((resolve, reject) => cam.connect((error) => (error ? reject(error) : resolve())))
  return cam
}

function call<T>(cam: Stranger, method: string, ...args: readonly unknown[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const act = (cam as unknown as Record<string, (...all: unknown[]) => void>)[method]
    act?.call(cam, ...args, (error: Error | null, value: T) => (error ? reject(error) : resolve(value)))
  })
}

withFfmpeg.each([['WS-Security digest', {}], ['HTTP digest', { useWSSecurity: false }]])('npm onvif connects with %s and learns who the camera is', async (_name, options) => {
  const cam = await connectStranger(camera, options)
  const about = await call<Record<string, unknown>>(cam, 'getDeviceInformation')
  expect(about).toMatchObject({ manufacturer: 'Vong Lau Sandbox', model: 'VL-Test' })
  expect(cam.profiles?.map((profile) => [profile.$.token, profile.videoEncoderConfiguration.encoding, profile.videoEncoderConfiguration.resolution.width, profile.videoEncoderConfiguration.rateControl.frameRateLimit])).toEqual([['profile_main', 'H264', 640, FPS], ['profile_sub', 'H264', 320, FPS]])
  const scopes = await call<readonly { readonly scopeItem: string }[]>(cam, 'getScopes')
  expect(scopes.map((scope) => scope.scopeItem)).toContain(`onvif://www.onvif.org/name/${encodeURIComponent('Nguyễn Huệ - Lê Lợi')}`)
})

withFfmpeg('the stream address that npm onvif is given plays', async () => {
  const cam = await connectStranger(camera)
  const { uri } = await call<{ readonly uri: string }>(cam, 'getStreamUri', { protocol: 'RTSP', profileToken: 'profile_sub' })
  expect(uri).toBe(camera.rtspUrl('sub'))
  expect((await probe(withLogin(uri))).stdout).toMatch(/h264,320,180/)
})

withFfmpeg('npm onvif moves the camera, saves the place and comes back to it', async () => {
  const cam = await connectStranger(camera)
  expect(cam.uri?.['ptz']?.path).toBe('/onvif/ptz_service')
  await call(cam, 'continuousMove', { x: 0.5, y: -0.25, zoom: 0, timeout: 4000 })
  expect((await status(cam)).moveStatus.panTilt).toBe('MOVING')
  clock.leap(2000)
  await call(cam, 'stop', { panTilt: true, zoom: true })
  const stopped = await status(cam)
  expect(stopped.moveStatus.panTilt).toBe('IDLE')
  expect([stopped.position.x, stopped.position.y]).toEqual([expect.closeTo(0.5, 1), expect.closeTo(-0.25, 1)])
  await call(cam, 'setPreset', { presetName: 'Góc &lt;đường&gt; &amp; chợ' }) // this client does not escape by itself
  await call(cam, 'absoluteMove', { x: -1, y: 0, zoom: 1 })
  expect((await status(cam)).position).toMatchObject({ x: -1, y: 0, zoom: 1 })
  await call(cam, 'gotoPreset', { preset: 2 })
  expect((await status(cam)).position.x).toBeCloseTo(stopped.position.x, 3)
  const presets = await soap(camera.onvifUrl, `<GetPresets xmlns="${PTZ}"><ProfileToken>profile_main</ProfileToken></GetPresets>`, usernameToken({ ...LOGIN, created: now() }))
  expect(presets.text).toContain('token="2"><tt:Name>Góc &lt;đường&gt; &amp; chợ</tt:Name>')
  await call(cam, 'gotoHomePosition', {})
  expect((await status(cam)).position).toMatchObject({ x: 0, y: 0, zoom: 0 })
})

interface PtzStatus {
  readonly position: { readonly x: number; readonly y: number; readonly zoom: number }
  readonly moveStatus: { readonly panTilt: string }
}
function status(cam: Stranger): Promise<PtzStatus> {
  return call<PtzStatus>(cam, 'getStatus', {})
}

withFfmpeg('npm onvif hears by its pull point that the camera was covered', async () => {
  const cam = await connectStranger(camera)
  const heard: string[] = []
  const told = new Promise<void>((resolve) => cam.on('event', (message) => {
    heard.push(JSON.stringify(message))
    if (heard.some((text) => text.includes('Changed') && text.includes('GlobalSceneChange') && text.includes('"State","Value":true'))) resolve()
  }))
  await camera.setFault('covered')
  await told
  await camera.setFault('none')
  cam.removeAllListeners('event')
  expect(heard.some((text) => text.includes('Initialized') && text.includes('IsMotion'))).toBe(true)
  expect(heard.some((text) => text.includes('IsTamper'))).toBe(true)
})

withFfmpeg('an empty pull waits for its timeout, a renewed subscription lives on, an ended one is a named fault', async () => {
  const create = await soap(camera.onvifUrl, `<CreatePullPointSubscription xmlns="${EVENTS}"><Filter><TopicExpression xmlns="http://docs.oasis-open.org/wsn/b-2" Dialect="x">tns1:VideoSource/GlobalSceneChange//.|tns1:VideoSource/ImageTooDark/ImagingService</TopicExpression></Filter><InitialTerminationTime>PT30S</InitialTerminationTime></CreatePullPointSubscription>`, token())
  const address = /<wsa5:Address>([^<]+)</.exec(create.text)?.[1] ?? ''
  const pull = (timeout: string) => soap(address, `<PullMessages xmlns="${EVENTS}"><Timeout>${timeout}</Timeout><MessageLimit>50</MessageLimit></PullMessages>`, token())
  const first = await pull('PT5S')
  expect(first.text.match(/Initialized/g)?.length).toBe(2)
  expect(first.text).not.toMatch(/RuleEngine|MotionAlarm/)
  const waiting = pull('PT20S')
  const early = await Promise.race([waiting.then(() => 'answered'), quiet()])
  expect(early).toBe('still waiting')
  clock.leap(21_000)
  expect((await waiting).text).not.toMatch(/NotificationMessage/)
  expect((await soap(address, '<Renew xmlns="http://docs.oasis-open.org/wsn/b-2"><TerminationTime>PT60S</TerminationTime></Renew>', token())).status).toBe(200)
  clock.leap(40_000)
  expect((await soap(address, `<SetSynchronizationPoint xmlns="${EVENTS}"/>`, token())).status).toBe(200)
  expect((await pull('PT1S')).text).toMatch(/Initialized/)
  expect((await soap(address, '<Unsubscribe xmlns="http://docs.oasis-open.org/wsn/b-2"/>', token())).status).toBe(200)
  expect(await pull('PT1S')).toMatchObject({ status: 400, text: expect.stringContaining('ter:NoEntity') })
})

/** Settles after the device had time to answer, had it wanted to: one whole exchange on another connection. */
async function quiet(): Promise<string> {
  await soap(camera.onvifUrl, `<GetSystemDateAndTime xmlns="${DEVICE}"/>`)
  return 'still waiting'
}

function now(): string {
  return new Date(clock.wallMs()).toISOString()
}
function token(): string {
  return usernameToken({ ...LOGIN, created: now() })
}

const GET_INFORMATION = `<GetDeviceInformation xmlns="${DEVICE}"/>`
const REFUSALS: readonly (readonly [string, () => string, number, string])[] = [
  ['no sign-in', () => '', 401, 'ter:NotAuthorized'],
  ['a wrong password', () => usernameToken({ user: USER, password: 'wrong', created: now() }), 400, 'ter:NotAuthorized'],
  ['a wrong user', () => usernameToken({ user: 'root', password: PASSWORD, created: now() }), 400, 'ter:NotAuthorized'],
  ['a token from ten minutes ago', () => usernameToken({ ...LOGIN, created: new Date(clock.wallMs() - 600_000).toISOString() }), 400, 'ter:NotAuthorized'],
  ['a token without a time', () => usernameToken({ ...LOGIN, created: 'soon' }), 400, 'ter:NotAuthorized'],
  ['the password in clear text', () => token().replace('#PasswordDigest', '#PasswordText').replace(/(<w:Password[^>]*>)[^<]*/, `$1${PASSWORD}`), 400, 'ter:NotAuthorized'],
]
withFfmpeg.each(REFUSALS)('refuses %s', async (_name, header, expectedStatus, code) => {
  const reply = await soap(camera.onvifUrl, GET_INFORMATION, header())
  expect([reply.status, reply.text]).toEqual([expectedStatus, expect.stringContaining(code)])
  expect(reply.challenge).toMatch(expectedStatus === 401 ? /^Digest realm="[^"]+", nonce="[^"]+", qop="auth"/ : /^$/)
})

withFfmpeg('a token counts once', async () => {
  const once = token()
  expect((await soap(camera.onvifUrl, GET_INFORMATION, once)).status).toBe(200)
  expect((await soap(camera.onvifUrl, GET_INFORMATION, once)).text).toContain('ter:NotAuthorized')
})

withFfmpeg('an HTTP digest counts once, and only for its own address', async () => {
  const { challenge } = await soap(camera.onvifUrl, GET_INFORMATION)
  const uri = new URL(camera.onvifUrl).pathname
  const answer = answerDigest(challenge, { ...LOGIN, method: 'POST', uri })
  expect((await soap(camera.onvifUrl, GET_INFORMATION, '', { Authorization: answer })).status).toBe(200)
  expect(await soap(camera.onvifUrl, GET_INFORMATION, '', { Authorization: answer })).toMatchObject({ status: 401, challenge: expect.stringContaining('stale=true') })
  const elsewhere = answerDigest(challenge, { ...LOGIN, method: 'POST', uri: '/snapshot/main.jpg', nc: '00000002' })
  expect((await soap(camera.onvifUrl, GET_INFORMATION, '', { Authorization: elsewhere })).status).toBe(401)
})

const FAULTY: readonly (readonly [string, () => Promise<{ status: number; text: string }>, number, RegExp])[] = [
  ['an operation it lacks', () => soap(camera.onvifUrl, `<StartFirmwareUpgrade xmlns="${DEVICE}"/>`, token()), 500, /env:Receiver.*ter:ActionNotSupported/],
  ['a service it lacks', () => soap(camera.onvifUrl, '<GetRecordings xmlns="http://www.onvif.org/ver10/recording/wsdl"/>', token()), 500, /ter:ActionNotSupported/],
  ['PTZ of a fixed camera', () => soap(fixed.onvifUrl, `<GetNodes xmlns="${PTZ}"/>`, usernameToken(LOGIN)), 500, /ter:ActionNotSupported/],
  ['a profile it lacks', () => soap(camera.onvifUrl, `<GetStreamUri xmlns="${MEDIA}"><ProfileToken>third</ProfileToken></GetStreamUri>`, token()), 400, /ter:InvalidArgVal.*ter:NoProfile/],
  ['a multicast stream', () => soap(camera.onvifUrl, `<GetStreamUri xmlns="${MEDIA}"><StreamSetup><Stream>RTP-Multicast</Stream></StreamSetup><ProfileToken>profile_main</ProfileToken></GetStreamUri>`, token()), 400, /ter:InvalidStreamSetup/],
  ['a velocity that is no number', () => soap(camera.onvifUrl, `<ContinuousMove xmlns="${PTZ}"><ProfileToken>profile_main</ProfileToken><Velocity><PanTilt x="fast" y="0"/></Velocity></ContinuousMove>`, token()), 400, /ter:InvalidVelocity/],
  ['a preset it lacks', () => soap(camera.onvifUrl, `<GotoPreset xmlns="${PTZ}"><ProfileToken>profile_main</ProfileToken><PresetToken>77</PresetToken></GotoPreset>`, token()), 400, /ter:NoToken/],
  ['garbage', () => post('\u0001\u0002<<<'), 400, /ter:WellFormed/],
  ['XML that is cut off', () => post('<a><b>'), 400, /ter:WellFormed/],
  ['a document type with entities', () => post(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${envelope(GET_INFORMATION)}`), 400, /document type declaration is not allowed/],
  ['SOAP 1.1', () => post(envelope(GET_INFORMATION).replaceAll('http://www.w3.org/2003/05/soap-envelope', 'http://schemas.xmlsoap.org/soap/envelope/')), 400, /expected a SOAP 1\.2 envelope/],
  ['an empty body', () => post(envelope('')), 400, /no operation/],
  ['elements nested ten thousand deep', () => post(envelope('<a>'.repeat(10_000) + '</a>'.repeat(10_000))), 400, /ter:WellFormed/],
  ['a message of a megabyte', () => post('x'.repeat(1 << 20)), 413, /Payload Too Large/],
  ['GET instead of POST', async () => text(await http(camera.onvifUrl)), 405, /Method Not Allowed/],
  ['another address', async () => text(await http(camera.onvifUrl.replace('/onvif/device_service', '/cgi-bin/admin'))), 404, /Not Found/],
]
withFfmpeg.each(FAULTY)('answers %s by its proper fault', async (_name, ask, expectedStatus, expected) => {
  const reply = await ask()
  expect([reply.status, reply.text]).toEqual([expectedStatus, expect.stringMatching(expected)])
})

async function post(body: string): Promise<{ status: number; text: string }> {
  return text(await http(camera.onvifUrl, { method: 'POST', body }))
}
function text(reply: { readonly status: number; readonly body: Buffer }): { status: number; text: string } {
  return { status: reply.status, text: reply.body.toString('utf8') }
}

withFfmpeg('the still is a JPEG of the picture on screen, for those who sign in', async () => {
  const cam = await connectStranger(camera)
  const { uri } = await call<{ readonly uri: string }>(cam, 'getSnapshotUri', { profileToken: 'profile_main' })
  const closed = await http(uri)
  expect(closed.status).toBe(401)
  const challenge = String(closed.headers['www-authenticate'])
  const answer = (nc: string) => ({ headers: { Authorization: answerDigest(challenge, { ...LOGIN, method: 'GET', uri: new URL(uri).pathname, nc }) } })
  const still = await http(uri, answer('00000001'))
  expect([still.status, still.headers['content-type']]).toEqual([200, 'image/jpeg'])
  expect([still.body.readUInt16BE(0), still.body.readUInt16BE(still.body.length - 2)]).toEqual([0xffd8, 0xffd9])
  expect((await http(uri.replace('main', 'third'), { headers: { Authorization: answerDigest(challenge, { ...LOGIN, method: 'GET', uri: '/snapshot/third.jpg', nc: '00000002' }) } })).status).toBe(404)
})

withFfmpeg('the device clock is told to everybody, in UTC', async () => {
  const { text: xml } = await soap(fixed.onvifUrl, `<GetSystemDateAndTime xmlns="${DEVICE}"/>`)
  const utc = xml.slice(xml.indexOf('UTCDateTime'), xml.indexOf('LocalDateTime'))
  const number = (name: string): number => Number(new RegExp(`<tt:${name}>(\\d+)<`).exec(utc)?.[1])
  const told = Date.UTC(number('Year'), number('Month') - 1, number('Day'), number('Hour'), number('Minute'), number('Second'))
  expect(Math.abs(told - Date.now())).toBeLessThan(5000)
})
