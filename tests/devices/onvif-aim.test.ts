import { makeAskCamera } from '../../server/devices/ask-camera.js'
import { openOnvif, type AimAsk, type AimReply, type Onvif } from '../../server/devices/onvif.js'
import type { AimAnswer } from '../../server/domain/aim.js'
import type { Camera, Origin } from '../../server/domain/camera.js'
import { asId, type AreaId, type CameraId, type StreamId } from '../../server/domain/ids.js'
import type { VirtualCamera } from '../../server/sandbox/devices/virtual-camera.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { FFMPEG, makeFilms, openCamera, PASSWORD, USER, type Films } from '../sandbox/devices/films.js'
import * as animals from '../zoo/animals.js'
import { LOOPBACK, targetOf } from '../zoo/loopback.js'
import { startSoapDevice, type Animal, type SoapDevice } from '../zoo/soap-device.js'

/** Where does a camera that turns look? Real children, against devices made by hand and a virtual camera. */
const ACCOUNT = { user: 'admin', password: 'correct-horse-battery' }
let onvif: Onvif
let device: SoapDevice | null = null

beforeAll(() => (onvif = openOnvif({ runId: 'test', log: silentLog, clock: systemClock, deadlineMs: 9_000, childrenMax: 1 })))
afterAll(() => onvif.close())
afterEach(async () => {
  await device?.close()
  device = null
})

async function aim(animal: Animal, ask: Partial<AimAsk> = {}): Promise<AimReply> {
  device = await startSoapDevice(animal)
  return onvif.aim(await targetOf(device.url), ACCOUNT, { withPresets: true, streams: [], way: null, ...ask })
}
const counts = (action: string): number => device!.asked.filter((one) => one.action === action).length
const BRIDGE = { pan: 0.4, tilt: -0.1, zoom: 0.25 }
const WAY = { profile: 'sub', digestOnly: false }

test('one that turns tells where it looks and what it keeps; tokens stay text, and one without a name is called by its token', async () => {
  expect(await aim(animals.TURNS)).toEqual({
    ok: true,
    aim: { way: WAY, at: BRIDGE, isMoving: false, untold: null, presets: [{ token: '0', name: 'Cầu & chợ', at: BRIDGE }, { token: '1.0', name: 'Ngã tư', at: { pan: -1, tilt: 1, zoom: 0 } }, { token: 'p3', name: 'p3', at: null }] },
  })
})

test('once the way is known, a question is three calls, and nobody is asked who he is', async () => {
  expect(await aim(animals.TURNS, { way: WAY, withPresets: false })).toMatchObject({ ok: true, aim: { at: BRIDGE, presets: null } })
  expect(device!.asked.map(({ action }) => action)).toEqual(['GetSystemDateAndTime', 'GetServices', 'GetStatus'])
})

test.each<[sentence: string, animal: Animal, told: object]>([
  ['without GetStatus', animals.KEEPS_STATUS_TO_ITSELF, { at: null, isMoving: null, untold: expect.stringContaining('ActionNotSupported') }],
  ['that names no position', animals.NAMES_NO_POSITION, { at: null, isMoving: false, untold: 'GetStatus names no position' }],
  ['whose numbers are none', animals.LIES_BEYOND_BOUNDS, { at: null, untold: 'the position that GetStatus names is none' }],
  ['that says 0 for every place', animals.KNOWS_NO_PLACE, { at: { pan: 0, tilt: 0, zoom: 0 }, presets: [{ at: { pan: 0, tilt: 0, zoom: 0 } }, { at: { pan: 0, tilt: 0, zoom: 0 } }] }],
  ['that tells degrees', animals.TELLS_DEGREES, { at: { pan: 0.4, tilt: -0.1, zoom: 0.25 } }],
  ['on its way, that does not zoom', animals.MOVES, { at: { pan: 0.1, tilt: 0, zoom: 0 }, isMoving: true }],
  ['that says nothing of moving', animals.SAYS_NOTHING_OF_MOVING, { at: BRIDGE, isMoving: null }],
  ['that only boasts of turning', animals.BOASTS_OF_TURNING, { way: null, presets: null }],
  ['without a PTZ service', { ...animals.HEALTHY, GetServices: animals.BROKEN_MEDIA2.GetServices! }, { way: null }],
])('a camera %s is survived, with the reason', async (_sentence, animal, told) => expect(await aim(animal)).toMatchObject({ ok: true, aim: told }))

test.each<[channel: string, streams: readonly string[], told: object]>([
  ['a', ['rtsp://127.0.0.1:554/a'], { way: { profile: 'a' }, at: { pan: 0.1 } }],
  ['b', ['rtsp://127.0.0.1:554/b'], { way: { profile: 'b' }, at: { pan: 0.9 } }],
  ['nobody knows which', ['rtsp://127.0.0.1:554/other'], { way: null, at: null }],
])('of a recorder’s domes the one that shows this stream is asked: %s', async (_channel, streams, told) => {
  expect(await aim(animals.RECORDER_OF_DOMES, { streams: [...streams] })).toMatchObject({ ok: true, aim: told })
})

