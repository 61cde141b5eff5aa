import type { CameraView } from '../../server/contract/cameras.js'
import type { Problem } from '../../server/contract/problem.js'
import type { PresetsView, RuleDiffView, RulesView, RuleStandingView } from '../../server/contract/rules.js'
import { asId, type CameraId, type RuleId } from '../../server/domain/ids.js'
import { putLive } from '../support/put-rule.js'
import { redLight } from '../support/small-city.js'
import { until } from '../support/until.js'
import * as animals from '../zoo/animals.js'
import { startSoapDevice, type Animal, type SoapDevice } from '../zoo/soap-device.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

/** Presets over the API: a camera made by hand speaks ONVIF, the server is whole. */
let house: SmallHouse
let device: SoapDevice
let turning: CameraId
/** Where the device says it looks, or what else it does. */
let status: string | null
const BRIDGE = { pan: 0.4, tilt: -0.1, zoom: 0.25 }
const there = animals.statusAnswer(animals.place('0.4', '-0.1', '0.25'))
const elsewhere = animals.statusAnswer(animals.place('-0.9', '0', '0'))
const animal: Animal = { ...animals.TURNS, GetStatus: () => status ?? ((response) => response.destroy()) }

const addOnvif = async (address: string): Promise<CameraId> => {
  const added = await house.app.parts.registry.add({ name: 'Cầu', areaId: house.areas.own, place: { latitude: 0, longitude: 0, street: '', order: 0, heading: 0, reachM: 1 }, origin: { kind: 'onvif', address }, mainUrl: 'rtsp://127.0.0.1:9/live/main', user: 'admin', password: 'bí-mật-camera' }, null)
  if (!added.ok) throw new Error(JSON.stringify(added.faults))
  return added.camera.id
}
beforeAll(async () => {
  house = await openSmallHouse()
  status = there
  device = await startSoapDevice(animal)
  turning = await addOnvif(device.url)
})
afterAll(async () => {
  await house.close()
  await device.close()
})

const presets = async (cameraId: CameraId, role: 'admin' | 'police' = 'admin'): Promise<Response> => house.ask(`/api/cameras/${cameraId}/presets`, { cookie: house.cookie(role) })
const standing = async (cameraId: CameraId, ruleId: string): Promise<RuleStandingView> => ((await (await house.ask(`/api/cameras/${cameraId}/rules`, { cookie: house.cookie('police') })).json()) as RulesView).rules.find(({ id }) => id === ruleId)!
const bound = { token: '0', name: 'Cầu & chợ', at: BRIDGE }

test('whoever manages rules is told the presets and at which of them the camera stands; nobody else is', async () => {
  expect(await (await presets(turning)).json()).toEqual({
    is: 'told',
    presets: [{ token: '0', name: 'Cầu & chợ', at: BRIDGE }, { token: '1.0', name: 'Ngã tư', at: { pan: -1, tilt: 1, zoom: 0 } }, { token: 'p3', name: 'p3', at: null }],
    at: BRIDGE, moving: false, here: '0', near: { turn: 0.005, zoom: 0.02 }, doubt: null,
  } satisfies PresetsView)
  expect((await presets(turning, 'police')).status).toBe(403)
})

test('a camera known by its stream alone has nothing to bind to', async () => expect(await (await presets(await house.addCamera(house.areas.own))).json()).toEqual({ is: 'fixed' }))

test.each<[sentence: string, animal: Animal, told: object]>([
  ['refuses the account', animals.DENIES_QUIETLY, { is: 'silent', trouble: { code: 'auth', next: { vi: expect.stringMatching(/ONVIF/) } } }],
  ['will not say where it looks', animals.KEEPS_STATUS_TO_ITSELF, { is: 'told', at: null, here: null, doubt: { why: 'untold', said: { vi: expect.stringContaining('ActionNotSupported') } } }],
  ['calls every preset by one place', animals.KNOWS_NO_PLACE, { is: 'told', doubt: { why: 'alike' } }],
  ['is on its way', animals.MOVES, { is: 'told', moving: true, here: null, doubt: null }],
])('one that %s says so, and gives nothing away', async (_sentence, quirk, told) => {
  const odd = await startSoapDevice(quirk)
  const answered = await (await presets(await addOnvif(odd.url))).json()
  await odd.close()
  expect(answered).toMatchObject(told)
  expect(JSON.stringify(answered)).not.toContain('bí-mật-camera')
})

test('a rule is bound and unbound by a version each; what is no preset is refused at its field', async () => {
  const at = `/api/cameras/${turning}/rules/bound-1`
  const save = async (rule: object): Promise<Response> => house.ask(`${at}/versions`, { method: 'POST', cookie: house.cookie('admin'), body: { rule } })
  const plain = { ...redLight('bound-1'), name: 'Một' }
  expect((await save(plain)).status).toBe(201)
  expect((await save({ ...plain, preset: bound })).status).toBe(201)
  expect((await save(plain)).status).toBe(201)
  const diff = async (from: number, to: number): Promise<RuleDiffView> => (await (await house.ask(`${at}/diff?from=${from}&to=${to}`, { cookie: house.cookie('admin') })).json()) as RuleDiffView
  expect([(await diff(1, 2)).differs, (await diff(2, 3)).differs]).toEqual([[{ field: 'preset', before: null, after: bound }], [{ field: 'preset', before: bound, after: null }]])
  const refused = await save({ ...plain, preset: { token: '0', name: 'Cầu', at: { ...BRIDGE, pan: 30 } } })
  expect([refused.status, ((await refused.json()) as Problem).faults]).toEqual([400, [{ field: 'rule.preset.at.pan', reason: expect.stringMatching(/no position: must be at most 1. Choose one of the presets/) }]])
})

test('a bound rule waits while the camera looks elsewhere, says why, and watches again when it is back', async () => {
  status = elsewhere
  await putLive(house.app.parts.store, turning, { ...redLight('bound-2'), preset: bound })
  await putLive(house.app.parts.store, turning, redLight('free-2'))
  house.app.parts.bus.publish('rule.changed', { cameraId: turning, ruleId: asId<RuleId>('bound-2') })
  await until('the rule waits', async () => (await standing(turning, 'bound-2')).waits?.why === 'elsewhere')
  expect((await standing(turning, 'bound-2')).waits).toMatchObject({ preset: 'Cầu & chợ', said: { vi: 'Camera đang không ở góc đã đặt “Cầu & chợ”: quy tắc chờ camera quay lại.' } })
  expect((await standing(turning, 'free-2')).waits).toBeUndefined()
  const { rules } = (await (await house.ask(`/api/cameras/${turning}`, { cookie: house.cookie('police') })).json()) as CameraView
  expect(rules.flatMap(({ id, waits }) => (waits ? [[id, waits.en]] : []))).toEqual([['bound-2', 'The camera is not at the preset “Cầu & chợ”: the rule waits until it is back.']])
  status = there
  await until('the rule watches again', async () => (await standing(turning, 'bound-2')).waits === undefined)
}, 60_000)

test('a rule that rests waits for nothing', async () => {
  status = elsewhere
  await until('the rule waits', async () => (await standing(turning, 'bound-2')).waits !== undefined)
  const { revision } = await standing(turning, 'bound-2')
  await house.ask(`/api/cameras/${turning}/rules/bound-2/deeds`, { method: 'POST', cookie: house.cookie('admin'), body: { do: 'rest', revision } })
  expect((await standing(turning, 'bound-2')).waits).toBeUndefined()
}, 60_000)
