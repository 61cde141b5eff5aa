import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import type { HeldListView, RepairListView, SignalListView, SignalMadeView, SuspensionListView, SuspensionView } from '../../server/contract/signals.js'
import { asId, type CameraId, type IncidentId, type RuleId } from '../../server/domain/ids.js'
import type { EvidenceItem } from '../../server/domain/evidence.js'
import { KIND_FACTS } from '../../server/domain/rule-kinds.js'
import type { Role } from '../../server/domain/person.js'
import { newId } from '../../server/system/ids.js'
import { incident, redLight } from '../support/small-city.js'
import { putLive } from '../support/put-rule.js'
import { until } from '../support/until.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

let house: SmallHouse
beforeAll(async () => void (house = await openSmallHouse()))
afterAll(() => house.close())

const get = async <T>(path: string, role: Role = 'traffic'): Promise<T> => (await (await house.ask(path, { cookie: house.cookie(role) })).json()) as T
const send = (path: string, body: unknown, role: Role, method = 'POST'): Promise<Response> => house.ask(path, { method, cookie: house.cookie(role), body })
const statusOf = async (path: string, body: unknown, role: Role, method = 'POST'): Promise<number> => (await send(path, body, role, method)).status

async function hold(cameraId: CameraId, ruleId = 'red-1'): Promise<IncidentId> {
  const { store } = house.app.parts
  const id = asId<IncidentId>(newId())
  await store.incidents.save(incident(id, { cameraId, ruleId: asId<RuleId>(ruleId), mode: 'held', heldWhy: 'lamp_fault' }))
  await store.held.add({ incidentId: id, why: 'lamp_fault', facts: { code: 'stuck', colour: 'red', lastedMs: 245_000, limitMs: 180_000 }, heldAtMs: Date.now() })
  return id
}

test('the tray: what is held in one’s areas, by camera and rule, with the numbers; a traffic officer releases it and it calls, or dismisses it', async () => {
  const camera = await house.addCamera(house.areas.own, 'Ngã tư')
  const foreign = await house.addCamera(house.areas.foreign)
  const [one, two] = [await hold(camera), await hold(camera, 'red-2')]
  await hold(foreign)
  const tray = (query = '') => get<HeldListView>(`/api/held?cameraId=${camera}${query}`).then(({ held }) => held)
  expect(new Set((await get<HeldListView>('/api/held')).held.map(({ cameraId }) => cameraId))).toEqual(new Set([camera]))
  expect((await tray('&ruleId=red-2')).map(({ incidentId }) => incidentId)).toEqual([two])
  expect((await tray()).find(({ incidentId }) => incidentId === one)).toMatchObject({ cameraName: 'Ngã tư', kind: 'red_light', why: 'lamp_fault', said: { vi: 'Đèn lỗi: kẹt ở màu đỏ 245 giây, quá mức 180 giây', en: 'Lamp fault: stuck on red for 245 s, limit 180 s' }, facts: { code: 'stuck' }, outcome: null })
  expect(await Promise.all([statusOf(`/api/incidents/${one}/release`, { reason: 'x' }, 'police'), statusOf(`/api/incidents/${one}/release`, { reason: 'x' }, 'ioc'), statusOf(`/api/incidents/${one}/release`, { reason: ' ' }, 'traffic')])).toEqual([403, 403, 400])
  expect([await statusOf(`/api/incidents/${one}/release`, { reason: 'nhìn rõ' }, 'traffic'), await statusOf(`/api/incidents/${two}/dismiss`, { reason: 'đèn kẹt' }, 'admin'), await statusOf(`/api/incidents/${two}/release`, { reason: 'x' }, 'traffic')]).toEqual([200, 200, 409])
  await until('somebody is called', async () => (await house.app.parts.store.alerts.ofIncident(one)) !== null)
  expect([await house.app.parts.store.alerts.ofIncident(two), await tray()]).toEqual([null, []])
  expect(Object.fromEntries((await tray('&settled=1')).map(({ outcome }) => [outcome?.is, [outcome?.by?.displayName, outcome?.reason]]))).toEqual({ dismissed: ['Người admin', 'đèn kẹt'], released: ['Người traffic', 'nhìn rõ'] })
  expect((await house.ask('/api/held?cameraId=..%2F', { cookie: house.cookie('traffic') })).status).toBe(400)
})

