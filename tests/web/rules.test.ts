import type { Problem } from '../../server/contract/problem.js'
import type { FindingsView, PrecisionView, RuleDiffView, RuleKindsView, RuleLogView, RulesView, RuleStandingView } from '../../server/contract/rules.js'
import { asId, type CameraId, type PersonId, type RuleId } from '../../server/domain/ids.js'
import { goLive } from '../support/put-rule.js'
import { incident, redLight } from '../support/small-city.js'
import { openSmallHouse, PASSWORD, type SmallHouse } from './small-house.js'

let house: SmallHouse
let second = ''
let cameraId: CameraId
let persons: { readonly proposer: PersonId; readonly approver: PersonId }
let count = 0

beforeAll(async () => {
  house = await openSmallHouse()
  const { store, passwords } = house.app.parts
  const approver = asId<PersonId>('second-admin')
  await store.people.add({ id: approver, name: 'second', displayName: 'Người thứ hai', role: 'admin', areas: [house.areas.own], language: 'vi', passwordHash: await passwords.hash(PASSWORD), createdAtMs: 1 })
  second = (await house.ask('/api/sign-in', { method: 'POST', body: { name: 'second', password: PASSWORD } })).headers.get('set-cookie')?.split(';')[0] ?? ''
  persons = { proposer: (await store.people.list()).find(({ name }) => name === 'admin')!.id, approver }
  cameraId = await house.addCamera(house.areas.own)
})
afterAll(() => house.close())

const admin = (): string => house.cookie('admin')
const rule = (name: string): object => ({ ...redLight('x'), name })
const at = (ruleId: string, path = ''): string => `/api/cameras/${cameraId}/rules/${ruleId}${path}`
const read = async <T>(path: string, cookie = admin()): Promise<T> => (await (await house.ask(path, { cookie })).json()) as T
const post = (path: string, body: unknown, cookie = admin()) => house.ask(path, { method: 'POST', cookie, body })
const standing = async (ruleId: string): Promise<RuleStandingView> => (await read<RulesView>(`/api/cameras/${cameraId}/rules`)).rules.find(({ id }) => id === ruleId)!
const act = async (ruleId: string, deed: object, cookie = admin()) => post(at(ruleId, '/deeds'), { revision: (await standing(ruleId)).revision, ...deed }, cookie)
const problem = async (answered: Response): Promise<readonly unknown[]> => {
  const { code, next, faults } = (await answered.json()) as Problem
  return [answered.status, code, next?.vi, ...faults]
}
const fresh = (): RuleId => asId<RuleId>(`rule-${(count += 1)}`)

test('what a kind of rule takes is told to whoever sees cameras', async () => {
  const { kinds } = await read<RuleKindsView>('/api/rule-kinds', house.cookie('police'))
  expect(kinds.find(({ kind }) => kind === 'no_entry')).toMatchObject({ group: 'traffic', title: { vi: 'Đi vào đường cấm' }, shapes: [{ field: 'line', is: 'line', side: 'direction' }], numbers: [], uses: ['screening', 'evidence', 'statistics'] })
})

test('a rule is written, tried, proposed and approved by another person', async () => {
  const id = fresh()
  const saved = await post(at(id, '/versions'), { rule: rule('Một') })
  expect([saved.status, await saved.json()]).toEqual([201, expect.objectContaining({ id, name: 'Một', kind: 'red_light', owner: { id: persons.proposer, displayName: 'Người admin' }, newest: 1, live: null, shadow: null, proposal: null, resting: false, revision: 1 })])
  expect(await (await act(id, { do: 'try', version: 1, days: 3 })).json()).toMatchObject({ shadow: { version: 1, why: 'trial' } })
  expect((await act(id, { do: 'propose', version: 1, on: { waiver: 'đã xem ba ngày, đúng cả' } })).status).toBe(200)
  expect(await problem(await act(id, { do: 'approve' }))).toEqual([409, 'second_person', 'Nhờ một người khác có quyền quản lý quy tắc duyệt.'])
  expect(await (await act(id, { do: 'approve' }, second)).json()).toMatchObject({ live: 1, shadow: null, proposal: null, versions: [{ version: 1, trust: 'approved', madeBy: { displayName: 'Người admin' }, fromVersion: null, differs: [] }] })
  const { log } = await read<RuleLogView>(at(id, '/log'))
  expect(log.map(({ what, by, facts }) => [what, by?.displayName, facts])).toEqual([
    ['rule_save', 'Người admin', { rule: id, version: 1, kind: 'red_light' }],
    ['rule_try', 'Người admin', { rule: id, version: 1, days: 3 }],
    ['rule_propose', 'Người admin', { rule: id, version: 1, waiver: 'đã xem ba ngày, đúng cả' }],
    ['rule_approve', 'Người thứ hai', { rule: id, version: 1 }],
  ])
})

