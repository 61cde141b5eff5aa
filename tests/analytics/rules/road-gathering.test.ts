import type { RoadGatheringRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { checkClaims, checkFault, sayBy, type Case, type FaultCase } from './claim-table.js'
import { watchFilm, type Film, type Walker } from './walks.js'

const zone = [{ x: 0, y: 0.3 }, { x: 1, y: 0.3 }, { x: 1, y: 0.9 }, { x: 0, y: 0.9 }]
const rule: RoadGatheringRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'road_gathering', zone, countMin: 3, holdMsMin: 10_000 }
const film: Film = { seconds: 25, tremble: 0.08 }
const bike = (way: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'two_wheeler', size: [0.05, 0.12], way, ...more })
const person = (way: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'person', size: [0.03, 0.12], way, ...more })
const standing = (x: number, from = 0, to = 60, more: Partial<Walker> = {}): Walker => bike([[from, x, 0.6], [to, x, 0.6]], more)
/** A size is .089 of the height here, .067 of the width. */
const three = (x: number, from = 0, to = 60): Walker[] => [standing(x, from, to), standing(x + 0.1, from, to), person([[from, x + 0.16, 0.6], [to, x + 0.16, 0.6]])]
/** A queue that comes, stands and moves on, all of it within `to`. */
const queue = (from: number, to: number): Walker[] => [0, 1, 2, 3].map((i) => bike([[from, 0.1 + i * 0.12, 0.9], [from + 3, 0.1 + i * 0.12, 0.6], [to, 0.1 + i * 0.12, 0.6], [to + 3, 0.1 + i * 0.12, 0.2]]))

test.each<Case>([
  ['three who stand together are one claim', rule, three(0.3), film, 1, 0],
  ['at 3 frames a second too', rule, three(0.3), { ...film, fps: 3 }, 1, 0],
  ['and at 10', rule, three(0.3), { ...film, fps: 10 }, 1, 0],
  ['it ends when they have left', rule, three(0.3, 0, 15), { ...film, seconds: 45 }, 1, 1],
  ['two are not three', rule, [standing(0.3), standing(0.4)], film, 0, 0],
  ['three who stand far from each other are no group', rule, [standing(0.05), standing(0.45), standing(0.9)], film, 0, 0],
  ['a queue that moves on with the light is none', rule, queue(0, 10), film, 0, 0],
  ['nor is the next queue in the same place', rule, [...queue(0, 9), ...queue(13, 22)], film, 0, 0],
  ['a queue that creeps is none', rule, [0, 1, 2].map((i) => bike([0, 6, 12, 18, 24].flatMap((s, k) => [[s, 0.3 + i * 0.1, 0.85 - k * 0.1], [s + 5, 0.3 + i * 0.1, 0.85 - k * 0.1]] as const))), film, 0, 0],
  ['who passes a group does not make it one', rule, [standing(0.3), standing(0.4), ...[0, 3, 6, 9, 12, 15, 18].map((s) => bike([[s, 0.35, 0.9], [s + 4, 0.35, 0.2]]))], film, 0, 0],
  ['two groups are two', rule, [...three(0.05), ...three(0.75)], film, 2, 0],
  ['who joins later is of the group', rule, [...three(0.3), standing(0.54, 14), standing(0.64, 15)], film, 1, 0],
  ['one who goes and another who comes change nothing', rule, [standing(0.3), standing(0.4), standing(0.5, 0, 14), standing(0.6, 16)], { ...film, seconds: 40 }, 1, 0],
  ['a bus that hides them for six seconds makes no second claim', rule, [0.3, 0.4, 0.5].map((x) => standing(x, 0, 60, { hidden: [[13, 19]] })), { ...film, seconds: 35 }, 1, 0],
  ['and before the claim does not start the count anew', { ...rule, holdMsMin: 15_000 }, [0.3, 0.4, 0.5].map((x) => standing(x, 0, 60, { hidden: [[5, 11]] })), film, 1, 0],
  ['a claimed group whose middle leaves is one group still', { ...rule, countMin: 2 }, [standing(0.3), standing(0.38, 0, 15), standing(0.46, 0, 15), standing(0.54, 0, 15), standing(0.62)], { ...film, seconds: 40 }, 1, 0],
  ['cars are no part of it', rule, [...three(0.3).slice(0, 2), { class: 'car', size: [0.1, 0.12], way: [[0, 0.5, 0.6], [60, 0.5, 0.6]] }], film, 0, 0],
  ['on the pavement, an exclusion, they may stand', { ...rule, exclusions: [zone] }, three(0.3), film, 0, 0],
  ['with a permit too', { ...rule, permits: [{ area: null, fromMs: 0, toMs: 60_000, reference: 'GP 12' }] }, three(0.3), film, 0, 0],
  // A jam in which nobody moves by his own length for all of holdMsMin looks as a gathering does: it has to be longer than any jam.
  ['known wrong: a queue that does not move at all for so long is claimed', rule, queue(0, 16), film, 1, 0],
])('road gathering: %s', checkClaims)

test('the claim grows with the group, and is dated from the third who came', () => {
  const said = watchFilm([rule], [...three(0.3), standing(0.54, 14)], { seconds: 25 })
  const counts = said.map((o) => (o.reason.code === 'road_gathering' ? o.reason.count : 0))
  expect([counts[0], counts.at(-1)]).toEqual([3, 4])
  expect(said[0]?.sinceMs).toBeLessThan(1000)
})

test('when the hours end, the claim ends', () => {
  const night = { ...rule, hours: [{ days: [5], from: '22:00', to: '05:00' }] }
  const clock = (second: number) => ({ weekday: 6, minuteOfDay: second < 20 ? 60 : 5 * 60 })
  expect(sayBy(night, three(0.3), film, clock)).toEqual(['began 10', 'ended 20'])
})

test.each<FaultCase>([
  ['a group of one', { ...rule, countMin: 1 }, 'countMin', /at least 2/],
  ['no time', { ...rule, holdMsMin: undefined }, 'holdMsMin', /missing/],
])('%s is refused by its field', checkFault)
