import { asId, type IncidentId, type RuleId } from '../../server/domain/ids.js'
import { bike } from '../analytics/rules/claims.js'
import { LAMP_BOX, type Film, type Walker } from '../analytics/rules/walks.js'
import { openLampStreet, type LampStreet } from '../support/lamp-street.js'
import { JUNCTION, LAN } from '../support/small-city.js'
import { makeCityStores } from '../support/small-city-store.js'

const cities = makeCityStores()
let street: LampStreet
afterEach(() => street.close())
afterAll(() => cities.remove())

const stopLine = [{ x: 0.2, y: 0.6 }, { x: 0.8, y: 0.6 }]
const red = { id: 'red-1', name: 'Đèn đỏ', kind: 'red_light', stopLine, direction: { x: 0, y: -1 }, lamp: { box: LAMP_BOX, order: 'vertical' }, graceMs: 500, phaseMsMax: 60_000 }
/** The same lamp, drawn by another hand. */
const over = { id: 'over-1', name: 'Quá vạch', kind: 'stop_line_over', stopLine, direction: { x: 0, y: -1 }, lamp: { box: { ...LAMP_BOX, x1: LAMP_BOX.x1 - 0.005, y2: LAMP_BOX.y2 + 0.01 }, order: 'vertical' }, holdMsMin: 2000, phaseMsMax: 60_000 }

/** Over the line at this second, upwards. */
const passing = (second: number, x = 0.5): Walker => bike([[second - 3, x, 0.9], [second + 3, x, 0.3]])
const ON_GREEN = [2, 5, 8, 11, 14, 17].map((second) => passing(second))
const ON_RED = [30, 40, 50, 60, 70, 78, 92, 100, 108].map((second) => passing(second))
/** Green, yellow, and then a red that does not end: a minute is the most here, so it is known to be stuck at second 83. */
const STUCK: Film = { seconds: 114, fps: 3, lamp: [[0, 'green'], [20, 'yellow'], [23, 'red']] }
const MENDED: Film = { seconds: 170, fps: 3, lamp: [...STUCK.lamp!, [120, 'green'], [140, 'yellow'], [143, 'red']] }

const modes = async (): Promise<readonly string[]> => (await street.store.rules.findings(asId<RuleId>('red-1'), { limit: 50 })).map(({ incident: { mode, heldWhy } }) => `${mode} ${heldWhy ?? ''}`.trim())
const desk = async (): Promise<readonly string[]> => (await street.store.alerts.list({ states: ['new', 'claimed', 'confirmed'], limit: 50 })).map(({ state }) => state)
const log = async (): Promise<readonly string[]> => (await street.store.changes.of('camera', JUNCTION)).map(({ what }) => what).filter((what) => /repair|lamp/.test(what))
const repairs = () => street.store.repairs.openOf(JUNCTION)

test('a lamp stuck on red: nobody is called, one repair, everything in the tray with its numbers', async () => {
  street = await openLampStreet(cities, [red, over])
  await street.play([...ON_GREEN, ...ON_RED], STUCK)
  expect(await modes()).toEqual(Array.from({ length: 9 }, () => 'held lamp_fault'))
  expect(await desk()).toEqual([])
  expect(await repairs()).toEqual([expect.objectContaining({ kind: 'lamp_fault', code: 'stuck', closed: null, facts: expect.objectContaining({ code: 'stuck', colour: 'red', limitMs: 60_000 }) })])
  // The other rule that judges by this lamp finds it stuck too: no second repair.
  expect(await log()).toEqual(['repair_opened', 'lamp_fault_found'])
  expect((await street.store.lampFaults.standing({ cameraId: JUNCTION })).map(({ ruleId }) => ruleId).toSorted()).toEqual(['over-1', 'red-1'])
  const held = await street.store.held.list({ areas: [asId('long-xuyen')], kinds: ['red_light'], settled: false, limit: 50 })
  expect(held.map(({ why, facts, outcome }) => [why, facts['code'], facts['colour'], outcome])).toEqual(Array.from({ length: 9 }, () => ['lamp_fault', 'stuck', 'red', null]))
  // Before it could be known, six were called; what was nobody's case left the desk, and the log says why.
  const alerts = await street.store.alerts.list({ limit: 50 })
  expect(alerts.map(({ state, ownerId, rejectReason, note }) => [state, ownerId, rejectReason, note])).toEqual(Array.from({ length: 6 }, () => ['rejected', null, 'lamp_fault', 'Đèn lỗi: kẹt ở màu đỏ 60 giây, quá mức 60 giây']))
  expect((await street.store.changes.of('alert', alerts[0]!.id)).map(({ what, by }) => [what, by])).toEqual([['raised', null], ['withdrawn', null]])
})

