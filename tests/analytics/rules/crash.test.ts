import type { CrashRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, bus, car, checkFor, everyKind, expectRefused, expectTaken, person, type Case } from './claims.js'
import { watchFilm, type Film, type Walker } from './walks.js'

const zone = [{ x: 0.02, y: 0.1 }, { x: 0.98, y: 0.1 }, { x: 0.98, y: 0.98 }, { x: 0.02, y: 0.98 }]
const rule: CrashRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'crash', zone, stillMsMin: 6000 }
const film: Film = { seconds: 20, tremble: 0.04 }
/** A car is 0.16 wide: at 0.5 it reaches from 0.42 to 0.58, so one at 0.35 touches it. 0.24 of the width a second is 1.9 of its sizes. */
const parked = car([[0, 0.5, 0.6], [30, 0.5, 0.6]])
const dead = (x: number, speed: number, more: Partial<Walker> = {}): Walker => car([[2.6, x - speed * 1.4, 0.6], [4, x, 0.6], [30, x, 0.6]], more)
/** Of a motorbike that stands at 0.5, what a passer-by before it leaves to be seen. */
const part = (x: number, from: number, to: number): Walker => bike([[from, x, 0.62], [to, x, 0.62]], { size: [0.018, 0.12] })
/** From full speed to standing with an even loss of speed over so many seconds. */
const gently = (x: number, speed: number, seconds: number): Walker => {
  const way = (speed * seconds) / 2
  const braking = Array.from({ length: 11 }, (_, i): [number, number, number] => [4 + (seconds * i) / 10, x - way * (1 - i / 10) ** 2, 0.6])
  return car([[3, x - way - speed, 0.6], ...braking, [30, x, 0.6]])
}