test('the plate of what is held, with how sure each letter is, is for whoever may see the act, and for nobody else; its crops too', async () => {
  const { store } = house.app.parts
  const bytes = Buffer.from('as the camera sent it')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await mkdir(join(house.folder, 'evidence'), { recursive: true })
  const [own, foreign] = await Promise.all((['own', 'foreign'] as const).map(async (area) => {
    const incidentId = await hold(await house.addCamera(house.areas[area]))
    await writeFile(join(house.folder, 'evidence', `${incidentId}.jpg`), bytes)
    await store.plates.add({ incidentId, kind: 'read', text: '59G163188', shown: '59G1-631.88', shares: [1, 1, 0.9, 1, 1, 0.6, 1, 1, 1], wellFormed: true, province: '59', series: 'G1', number: '63188', rows: 2, colour: 'white', looks: 6, agree: 5, atMs: 7, raw: { file: `${incidentId}.jpg`, sha256 }, enhanced: null, readAtMs: 9 })
    return incidentId
  })) as [IncidentId, IncidentId]
  const raw = `/evidence/held/${own}/plate/raw`
  expect((await get<HeldListView>('/api/held')).held.flatMap(({ incidentId, plate }) => (incidentId === own || incidentId === foreign ? [[incidentId, plate?.shown, plate?.letters[5]?.share, plate?.rawUrl, plate?.enhancedUrl]] : []))).toEqual([[own, '59G1-631.88', 0.6, raw, null]])
  const sent = await house.ask(raw, { cookie: house.cookie('traffic') })
  expect([sent.status, sent.headers.get('x-content-sha256'), Buffer.from(await sent.arrayBuffer())]).toEqual([200, sha256, bytes])
  const statuses = await Promise.all([house.ask(`/evidence/held/${foreign}/plate/raw`, { cookie: house.cookie('traffic') }), house.ask(raw), house.ask(`/evidence/held/${own}/plate/enhanced`, { cookie: house.cookie('traffic') })])
  expect(statuses.map(({ status }) => status)).toEqual([404, 401, 404])
  // Nobody is told: it is in no alert, and the histories do not hold it.
  expect(JSON.stringify(await store.changes.since(0, 10_000))).not.toMatch(/59G1|63188/)
})

