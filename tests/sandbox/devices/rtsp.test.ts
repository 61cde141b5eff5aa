import { createSocket } from 'node:dgram'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runToEnd } from '../../../server/system/child.js'
import type { VirtualCamera } from '../../../server/sandbox/devices/virtual-camera.js'
import { openRtsp, probe, readPackets, until, watch, type RawRtsp } from './clients.js'
import { FFMPEG, FPS, LOOP_S, makeFilms, openCamera, PASSWORD, USER, withLogin, type Films } from './films.js'
import { makeSteppedClock } from './stepped-clock.js'

const withFfmpeg = FFMPEG ? test : test.skip
const LOGIN = { user: USER, password: PASSWORD }

let films: Films
let camera: VirtualCamera
const raws: RawRtsp[] = []
const others: VirtualCamera[] = []

beforeAll(async () => {
  if (!FFMPEG) return
  films = await makeFilms()
  camera = await openCamera(films)
})
afterEach(async () => {
  for (const raw of raws.splice(0)) raw.socket.destroy()
  await Promise.all(others.splice(0).map((other) => other.close()))
})
afterAll(async () => {
  await camera?.close()
})

async function openRaw(url = camera.rtspUrl('main'), login = LOGIN): Promise<RawRtsp> {
  const raw = await openRtsp(url, login)
  raws.push(raw)
  return raw
}

const PROBES: readonly (readonly [string, () => string, 'tcp' | 'udp', RegExp])[] = [
  ['the main stream over TCP', () => withLogin(camera.rtspUrl('main')), 'tcp', /^h264,640,360$/m],
  ['the main stream over UDP', () => withLogin(camera.rtspUrl('main')), 'udp', /^h264,640,360$/m],
  ['the sub stream over TCP', () => withLogin(camera.rtspUrl('sub')), 'tcp', /^h264,320,180$/m],
  ['a wrong password', () => withLogin(camera.rtspUrl('main'), USER, 'wrong'), 'tcp', /401 Unauthorized/],
  ['a wrong user name', () => withLogin(camera.rtspUrl('main'), 'root'), 'tcp', /401 Unauthorized/],
  ['no password', () => camera.rtspUrl('main'), 'tcp', /401 Unauthorized/],
  ['a path that does not exist', () => withLogin(camera.rtspUrl('main').replace('main', 'other')), 'tcp', /404 Not Found/],
]
withFfmpeg.each(PROBES)('ffprobe asks for %s', async (_name, url, transport, expected) => {
  const { stdout, stderr } = await probe(url(), transport)
  expect(stdout + stderr).toMatch(expected)
})

withFfmpeg('ffprobe signs in where the camera offers qop="auth"', async () => {
  const other = await openCamera(films, { rtspQop: 'auth' })
  others.push(other)
  expect((await probe(withLogin(other.rtspUrl('sub')))).stdout).toMatch(/h264,320,180/)
})

withFfmpeg.each(['tcp', 'udp'] as const)('timestamps go on evenly over the seam of the loop, over %s', async (transport) => {
  const packets = await readPackets(withLogin(camera.rtspUrl('sub')), LOOP_S + 1, transport)
  expect(packets[0]?.key).toBe(true)
  expect(packets.length).toBeGreaterThan(FPS * LOOP_S)
  const steps = packets.slice(1).map((packet, index) => Math.round((packet.pts - (packets[index]?.pts ?? 0)) * 1000))
  expect(new Set(steps)).toEqual(new Set([1000 / FPS]))
})

withFfmpeg('ffmpeg decodes a second over the seam without one complaint', async () => {
  const { pictures, words } = await watch(withLogin(camera.rtspUrl('main')), FPS * 3)
  expect(pictures.length).toBeGreaterThanOrEqual(FPS * 3)
  expect(words).not.toMatch(/error|missed|corrupt|non-existing|concealing/i)
  expect(new Set(pictures.map((picture) => picture.hash)).size).toBeGreaterThan(FPS)
})

const gstreamer = existsSync('/usr/bin/python3') && FFMPEG && existsSync('/usr/lib/python3/dist-packages/gi') ? test : test.skip
gstreamer.each(['tcp', 'udp'])('GStreamer plays over %s, and its times never go back', async (protocols) => {
  const reader = fileURLToPath(new URL('gst-reader.py', import.meta.url))
  const { code, stdout, stderr } = await runToEnd('/usr/bin/python3', [reader, camera.rtspUrl('sub'), USER, PASSWORD, protocols, String(FPS * 3)], { timeoutMs: 15_000 })
  expect([code, stderr]).toEqual([0, expect.not.stringMatching(/Unauthorized|error/i)])
  const times = stdout.trim().split('\n').map(Number)
  // Over TCP the first GOP comes in a burst, which its jitter buffer squeezes; over UDP each picture has its own time.
  const later = (time: number, before: number): boolean => (protocols === 'udp' ? time > before : time >= before)
  expect(times.filter((time, index) => index > 0 && !later(time, times[index - 1] ?? 0))).toEqual([])
})

