import type { RacingRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { checkClaims, checkFault, sayBy, type Case, type FaultCase } from './claim-table.js'
import { watchFilm, type Film, type Walker } from './walks.js'

const zone = [{ x: 0, y: 0.3 }, { x: 1, y: 0.3 }, { x: 1, y: 0.9 }, { x: 0, y: 0.9 }]
const rule: RacingRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'racing', zone, countMin: 3, speedMin: 5, holdMsMin: 800 }
const film: Film = { seconds: 14, tremble: 0.08 }
/** A size is .089 of the height, so the width of the picture is 15 sizes. */
const ride = (from: number, speed: number, y: number, more: Partial<Walker> = {}): Walker => ({ class: 'two_wheeler', size: [0.05, 0.12], way: [[from, 0, y], [from + 15 / speed, 1, y]], ...more })
const back = (from: number, speed: number, y: number): Walker => ({ class: 'two_wheeler', size: [0.05, 0.12], way: [[from, 1, y], [from + 15 / speed, 0, y]] })
const group = (from: number, speed: number): Walker[] => [ride(from, speed, 0.5), ride(from + 0.5, speed * 1.1, 0.65), ride(from + 1, speed, 0.8)]

test.each<Case>([
  ['three who race are one claim, and it ends when they are gone', rule, group(0, 7), film, 1, 1],
  ['at 3 frames a second too', { ...rule, speedMin: 3.5 }, group(0, 4.5), { ...film, fps: 3 }, 1, 1],
  ['and at 10', rule, group(0, 7), { ...film, fps: 10 }, 1, 1],
  ['the tail of the group is of the same race', rule, [...group(0, 7), ...group(2.5, 7)], film, 1, 1],
  ['two are not three', rule, group(0, 7).slice(1), film, 0, 0],
  ['ordinary traffic is none', rule, [...group(0, 3.5), ...group(3, 3.5)], film, 0, 0],
  ['who follow at half a minute’s distance are no group', rule, [ride(0, 7, 0.5), ride(8, 7, 0.65), ride(16, 7, 0.8)], { ...film, seconds: 24 }, 0, 0],
  ['two one way and one the other are no group of three', rule, [...group(0, 7).slice(1), back(0.3, 7, 0.4)], film, 0, 0],
  ['two races, one each way, are two', rule, [...group(0, 7), back(0, 7, 0.35), back(0.4, 7, 0.42), back(0.9, 7, 0.73)], film, 2, 2],
  ['a second race half a minute later is another', rule, [...group(0, 7), ...group(16, 7)], { ...film, seconds: 30 }, 2, 2],
  ['one rider whom a bus hides for two seconds, under two numbers, is no group', { ...rule, countMin: 2, speedMin: 2, holdMsMin: 500 }, [ride(0, 3, 0.6, { hidden: [[1.3, 3.5]] })], film, 0, 0],
  ['a burst of speed for a moment is none', { ...rule, holdMsMin: 1500 }, group(0, 7).map((w) => ({ ...w, way: [[0, 0, w.way[0]![2]], [4, 0.35, w.way[0]![2]], [4.6, 0.62, w.way[0]![2]], [9, 1, w.way[0]![2]]] as const })), film, 0, 0],
  ['parked ones that tremble, ever so near each other, are none', rule, [0, 1, 2, 3, 4].map((i) => ({ class: 'two_wheeler', size: [0.05, 0.12] as const, way: [[0, 0.3 + i * 0.03, 0.6], [14, 0.3 + i * 0.03, 0.6]] as const })), film, 0, 0],
  ['a dense stream whose numbers may be confused is none', rule, Array.from({ length: 14 }, (_, i) => ride(i * 0.7, 3, 0.5 + (i % 3) * 0.08)), film, 0, 0],
  ['cars are no two-wheelers', rule, group(0, 7).map((w) => ({ ...w, class: 'car' })), film, 0, 0],
  ['in an exclusion they are left alone', { ...rule, exclusions: [zone] }, group(0, 7), film, 0, 0],
  ['an escort has a permit', { ...rule, permits: [{ area: null, fromMs: 0, toMs: 60_000, reference: 'GP 3' }] }, group(0, 7), film, 0, 0],
  // The tracker's reach is 2.5 sizes between two frames (measured: 10 sizes a second at 5 frames, none at 12).
  ['known wrong: who is faster than the tracker can follow is never seen', rule, group(0, 16), film, 0, 0],
])('racing: %s', checkClaims)

test('the reason tells how many and how fast, as the picture shows, and the race is dated from its first rider', () => {
  const said = watchFilm([rule], group(0, 7), { seconds: 14, fps: 10 })
  expect(said[0]?.sinceMs).toBeLessThan(700)
  const last = said.findLast((o) => o.phase === 'ended')?.reason
  expect(last?.code === 'racing' && last.count).toBe(3)
  const began = said[0]?.reason
  expect(began?.code === 'racing' && began.speed).toBeGreaterThan(6.3)
  expect(began?.code === 'racing' && began.speed).toBeLessThan(8)
})

test('when the hours end, the claim ends', () => {
  const night = { ...rule, hours: [{ days: [5], from: '22:00', to: '05:00' }] }
  const clock = (second: number) => ({ weekday: 6, minuteOfDay: second < 3 ? 60 : 5 * 60 })
  expect(sayBy(night, group(0, 7), { ...film, fps: 10 }, clock)).toEqual(['began 2', 'ended 3'])
})

test.each<FaultCase>([
  ['a race of one', { ...rule, countMin: 1 }, 'countMin', /at least 2/],
  ['no speed', { ...rule, speedMin: 0 }, 'speedMin', /at least 1/],
  ['a speed that no track ever has', { ...rule, speedMin: 40 }, 'speedMin', /at most 10/],
])('%s is refused by its field', checkFault)
