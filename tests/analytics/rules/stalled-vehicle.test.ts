import type { StalledVehicleRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, car, checkFor, everyKind, expectRefused, expectTaken, person, type Case } from './claims.js'
import { watchFilm, type Film, type Walker } from './walks.js'

const zone = [{ x: 0.1, y: 0.1 }, { x: 0.95, y: 0.1 }, { x: 0.95, y: 0.98 }, { x: 0.1, y: 0.98 }]
const rule: StalledVehicleRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'stalled_vehicle', zone, dwellMsMin: 10_000, passersMin: 4 }
const film: Film = { seconds: 26, tremble: 0.04 }
const stalled = car([[0, 0.5, 0.9], [3, 0.5, 0.6], [30, 0.5, 0.6]])
/** One every two seconds, past on the left of where it stands. */
const traffic = (count: number, x = 0.25): Walker[] => Array.from({ length: count }, (_, i) => bike([[i * 2, x, 0.96], [i * 2 + 5, x, 0.12]]))

test.each<Case<StalledVehicleRule>>([
  ['a car that stands while the others drive round it is claimed once', {}, [stalled, ...traffic(10)], film, 1, 0],
  ['it ends when it drives on', {}, [car([[0, 0.5, 0.9], [3, 0.5, 0.6], [18, 0.5, 0.6], [21, 0.5, 0.12]]), ...traffic(10)], film, 1, 1],
  ['one that nobody passes is not: then it may be the last of a queue, or the road is closed', {}, [stalled], film, 0, 0],
  ['one that too few pass is not', {}, [stalled, ...traffic(3)], film, 0, 0],
  ['one that stands for a moment is not', {}, [car([[0, 0.5, 0.9], [3, 0.5, 0.6], [10, 0.5, 0.6], [12, 0.5, 0.15]]), ...traffic(10)], film, 0, 0],
  ['a queue beside a running lane is not: its neighbours stand as well', {}, [stalled, car([[0, 0.5, 0.95], [4, 0.5, 0.78], [30, 0.5, 0.78]]), car([[0, 0.5, 0.7], [2, 0.5, 0.42], [30, 0.5, 0.42]]), ...traffic(10)], film, 0, 0],
  ['two that wait side by side are not', {}, [stalled, car([[0, 0.75, 0.9], [3, 0.75, 0.6], [30, 0.75, 0.6]]), ...traffic(10)], film, 0, 0],
  ['the last of a queue, when those before it have driven off, is not', {}, [stalled, car([[0, 0.5, 0.7], [2, 0.5, 0.42], [18, 0.5, 0.42], [20, 0.5, 0.12]]), ...traffic(12)], film, 0, 0],
  ['those who get stuck behind it after it was claimed do not end it', {}, [stalled, ...traffic(10), car([[15, 0.5, 0.96], [17, 0.5, 0.78], [30, 0.5, 0.78]])], film, 1, 0],
  ['one who waits behind it for a while and then gets round does not save it', {}, [stalled, car([[1, 0.52, 0.96], [5, 0.52, 0.8], [8, 0.52, 0.8], [10, 0.72, 0.6], [12, 0.72, 0.15]]), ...traffic(10)], film, 1, 0],
  ['who goes the other way passes it as well', {}, [stalled, ...Array.from({ length: 8 }, (_, i) => bike([[i * 2, 0.25, 0.14], [i * 2 + 5, 0.25, 0.95]]))], film, 1, 0],
  ['those who turn off before they reach it do not pass it', {}, [stalled, ...Array.from({ length: 10 }, (_, i) => bike([[i * 2, 0.25, 0.96], [i * 2 + 2, 0.25, 0.75], [i * 2 + 3, 0.13, 0.75]]))], film, 0, 0],
  ['those who pass outside the zone do not count', { zone: [{ x: 0.4, y: 0.1 }, { x: 0.95, y: 0.1 }, { x: 0.95, y: 0.98 }, { x: 0.4, y: 0.98 }] }, [stalled, ...traffic(10)], film, 0, 0],
  ['one that creeps on all the time is not', {}, [car([[0, 0.5, 0.95], [26, 0.5, 0.3]]), ...traffic(10)], film, 0, 0],
  ['a bus that hides it for six seconds makes no second claim', {}, [{ ...stalled, hidden: [[17, 23]] }, ...traffic(10)], film, 1, 0],
  ['a number that changes before it is claimed does not save it', {}, [{ ...stalled, hidden: [[6, 10]] }, ...traffic(10)], film, 1, 0],
  ['a car called truck now and then is one car', {}, [{ ...stalled, called: [[4, 5, 'truck'], [9, 9.6, 'bus']] }, ...traffic(10)], film, 1, 0],
  ['a person who stands in the lane is no vehicle', {}, [person([[0, 0.5, 0.6], [30, 0.5, 0.6]]), ...traffic(10)], film, 0, 0],
  ['two far apart are two', {}, [stalled, car([[0, 0.8, 0.4], [1, 0.8, 0.26], [30, 0.8, 0.26]]), ...traffic(10)], film, 2, 0],
])('stalled vehicle: %s', checkFor(rule))

describe('stalled vehicle', () => everyKind({ rule, walkers: [stalled, ...traffic(10)], film, hoursEndAtSecond: 20 }))

test('the reason tells how long and how many, and the act began when it stood', () => {
  const [claim] = watchFilm([rule], [stalled, ...traffic(10)], { seconds: 20 })
  expect(claim?.reason).toMatchObject({ code: 'stalled_vehicle', class: 'car' })
  expect(Math.abs((claim?.sinceMs ?? 0) - 2900)).toBeLessThan(600)
  if (claim?.reason.code === 'stalled_vehicle') expect(claim.reason.passers).toBeGreaterThanOrEqual(4)
})

test.each<[string, object, RegExp]>([
  ['zone', { zone: [] }, /three points/],
  ['dwellMsMin', { dwellMsMin: -5 }, /negative/],
  ['passersMin', { passersMin: 0 }, /at least 1/],
])('stalled vehicle: a wrong %s is refused by its name', (field, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('stalled vehicle: a complete rule is taken', () => expectTaken(rule))
