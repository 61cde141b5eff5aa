import type { UTurnRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, car, checkFor, everyKind, expectRefused, expectTaken, person, stepThrough, type Case } from './claims.js'
import { watchFilm, type Film, type Walker } from './walks.js'

const zone = [{ x: 0.05, y: 0.1 }, { x: 0.95, y: 0.1 }, { x: 0.95, y: 0.95 }, { x: 0.05, y: 0.95 }]
const rule: UTurnRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'u_turn', zone, turnDegMin: 140 }
const film: Film = { seconds: 14, tremble: 0.04 }

/** Up the right side, a half circle of this radius (in heights), down the left side. */
const round = (from: number, x: number, radius: number, turnS: number): Walker['way'] => [
  [from, x + radius / (4 / 3), 0.9],
  ...Array.from({ length: 13 }, (_, i): [number, number, number] => [from + 3 + (turnS * i) / 12, x + (Math.cos((Math.PI * i) / 12) * radius) / (4 / 3), 0.5 - Math.sin((Math.PI * i) / 12) * radius]),
  [from + 6 + turnS, x - radius / (4 / 3), 0.9],
]
const turner = bike(round(0, 0.5, 0.15, 3))

test.each<Case<UTurnRule>>([
  ['who turns round is claimed once, and it ends when he has left', {}, [bike([...round(0, 0.5, 0.15, 3), [9.6, 0.388, 1.1]])], film, 1, 1],
  ['a tight turn of a motorbike is one', {}, [bike(round(0, 0.5, 0.06, 2))], film, 1, 1],
  ['a wide one of a car is one', {}, [car(round(0, 0.5, 0.22, 4))], film, 1, 0],
  ['a turn in three moves is one', {}, [car([[0, 0.6, 0.9], [3, 0.6, 0.55], [5, 0.42, 0.42], [5.6, 0.42, 0.42], [7, 0.52, 0.36], [7.6, 0.52, 0.36], [9, 0.36, 0.52], [12, 0.34, 0.9]])], film, 1, 0],
  ['a turn that waits for a gap in the stream is one', {}, [bike([[0, 0.6, 0.9], [3, 0.6, 0.5], [3.6, 0.57, 0.45], [7.6, 0.57, 0.45], [9, 0.45, 0.42], [9.8, 0.4, 0.48], [13, 0.4, 0.9]])], film, 1, 0],
  ['who noses into a gateway, backs out and leaves the way he came has turned round', {}, [car([[0, 0.5, 0.9], [3, 0.5, 0.55], [5, 0.72, 0.45], [5.6, 0.72, 0.45], [7.5, 0.52, 0.42], [8.1, 0.52, 0.42], [11, 0.5, 0.9]])], film, 1, 0],
  ['a left turn is not', {}, [bike([[0, 0.6, 0.9], [3, 0.6, 0.5], [4, 0.56, 0.45], [7, 0.15, 0.45]])], film, 0, 0],
  ['a left turn seen slantwise, 120 degrees, is not', {}, [bike([[0, 0.6, 0.9], [3, 0.6, 0.5], [4, 0.56, 0.47], [7, 0.2, 0.68]])], film, 0, 0],
  ['who drives through is not', {}, [bike([[0, 0.6, 0.95], [8, 0.5, 0.1]])], { ...film, tremble: 0.08 }, 0, 0],
  ['who weaves through is not', {}, [bike([[0, 0.5, 0.95], [1.5, 0.6, 0.8], [3, 0.45, 0.65], [4.5, 0.6, 0.5], [6, 0.45, 0.35], [8, 0.5, 0.12]])], film, 0, 0],
  ['who has passed his gate and reverses straight is not', {}, [car([[0, 0.5, 0.9], [3, 0.5, 0.4], [4, 0.5, 0.4], [8, 0.5, 0.85]])], film, 0, 0],
  ['who parks backwards at the kerb is not', {}, [car([[0, 0.5, 0.9], [4, 0.5, 0.4], [5, 0.5, 0.4], [8, 0.62, 0.62], [14, 0.62, 0.62]])], film, 0, 0],
  ['who backs out of a parking place and drives off is not', {}, [car([[0, 0.3, 0.4], [2, 0.3, 0.4], [5, 0.45, 0.55], [6, 0.45, 0.55], [9, 0.45, 0.12]])], film, 0, 0],
  ['who stands and trembles is not', {}, [bike([[0, 0.5, 0.6], [14, 0.5, 0.6]])], { ...film, tremble: 0.08 }, 0, 0],
  ['two who pass each other closely, one up and one down, are none', {}, [bike([[0, 0.53, 0.9], [6, 0.53, 0.2]]), bike([[0, 0.47, 0.2], [6, 0.47, 0.9]])], { ...film, tremble: 0.06 }, 0, 0],
  ['nor are they when a bus hides both where they meet', {}, [bike([[0, 0.53, 0.9], [6, 0.53, 0.2]], { hidden: [[2.6, 3.5]] }), bike([[0, 0.47, 0.2], [6, 0.47, 0.9]], { hidden: [[2.6, 3.5]] })], film, 0, 0],
  ['who turns outside the zone is not', { zone: [{ x: 0.05, y: 0.6 }, { x: 0.4, y: 0.6 }, { x: 0.4, y: 0.95 }, { x: 0.05, y: 0.95 }] }, [turner], film, 0, 0],
  ['who walks to and fro is no vehicle', {}, [person(round(0, 0.5, 0.15, 3))], film, 0, 0],
  ['who is hidden on the way in and on the way out makes one claim', {}, [{ ...turner, hidden: [[1, 1.8], [8.2, 8.8]] }], film, 1, 1],
  ['two who turn one after the other are two', {}, [turner, bike(round(4, 0.5, 0.15, 3))], film, 2, 1],
  // Where nobody saw the turn itself, two vehicles look the same as one: a false claim would be worse.
  ['a known wrong answer: who is hidden for a second in the middle of the turn is not claimed', {}, [{ ...turner, hidden: [[3.8, 5]] }], film, 0, 0],
])('u-turn: %s', checkFor(rule))

