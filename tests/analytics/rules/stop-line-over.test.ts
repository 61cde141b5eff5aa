import type { StopLineOverRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, bus, car, checkFor, everyKind, expectRefused, expectTaken, person, type Case } from './claims.js'
import { LAMP_BOX, watchFilm, type Film } from './walks.js'

const rule: StopLineOverRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'stop_line_over', stopLine: [{ x: 0.2, y: 0.6 }, { x: 0.8, y: 0.6 }], direction: { x: 0, y: -1 }, lamp: { box: LAMP_BOX, order: 'vertical' }, holdMsMin: 2000, phaseMsMax: 180_000 }
const film: Film = { seconds: 14, tremble: 0.04, lamp: [[0, 'red']] }
/** A two-wheeler is 0.09 high and wide, a car 0.17: this is half a size over the line for the one, a third for the other. */
const over = bike([[0, 0.5, 0.9], [4, 0.5, 0.55], [14, 0.5, 0.55]])

test.each<Case<StopLineOverRule>>([
  ['who comes to stand over the line on red is claimed once', {}, [over], film, 1, 0],
  ['green ends it', {}, [over], { ...film, lamp: [[0, 'red'], [10, 'green']] }, 1, 1],
  ['who stands before the line is not', {}, [bike([[0, 0.5, 0.9], [4, 0.5, 0.63], [14, 0.5, 0.63]])], film, 0, 0],
  ['who stands with the wheels on the line, not clear of it, is not', {}, [bike([[0, 0.5, 0.9], [4, 0.5, 0.595], [14, 0.5, 0.595]])], { ...film, tremble: 0.08 }, 0, 0],
  ['who stood there before red began, caught in a jam, is not', {}, [over], { ...film, lamp: [[0, 'green'], [6, 'red']] }, 0, 0],
  ['who was over the line on yellow and came to rest on red is not', {}, [over], { ...film, lamp: [[0, 'yellow'], [3.8, 'red']] }, 0, 0],
  ['who stands there when the watching begins is not', {}, [bike([[0, 0.5, 0.55], [14, 0.5, 0.55]])], film, 0, 0],
  ['who drives on over the line on red is not: that is red_light', {}, [bike([[0, 0.5, 0.9], [6, 0.5, 0.2]])], film, 0, 0],
  ['who halts for a moment and drives on is not', {}, [bike([[0, 0.5, 0.9], [4, 0.5, 0.55], [5.4, 0.5, 0.55], [7, 0.5, 0.3]])], film, 0, 0],
  ['who waits in the middle of the junction is not', {}, [bike([[0, 0.5, 0.9], [4, 0.5, 0.4], [14, 0.5, 0.4]])], film, 0, 0],
  ['who stops beside the end of the line is not', {}, [bike([[0, 0.9, 0.9], [4, 0.9, 0.55], [14, 0.9, 0.55]])], film, 0, 0],
  ['who comes from the cross street and waits there was never before the line', {}, [bike([[0, 0.1, 0.5], [4, 0.5, 0.55], [14, 0.5, 0.55]])], film, 0, 0],
  ['on green, yellow and with no lamp to be seen nobody is', {}, [over], { ...film, lamp: [[0, 'green']] }, 0, 0],
  ['who creeps on over the line in two moves is claimed once', {}, [bike([[0, 0.5, 0.9], [4, 0.5, 0.56], [8, 0.5, 0.56], [9, 0.5, 0.51], [14, 0.5, 0.51]])], film, 1, 0],
  ['who rolls back behind the line ends it, and another move in the same red is the same matter', {}, [bike([[0, 0.5, 0.9], [3, 0.5, 0.55], [7, 0.5, 0.55], [8, 0.5, 0.66], [9, 0.5, 0.66], [10, 0.5, 0.55], [14, 0.5, 0.55]])], film, 1, 1],
  ['the next red is another matter', {}, [over, bike([[16, 0.4, 0.9], [20, 0.4, 0.55], [28, 0.4, 0.55]])], { ...film, seconds: 28, lamp: [[0, 'red'], [10, 'green'], [15, 'red']] }, 2, 1],
  ['two side by side are two', {}, [over, car([[0, 0.3, 0.9], [4, 0.3, 0.52], [14, 0.3, 0.52]])], film, 2, 0],
  ['a bus that hides him for three seconds makes no second claim', {}, [{ ...over, hidden: [[8, 11]] }], film, 1, 0],
  ['a number that changes before he is claimed does not save him', {}, [{ ...over, hidden: [[5, 8]] }], film, 1, 0],
  ['a car called truck now and then is one car', {}, [car([[0, 0.5, 0.9], [4, 0.5, 0.53], [14, 0.5, 0.53]], { called: [[3, 4, 'truck'], [6, 6.5, 'bus']] })], film, 1, 0],
  ['a bus is one, too', {}, [bus([[0, 0.5, 0.95], [4, 0.5, 0.5], [14, 0.5, 0.5]])], film, 1, 0],
  ['a person waiting on the crossing is no vehicle', {}, [person([[0, 0.5, 0.9], [4, 0.5, 0.55], [14, 0.5, 0.55]])], film, 0, 0],
  ['one frame of glare in the lamp changes nothing', {}, [over], { ...film, lamp: [[0, 'red'], [6, 'green'], [6.15, 'red']] }, 1, 0],
])('stop line over: %s', checkFor(rule))

describe('stop line over', () => everyKind({ rule, walkers: [over], film, hoursEndAtSecond: 11 }))

test('the reason tells how far over, how long, and how long the lamp had been red; the act began when it stood', () => {
  const [claim] = watchFilm([rule], [over], { seconds: 14, lamp: [[0, 'green'], [2, 'red']] })
  expect(claim?.reason).toMatchObject({ code: 'stop_line_over', class: 'two_wheeler', overSizes: 0.6 })
  expect(claim?.sinceMs).toBeGreaterThan(3600)
  expect(claim?.sinceMs).toBeLessThan(4300)
  if (claim?.reason.code === 'stop_line_over') expect(claim.reason.redForMs).toBe(claim.sinceMs - 2000)
})

test.each<[string, object, RegExp]>([
  ['stopLine', { stopLine: [{ x: 0.2, y: 0.6 }] }, /two points/],
  ['direction', { direction: { x: 0, y: 0 } }, /nowhere/],
  ['lamp', { lamp: undefined }, /missing/],
  ['holdMsMin', { holdMsMin: -1 }, /negative/],
])('stop line over: a wrong %s is refused by its name', (field, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('stop line over: a complete rule is taken', () => expectTaken(rule))