test('when the lamp goes on the repair is closed by itself, and who runs the next red is called', async () => {
  street = await openLampStreet(cities, [red, over])
  await street.play([...ON_GREEN, ...ON_RED, passing(125), passing(132), passing(155)], MENDED)
  expect(await repairs()).toEqual([])
  expect((await street.store.repairs.list({ areas: [asId('long-xuyen')], open: false, limit: 5 })).map(({ closed }) => closed)).toEqual([{ by: null, atMs: expect.any(Number), note: 'Đèn đã hoạt động bình thường trở lại' }])
  expect(await log()).toEqual(['repair_opened', 'lamp_fault_found', 'repair_closed'])
  expect([(await modes())[0], await desk()]).toEqual(['live', ['new']])
})

test('what somebody has in hand stays theirs', async () => {
  street = await openLampStreet(cities, [red])
  await street.play([...ON_GREEN, ...ON_RED], { ...STUCK, seconds: 50 })
  const [mine] = await street.store.alerts.list({ limit: 5 })
  expect(await street.alerts.act(mine!.id, { do: 'claim' }, LAN, mine!.version)).toMatchObject({ ok: true })
  await street.play([...ON_GREEN, ...ON_RED], STUCK)
  expect([await desk(), (await modes()).filter((mode) => mode === 'live')]).toEqual([['claimed'], ['live']])
})

test('a restart calls nobody because the eyes have just opened, and sends nobody out again', async () => {
  street = await openLampStreet(cities, [red])
  await street.play([...ON_GREEN, ...ON_RED], { ...STUCK, seconds: 88 })
  await street.restart()
  await street.play([...ON_GREEN, ...ON_RED], STUCK)
  expect([await desk(), (await modes()).slice(0, 3), (await repairs()).length, await log()]).toEqual([[], ['held lamp_fault', 'held lamp_fault', 'held lamp_fault'], 1, ['repair_opened']])
  // Eyes that know nothing of the fault see the lamp change: it is over.
  await street.play([...ON_GREEN, ...ON_RED, passing(155)], MENDED)
  expect([await repairs(), await desk()]).toEqual([[], ['new']])
})

test('closed by a person the fault still holds what is seen, and no second repair is opened', async () => {
  street = await openLampStreet(cities, [red, over])
  await street.play([...ON_GREEN, ...ON_RED], { ...STUCK, seconds: 88 })
  const [repair] = await repairs()
  expect([await street.signals.closeRepair(repair!.id, LAN, 'đã báo đội đèn'), await street.signals.closeRepair(repair!.id, LAN, 'lần nữa')]).toEqual([true, false])
  await street.play([...ON_GREEN, ...ON_RED], STUCK)
  expect([await repairs(), await desk(), (await modes())[0]]).toEqual([[], [], 'held lamp_fault'])
})

test('released it calls somebody: what never had an alert gets one, what was withdrawn comes back; dismissed it calls nobody', async () => {
  street = await openLampStreet(cities, [red])
  await street.play([...ON_GREEN, ...ON_RED], STUCK)
  const ids = (await street.store.rules.findings(asId<RuleId>('red-1'), { limit: 50 })).map(({ incident: { id } }) => id)
  const [newest, second, oldest] = [ids[0]!, ids[1]!, ids.at(-1)!]
  expect([await street.signals.tray.release(newest, LAN, 'thấy rõ'), await street.signals.tray.release(oldest, LAN, 'đèn lúc đó còn đúng'), await street.signals.tray.dismiss(second, LAN, 'đèn kẹt')]).toEqual([{ ok: true }, { ok: true }, { ok: true }])
  await street.settled()
  expect([await desk(), (await modes())[0], (await modes())[1], (await modes()).at(-1)]).toEqual([['new', 'new'], 'live', 'held lamp_fault', 'live'])
  expect([await street.signals.tray.release(second, LAN, 'x'), await street.signals.tray.dismiss(asId<IncidentId>('none'), LAN, 'x')]).toEqual([{ ok: false, why: 'settled' }, { ok: false, why: 'unknown' }])
  expect((await street.store.held.get(second))?.outcome).toMatchObject({ is: 'dismissed', by: LAN, reason: 'đèn kẹt' })
  expect((await street.store.changes.of('incident', oldest)).map(({ what, by }) => [what, by])).toEqual([['opened', null], ['ended', null], ['held', null], ['released', LAN]])
})

test('a rule that rests forgets its fault; the repair stays for a person', async () => {
  street = await openLampStreet(cities, [red])
  await street.play([...ON_GREEN, ...ON_RED], { ...STUCK, seconds: 88 })
  await street.store.rules.act({ standing: { ...(await street.store.rules.standing(asId<RuleId>('red-1')))!, resting: true, revision: 2 }, version: null, change: { topic: 'camera', entityId: JUNCTION, areaId: null, what: 'rule_rest', by: LAN, atMs: 1, facts: {} } })
  street.bus.publish('rule.changed', { cameraId: JUNCTION, ruleId: asId<RuleId>('red-1') })
  await street.settled()
  expect([await street.store.lampFaults.standing(), (await repairs()).length]).toEqual([[], 1])
})