interface Exchange {
  readonly method: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signed?: boolean
}
const TCP = { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' }
const EXCHANGES: readonly (readonly [string, Exchange, number, RegExp])[] = [
  ['OPTIONS needs no password and lists the methods', { method: 'OPTIONS', signed: false }, 200, /^Public: .*GET_PARAMETER/m],
  ['DESCRIBE without a password is challenged', { method: 'DESCRIBE', signed: false }, 401, /^WWW-Authenticate: Digest realm="[^"]+", nonce="[^"]+"/m],
  ['DESCRIBE tells base, parameter sets and profile', { method: 'DESCRIBE' }, 200, /Content-Base: rtsp:\/\/[^\r]+\/live\/main\/\r[^]*profile-level-id=4[0-9A-F]{5};sprop-parameter-sets=Z[^,\r]+,a[^,\r]+\r/],
  ['an unknown stream is 404', { method: 'DESCRIBE', path: '/live/third' }, 404, /Not Found/],
  ['recording to a camera is 405', { method: 'ANNOUNCE', signed: false }, 405, /^Allow: OPTIONS/m],
  ['a method nobody knows is 501', { method: 'DANCE', signed: false }, 501, /Not Implemented/],
  ['multicast is 461', { method: 'SETUP', path: '/live/main/trackID=1', headers: { Transport: 'RTP/AVP;multicast' } }, 461, /Unsupported Transport/],
  ['a transport of another world is 461', { method: 'SETUP', path: '/live/main/trackID=1', headers: { Transport: 'RAW/RAW/UDP;unicast' } }, 461, /Unsupported Transport/],
  ['PLAY in an unknown session is 454', { method: 'PLAY', headers: { Session: 'FEED' } }, 454, /Session Not Found/],
  ['SETUP in an unknown session is 454', { method: 'SETUP', path: '/live/main/trackID=1', headers: { ...TCP, Session: 'FEED' } }, 454, /Session Not Found/],
  ['an extension we lack is 551', { method: 'DESCRIBE', headers: { Require: 'com.example.x' } }, 551, /^Unsupported: com.example.x/m],
  ['SETUP takes the first transport it can serve', { method: 'SETUP', path: '/live/main/trackID=1', headers: { Transport: `RTP/AVP;multicast,${TCP.Transport}` } }, 200, /^Transport: RTP\/AVP\/TCP;unicast;interleaved=0-1;ssrc=[0-9A-F]{8}/m],
]
withFfmpeg.each(EXCHANGES)('%s', async (_name, { method, path = '/live/main', headers = {}, signed = true }, status, expected) => {
  const raw = await openRaw()
  const uri = camera.rtspUrl('main').replace('/live/main', path)
  const reply = signed ? await raw.askSigned(method, uri, headers) : await raw.ask(method, uri, headers)
  expect([reply.status, reply.text]).toEqual([status, expect.stringMatching(expected)])
})

withFfmpeg.each([
  ['no RTSP at all', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a header without a colon', 'OPTIONS * RTSP/1.0\r\nnonsense\r\n\r\n'],
  ['a body of a gigabyte', 'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 1000000000\r\n\r\n'],
  ['a head without end', `OPTIONS * RTSP/1.0\r\nX: ${'x'.repeat(40_000)}`],
])('refuses %s and hangs up', async (_name, text) => {
  const raw = await openRaw()
  let heard = ''
  raw.socket.on('data', (chunk: Buffer) => { heard += chunk.toString('latin1') })
  raw.socket.write(text)
  await raw.closed
  expect(heard).toMatch(/^RTSP\/1\.0 4(00|13) /)
})

withFfmpeg('PLAY, PAUSE, PLAY and TEARDOWN do what they say', async () => {
  const raw = await openRaw()
  const uri = camera.rtspUrl('main')
  const { Session } = await setUp(raw, uri)
  expect((await raw.askSigned('PAUSE', uri, { Session })).status).toBe(455)
  const play = await raw.askSigned('PLAY', uri, { Session, Range: 'npt=0.000-' })
  expect([play.status, play.header('RTP-Info')]).toEqual([200, expect.stringMatching(/^url=rtsp:.*trackID=1;seq=\d+;rtptime=\d+$/)])
  expect((await raw.askSigned('PLAY', uri, { Session, Range: 'clock=20260101T000000Z-' })).status).toBe(457)
  await until(() => raw.mediaBytes > 20_000)
  expect((await raw.askSigned('PAUSE', uri, { Session })).status).toBe(200)
  const atPause = raw.mediaBytes
  expect((await raw.askSigned('GET_PARAMETER', uri, { Session })).status).toBe(200)
  expect((await raw.ask('SET_PARAMETER', uri, { Session, Authorization: 'Digest nonsense' })).status).toBe(401)
  expect(raw.mediaBytes).toBe(atPause)
  await raw.askSigned('PLAY', uri, { Session })
  await until(() => raw.mediaBytes > atPause)
  expect((await raw.askSigned('TEARDOWN', uri, { Session })).status).toBe(200)
  expect((await raw.askSigned('PLAY', uri, { Session })).status).toBe(454)
})

withFfmpeg('an old nonce is called stale, and the same password works with the new one', async () => {
  const clock = makeSteppedClock()
  const other = await openCamera(films, { nonceMsMax: 30_000 }, clock)
  others.push(other)
  const raw = await openRaw(other.rtspUrl('main'))
  expect((await raw.askSigned('DESCRIBE', other.rtspUrl('main'))).status).toBe(200)
  clock.leap(31_000)
  const before = raw.challenge
  expect((await raw.askSigned('DESCRIBE', other.rtspUrl('main'))).status).toBe(200)
  expect(raw.challenge).toMatch(/stale=true/)
  expect(raw.challenge).not.toBe(before)
})

withFfmpeg('a session ends when nothing is heard, and lives by requests or receiver reports', async () => {
  const clock = makeSteppedClock()
  const other = await openCamera(films, { sessionMsMax: 60_000, nonceMsMax: 3_600_000 }, clock)
  others.push(other)
  const uri = other.rtspUrl('main')
  const [byRequest, byReport, forgotten] = [await openRaw(uri), await openRaw(uri), await openRaw(uri)]
  const request = await setUp(byRequest, uri)
  await setUp(byReport, uri)
  await setUp(forgotten, uri)
  clock.leap(40_000)
  expect((await byRequest.askSigned('GET_PARAMETER', uri, request)).status).toBe(200)
  // A receiver report without blocks, on the RTCP channel; the OPTIONS behind it tells when it was read.
  byReport.socket.write(Buffer.from([0x24, 1, 0, 8, 0x80, 201, 0, 1, 0, 0, 0, 1]))
  expect((await byReport.ask('OPTIONS', uri)).status).toBe(200)
  clock.leap(40_000)
  await forgotten.closed
  expect(other.sessions).toBe(2)
})

withFfmpeg('a UDP session lives by receiver reports after its connection is gone, and then by the timeout alone', async () => {
  const clock = makeSteppedClock()
  const other = await openCamera(films, { sessionMsMax: 60_000 }, clock)
  others.push(other)
  const uri = other.rtspUrl('sub')
  const [rtp, rtcp] = [createSocket('udp4'), createSocket('udp4')]
  let packets = 0
  rtp.on('message', () => { packets += 1 })
  await Promise.all([rtp, rtcp].map((socket) => new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))))
  const raw = await openRaw(uri)
  const reply = await raw.askSigned('SETUP', `${uri}/trackID=1`, { Transport: `RTP/AVP;unicast;client_port=${rtp.address().port}-${rtcp.address().port}` })
  const serverPort = Number(/server_port=\d+-(\d+)/.exec(reply.text)?.[1])
  await raw.askSigned('PLAY', uri, { Session: reply.header('Session').split(';')[0] ?? '' })
  const firstReport = new Promise<Buffer>((resolve) => rtcp.once('message', resolve))
  await until(() => packets > 10)
  expect((await firstReport)[1]).toBe(200) // a sender report from the camera
  raw.socket.destroy()
  clock.leap(40_000)
  rtcp.send(Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1]), serverPort, '127.0.0.1')
  await until(() => other.sessions === 1 && packets > 20)
  clock.leap(40_000)
  await until(() => packets > 30)
  expect(other.sessions).toBe(1)
  clock.leap(61_000)
  await until(() => other.sessions === 0)
  rtp.close()
  rtcp.close()
})

