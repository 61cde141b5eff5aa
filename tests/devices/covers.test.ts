import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCovers, type Covers } from '../../server/devices/covers.js'
import { openAims, type Aims } from '../../server/devices/aims.js'
import { openStandLog, type StandLog } from '../../server/devices/stands.js'
import type { AimAnswer } from '../../server/domain/aim.js'
import type { Camera } from '../../server/domain/camera.js'
import { asId, type CameraId } from '../../server/domain/ids.js'
import type { Mask } from '../../server/domain/privacy-mask.js'
import type { Pose } from '../../server/domain/seen.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import { openStore } from '../../server/storage/open.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { makeHandClock, passSeconds, type HandClock } from '../support/hand-clock.js'
import { cameraDraft, settle, T0 } from '../support/small-city.js'

const [BRIDGE, MARKET]: readonly Pose[] = [{ pan: 0.4, tilt: 0, zoom: 0 }, { pan: -0.4, tilt: 0, zoom: 0 }]
const mask = (x: number, at: Pose | null) => ({ points: [{ x, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }], preset: at && { token: `${x}`, name: `Góc ${x}`, at } })
const DOME = asId<CameraId>('dome')
const DAY_MS = 86_400_000

let folder: string
let clock: HandClock
let store: Store
let stands: StandLog
let aims: Aims
let covers: Covers
let answer: AimAnswer
let asked: number
let camera: Camera
const told = (at: Pose): AimAnswer => ({ kind: 'told', at, isMoving: false, presets: [], untold: null })
const open = (): void => {
  stands = openStandLog({ store, clock, log: silentLog, keptMs: DAY_MS })
  aims = openAims({ bus: makeLocalBus(silentLog), clock, log: silentLog, onStand: stands.note, askCamera: () => ((asked += 1), Promise.resolve(answer)) })
  covers = makeCovers({ store, clock, aims, stands })
  aims.sift(camera, [])
}
beforeEach(async () => {
  clock = makeHandClock(T0)
  asked = 0
  answer = told(BRIDGE!)
  folder = mkdtempSync(join(tmpdir(), 'vonglau-covers-'))
  store = await openStore({ url: `sqlite:${join(folder, 'city.db')}`, log: silentLog, clock })
  await settle(store)
  await store.cameras.add(cameraDraft({ id: DOME, origin: { kind: 'onvif', address: '127.0.0.1:1' }, streams: [] }), T0)
  camera = (await store.cameras.change(DOME, { masks: [mask(0.1, null), mask(0.2, BRIDGE!), mask(0.3, MARKET!)] }))!
  open()
})
afterEach(async () => {
  aims.close()
  await stands.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function pass(seconds: number): Promise<void> {
  await passSeconds(clock, seconds)
  // What was noted meanwhile reaches the disk.
  await store.stands.between(DOME, 0, 1)
}
const named = (masks: readonly Mask[]): readonly number[] => masks.map(([first]) => first!.x * 10)
const now = (): readonly number[] => named(covers.now(camera))
const during = async (fromMs: number, toMs: number): Promise<readonly number[]> => named(await covers.during(DOME, { fromMs, toMs }))

test('the picture of now is covered by every mask until the second answer alike, then by those of its view', async () => {
  expect(now()).toEqual([1, 2, 3])
  await pass(3)
  expect(now()).toEqual([1, 2, 3])
  await pass(6)
  expect(now()).toEqual([1, 2])
})

test('turned away, everything covers until it is known to stand at the other view', async () => {
  await pass(12)
  answer = { ...told(MARKET!), isMoving: true } as AimAnswer
  await pass(4)
  expect(now()).toEqual([1, 2, 3])
  answer = told(MARKET!)
  await pass(4)
  expect(now()).toEqual([1, 2, 3])
  await pass(5)
  expect(now()).toEqual([1, 3])
})

test('a camera that is silent for ten seconds may have turned: everything covers again', async () => {
  await pass(12)
  expect(now()).toEqual([1, 2])
  answer = { kind: 'silent', trouble: { code: 'timed_out', tried: '', on: '', said: '' } }
  await pass(15)
  expect(now()).toEqual([1, 2, 3])
})

test('a picture that is newer than the newest answer is covered after one more question; an older one asks nobody', async () => {
  await pass(11)
  const before = asked
  expect([await during(clock.wallMs() - 500, clock.wallMs() - 500), asked - before]).toEqual([[1, 2], 1])
  expect([await during(clock.wallMs() - 3_000, clock.wallMs() - 1_000), asked - before]).toEqual([[1, 2], 1])
  answer = told(MARKET!)
  clock.move(2_000)
  // It was turned meanwhile.
  expect(await during(clock.wallMs() - 500, clock.wallMs() - 500)).toEqual([1, 2, 3])
})

test('of the past it is known over a restart, as long as it is kept', async () => {
  await pass(60)
  const seen = clock.wallMs() - 20_000
  answer = told(MARKET!)
  await pass(60)
  const turned = clock.wallMs() - 5_000
  aims.close()
  await stands.close()
  answer = { kind: 'silent', trouble: { code: 'timed_out', tried: '', on: '', said: '' } }
  open()
  expect([await during(seen, seen + 5_000), await during(turned - 5_000, turned), await during(seen, turned), await during(T0 - 1_000, T0)]).toEqual([[1, 2], [1, 3], [1, 2, 3], [1, 2, 3]])
  clock.move(3 * DAY_MS)
  await pass(1)
  expect(await during(seen, seen + 5_000)).toEqual([1, 2, 3])
})

test('a camera without a bound mask is never asked for one, and neither is one that is gone', async () => {
  await store.cameras.change(DOME, { masks: [mask(0.1, null)] })
  aims.sift({ ...camera, masks: [mask(0.1, null)] }, [])
  const before = asked
  await pass(30)
  expect([await during(clock.wallMs(), clock.wallMs()), asked - before]).toEqual([[1], 0])
  await store.cameras.remove(DOME)
  expect(await during(clock.wallMs(), clock.wallMs())).toEqual([])
})
