import type { WeavingRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { checkClaims, checkFault, sayBy, type Case, type FaultCase } from './claim-table.js'
import { watchFilm, type Film, type Walker } from './walks.js'

const zone = [{ x: 0, y: 0.2 }, { x: 1, y: 0.2 }, { x: 1, y: 0.95 }, { x: 0, y: 0.95 }]
const rule: WeavingRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'weaving', zone, swaysMin: 4 }
const film: Film = { seconds: 16, tremble: 0.08 }
/** A size is .089 of the height, .067 of the width: two sizes a second take 7.5 s through the picture. */
const ride = (way: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'two_wheeler', size: [0.05, 0.12], way, ...more })
/** Along the picture from left to right, aside by so many sizes at each second, between straight lines. */
const along = (asides: readonly number[], more: Partial<Walker> = {}, y = 0.6): Walker => ride(asides.map((aside, i) => [i, i * 0.12, y + aside * 0.089] as const), more)
/** Down the picture. */
const down = (asides: readonly number[]): Walker => ride(asides.map((aside, i) => [i, 0.5 + aside * 0.067, 0.2 + i * 0.1] as const))

test.each<Case>([
  ['who sways from side to side is claimed once, and it ends when he is gone', rule, [along([0, 1, -1, 1, -1, 1, -1, 0])], film, 1, 1],
  ['down the street too', rule, [down([0, 1, -1, 1, -1, 1, -1, 0])], film, 1, 1],
  ['far up a street too, where its length is foreshortened and the way to where all lines meet slants', rule, [ride([[0, 0.76, 0.8], [1.2, 0.549, 0.6], [2.2, 0.624, 0.555], [3.4, 0.549, 0.508], [4.6, 0.62, 0.462], [5.8, 0.545, 0.417], [6.2, 0.55, 0.4]], { size: [0.035, 0.11] })], film, 1, 1],
  ['at 3 frames a second', rule, [along([0, 1, -1, 1, -1, 1, -1, 0])], { ...film, fps: 3 }, 1, 1],
  ['and at 10', rule, [along([0, 1, -1, 1, -1, 1, -1, 0])], { ...film, fps: 10 }, 1, 1],
  ['who rides straight and trembles is not', rule, [along([0, 0, 0, 0, 0, 0, 0, 0])], film, 0, 0],
  ['nor at 10 frames a second', rule, [along([0, 0, 0, 0, 0, 0, 0, 0])], { ...film, fps: 10 }, 0, 0],
  ['nor slantwise through the picture', rule, [along([-3, -2, -1, 0, 1, 2, 3, 4])], film, 0, 0],
  ['a change of lane is one', { ...rule, swaysMin: 3 }, [along([0, 0, 0, 3, 3, 3, 3, 3])], film, 0, 0],
  ['round a hole and back is two', { ...rule, swaysMin: 3 }, [along([0, 0, 0, 1.5, 0, 0, 0, 0])], film, 0, 0],
  ['a bend of the road is none', { ...rule, swaysMin: 3 }, [along([-3, -1.5, -0.5, 0, 0, -0.5, -1.5, -3])], film, 0, 0],
  ['who wanders by a third of his size is not', rule, [along([0, 0.17, -0.17, 0.17, -0.17, 0.17, -0.17, 0])], film, 0, 0],
  ['two who ride beside each other, so near that their numbers may be confused, are not', rule, [along([0, 0, 0, 0, 0, 0, 0, 0]), along([0, 0, 0, 0, 0, 0, 0, 0], {}, 0.66)], film, 0, 0],
  ['who overtakes once and comes back is not', rule, [along([0, 0, 2, 2, 2, 0, 0, 0]), ride([[0, 0.3, 0.6], [8, 0.9, 0.6]])], film, 0, 0],
  ['a parked one that trembles is not', rule, [ride([[0, 0.5, 0.6], [16, 0.5, 0.6]])], film, 0, 0],
  ['who pushes his machine to and fro in its place is not', rule, [ride([0, 2, 4, 6, 8, 10, 12].map((s, i) => [s, 0.5 + (i % 2) * 0.06, 0.6] as const))], film, 0, 0],
  ['a moment out of sight makes no second claim', rule, [along([0, 1, -1, 1, -1, 1, -1, 0], { hidden: [[5, 5.8]] })], film, 1, 1],
  ['two are two', rule, [along([0, 1, -1, 1, -1, 1, -1, 0], {}, 0.4), along([0, -1, 1, -1, 1, -1, 1, 0], {}, 0.85)], film, 2, 2],
  ['a car that sways is no two-wheeler', rule, [along([0, 1, -1, 1, -1, 1, -1, 0], { class: 'car' })], film, 0, 0],
  ['in an exclusion, a riding school’s yard, it is allowed', { ...rule, exclusions: [zone] }, [along([0, 1, -1, 1, -1, 1, -1, 0])], film, 0, 0],
  ['with a permit too', { ...rule, permits: [{ area: null, fromMs: 0, toMs: 60_000, reference: 'GP 3' }] }, [along([0, 1, -1, 1, -1, 1, -1, 0])], film, 0, 0],
])('weaving: %s', checkClaims)

test('the claim counts the sways, and is dated from the first', () => {
  const [claim] = watchFilm([rule], [along([0, 0, 1, -1, 1, -1, 1, -1])], { seconds: 8, fps: 10 })
  expect(claim?.reason).toEqual({ code: 'weaving', class: 'two_wheeler', sways: 4, swaysMin: 4 })
  expect(claim?.sinceMs).toBeGreaterThan(500)
  expect(claim?.sinceMs).toBeLessThan(2300)
})

test('when the hours end, the claim ends', () => {
  const night = { ...rule, hours: [{ days: [5], from: '22:00', to: '05:00' }] }
  const clock = (second: number) => ({ weekday: 6, minuteOfDay: second < 6 ? 60 : 5 * 60 })
  expect(sayBy(night, [along([0, 1, -1, 1, -1, 1, -1, 0])], film, clock)).toEqual(['began 4', 'ended 6'])
})

test.each<FaultCase>([
  ['two sways, which a hole in the road has', { ...rule, swaysMin: 2 }, 'swaysMin', /at least 3/],
  ['no number', { ...rule, swaysMin: undefined }, 'swaysMin', /missing/],
])('%s is refused by its field', checkFault)