test.each<Case<CrashRule>>([
  ['who runs into a standing car, stops dead and stays is claimed once', {}, [parked, dead(0.35, 0.24)], film, 1, 0],
  ['a motorbike that runs into its side is', {}, [parked, bike([[2, 0.5, 0.98], [4, 0.5, 0.62], [30, 0.5, 0.65]])], film, 1, 0],
  ['one so fast that the blow costs it its number is', {}, [parked, bike([[2.6, 0.02, 0.6], [3.4, 0.395, 0.6], [30, 0.395, 0.6]])], film, 1, 0],
  ['one whose number then goes to somebody who passes beyond is, too', {}, [parked, bike([[2.6, 0.02, 0.6], [3.4, 0.395, 0.6], [30, 0.395, 0.6]]), bike([[4, 0.6, 0.6], [5.7, 1.1, 0.6]])], film, 1, 0],
  ['one that is not found for a second after the blow, as who lies in the dark is not, is', {}, [parked, bike([[2.6, 0.02, 0.6], [3.4, 0.395, 0.6], [30, 0.395, 0.6]], { hidden: [[3.5, 4.3]] })], film, 1, 0],
  ['one whose rider has a number of his own from right before the blow on, which then is that of both, is', {}, [parked, bike([[2.6, 0.02, 0.6], [3.4, 0.395, 0.6], [30, 0.395, 0.6]], { hidden: [[3.5, 3.9]] }), bike([[3.3, 0.395, 0.57], [3.9, 0.395, 0.57]], { size: [0.03, 0.07] })], film, 1, 0],
  ['one that a passer-by hides but for its fore and then but for its rear, right after the blow, is', {}, [parked, bike([[2, 0.5, 0.98], [4, 0.5, 0.62], [30, 0.5, 0.62]], { hidden: [[4.5, 5.3]] }), part(0.515, 4.5, 4.9), part(0.485, 4.9, 5.3)], film, 1, 0],
  ['one that is found by half for two looks, seconds after the blow cost it its number, is', {}, [parked, bike([[2.6, 0.02, 0.6], [3.4, 0.395, 0.6], [30, 0.395, 0.6]], { hidden: [[6.1, 6.5]] }), part(0.382, 6.1, 6.5)], film, 1, 0],
  ['who brakes as hard, then goes on behind the other and stops gently is not', {}, [car([[0, 0.5, 0.6], [8, 0.5, 0.6], [11, 0.7, 0.6], [30, 0.7, 0.6]]), car([[2.6, 0.01, 0.6], [4, 0.345, 0.6], [8, 0.345, 0.6], [12, 0.545, 0.6], [30, 0.545, 0.6]])], film, 0, 0],
  ['one that stands there and is first seen as somebody passes is not', {}, [parked, bike([[4, 0.395, 0.6], [30, 0.395, 0.6]]), bike([[2.6, 0.02, 0.62], [5, 1.1, 0.62]], { hidden: [[3.6, 4.1]] })], film, 0, 0],
  ['two that drive into each other are one crash', {}, [dead(0.35, 0.24), car([[2.6, 0.85, 0.6], [4, 0.51, 0.6], [30, 0.51, 0.6]])], film, 1, 0],
  ['it ends when one of them drives away', {}, [parked, car([[2.6, 0.01, 0.6], [4, 0.35, 0.6], [13, 0.35, 0.6], [15, 0.1, 0.6]])], film, 1, 1],
  ['a third who touches both is the same crash', {}, [parked, dead(0.35, 0.24), car([[4, 0.35, 0.98], [5.4, 0.4, 0.74], [30, 0.4, 0.74]])], film, 1, 0],
  ['who drives on after a moment, a near miss, is not', {}, [parked, car([[2.6, 0.01, 0.6], [4, 0.35, 0.6], [7, 0.35, 0.6], [9, 0.1, 0.75]])], film, 0, 0],
  ['a queue that closes up gently is not', {}, [parked, gently(0.345, 0.3, 3)], film, 0, 0],
  ['nor one that closes up slowly', {}, [parked, car([[0, 0.1, 0.6], [4, 0.35, 0.6], [30, 0.35, 0.6]])], { ...film, tremble: 0.02 }, 0, 0],
  ['who stops dead with a car length before the other is not', {}, [parked, dead(0.2, 0.1, { way: [[2, 0.02, 0.6], [2.6, 0.2, 0.6], [30, 0.2, 0.6]] })], film, 0, 0],
  ['two that stop side by side at a light, hard, are not', {}, [car([[2.6, 0.45, 0.98], [4, 0.45, 0.5], [30, 0.45, 0.5]]), car([[2.6, 0.61, 0.98], [4, 0.61, 0.5], [30, 0.61, 0.5]])], film, 0, 0],
  ['a car that drives past a standing one, boxes over each other, is not', {}, [parked, car([[2, 0.05, 0.64], [6, 0.95, 0.64]])], film, 0, 0],
  ['a car that a standing bus hides, and that is not seen again, is not', {}, [bus([[0, 0.6, 0.7], [30, 0.6, 0.7]]), car([[2, 0.05, 0.55], [4, 0.45, 0.55], [8, 0.95, 0.55]], { hidden: [[4, 20]] })], film, 0, 0],
  ['a car that a passing bus hides beside a standing one is not', {}, [parked, car([[0, 0.33, 0.6], [30, 0.33, 0.6]], { hidden: [[6, 9]] }), bus([[4, 0.05, 0.85], [9, 0.95, 0.85]])], film, 0, 0],
  ['one that stops dead behind another that is farther off, seen over it, is not', {}, [car([[0, 0.5, 0.4], [30, 0.5, 0.4]]), bus([[1, 0.2, 0.9], [3.4, 0.2, 0.9], [4, 0.45, 0.72], [30, 0.4, 0.72]])], film, 0, 0],
  ['parked cars that touch are not', {}, [parked, car([[0, 0.345, 0.6], [30, 0.345, 0.6]])], { ...film, tremble: 0.08 }, 0, 0],
  ['who runs into somebody on foot is not what this rule sees', {}, [person([[0, 0.5, 0.6], [30, 0.5, 0.6]]), dead(0.42, 0.2)], film, 0, 0],
  ['a bus that hides the wreck for five seconds makes no second claim', {}, [{ ...parked, hidden: [[12, 17]] }, dead(0.35, 0.24, { hidden: [[12, 17]] })], { ...film, seconds: 24 }, 1, 0],
  // A hard stop at the tail of a queue and a rear-end crash look alike in boxes. The hold must outlast what a queue stands.
  ['a known wrong answer: who brakes as hard as a crash, right behind another, and waits there is claimed', {}, [parked, dead(0.345, 0.24)], film, 1, 0],
  // Found under another number seconds later, it may have come from anywhere.
  ['a known wrong answer: who is lost at the blow and found under another number is not claimed', {}, [parked, dead(0.35, 0.24, { hidden: [[3.6, 6.8]] })], film, 0, 0],
])('crash: %s', checkFor(rule))

describe('crash', () => everyKind({ rule, walkers: [parked, dead(0.35, 0.24)], film, hoursEndAtSecond: 15 }))

test.each([0.8, 1, 1.2])('crash: an even braking of %f own sizes a second each second is none', (loss) => {
  const speed = 0.3
  const seconds = (speed * (4 / 3)) / 0.1728 / loss
  expect(watchFilm([rule], [parked, gently(0.35, speed, seconds)], { seconds: 20, tremble: 0.04 })).toEqual([])
})

test('the reason tells who ran into whom, how fast and how long they are still; the act began with the blow', () => {
  const [claim] = watchFilm([rule], [bike([[2, 0.5, 0.98], [4, 0.5, 0.62], [30, 0.5, 0.65]]), parked], { seconds: 20 })
  expect(claim?.reason).toMatchObject({ code: 'crash', class: 'two_wheeler', other: 'car', speed: 2 })
  expect(Math.abs((claim?.sinceMs ?? 0) - 4000)).toBeLessThan(400)
  expect(claim?.witnesses.length).toBe(2)
})

test.each<[string, object, RegExp]>([
  ['zone', { zone: [] }, /three points/],
  ['stillMsMin', { stillMsMin: 500 }, /at least 2 seconds/],
])('crash: a wrong %s is refused by its name', (field, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('crash: a complete rule is taken', () => expectTaken(rule))
