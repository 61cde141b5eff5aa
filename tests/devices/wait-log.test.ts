import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAims, type Aims } from '../../server/devices/aims.js'
import { openWaitLog, type WaitLog } from '../../server/devices/wait-log.js'
import type { AimAnswer } from '../../server/domain/aim.js'
import type { Camera } from '../../server/domain/camera.js'
import { laneRule } from '../../server/domain/rule-key.js'
import type { Pose } from '../../server/domain/seen.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import { openStore } from '../../server/storage/open.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { makeHandClock, passSeconds, type HandClock } from '../support/hand-clock.js'
import { JUNCTION, redLight, settle, T0, WARD } from '../support/small-city.js'

const [HOME, ASIDE]: readonly Pose[] = [{ pan: 0, tilt: 0, zoom: 0 }, { pan: 0.5, tilt: 0, zoom: 0 }]
const bound = { ...redLight('red-1'), preset: { token: '1', name: 'Home', at: HOME! } }
const RULES = [laneRule(bound, { version: 1, mode: 'live' }), laneRule(bound, { version: 2, mode: 'shadow' }), laneRule(redLight('free'), { version: 1, mode: 'live' })]
const told = (at: Pose): AimAnswer => ({ kind: 'told', at, isMoving: false, presets: [], untold: null })

let folder: string
let clock: HandClock
let store: Store
let waits: WaitLog
let aims: Aims
let answer: AimAnswer
let nudges: number[]
beforeEach(async () => {
  clock = makeHandClock(T0)
  folder = mkdtempSync(join(tmpdir(), 'vonglau-waits-'))
  store = await openStore({ url: `sqlite:${join(folder, 'city.db')}`, log: silentLog, clock })
  await settle(store)
  const bus = makeLocalBus(silentLog)
  nudges = []
  bus.subscribe('changes.appended', ({ seq }) => void nudges.push(seq))
  waits = openWaitLog({ store, bus, clock, log: silentLog })
  answer = told(HOME!)
  aims = openAims({ bus, clock, log: silentLog, askCamera: () => Promise.resolve(answer), onVerdicts: waits.note })
  aims.sift({ ...(await store.cameras.get(JUNCTION))!, origin: { kind: 'onvif', address: 'x' } } as Camera, RULES)
})
afterEach(async () => {
  aims.close()
  await waits.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

const pass = (seconds: number): Promise<void> => passSeconds(clock, seconds)
const history = async () => (await store.changes.of('camera', JUNCTION)).filter(({ what }) => what.startsWith('rule_waited'))

test('a bound rule that waited is one line in its camera’s history, whichever of its versions watch; one that is bound to nothing has none', async () => {
  await pass(20)
  answer = told(ASIDE!)
  await pass(600)
  expect(await history()).toEqual([])
  answer = told(HOME!)
  await pass(20)
  await waits.close()
  const [line, ...more] = await history()
  expect([line, more.length, nudges]).toEqual([expect.objectContaining({ what: 'rule_waited', by: null, areaId: WARD, facts: { rule: 'red-1', preset: 'Home', why: 'elsewhere', fromMs: expect.any(Number), toMs: expect.any(Number) } }), 0, [line!.seq]])
  const { fromMs, toMs } = line!.facts as { fromMs: number; toMs: number }
  expect([Math.abs(toMs - fromMs - 600_000) <= 8_000, fromMs >= T0 + 20_000]).toEqual([true, true])
})

test('what goes on when the server stops, and when the rule is bound no more, is told as far as it went', async () => {
  answer = told(ASIDE!)
  await pass(120)
  const camera = { ...(await store.cameras.get(JUNCTION))!, origin: { kind: 'onvif', address: 'x' } } as Camera
  aims.sift(camera, [laneRule(redLight('free'), { version: 1, mode: 'live' })])
  await waits.close()
  expect((await history()).length).toBe(1)
  aims.sift(camera, RULES)
  await pass(120)
  await waits.close()
  expect((await history()).map(({ facts }) => facts['why'])).toEqual(['elsewhere', 'elsewhere'])
})
