import type { LoiteringRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { checkClaims, checkFault, sayBy, type Case, type FaultCase } from './claim-table.js'
import { watchFilm, type Film, type Walker } from './walks.js'

const zone = [{ x: 0.3, y: 0.3 }, { x: 0.7, y: 0.3 }, { x: 0.7, y: 0.9 }, { x: 0.3, y: 0.9 }]
const rule: LoiteringRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'loitering', zone, dwellMsMin: 20_000 }
const film: Film = { seconds: 40, tremble: 0.08 }
const person = (way: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'person', size: [0.03, 0.12], way, ...more })

/** Up and down in the zone, from second `from` to `to`. */
const pacing = (from: number, to: number, y = 0.6): Walker['way'] => [[from, 0.2, y], [from + 3, 0.4, y], ...Array.from({ length: Math.floor((to - from - 6) / 4) }, (_, i) => [from + 7 + i * 4, i % 2 === 0 ? 0.6 : 0.4, y] as const), [to - 1, 0.4, y], [to, 0.2, y]]
const waiting: Walker['way'] = [[0, 0.2, 0.6], [4, 0.5, 0.6], [40, 0.5, 0.6]]

test.each<Case>([
  ['who walks up and down for long enough is claimed once, and it ends when he has gone', rule, [person(pacing(0, 30))], { ...film, seconds: 55 }, 1, 1],
  ['who came and stands about is claimed', rule, [person(waiting)], film, 1, 0],
  ['at 3 frames a second too', rule, [person(waiting)], { ...film, fps: 3 }, 1, 0],
  ['and at 10', rule, [person(waiting)], { ...film, fps: 10 }, 1, 0],
  ['who walks through, however slowly, is not', rule, [person([[0, 0.2, 0.6], [24, 0.8, 0.6]])], film, 0, 0],
  ['who waits a moment and goes on is not', rule, [person([[0, 0.2, 0.6], [4, 0.5, 0.6], [16, 0.5, 0.6], [20, 0.9, 0.6]])], film, 0, 0],
  ['what never moves is a post, whatever the detector calls it', rule, [person([[0, 0.5, 0.6], [40, 0.5, 0.6]])], film, 0, 0],
  ['a post beside which people pass stays a post', rule, [person([[0, 0.5, 0.6], [40, 0.5, 0.6]]), person([[5, 0.2, 0.63], [15, 0.8, 0.63]]), person([[18, 0.8, 0.63], [28, 0.2, 0.63]])], film, 0, 0],
  ['a step outside and back is one stay', rule, [person([[0, 0.2, 0.6], [3, 0.35, 0.6], [10, 0.35, 0.6], [12, 0.25, 0.6], [18, 0.25, 0.6], [20, 0.35, 0.6], [40, 0.35, 0.62]])], film, 1, 0],
  ['who goes away for longer begins anew', rule, [person([[0, 0.2, 0.6], [3, 0.4, 0.6], [12, 0.4, 0.6], [14, 0.1, 0.6], [31, 0.1, 0.6], [33, 0.4, 0.6], [40, 0.4, 0.6]])], film, 0, 0],
  ['a bus that hides him for four seconds, and the new number after it, change nothing', rule, [person(waiting, { hidden: [[10, 14]] })], film, 1, 0],
  ['nor do they after the claim', rule, [person(waiting, { hidden: [[30, 34]] })], film, 1, 0],
  ['who is found twice for a while, and then by the second number alone, is claimed once', rule, [person([[0, 0.2, 0.6], [4, 0.5, 0.6], [50, 0.5, 0.6]], { hidden: [[24, 60]] }), person([[20, 0.5, 0.6], [50, 0.5, 0.6]], { size: [0.024, 0.09] })], { ...film, seconds: 48 }, 1, 0],
  ['two who stand together, of whom one leaves, are two', rule, [person([[0, 0.2, 0.6], [4, 0.5, 0.6], [26, 0.5, 0.6], [30, 0.2, 0.6]]), person([[6, 0.8, 0.6], [10, 0.54, 0.6], [50, 0.54, 0.6]])], { ...film, seconds: 48 }, 2, 1],
  ['who comes into the picture where another just went out of it is the next, whatever his number', rule, [person([[0, 0.2, 0.6], [12, 0.69, 0.6], [17, 0.984, 0.6], [22, 0.69, 0.6], [34, 0.2, 0.6]])], { ...film, tremble: 0.02 }, 0, 0],
  ['two are two', rule, [person(waiting), person([[0, 0.2, 0.8], [4, 0.6, 0.8], [40, 0.6, 0.8]])], film, 2, 0],
  ['people who come out of one door after another are nobody who stays', rule, Array.from({ length: 8 }, (_, i) => person([[i * 5, 0.5, 0.5], [i * 5 + 4.5, 0.85, 0.5]])), film, 0, 0],
  ['a rider who waits is no person', rule, [{ class: 'two_wheeler', size: [0.05, 0.12], way: waiting }], film, 0, 0],
  ['in an exclusion, a bus stop, waiting is allowed', { ...rule, exclusions: [[{ x: 0.45, y: 0.5 }, { x: 0.55, y: 0.5 }, { x: 0.55, y: 0.7 }, { x: 0.45, y: 0.7 }]] }, [person(waiting)], film, 0, 0],
  ['who has a permit may stay', { ...rule, permits: [{ area: null, fromMs: 0, toMs: 60_000, reference: 'GP 12' }] }, [person(waiting)], film, 0, 0],
])('loitering: %s', checkClaims)

test('the stay is dated from the entering, not from the claim', () => {
  const [claim] = watchFilm([rule], [person(waiting)], film)
  expect(claim?.sinceMs).toBeGreaterThan(500)
  expect(claim?.sinceMs).toBeLessThan(2500)
  expect(claim?.reason.code === 'loitering' && claim.reason.dwellMs).toBeGreaterThanOrEqual(20_000)
})

test('when the hours end, the claim ends; what was before them does not count', () => {
  const night = { ...rule, hours: [{ days: [5], from: '22:00', to: '05:00' }] }
  const clock = (second: number) => (second < 10 ? { weekday: 5, minuteOfDay: 22 * 60 - 1 } : second < 38 ? { weekday: 6, minuteOfDay: 60 } : { weekday: 6, minuteOfDay: 5 * 60 })
  expect(sayBy(night, [person(pacing(0, 60))], { ...film, seconds: 50 }, clock)).toEqual(['began 29', 'ended 38'])
})

test.each<FaultCase>([
  ['a stay of a week', { ...rule, dwellMsMin: 7 * 86_400_000 }, 'dwellMsMin', /one day/],
  ['no stay at all', { id: 'r', name: 'x', kind: 'loitering', zone }, 'dwellMsMin', /missing/],
  ['a zone of two points', { ...rule, zone: zone.slice(0, 2) }, 'zone', /three points/],
])('%s is refused by its field', checkFault)
