import type { SuspensionWish } from '../../server/signals/suspensions.js'
import { asId, type CameraId, type RuleId } from '../../server/domain/ids.js'
import type { Observation } from '../../server/domain/seen.js'
import { bike, car } from '../analytics/rules/claims.js'
import { LAMP_BOX, type Film, type Walker } from '../analytics/rules/walks.js'
import { openLampStreet, type LampStreet } from '../support/lamp-street.js'
import { JUNCTION, LAN } from '../support/small-city.js'
import { makeCityStores } from '../support/small-city-store.js'

const cities = makeCityStores()
let street: LampStreet
afterEach(() => street.close())
afterAll(() => cities.remove())

const red = { id: 'red-1', name: 'Đèn đỏ', kind: 'red_light', stopLine: [{ x: 0.2, y: 0.6 }, { x: 0.8, y: 0.6 }], direction: { x: 0, y: -1 }, lamp: { box: LAMP_BOX, order: 'vertical' }, graceMs: 500 }
const RED = asId<RuleId>('red-1')
const film: Film = { seconds: 60, lamp: [[0, 'green'], [2, 'red']] }
const passing = (second: number): Walker => bike([[second - 3, 0.5, 0.9], [second + 3, 0.5, 0.3]])
const modes = async (): Promise<readonly string[]> => (await street.store.rules.findings(RED, { limit: 9 })).map(({ incident: { mode, heldWhy } }) => `${mode} ${heldWhy ?? ''}`.trim()).toReversed()
const desk = async (): Promise<number> => (await street.store.alerts.list({ limit: 9 })).length
const log = async (): Promise<readonly (readonly unknown[])[]> => (await street.store.changes.of('camera', JUNCTION)).filter(({ what }) => what.startsWith('suspension')).map(({ what, by, facts }) => [what, by, facts['why'], facts['reason']])
const wish = (part: Partial<SuspensionWish> = {}): SuspensionWish => ({ ruleId: null, why: 'officer_directing', reason: 'CSGT điều khiển', minutes: 1, ...part })

test.each<[sentence: string, wish: Partial<SuspensionWish>, why: string]>([
  ['an officer directs at the camera', {}, 'officer_directing'],
  ['roadworks at the one rule', { ruleId: RED, why: 'roadworks' }, 'roadworks'],
  ['a diversion', { why: 'diversion' }, 'diversion'],
  ['a column of priority vehicles', { why: 'priority_vehicle' }, 'priority_vehicle'],
])('%s: what the rule sees is held with that reason, and nobody is called', async (_sentence, part, why) => {
  street = await openLampStreet(cities, [red])
  const set = (await street.signals.suspensions.set(JUNCTION, wish(part), LAN))!
  await street.play([passing(10)], { ...film, seconds: 20 })
  expect([await modes(), await desk()]).toEqual([[`held ${why}`], 0])
  expect((await street.store.held.list({ areas: [asId('long-xuyen')], kinds: ['red_light'], ruleId: RED, settled: false, limit: 9 })).map(({ facts }) => facts)).toEqual([{ suspensionId: set.id, reason: 'CSGT điều khiển', by: LAN, fromMs: set.fromMs, untilMs: set.untilMs }])
})

test('its time over it ends by itself, the log says so, and who acts after that is called', async () => {
  street = await openLampStreet(cities, [red])
  await street.signals.suspensions.set(JUNCTION, wish({ minutes: 1 }), LAN)
  const long: Film = { seconds: 140, lamp: [[0, 'green'], [2, 'red'], [40, 'green'], [70, 'red']] }
  await street.play([passing(10), passing(100)], long)
  expect([await modes(), await desk()]).toEqual([['held officer_directing', 'live'], 1])
  expect(await log()).toEqual([['suspension_set', LAN, 'officer_directing', 'CSGT điều khiển'], ['suspension_over', null, 'officer_directing', 'CSGT điều khiển']])
})

test('a person ends it before its time; a second end is none', async () => {
  street = await openLampStreet(cities, [red])
  const set = (await street.signals.suspensions.set(JUNCTION, wish({ minutes: 30 }), LAN))!
  await street.play([passing(10)], { ...film, seconds: 20 })
  expect([await street.signals.suspensions.end(asId<CameraId>('other'), set.id, LAN), await street.signals.suspensions.end(JUNCTION, set.id, LAN), await street.signals.suspensions.end(JUNCTION, set.id, LAN)]).toEqual([false, true, false])
  await street.play([passing(10), passing(40)], film)
  expect([await modes(), (await log()).map(([what]) => what)]).toEqual([['held officer_directing', 'live'], ['suspension_set', 'suspension_ended']])
})

test('a rule of another camera cannot be named', async () => {
  street = await openLampStreet(cities, [red])
  expect(await street.signals.suspensions.set(JUNCTION, wish({ ruleId: asId<RuleId>('red-9') }), LAN)).toBeNull()
})

test.each<[kind: Observation['kind'], mode: string]>([
  ['wrong_way', 'held'],
  ['illegal_stop', 'held'],
  ['crash', 'live'],
  ['racing', 'live'],
  ['crowd', 'live'],
])('an officer’s sign explains no more than it overrules: %s is %s', async (kind, mode) => {
  street = await openLampStreet(cities, [red])
  await street.signals.suspensions.set(JUNCTION, wish(), LAN)
  const atMs = street.clock.wallMs() + 1_000
  street.bus.publish('observation.seen', { cameraId: JUNCTION, seenBy: { ruleVersion: 1, mode: 'live' }, observation: { ruleId: 'one', kind, episode: 'e', phase: 'began', atMs, sinceMs: atMs, witnesses: [], reason: { code: 'intrusion', class: 'car', dwellMs: 1 } } })
  await street.settled()
  expect((await street.store.incidents.find(JUNCTION, 'e'))?.mode).toBe(mode)
})

test('what a version on trial sees stays its own matter', async () => {
  street = await openLampStreet(cities, [red])
  await street.signals.suspensions.set(JUNCTION, wish(), LAN)
  const atMs = street.clock.wallMs() + 1_000
  street.bus.publish('observation.seen', { cameraId: JUNCTION, seenBy: { ruleVersion: 2, mode: 'shadow' }, observation: { ruleId: 'red-1', kind: 'red_light', episode: 'e', phase: 'began', atMs, sinceMs: atMs, witnesses: [], reason: { code: 'red_light', class: 'car', redForMs: 1, yellowMs: null } } })
  await street.settled()
  expect(await street.store.incidents.find(JUNCTION, 'e')).toMatchObject({ mode: 'shadow', heldWhy: null })
})

const ambulance: Walker = { ...car([[4, 0.3, 0.95], [12, 0.3, 0.1]]), class: 'ambulance' }
test.each<[sentence: string, rule: object, walkers: readonly Walker[], modes: readonly string[]]>([
  ['who makes way for an ambulance is held', { ...red, holdForClasses: ['ambulance'] }, [ambulance, passing(10)], ['held priority_vehicle']],
  ['who passes half a minute later is not', { ...red, holdForClasses: ['ambulance'] }, [ambulance, passing(45)], ['live']],
  ['a rule that names none knows none', red, [ambulance, passing(10)], ['live']],
])('%s', async (_sentence, rule, walkers, expected) => {
  street = await openLampStreet(cities, [rule])
  await street.play(walkers, film)
  expect(await modes()).toEqual(expected)
})
