import { readFile } from 'node:fs/promises'
import { join, dirname } from 'node:path'
import { runToEnd } from '../../../server/system/child.js'
import type { Fault } from '../../../server/sandbox/devices/fault.js'
import type { VirtualCamera } from '../../../server/sandbox/devices/virtual-camera.js'
import { answerDigest, http, openRtsp, probe, soap, until, usernameToken, watch, type RawRtsp } from './clients.js'
import { FFMPEG, FPS, LOOP_S, makeFilms, openCamera, PASSWORD, USER, withLogin, type Films } from './films.js'
import { makeSteppedClock, type SteppedClock } from './stepped-clock.js'

const withFfmpeg = FFMPEG ? test : test.skip
const LOGIN = { user: USER, password: PASSWORD }
const DEVICE = 'http://www.onvif.org/ver10/device/wsdl'

let films: Films
let clock: SteppedClock
let camera: VirtualCamera
const raws: RawRtsp[] = []

beforeAll(async () => {
  if (!FFMPEG) return
  films = await makeFilms()
  clock = makeSteppedClock()
  camera = await openCamera(films, { ptz: true }, clock)
})
afterEach(async () => {
  for (const raw of raws.splice(0)) raw.socket.destroy()
  camera?.ptz?.goHome()
  await camera?.setFault('none')
})
afterAll(async () => {
  await camera?.close()
})

const main = (): string => withLogin(camera.rtspUrl('main'))

