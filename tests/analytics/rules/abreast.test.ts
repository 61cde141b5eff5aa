import type { AbreastRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, car, checkFor, everyKind, expectRefused, expectTaken, type Case } from './claims.js'
import { watchFilm, type Film, type Walker } from './walks.js'

const zone = [{ x: 0.05, y: 0.1 }, { x: 0.95, y: 0.1 }, { x: 0.95, y: 0.99 }, { x: 0.05, y: 0.99 }]
const rule: AbreastRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'abreast', zone, direction: { x: 0, y: -1 }, countMin: 3, holdMsMin: 3000 }
const film: Film = { seconds: 14, tremble: 0.04 }
/** Up the picture in ten seconds, at 0.9 of a size a second. */
const up = (x: number, later = 0, more: Partial<Walker> = {}): Walker => bike([[later, x, 0.98], [later + 10, x, 0.15]], more)
const three = [up(0.4), up(0.5), up(0.6)]

test.each<Case<AbreastRule>>([
  ['three side by side are one claim for the row, and it ends when they have left', {}, three, film, 1, 1],
  ['two are not, where three are meant', {}, three.slice(0, 2), film, 0, 0],
  ['five are one row', {}, [up(0.3), up(0.4), up(0.5), up(0.6), up(0.7)], film, 1, 1],
  ['two rows far apart are two', {}, [up(0.1), up(0.18), up(0.26), up(0.7), up(0.78), up(0.86)], film, 2, 2],
  ['three behind each other are not', {}, [up(0.5), up(0.5, 1.5), up(0.5, 3)], film, 0, 0],
  ['three in echelon, each a length behind the other, are not', {}, [up(0.4), up(0.5, 1.2), up(0.6, 2.4)], film, 0, 0],
  ['four in echelon, each a little behind his neighbour, are not', {}, [up(0.35), up(0.45, 0.45), up(0.55, 0.9), up(0.65, 1.35)], film, 0, 0],
  ['a stream that fills the road and goes at one pace is not: everybody has somebody beside him', {}, [0, 1.1, 2.2, 3.3].flatMap((later) => [0.2, 0.3, 0.4, 0.5].map((x) => up(x, later))), film, 0, 0],
  ['three in three lanes, four widths apart, are not', {}, [up(0.2), up(0.42), up(0.64)], film, 0, 0],
  ['three who wait side by side at a light are not', {}, [0.4, 0.5, 0.6].map((x) => bike([[0, x, 0.6], [14, x, 0.6]])), { ...film, tremble: 0.08 }, 0, 0],
  ['three who come up to the light one by one, wait and start together are not, if they part soon', {}, [0.4, 0.5, 0.6].map((x, i) => bike([[i * 1.2, x, 0.9], [i * 1.2 + 3, x, 0.6], [9, x, 0.6], [11 - i * 0.5, x, 0.35], [13 - i, x, 0.12]])), film, 0, 0],
  ['one who overtakes two is not', {}, [up(0.4), up(0.5), bike([[2, 0.6, 0.98], [7, 0.6, 0.1]])], film, 0, 0],
  ['three who ride the other way are not what the rule watches', {}, [0.4, 0.5, 0.6].map((x) => bike([[0, x, 0.15], [10, x, 0.98]])), film, 0, 0],
  ['two one way and one the other are not', {}, [up(0.4), up(0.5), bike([[0, 0.6, 0.15], [10, 0.6, 0.98]])], film, 0, 0],
  ['a car beside two riders is not', {}, [up(0.4), up(0.5), car([[0, 0.65, 0.98], [10, 0.65, 0.15]])], film, 0, 0],
  ['a fourth who joins and one who falls back make no second claim', {}, [up(0.4), up(0.5), up(0.6), bike([[0, 0.7, 0.98], [2, 0.7, 0.95], [5, 0.7, 0.57], [10, 0.7, 0.15]])], film, 1, 1],
  ['a number that changes while he is hidden makes no second claim', {}, [up(0.4), up(0.5, 0, { hidden: [[5, 5.9]] }), up(0.6)], film, 1, 1],
  ['the middle one, lost for a moment before they are claimed, does not save them', {}, [up(0.4), up(0.5, 0, { hidden: [[2, 2.9]] }), up(0.6)], film, 1, 1],
  ['one rider under two boxes is one', {}, [up(0.4), up(0.5), up(0.515, 0, { score: 0.6 })], film, 0, 0],
])('abreast: %s', checkFor(rule))

describe('abreast', () => everyKind({ rule, walkers: three, film, hoursEndAtSecond: 7 }))

/** A stream as dense as Hanoi's: everybody at his own pace, whom chance puts side by side. */
test.each([1, 2, 3, 4, 5, 6])('a dense stream in which everybody rides at his own pace is no row (seed %i)', (seed) => {
  const chance = (i: number): number => Math.abs(Math.sin(i * 12.9898 + seed * 78.233) * 43758.5453) % 1
  const stream = Array.from({ length: 24 }, (_, i) => {
    const from = chance(i) * 12
    const x = 0.15 + chance(i + 100) * 0.7
    return bike([[from, x, 0.98], [from + 5 + chance(i + 200) * 5, x + (chance(i + 300) - 0.5) * 0.1, 0.12]])
  })
  expect(watchFilm([{ ...rule, holdMsMin: 6000 }], stream, { ...film, seconds: 20 })).toEqual([])
})

test('the reason tells how many and how long, all of them are witnesses, and the act began when they were level', () => {
  const [claim] = watchFilm([rule], three, { seconds: 10 })
  expect(claim?.reason).toMatchObject({ code: 'abreast', count: 3, countMin: 3 })
  expect(claim?.witnesses.length).toBe(3)
  expect(claim?.sinceMs).toBeLessThan(1500)
})

test.each<[string, object, RegExp]>([
  ['zone', { zone: zone.slice(0, 2) }, /three points/],
  ['direction', { direction: { x: 0, y: 0 } }, /nowhere/],
  ['countMin', { countMin: 1 }, /at least 2/],
  ['holdMsMin', { holdMsMin: undefined }, /missing/],
])('abreast: a wrong %s is refused by its name', (field, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('abreast: a complete rule is taken', () => expectTaken(rule))