describe('u-turn', () => everyKind({ rule, walkers: [turner], film, hoursEndAtSecond: 8 }))

/** Up for four seconds at 1.5 sizes a second, then what happens, then down. */
const up = (id: number): [number, number, number, number][] => Array.from({ length: 20 }, (_, i) => [i * 0.2, id, 0.5, 0.95 - i * 0.027])
const down = (id: number, from: number, x: number): [number, number, number, number][] => Array.from({ length: 15 }, (_, i) => [from + i * 0.2, id, x, 0.45 + i * 0.027])
/** A half circle of two sizes from the one way to the other, in three seconds. */
const half = (id: (i: number) => number): [number, number, number, number][] => Array.from({ length: 15 }, (_, i) => [4 + i * 0.2, id(i), 0.5 + 0.0675 * (1 - Math.cos((Math.PI * i) / 14)), 0.43 - 0.09 * Math.sin((Math.PI * i) / 14)])
/** Slantwise across its old way, as lanes run together in a picture: the bend ends at half the angle. */
const slantwise = Array.from({ length: 6 }, (_, i): [number, number, number, number] => [7 + i * 0.2, 1, 0.629 - i * 0.006, 0.45 + i * 0.02])

test.each<[string, [number, number, number, number][], number]>([
  ['a way out that begins in the bend and ends on a straight is one way, as long as both', [...up(1), ...half(() => 1), ...slantwise], 1],
  ['a turn seen whole under one number is one', [...up(1), ...half(() => 1), ...down(1, 7, 0.635)], 1],
  ['a number that jumps to who comes down one size beside is none', [...up(1), ...down(1, 4, 0.567)], 0],
  ['a number that jumps two sizes is none', [...up(1), ...down(1, 4, 0.634)], 0],
  ['a turn of which eight tenths of a second were not seen is none', [...up(1), ...half(() => 1).filter((_, i) => i < 6 || i > 9), ...down(1, 7, 0.635)], 0],
  ['a turn under two numbers is none: they may be two', [...up(1), ...half((i) => (i < 7 ? 1 : 2)), ...down(2, 7, 0.635)], 0],
])('u-turn: %s', (_, seen, begun) => {
  expect(stepThrough(rule, seen, [0.05, 0.12]).filter((o) => o.phase === 'began').length).toBe(begun)
})

test('the reason tells how far round and how quickly, and the act began where he left his way', () => {
  const [claim] = watchFilm([rule], [turner], { seconds: 10 })
  expect(claim?.reason).toMatchObject({ code: 'u_turn', class: 'two_wheeler' })
  expect(Math.abs((claim?.sinceMs ?? 0) - 3900)).toBeLessThan(700)
  if (claim?.reason.code === 'u_turn') expect(claim.reason.turnDeg).toBeGreaterThanOrEqual(140)
})

test.each<[string, object, RegExp]>([
  ['zone', { zone: zone.slice(0, 2) }, /three points/],
  ['turnDegMin', { turnDegMin: 90 }, /at least 100/],
  ['turnDegMin', { turnDegMin: '150' }, /number/],
])('u-turn: a wrong %s is refused by its name', (field, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('u-turn: a complete rule is taken', () => expectTaken(rule))