async function play(): Promise<RawRtsp> {
  const raw = await openRtsp(camera.rtspUrl('main'), LOGIN)
  raws.push(raw)
  const uri = camera.rtspUrl('main')
  const setup = await raw.askSigned('SETUP', `${uri}/trackID=1`, { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' })
  await raw.askSigned('PLAY', uri, { Session: setup.header('Session').split(';')[0] ?? '' })
  await until(() => raw.mediaBytes > 0)
  return raw
}

withFfmpeg('drop: viewers are reset, new ones refused, and afterwards the same ports answer', async () => {
  const viewer = await play()
  await camera.setFault('drop')
  await viewer.closed
  expect((await probe(main())).stderr).toMatch(/Connection refused/)
  await expect(http(camera.onvifUrl)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(camera.reachable).toBe(false)
  await camera.setFault('none')
  expect((await probe(main())).stdout).toMatch(/h264/)
  expect((await http(camera.onvifUrl)).status).toBe(405)
})

withFfmpeg('stall: the connection stays and answers, but no picture comes', async () => {
  const viewer = await play()
  await camera.setFault('stall')
  await viewer.ask('OPTIONS', '*')
  const before = viewer.mediaBytes
  clock.leap(1500)
  expect((await probe(main(), 'tcp', 1)).stdout).not.toMatch(/h264,640/)
  expect((await viewer.ask('OPTIONS', '*')).status).toBe(200)
  expect(viewer.mediaBytes).toBe(before)
  await camera.setFault('none')
  await until(() => viewer.mediaBytes > before)
})

withFfmpeg('stall, silent: connections open and nobody answers', async () => {
  await camera.setFault('stall', { silent: true })
  const { code, stderr } = await probe(main(), 'tcp', 1)
  expect([code === 0, stderr]).toEqual([false, expect.stringMatching(/timed out|Invalid data/)])
})

withFfmpeg('freeze: pictures keep coming and are all the same', async () => {
  expect(new Set((await watch(main(), FPS)).pictures.map((picture) => picture.hash)).size).toBeGreaterThan(FPS / 2)
  await camera.setFault('freeze')
  const { pictures } = await watch(main(), FPS)
  expect(pictures.length).toBeGreaterThanOrEqual(FPS)
  expect(new Set(pictures.map((picture) => picture.hash)).size).toBe(1)
  const position = camera.positionAt(clock.wallMs())
  clock.leap(700)
  expect(camera.positionAt(clock.wallMs())).toBe(position)
})

withFfmpeg('garbage: a decoder finds damage in what looks like H.264', async () => {
  await camera.setFault('garbage')
  const { words } = await watch(main(), FPS, 3000)
  expect(words).toMatch(/h264 @ .*(error|corrupt|concealing|out of range|non-existing|illegal|invalid)/i)
})

withFfmpeg('wrong_password: viewers lose their place, and what was right is wrong until it is put right', async () => {
  const viewer = await play()
  await camera.setFault('wrong_password')
  await viewer.closed
  expect((await probe(main())).stderr).toMatch(/401 Unauthorized/)
  const ask = (): Promise<{ readonly status: number }> => soap(camera.onvifUrl, `<GetDeviceInformation xmlns="${DEVICE}"/>`, usernameToken({ ...LOGIN, created: new Date(clock.wallMs()).toISOString() }))
  expect((await ask()).status).toBe(400)
  expect((await probe(withLogin(camera.rtspUrl('sub'), USER, camera.credentials().password))).stdout).toMatch(/h264/)
  await camera.setFault('none')
  expect((await ask()).status).toBe(200)
  expect((await probe(main())).stdout).toMatch(/h264/)
})

const SHADES: readonly (readonly [Fault, number, number])[] = [['covered', 30, 70], ['blurred', 95, 130], ['turned', 160, 195], ['black', 0, 25]]
withFfmpeg.each(SHADES)('%s: the other film is seen, live and on the still', async (fault, darkest, brightest) => {
  await camera.setFault(fault)
  const { pictures } = await watch(withLogin(camera.rtspUrl('sub')), 2)
  expect(pictures[0]?.luma).toBeGreaterThanOrEqual(darkest)
  expect(pictures[0]?.luma).toBeLessThanOrEqual(brightest)
})

withFfmpeg('a film changes under a viewer at a key picture: no complaint, no uneven time', async () => {
  const watching = watch(main(), FPS * 4)
  await until(() => camera.sessions === 1)
  // Whoever comes later has a picture no sooner: then the first viewer has one of the old film.
  await play()
  await camera.setFault('black')
  const { pictures, words } = await watching
  expect(pictures[0]?.luma).toBeGreaterThan(100)
  expect(pictures.at(-1)?.luma).toBeLessThan(25)
  expect(words).not.toMatch(/error|missed|corrupt|non-existing|concealing/i)
  const steps = pictures.slice(2).map((picture, index) => Math.round((picture.time - (pictures[index + 1]?.time ?? 0)) * 1000))
  expect(new Set(steps)).toEqual(new Set([1000 / FPS]))
})

withFfmpeg('a camera that was moved away shows the turned film, and home shows the street again', async () => {
  camera.ptz?.moveTo({ pan: 0.6 })
  expect((await watch(main(), 1)).pictures[0]?.luma).toBeGreaterThan(160)
  camera.ptz?.goHome()
  expect((await watch(main(), 1)).pictures[0]?.luma).toBeLessThan(150)
})

withFfmpeg('clock_skew: the device tells its wrong time, and only clients that listen can sign in', async () => {
  await camera.setFault('clock_skew', { skewMs: 3_600_000 })
  const ask = (aheadMs: number): Promise<{ readonly status: number }> => soap(camera.onvifUrl, `<GetDeviceInformation xmlns="${DEVICE}"/>`, usernameToken({ ...LOGIN, created: new Date(clock.wallMs() + aheadMs).toISOString() }))
  expect((await ask(0)).status).toBe(400)
  expect((await ask(3_600_000)).status).toBe(200)
  const { text } = await soap(camera.onvifUrl, `<GetSystemDateAndTime xmlns="${DEVICE}"/>`)
  expect(text).toContain(`<tt:Hour>${new Date(clock.wallMs() + 3_600_000).getUTCHours()}</tt:Hour>`)
})

withFfmpeg('a fault without its film is refused by the name of the missing setting', async () => {
  const bare = await openCamera(films, { variants: {} })
  await expect(bare.setFault('turned')).rejects.toThrow(/variants\.turned/)
  expect(bare.fault).toBe('none')
  await bare.close()
})

withFfmpeg('positionAt names the place in the film that is on screen', async () => {
  expect(camera.loopMs).toBe(LOOP_S * 1000)
  const steady = await openCamera(films, {}, { ...clock, wallMs: () => 1_000_000_000_000, monotonicMs: () => 5000 })
  const other = await openCamera(films, {}, { ...clock, wallMs: () => 1_000_000_000_000, monotonicMs: () => 5000 })
  expect(steady.positionAt(1_000_000_000_000 + 5700)).toBe(5700 % steady.loopMs)
  expect(other.positionAt(1_000_000_000_000 - 100)).toBe(steady.loopMs - 100)
  await Promise.all([steady.close(), other.close()])

  const { gop, still } = await stillOfKnownGop(camera)
  const expected = join(dirname(films.main.file), 'expected.jpg')
  await runToEnd(FFMPEG ?? 'ffmpeg', ['-v', 'error', '-i', films.main.file, '-vf', `select=eq(n\\,${gop * FPS})`, '-frames:v', '1', '-q:v', '3', '-f', 'mjpeg', '-y', expected], { timeoutMs: 8000 })
  expect(still.equals(await readFile(expected))).toBe(true)
  let later = await stillOfKnownGop(camera)
  while (later.gop === gop) {
    clock.leap(1000)
    later = await stillOfKnownGop(camera)
  }
  expect(later.still.equals(still)).toBe(false)
})

/** A still, and which second of the film it must be from: asked again where the next GOP began in between. */
async function stillOfKnownGop(from: VirtualCamera): Promise<{ readonly gop: number; readonly still: Buffer }> {
  const gopNow = (): number => Math.floor(from.positionAt(clock.wallMs()) / 1000)
  for (;;) {
    const gop = gopNow()
    const still = await stillOf(from)
    if (gop === gopNow()) return { gop, still }
  }
}

async function stillOf(from: VirtualCamera): Promise<Buffer> {
  const url = `${from.facts.origin()}/snapshot/main.jpg`
  const challenge = String((await http(url)).headers['www-authenticate'])
  return (await http(url, { headers: { Authorization: answerDigest(challenge, { ...LOGIN, method: 'GET', uri: '/snapshot/main.jpg' }) } })).body
}

withFfmpeg('without ffmpeg the still is 503 and says what to install', async () => {
  const { startVirtualCamera } = await import('../../../server/sandbox/devices/virtual-camera.js')
  const { silentLog } = await import('../../../server/system/log.js')
  const { makeSpec } = await import('./films.js')
  const blind = await startVirtualCamera({ spec: makeSpec(films), clock, log: silentLog, ffmpeg: null, runId: 'test:devices' })
  const url = `${blind.facts.origin()}/snapshot/main.jpg`
  const challenge = String((await http(url)).headers['www-authenticate'])
  const reply = await http(url, { headers: { Authorization: answerDigest(challenge, { ...LOGIN, method: 'GET', uri: '/snapshot/main.jpg' }) } })
  expect([reply.status, reply.body.toString()]).toEqual([503, expect.stringContaining('install the Debian package ffmpeg')])
  await blind.close()
})