test('stills and clips of what is held, and of a lamp, are for whoever may see the act or the camera, and for nobody else', async () => {
  const { store } = house.app.parts
  const keep = async (cameraId: CameraId, of: Pick<EvidenceItem, 'incidentId' | 'repairId'>): Promise<string> => {
    const id = newId()
    await store.evidence.add({ id: asId(id), ...of, cameraId, kind: 'still', file: `nowhere/${id}.jpg`, bytes: 1, sha256: 'a'.repeat(64), mediaType: 'image/jpeg', fromMs: 7, toMs: 7, madeAtMs: 7 })
    return id
  }
  const things = await Promise.all((['own', 'foreign'] as const).map(async (area) => {
    const cameraId = await house.addCamera(house.areas[area])
    const [held, repairId] = [await hold(cameraId), newId()]
    await store.repairs.add({ id: asId(repairId), cameraId, kind: 'lamp_fault', lamp: { signal: 's', approach: 'a' }, code: 'dark', facts: { code: 'dark', lastedMs: 61_000, limitMs: 60_000 }, openedAtMs: 5, closed: null })
    return { held, repairId, ofHeld: await keep(cameraId, { incidentId: held, repairId: null }), ofRepair: await keep(cameraId, { incidentId: null, repairId: asId(repairId) }) }
  }))
  const status = async (id: string, role: Role): Promise<number> => (await house.ask(`/api/evidence/${id}/verify`, { cookie: house.cookie(role) })).status
  const [own, foreign] = [things[0]!, things[1]!]
  // A lamp is seen by whoever sees the camera; an act by whom acts of its kind concern.
  expect(await Promise.all((['traffic', 'police', 'ioc'] as const).flatMap((role) => [own.ofHeld, own.ofRepair, foreign.ofHeld, foreign.ofRepair].map((id) => status(id, role))))).toEqual((['traffic', 'police', 'ioc'] as const).flatMap((role) => [KIND_FACTS.red_light.roles.includes(role) ? 200 : 404, 200, 404, 404]))
  const heldView = (await get<HeldListView>('/api/held')).held.find(({ incidentId }) => incidentId === own.held)
  const repairView = (await get<RepairListView>('/api/repairs')).repairs.find(({ id }) => id === own.repairId)
  expect([heldView?.evidence, repairView?.still]).toEqual([[{ id: own.ofHeld, kind: 'still', url: `/evidence/${own.ofHeld}`, sha256: 'a'.repeat(64), bytes: 1, fromMs: 7, toMs: 7 }], expect.objectContaining({ id: own.ofRepair, url: `/evidence/${own.ofRepair}` })])
})

test('a repair is seen by who sees the camera and closed by a person once', async () => {
  const cameraId = await house.addCamera(house.areas.own, 'Cầu')
  const id = newId()
  await house.app.parts.store.repairs.add({ id: asId(id), cameraId, kind: 'lamp_fault', lamp: { signal: 's', approach: 'a' }, code: 'dark', facts: { code: 'dark', lastedMs: 61_000, limitMs: 60_000 }, openedAtMs: 5, closed: null })
  const list = (query = '') => get<RepairListView>(`/api/repairs${query}`, 'police').then(({ repairs }) => repairs.filter((one) => one.id === id))
  expect(await list()).toEqual([expect.objectContaining({ title: { vi: 'Đèn lỗi', en: 'Lamp fault' }, cameraName: 'Cầu', said: { vi: 'Đèn lỗi: tắt 61 giây sau khi đã sáng, quá mức 60 giây', en: expect.any(String) }, closed: null })])
  expect([await statusOf(`/api/repairs/${id}/close`, { note: 'đã thay bóng' }, 'police'), await statusOf(`/api/repairs/${id}/close`, { note: 'x' }, 'police')]).toEqual([200, 409])
  expect([await list(), (await list('?closed=1'))[0]?.closed]).toEqual([[], { by: expect.objectContaining({ displayName: 'Người police' }), atMs: expect.any(Number), note: 'đã thay bóng' }])
})

test('an officer who directs: set by police and traffic officers for some minutes, seen by everybody, ended before its time', async () => {
  const cameraId = await house.addCamera(house.areas.own)
  await putLive(house.app.parts.store, cameraId, redLight('directed'))
  const path = `/api/cameras/${cameraId}/suspensions`
  const form = { why: 'officer_directing', reason: 'Giờ cao điểm', minutes: 20 }
  expect(await Promise.all([statusOf(path, form, 'ioc'), statusOf(path, { ...form, minutes: 0 }, 'police'), statusOf(path, { ...form, minutes: 1_441 }, 'police'), statusOf(path, { ...form, why: 'mood' }, 'police'), statusOf(path, { ...form, ruleId: 'of-another' }, 'police')])).toEqual([403, 400, 400, 400, 400])
  const set = (await (await send(path, { ...form, ruleId: 'directed' }, 'police')).json()) as SuspensionView
  expect(set).toMatchObject({ ruleId: 'directed', why: 'officer_directing', title: { vi: 'Cảnh sát giao thông đang điều khiển' }, by: { displayName: 'Người police' }, stands: true, untilMs: set.fromMs + 20 * 60_000, ended: null })
  const running = async (query = '') => (await get<SuspensionListView>(`/api/suspensions${query}`, 'ioc')).suspensions.filter((one) => one.cameraId === cameraId).map(({ id, cameraName }) => [id, cameraName])
  const [[, name] = []] = await running()
  expect([await running(), await running('?ended=1'), name]).toEqual([[[set.id, name]], [], expect.any(String)])
  expect([await statusOf(`${path}/${set.id}`, {}, 'ioc', 'DELETE'), await statusOf(`${path}/${set.id}`, {}, 'traffic', 'DELETE'), await statusOf(`${path}/${set.id}`, {}, 'traffic', 'DELETE')]).toEqual([403, 200, 404])
  expect((await get<SuspensionListView>(path, 'ioc')).suspensions).toEqual([expect.objectContaining({ id: set.id, stands: false, ended: { by: expect.objectContaining({ displayName: 'Người traffic' }), atMs: expect.any(Number) } })])
  expect([await running(), (await running('?ended=1')).length]).toEqual([[], 1])
})

