import { longAxis } from '../../../analytics/geometry/long-axis.js'
import type { SidewalkDrivingRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, car, checkFor, everyKind, expectRefused, expectTaken, person, type Case } from './claims.js'
import { watchFilm, type Film } from './walks.js'

/** A pavement across the picture, 0.2 deep: two sizes of a two-wheeler. */
const pavement = [{ x: 0.02, y: 0.4 }, { x: 0.98, y: 0.4 }, { x: 0.98, y: 0.62 }, { x: 0.02, y: 0.62 }]
/** A two-wheeler is 0.09 of the height; 0.2 of the width is 0.27 of the height: three of its sizes. */
const rule: SidewalkDrivingRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'sidewalk_driving', zone: pavement, travelledMin: 3 }
const film: Film = { seconds: 14, tremble: 0.04 }
const along = bike([[0, 0.05, 0.55], [7, 0.9, 0.55], [8, 0.95, 0.8]])

test.each<Case<SidewalkDrivingRule>>([
  ['who rides along the pavement is claimed once, and it ends when he has left', {}, [along], film, 1, 1],
  ['who crosses it into a house is not', {}, [bike([[0, 0.5, 0.8], [3, 0.5, 0.5], [4, 0.5, 0.45], [5, 0.5, 0.3]])], film, 0, 0],
  ['nor where one and a half sizes are enough, although the pavement is deeper than that: only the way along it counts', { travelledMin: 1.5 }, [bike([[0, 0.5, 0.8], [3, 0.5, 0.3]])], film, 0, 0],
  ['who crosses it slantwise into a house is not', {}, [bike([[0, 0.4, 0.8], [2, 0.5, 0.55], [3.5, 0.56, 0.3]])], film, 0, 0],
  ['who pushes his machine along it is not', {}, [bike([[0, 0.1, 0.55], [14, 0.7, 0.55]])], { ...film, tremble: 0.08 }, 0, 0],
  ['who is parked there is not', {}, [bike([[0, 0.5, 0.55], [14, 0.5, 0.55]])], { ...film, tremble: 0.08 }, 0, 0],
  ['who rides up, two sizes along, and parks is not', {}, [bike([[0, 0.4, 0.8], [2, 0.42, 0.58], [3.2, 0.55, 0.55], [14, 0.55, 0.55]])], film, 0, 0],
  ['who rides on the road beside the kerb is not', {}, [bike([[0, 0.05, 0.66], [8, 0.95, 0.66]])], { ...film, tremble: 0.02 }, 0, 0],
  ['who shuttles back and forth to get into a gap is not', {}, [bike([[0, 0.4, 0.8], [2, 0.45, 0.55], [3, 0.55, 0.55], [4, 0.45, 0.55], [5, 0.55, 0.55], [6, 0.47, 0.55], [14, 0.47, 0.55]])], film, 0, 0],
  ['a person on foot is no vehicle', {}, [person([[0, 0.05, 0.55], [7, 0.9, 0.55]])], film, 0, 0],
  ['who stops for those on foot and rides on is claimed once', {}, [bike([[0, 0.05, 0.55], [3.5, 0.45, 0.55], [6.5, 0.45, 0.55], [10.5, 0.95, 0.55], [11, 0.99, 0.6]])], film, 1, 1],
  ['a number that changes while a tree hides him makes no second claim', {}, [{ ...along, hidden: [[3.6, 4.6]] }], film, 1, 1],
  ['a car is one, too', {}, [car([[0, 0.1, 0.55], [5, 0.9, 0.55], [6, 0.9, 0.8]])], film, 1, 1],
  ['two behind each other are two', {}, [along, bike([[4, 0.05, 0.55], [11, 0.9, 0.55], [12, 0.95, 0.8]])], film, 2, 2],
  // In a forecourt as deep as it is wide nobody can tell along from across: every way of three sizes counts. Draw pavements long.
  ['a known wrong answer: in a square forecourt, who crosses it far enough into a house is claimed', { zone: [{ x: 0.3, y: 0.3 }, { x: 0.7, y: 0.3 }, { x: 0.7, y: 0.8 }, { x: 0.3, y: 0.8 }] }, [bike([[0, 0.5, 0.95], [5, 0.5, 0.2]])], film, 1, 1],
])('sidewalk driving: %s', checkFor(rule))

describe('sidewalk driving', () => everyKind({ rule, walkers: [along], film, hoursEndAtSecond: 6 }))

test('the reason tells how far, and the act began where he was on the pavement first', () => {
  const [claim] = watchFilm([rule], [along], { seconds: 10 })
  expect(claim?.reason).toMatchObject({ code: 'sidewalk_driving', class: 'two_wheeler' })
  expect(claim?.sinceMs).toBeLessThan(700)
  if (claim?.reason.code === 'sidewalk_driving') expect(claim.reason.travelled).toBeCloseTo(3.2, 0)
})

test.each<[string, object, RegExp]>([
  ['zone', { zone: [] }, /three points/],
  ['travelledMin', { travelledMin: 0 }, /at least 1/],
  ['travelledMin', { travelledMin: undefined }, /missing/],
])('sidewalk driving: a wrong %s is refused by its name', (field, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('sidewalk driving: a complete rule is taken', () => expectTaken(rule))

test.each([
  ['a lying rectangle', [[0, 0], [4, 0], [4, 1], [0, 1]], 0, 4],
  ['a standing one, drawn the other way round', [[0.9, 0.9], [0.9, 0.1], [0.8, 0.1], [0.8, 0.9]], 90, 8],
  ['a slanting one, with many points on one edge', [[0, 0], [1, 1], [2, 2], [3, 3], [2.5, 3.5], [-0.5, 0.5]], 45, 6],
  ['a square', [[0, 0], [1, 0], [1, 1], [0, 1]], null, 1],
])('the long axis of %s', (_, corners, degrees, ratio) => {
  const axis = longAxis(corners.map(([x = 0, y = 0]) => ({ x, y })))
  expect(axis.ratio).toBeCloseTo(ratio, 6)
  if (degrees !== null) expect(Math.abs((Math.atan2(axis.direction.y, axis.direction.x) * 180) / Math.PI)).toBeCloseTo(degrees, 6)
})