test('versions say who made them from which, and what they say otherwise', async () => {
  const id = fresh()
  await post(at(id, '/versions'), { rule: rule('Một') })
  await post(at(id, '/versions'), { rule: { ...rule('Hai'), graceMs: 900 } }, second)
  await post(at(id, '/versions'), { rule: rule('Ba'), from: 1 })
  const seen = (await standing(id)).versions.map(({ version, madeBy, fromVersion, differs }) => [version, madeBy?.displayName, fromVersion, differs])
  expect(seen).toEqual([
    [3, 'Người admin', 1, [{ field: 'name', before: 'Một', after: 'Ba' }]],
    [2, 'Người thứ hai', 1, [{ field: 'name', before: 'Một', after: 'Hai' }, { field: 'graceMs', before: 500, after: 900 }]],
    [1, 'Người admin', null, []],
  ])
  expect(await read<RuleDiffView>(at(id, '/diff?from=3&to=1'))).toEqual({ from: 3, to: 1, differs: [{ field: 'name', before: 'Ba', after: 'Một' }] })
  expect(await problem(await house.ask(at(id, '/diff?from=9'), { cookie: admin() }))).toEqual([400, 'bad_form', expect.any(String), { field: 'from', reason: 'must be a version, 1 to 3' }])
})

test.each<[sentence: string, body: object, status: number, code: string, field: string | undefined]>([
  ['a deed that nobody knows', { do: 'throttle', revision: 1 }, 400, 'bad_form', 'do'],
  ['the system’s own deed', { do: 'put_live', version: 1, revision: 1 }, 400, 'bad_form', 'do'],
  ['a deed that names no revision', { do: 'rest' }, 400, 'bad_form', 'revision'],
  ['a deed on an older revision', { do: 'rest', revision: 9 }, 409, 'changed', 'revision'],
  ['a waiver without a word', { do: 'propose', revision: 1, version: 1, on: { waiver: 'ok' } }, 409, 'waiver_short', 'lettersMin'],
  ['a trial of a year', { do: 'try', revision: 1, version: 1, days: 365 }, 409, 'days_out_of_range', 'daysMax'],
  ['a version that is not there', { do: 'roll_back', revision: 1, version: 4 }, 409, 'unknown_version', 'newest'],
])('%s is refused', async (_sentence, body, status, code, field) => {
  const id = fresh()
  await post(at(id, '/versions'), { rule: rule('Một') })
  const answered = await post(at(id, '/deeds'), body)
  const said = (await answered.json()) as Problem
  expect([answered.status, said.code, said.faults[0]?.field]).toEqual([status, code, field])
})

test('a rule of another camera is not found under this one', async () => {
  const id = fresh()
  await post(at(id, '/versions'), { rule: rule('Một') })
  const other = await house.addCamera(house.areas.own)
  const asked = await Promise.all(['/diff', '/log', '/findings', '/precision'].map((path) => house.ask(`/api/cameras/${other}/rules/${id}${path}`, { cookie: admin() })))
  expect(asked.map(({ status }) => status)).toEqual([404, 404, 404, 404])
  expect((await post(`/api/cameras/${other}/rules/${id}/deeds`, { do: 'rest', revision: 1 })).status).toBe(404)
  expect(await problem(await post(`/api/cameras/${other}/rules/${id}/versions`, { rule: rule('Hai') }))).toEqual([400, 'bad_form', expect.any(String), { field: 'ruleId', reason: 'belongs to another camera: choose another id' }])
})