test('a controller is made by an administrator, tells with its own key, and is told how far its clock is off', async () => {
  const made = (await (await send('/api/signals', { name: 'Ngã tư Đèn Bốn Ngọn', areaId: house.areas.own }, 'admin')).json()) as SignalMadeView
  const { id } = made.signal
  expect(made).toMatchObject({ key: expect.stringMatching(/^[0-9a-f]{32}$/), signal: { staleMs: 10_000, heard: null } })
  expect(await Promise.all([statusOf('/api/signals', { name: 'x', areaId: house.areas.own }, 'traffic'), statusOf('/api/signals', { name: 'x', areaId: house.areas.foreign }, 'admin')])).toEqual([403, 403])
  const tell = (part: object, key = made.key, to: string = id): Promise<Response> => house.ask(`/api/signals/${to}`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'x-vonglau': '' }, body: { sequence: 1, atMs: Date.now() - 60_000, approaches: { bac: 'red', nam: 'green' }, ...part } })
  const heard = await tell({})
  expect([heard.status, await heard.json()]).toEqual([200, { ok: true, offsetMs: expect.any(Number) }])
  expect(await Promise.all([tell({ sequence: 2 }, 'f'.repeat(32)), tell({ sequence: 2 }, made.key, 'no-such'), tell({ sequence: 1 }), tell({ sequence: 2, approaches: { bac: 'blue' } })].map(async (answer) => (await answer).status))).toEqual([403, 403, 409, 400])
  const { signals } = await get<SignalListView>('/api/signals', 'admin')
  const seen = signals.find((one) => one.id === id)
  expect(seen?.heard).toMatchObject({ sequence: 1, stale: false, approaches: { bac: 'red', nam: 'green' } })
  expect(Math.abs((seen?.heard?.offsetMs ?? 0) - 60_000)).toBeLessThan(5_000)
  expect(house.app.parts.signals.controllers.read({ signal: id, approach: 'bac' }, Date.now())).toMatchObject({ state: 'red', flashes: false })

  const { key } = (await (await send(`/api/signals/${id}/key`, {}, 'admin')).json()) as { key: string }
  expect([(await tell({ sequence: 3 })).status, (await tell({ sequence: 3 }, key)).status]).toEqual([403, 200])
  const kept = readdirSync(house.folder, { recursive: true, encoding: 'utf8' }).map((name) => join(house.folder, name)).filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, 'latin1'))
  expect([kept.filter((text) => text.includes(made.key) || text.includes(key)), kept.some((text) => text.includes(createHash('sha256').update(key).digest('hex')))]).toEqual([[], true])
  expect([await statusOf(`/api/signals/${id}`, {}, 'admin', 'DELETE'), (await tell({ sequence: 4 }, key)).status]).toEqual([200, 403])
})

