import type { WrongLaneRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, car, checkFor, everyKind, expectRefused, expectTaken, type Case } from './claims.js'
import { watchFilm, type Film, type Walker } from './walks.js'

/** A lane for two-wheelers, up the middle of the picture. */
const lane = [{ x: 0.38, y: 0.15 }, { x: 0.62, y: 0.15 }, { x: 0.62, y: 0.98 }, { x: 0.38, y: 0.98 }]
const rule: WrongLaneRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'wrong_lane', zone: lane, direction: { x: 0, y: -1 }, holdMsMin: 2500, classes: ['car', 'truck'] }
const film: Film = { seconds: 14, tremble: 0.04 }
const along = car([[0, 0.5, 0.95], [8, 0.5, 0.2], [9, 0.5, 0.05]])
/** Drives off from 14 to 53 m under a camera at 7.6 m, 6.5 m a second: of its own width, which shrinks, it comes less far in the picture than a car does. */
const truckAway: Walker = { class: 'truck', size: [0.2, 0.42], horizon: 0.1, way: Array.from({ length: 13 }, (_, i) => [i / 2, 0.5, 0.1 + (0.85 * 14) / (14 + 3.25 * i)] as const) }

test.each<Case<WrongLaneRule>>([
  ['a car that travels along the lane is claimed once, and it ends when it has left', {}, [along], film, 1, 1],
  ['a truck that drives off along it, seen from behind, is claimed once', {}, [truckAway], { ...film, seconds: 9 }, 1, 1],
  ['a two-wheeler, for which the lane is, is not', {}, [bike([[0, 0.5, 0.95], [8, 0.5, 0.2]])], film, 0, 0],
  ['a car in the lane beside it is not', {}, [car([[0, 0.75, 0.95], [8, 0.75, 0.2]])], { ...film, tremble: 0.08 }, 0, 0],
  ['who changes lanes through it is not', {}, [car([[0, 0.25, 0.95], [8, 0.8, 0.2]])], film, 0, 0],
  ['who drifts through it slowly, at 26 degrees, is not', {}, [car([[0, 0.38, 0.97], [6, 0.62, 0.32], [8, 0.7, 0.1]])], film, 0, 0],
  ['who crosses it into a side street is not', {}, [car([[0, 0.1, 0.6], [6, 0.9, 0.6]])], film, 0, 0],
  ['who comes against the direction is not: that is wrong_way', {}, [car([[0, 0.5, 0.2], [8, 0.5, 0.95]])], film, 0, 0],
  ['who stands in it is not: that is illegal_stop', {}, [car([[0, 0.5, 0.6], [14, 0.5, 0.6]])], { ...film, tremble: 0.08 }, 0, 0],
  ['who edges in to get round a parked car and goes out again is not', {}, [car([[0, 0.3, 0.9], [2, 0.42, 0.75], [3.5, 0.42, 0.6], [5, 0.3, 0.45], [7, 0.3, 0.2]])], film, 0, 0],
  ['who creeps forward less than two of his sizes is not', {}, [car([[0, 0.5, 0.6], [3, 0.5, 0.6], [6, 0.5, 0.4], [14, 0.5, 0.4]])], film, 0, 0],
  ['who waits at a light on the way is claimed once', {}, [car([[0, 0.5, 0.95], [4, 0.5, 0.5], [9, 0.5, 0.5], [13, 0.5, 0.05]])], film, 1, 0],
  ['a number that changes while a bus hides it makes no second claim', {}, [{ ...along, hidden: [[4.5, 5.6]] }], film, 1, 1],
  ['a car called truck now and then is one car', {}, [{ ...along, called: [[2, 2.6, 'truck'], [4, 4.4, 'truck']] }], film, 1, 1],
  ['two behind each other are two', {}, [along, car([[5, 0.5, 0.95], [13, 0.5, 0.2], [14, 0.5, 0.05]])], film, 2, 1],
])('wrong lane: %s', checkFor(rule))

describe('wrong lane', () => everyKind({ rule, walkers: [along], film, hoursEndAtSecond: 6 }))

test('the reason tells how long and how far, and the act began when it came into the lane', () => {
  const [claim] = watchFilm([rule], [along], { seconds: 10 })
  expect(claim?.reason).toMatchObject({ code: 'wrong_lane', class: 'car' })
  expect(claim?.sinceMs).toBeLessThan(700)
  if (claim?.reason.code === 'wrong_lane') {
    expect(claim.reason.heldMs).toBeGreaterThanOrEqual(2500)
    expect(claim.reason.travelled).toBeGreaterThanOrEqual(2)
  }
})

test.each<[string, object, RegExp]>([
  ['classes', { classes: [] }, /names no class/],
  ['classes', { classes: undefined }, /missing/],
  ['zone', { zone: lane.slice(0, 2) }, /three points/],
  ['direction', { direction: { x: 0, y: 0 } }, /nowhere/],
  ['holdMsMin', { holdMsMin: 0.5 }, /whole number/],
])('wrong lane: a wrong %s is refused by its name', (field, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('wrong lane: a complete rule is taken', () => expectTaken(rule))