test('one that knows only HTTP digest is asked by that, and by that alone the next time', async () => {
  const digest = animals.wantsHttpDigest(ACCOUNT.user, ACCOUNT.password)
  const animal: Animal = { ...digest, GetProfiles: (asked) => { const healthy = digest.GetProfiles!(asked); return typeof healthy === 'string' ? animals.TURNS.GetProfiles!(asked) : healthy }, GetStatus: animals.TURNS.GetStatus!, GetPresets: animals.TURNS.GetPresets! }
  expect(await aim(animal)).toMatchObject({ ok: true, aim: { way: { profile: 'sub', digestOnly: true }, at: BRIDGE } })
})

test('a wrong password is trouble, costs one try by each way, and stands in no answer', async () => {
  const answer = await aim(animals.DENIES_QUIETLY)
  expect(answer).toMatchObject({ ok: false, trouble: { code: 'auth', tried: 'ONVIF GetDeviceInformation' } })
  expect([counts('GetDeviceInformation'), JSON.stringify(answer).includes(ACCOUNT.password)]).toEqual([2, false])
})

test('an answer that drips for ever ends at the deadline of its call', async () => {
  expect(await aim({ ...animals.TURNS, GetStatus: animals.SLOW_LORIS.GetDeviceInformation! }, { way: WAY })).toMatchObject({ ok: false, trouble: { code: 'timed_out', tried: 'ONVIF GetStatus' } })
})

describe('a camera of the registry', () => {
  const cameraAt = (origin: Origin, url = 'rtsp://127.0.0.1:8554/live/main'): Camera => ({ id: asId<CameraId>('c'), name: 'c', areaId: asId<AreaId>('a'), enabled: true, place: { latitude: 0, longitude: 0, street: '', order: 0, heading: 0, reachM: 1 }, origin, streams: [{ id: asId<StreamId>('s'), cameraId: asId<CameraId>('c'), role: 'main', url, codec: null, width: null, height: null, fps: null }], sound: false, masks: [] })
  const makeAsk = (): ((camera: Camera, withPresets: boolean) => Promise<AimAnswer>) => makeAskCamera({ guard: LOOPBACK, onvif, registry: { credentialsOf: () => Promise.resolve(ACCOUNT) } })

  test.each<Origin>([{ kind: 'rtsp' }, { kind: 'push' }])('that nobody can ask ($kind) is fixed', async (origin) => expect(await makeAsk()(cameraAt(origin), true)).toEqual({ kind: 'fixed' }))

  test('outside the camera networks is not asked', async () => expect(await makeAsk()(cameraAt({ kind: 'onvif', address: '192.0.2.1' }), true)).toMatchObject({ kind: 'silent', trouble: { code: 'address_forbidden' } }))

  test('is asked who it is once, and again after it would not say where it looks', async () => {
    let tells = true
    device = await startSoapDevice({ ...animals.TURNS, GetStatus: (asked) => (tells ? animals.TURNS : animals.NAMES_NO_POSITION).GetStatus!(asked) })
    const ask = makeAsk()
    const one = cameraAt({ kind: 'onvif', address: device.url })
    expect(await ask(one, true)).toMatchObject({ kind: 'told', at: BRIDGE })
    await ask(one, false)
    expect(counts('GetDeviceInformation')).toBe(1)
    tells = false
    expect(await ask(one, false)).toMatchObject({ kind: 'told', at: null, untold: 'GetStatus names no position' })
    await ask(one, false)
    expect(counts('GetDeviceInformation')).toBe(2)
  })
})

describe('a virtual camera', () => {
  let films: Films
  let turning: VirtualCamera
  const withFfmpeg = FFMPEG ? test : test.skip
  beforeAll(async () => {
    if (!FFMPEG) return
    films = await makeFilms()
    turning = await openCamera(films, { ptz: true })
  }, 60_000)
  afterAll(async () => {
    await turning?.close()
  })

  withFfmpeg('is turned, and says so; a preset that is removed is gone from its list', async () => {
    const ask = async (): Promise<AimReply> => onvif.aim(await targetOf(turning.onvifUrl), { user: USER, password: PASSWORD }, { withPresets: true, streams: [], way: null })
    turning.ptz!.moveTo({ pan: 0.5, tilt: 0.2, zoom: 0.1 })
    turning.ptz!.savePreset('Nhánh phải')
    turning.ptz!.goHome()
    const HOME = { pan: 0, tilt: 0, zoom: 0 }
    expect(await ask()).toMatchObject({ ok: true, aim: { at: HOME, isMoving: false, presets: [{ token: '1', name: 'Home', at: HOME }, { token: '2', name: 'Nhánh phải', at: { pan: 0.5, tilt: 0.2, zoom: 0.1 } }] } })
    turning.ptz!.goToPreset('2')
    turning.ptz!.removePreset('1')
    expect(await ask()).toMatchObject({ ok: true, aim: { at: { pan: 0.5, tilt: 0.2, zoom: 0.1 }, presets: [{ token: '2' }] } })
    turning.ptz!.moveOn({ pan: -0.5 }, 60_000)
    expect(await ask()).toMatchObject({ ok: true, aim: { isMoving: true } })
    turning.ptz!.goHome()
  })
})