withFfmpeg('a viewer who never reads costs a bounded amount and does not disturb another', async () => {
  const uri = camera.rtspUrl('main')
  const lazy = await openRaw(uri)
  await lazy.askSigned('PLAY', uri, await setUp(lazy, uri))
  lazy.socket.pause()
  const clock = makeSteppedClock()
  const other = await openCamera(films, { sessionMsMax: 1e9 }, clock)
  others.push(other)
  const slow = await openRaw(other.rtspUrl('main'))
  await slow.askSigned('PLAY', other.rtspUrl('main'), await setUp(slow, other.rtspUrl('main')))
  slow.socket.pause()
  const before = process.memoryUsage()
  // Minutes of film in small leaps: as much as the socket and its bound take, and then only counting.
  await until(() => {
    clock.leap(2000)
    return other.skippedFrames >= 5000
  })
  const after = process.memoryUsage()
  expect(other.skippedFrames).toBeGreaterThanOrEqual(5000)
  expect(after.external + after.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(32 << 20)
  expect((await probe(withLogin(uri))).stdout).toMatch(/h264/)
})

async function setUp(raw: RawRtsp, uri: string): Promise<{ Session: string }> {
  const reply = await raw.askSigned('SETUP', `${uri}/trackID=1`, TCP)
  expect(reply.status).toBe(200)
  return { Session: reply.header('Session').split(';')[0] ?? '' }
}