test('a lamp that the eyes find stuck: what was on the desk since leaves it, and a repair is there; seen in order, it is closed', async () => {
  const cameraId = await house.addCamera(house.areas.own, 'Ngã sáu')
  const { bus, store, signals } = house.app.parts
  const alertId = await house.raise(cameraId)
  const open = async () => ((await get<{ alerts: readonly { id: string }[] }>('/api/alerts')).alerts.map(({ id }) => id).includes(alertId))
  const atMs = Date.now()
  const report = { ruleId: 'rule-1', lamp: { signal: 's', approach: 'a' }, atMs, faults: [{ code: 'stuck', sinceMs: atMs - 190_000, colour: 'red', lastedMs: 190_000, limitMs: 180_000 }], sound: [] } as const
  const tell = async (part: object, mode: 'live' | 'shadow' = 'live'): Promise<void> => {
    bus.publish('lamp.reported', { cameraId, seenBy: { ruleVersion: 1, mode }, report: { ...report, ...part } })
    await signals.settled()
  }
  const repairs = async () => (await get<RepairListView>('/api/repairs')).repairs.filter((one) => one.cameraId === cameraId)
  await tell({}, 'shadow')
  expect([await open(), await repairs()]).toEqual([true, []])
  await tell({})
  await tell({})
  expect([await open(), (await repairs()).map(({ said }) => said.vi)]).toEqual([false, ['Đèn lỗi: kẹt ở màu đỏ 190 giây, quá mức 180 giây']])
  expect(await store.alerts.get(asId(alertId))).toMatchObject({ state: 'rejected', ownerId: null, rejectReason: 'lamp_fault' })
  expect((await get<HeldListView>(`/api/held?cameraId=${cameraId}`)).held.map((one) => one.alertId)).toEqual([alertId])
  await tell({ faults: [], sound: ['dark'] })
  expect(await repairs()).toHaveLength(1)
  await tell({ faults: [], sound: ['stuck', 'dark'] })
  expect(await repairs()).toEqual([])
})

test('what a person released stays on the desk, whatever is found wrong with the lamp later', async () => {
  const cameraId = await house.addCamera(house.areas.own)
  const { bus, store, signals } = house.app.parts
  const alertId = await house.raise(cameraId)
  const [incidentId, ruleId] = [(await store.alerts.get(asId(alertId)))!.incidentId, 'rule-1']
  const atMs = Date.now()
  const find = async (code: 'stuck' | 'two_colours'): Promise<void> => {
    const faults = [{ code, sinceMs: atMs - 190_000, colour: 'red', lastedMs: 190_000, limitMs: 180_000 }] as const
    bus.publish('lamp.reported', { cameraId, seenBy: { ruleVersion: 1, mode: 'live' }, report: { ruleId, lamp: { signal: 's', approach: 'a' }, atMs, faults, sound: [] } })
    await signals.settled()
  }
  const stateOf = async (): Promise<string | undefined> => (await store.alerts.get(asId(alertId)))?.state
  await find('stuck')
  expect([await stateOf(), await statusOf(`/api/incidents/${incidentId}/release`, { reason: 'nhìn rõ' }, 'traffic')]).toEqual(['rejected', 200])
  await until('it calls again', async () => (await stateOf()) === 'new')
  await find('two_colours')
  expect([await stateOf(), (await store.incidents.get(incidentId))?.mode]).toEqual(['new', 'live'])
})

test('a rule that holds for vehicles of which no model has a word says that it is not configured', async () => {
  const cameraId = await house.addCamera(house.areas.own)
  await putLive(house.app.parts.store, cameraId, { ...redLight('priority'), holdForClasses: ['ambulance'] })
  const { rules } = await get<{ rules: readonly { id: string; holdFor?: unknown }[] }>(`/api/cameras/${cameraId}/rules`)
  expect(rules[0]?.holdFor).toEqual({ classes: ['ambulance'], missing: ['ambulance'], state: 'not_configured', said: { vi: expect.stringContaining('chưa cấu hình'), en: expect.stringContaining('not configured') } })
})