test('the camera page’s PUT is no back door: live stays live, a switch is one person’s', async () => {
  const id = fresh()
  const put = async (body: object) => (await house.ask(at(id), { method: 'PUT', cookie: admin(), body })).json()
  expect(await put({ rule: rule('Một'), enabled: true })).toMatchObject({ enabled: false })
  await goLive(house.app.parts.rules, { cameraId, ruleId: id }, rule('Hai'), persons)
  expect(await put({ rule: rule('Ba'), enabled: true, waiver: 'chỉ đổi tên cho dễ gọi' })).toMatchObject({ enabled: true })
  expect(await standing(id)).toMatchObject({ live: 2, newest: 3, name: 'Hai', proposal: { version: 3, waiver: 'chỉ đổi tên cho dễ gọi', backtestId: null } })
  expect([await put({ rule: rule('Hai'), enabled: false }), await put({ rule: rule('Hai'), enabled: true })]).toMatchObject([{ enabled: false }, { enabled: true }])
  expect((await house.ask(at(id), { method: 'DELETE', cookie: admin() })).status).toBe(200)
  expect(await standing(id)).toBeUndefined()
})

test('a finding in the shadow is judged by who may judge alerts, and counts', async () => {
  const id = fresh()
  const { store } = house.app.parts
  await post(at(id, '/versions'), { rule: rule('Một') })
  await act(id, { do: 'try', version: 1, days: 3 })
  for (const at of [1, 2]) await store.incidents.save(incident(`${id}-${at}`, { cameraId, ruleId: id, mode: 'shadow', ruleVersion: 1, openedAtMs: Date.now() + at }))
  await store.incidents.save(incident(`${id}-live`, { cameraId, ruleId: id, ruleVersion: 1 }))
  const police = house.cookie('police')
  const judge = (incidentId: string, body: object, cookie = police) => post(`/api/incidents/${incidentId}/verdict`, body, cookie)
  expect([(await judge(`${id}-2`, { right: false, blind: true })).status, (await judge(`${id}-2`, { right: 'so' })).status, (await judge('nowhere', { right: true, blind: true })).status]).toEqual([200, 400, 404])
  const { findings } = await read<FindingsView>(at(id, '/findings?mode=shadow'), police)
  expect(findings.map(({ incidentId, told, ruleVersion }) => [incidentId, ruleVersion, told?.mode, told?.alert, told?.verdicts.map(({ right, blind, by }) => [right, blind, by?.displayName])])).toEqual([
    [`${id}-2`, 1, 'shadow', null, [[false, true, 'Người police']]],
    [`${id}-1`, 1, 'shadow', null, []],
  ])
  expect(findings[0]).toMatchObject({ title: { vi: 'Nghi vấn vượt đèn đỏ' }, reason: { vi: expect.stringMatching(/1,8/) }, witnesses: [{ trackId: 7 }] })
  expect((await read<FindingsView>(at(id, '/findings?blind=1'), police)).findings.map(({ ruleVersion, told }) => [ruleVersion, told])).toEqual([[null, null], [null, null], [null, null]])
  expect(await read<PrecisionView>(at(id, '/precision'), police)).toMatchObject({ version: 1, n: 1, point: 0, verdict: 'too_few', target: 0.7 })
  expect(await problem(await house.ask(at(id, '/findings?mode=quiet'), { cookie: police }))).toEqual([400, 'bad_form', expect.any(String), { field: 'mode', reason: 'must be one of live, shadow, held' }])
})

test('who is not called for a kind neither sees nor judges what a rule of it found', async () => {
  const id = fresh()
  const { store } = house.app.parts
  await post(at(id, '/versions'), { rule: rule('Một') })
  await store.incidents.save(incident(`${id}-crowd`, { cameraId, ruleId: id, kind: 'crowd', mode: 'shadow', reason: { code: 'crowd', count: 9, countMin: 5, heldMs: 4_000 } }))
  expect((await read<FindingsView>(at(id, '/findings'), house.cookie('traffic'))).findings).toEqual([])
  expect((await read<FindingsView>(at(id, '/findings'), house.cookie('police'))).findings).toHaveLength(1)
  expect((await post(`/api/incidents/${id}-crowd/verdict`, { right: true, blind: false }, house.cookie('traffic'))).status).toBe(404)
})
