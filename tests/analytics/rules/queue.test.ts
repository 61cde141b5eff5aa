import { KINDS } from '../../../analytics/rules/kinds.js'
import type { CongestionRule, QueueRule, Rule } from '../../../analytics/rules/rule.js'
import type { Step, Track } from '../../../analytics/track/track.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, bus, car, checkFor, everyKind, expectClaims, expectRefused, expectTaken, person, type Case } from './claims.js'
import { watchFilm, type Film, type Walker } from './walks.js'

const zone = [{ x: 0.05, y: 0.2 }, { x: 0.95, y: 0.2 }, { x: 0.95, y: 0.95 }, { x: 0.05, y: 0.95 }]
const queue: QueueRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'queue', zone, countMin: 4, holdMsMin: 5000 }
const film: Film = { seconds: 24, tremble: 0.04 }

/** A row across the picture that stands from one second to another and then drives off upwards. */
const row = (count: number, to: number, more: Partial<Walker> = {}): Walker[] => Array.from({ length: count }, (_, i) => bike([[0, 0.15 + i * 0.12, 0.6], [to, 0.15 + i * 0.12, 0.6], [to + 3, 0.15 + i * 0.12, 0.1]], more))
/** Three cars side by side, seen from behind, and before them bikes whose boxes end at this height: a car's reaches from .46 to .6. */
const behind = [0.2, 0.5, 0.8].map((x) => car([[0, x, 0.6], [20, x, 0.6]]))
const before = (y: number): Walker[] => [0.2, 0.5].map((x) => bike([[0, x, y], [20, x, y]]))
const upToTheLine = { zone: zone.map(({ x, y }) => ({ x, y: Math.max(y, 0.5) })) }
/** The same row, always on its way: later ones follow at the same places. */
const stream = (size: number, secondsEach: number): Walker[] => Array.from({ length: 12 }, (_, i) => bike([[i * secondsEach / size, 0.15 + (i % size) * 0.12, 0.98], [i * secondsEach / size + secondsEach, 0.15 + (i % size) * 0.12, 0.1]]))

test.each<Case<QueueRule>>([
  ['enough that stand for long enough are one claim, and it ends when they have driven off', {}, row(5, 12), film, 1, 1],
  ['one too few is not', {}, row(3, 20), film, 0, 0],
  ['enough for a moment is not', {}, row(5, 4), film, 0, 0],
  ['as many that drive through are not', {}, stream(6, 6), film, 0, 0],
  ['half of them standing, half driving past, are not enough', {}, [...row(3, 22), ...stream(3, 6).map((one) => ({ ...one, way: one.way.map(([s, x, y]) => [s, x + 0.42, y] as const) }))], film, 0, 0],
  ['those who creep on all the time do not stand', {}, Array.from({ length: 5 }, (_, i) => bike([[0, 0.15 + i * 0.12, 0.9], [24, 0.15 + i * 0.12, 0.25]])), film, 0, 0],
  ['a bus that hides two of them for three seconds neither ends it nor makes another', {}, [...row(2, 23), ...row(4, 23, { hidden: [[12, 15]] }).slice(2)], film, 1, 0],
  ['one who is not found for long, as in the dark behind the next, stands there still', {}, [...row(3, 23), ...row(4, 23, { hidden: [[3, 16]] }).slice(3)], { ...film, seconds: 15 }, 1, 0],
  ['but no more of them are believed than others are seen', {}, [...row(1, 23), ...row(5, 23, { hidden: [[3, 16]] }).slice(1)], { ...film, seconds: 15 }, 0, 0],
  ['nor are those who were seen to drive off', {}, [...row(3, 23), ...row(4, 4).slice(3)], film, 0, 0],
  ['low scores do not matter: it is told by their places', {}, row(5, 20, { score: 0.46 }), film, 1, 0],
  ['one who leaves, the next closing up, do not end it', {}, [...row(4, 23), bike([[0, 0.75, 0.6], [10, 0.75, 0.6], [12, 0.75, 0.1]]), bike([[9, 0.75, 0.9], [12, 0.75, 0.6], [24, 0.75, 0.6]])], film, 1, 0],
  ['cars and buses queue, too', {}, [car([[0, 0.2, 0.5], [20, 0.2, 0.5]]), car([[0, 0.5, 0.5], [20, 0.5, 0.5]]), car([[0, 0.2, 0.8], [20, 0.2, 0.8]]), bus([[0, 0.8, 0.8], [20, 0.8, 0.8]])], { ...film, seconds: 18 }, 1, 0],
  ['those at its front, whose wheels the next ones hide, are of it, though they seem to stand beyond the zone', upToTheLine, [...behind, ...before(0.49)], { ...film, seconds: 18 }, 1, 0],
  ['who waits beyond the zone, his wheels seen, is not', upToTheLine, [...behind, ...before(0.45)], { ...film, seconds: 18 }, 0, 0],
  ['nor is he whose wheels somebody hides who only drives past', upToTheLine, [...behind.slice(1), ...before(0.49), ...Array.from({ length: 10 }, (_, i) => car([[i * 2, -0.1, 0.6], [i * 2 + 4, 1.1, 0.6]]))], { ...film, seconds: 18 }, 0, 0],
  ['people waiting are no vehicles', {}, Array.from({ length: 6 }, (_, i) => person([[0, 0.15 + i * 0.12, 0.6], [24, 0.15 + i * 0.12, 0.6]])), film, 0, 0],
  ['the next red, with time to drain between, is another', {}, [...row(5, 10), ...row(5, 10).map((one) => ({ ...one, way: one.way.map(([s, x, y]) => [s + 18, x, y] as const) }))], { ...film, seconds: 30 }, 2, 1],
])('queue: %s', checkFor(queue))

describe('queue', () => everyKind({ rule: queue, walkers: row(5, 22), film: { ...film, seconds: 18 }, hoursEndAtSecond: 14 }))

/** Each second: whom the tracker sees at that place, by his number. */
type Numbered = readonly (readonly [from: number, trackId: number, x: number, y: number])[]

test.each<[sentence: string, seen: Numbered, begun: number]>([
  ['the number of the second goes to the place of the first, whose own is lost: both stand', [[0, 1, 0.5, 0.5], [0, 2, 0.5, 0.57], [4, 2, 0.5, 0.5]], 1],
  ['the second drives away from behind the first: he stands there no more', [[0, 1, 0.5, 0.5], [0, 2, 0.5, 0.57], [4, 1, 0.5, 0.5], [4, 2, 0.58, 0.5]], 0],
])('queue, two by their numbers: %s', (_, seen, begun) => {
  const pair: Rule = { ...queue, countMin: 2 }
  let memory = KINDS.queue.begin(pair)
  const paths = new Map<number, Step[]>()
  const said = Array.from({ length: 60 }, (_, i) => i * 200).flatMap((atMs) => {
    const since = seen.findLast(([from]) => from * 1000 <= atMs)![0]
    const tracks = seen.filter(([from]) => from === since).map(([, id, x, y]): Track => {
      // Who drives away does so all the time.
      const at = { x: x === 0.58 ? x + atMs / 40_000 : x, y }
      const box = { x1: at.x - 0.02, y1: y - 0.1, x2: at.x + 0.02, y2: y }
      const path = [...(paths.get(id) ?? []), { atMs, at, box }]
      paths.set(id, path)
      return { id, class: 'two_wheeler', score: 0.8, state: 'confirmed', box, at, firstAtMs: 0, lastSeenAtMs: atMs, path }
    })
    const [next, words] = memory.step(tracks, { atMs, aspect: 4 / 3, hour: 12, armed: true, lamp: null, changes: [], view: null })
    memory = next
    return words
  })
  expectClaims(said, begun, 0)
})

const jam: CongestionRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'congestion', zone, countMin: 5, speedMax: 0.5, holdMsMin: 5000 }
/** Up the picture at this many own sizes (0.09 heights) a second. */
const crawl = (count: number, speed: number, seconds: number): Walker[] => Array.from({ length: count }, (_, i) => bike([[0, 0.12 + (i % 7) * 0.12, 0.9 - Math.floor(i / 7) * 0.2], [seconds, 0.12 + (i % 7) * 0.12, 0.9 - Math.floor(i / 7) * 0.2 - speed * 0.0894 * seconds]]))

test.each<Case<CongestionRule>>([
  ['many that crawl for long enough are one claim', {}, crawl(7, 0.3, 20), { ...film, seconds: 18 }, 1, 0],
  ['many that stand are, too', {}, crawl(7, 0, 20), { ...film, seconds: 18 }, 1, 0],
  ['as many that flow are not', {}, stream(7, 4), film, 0, 0],
  ['a few that crawl are not', {}, crawl(4, 0.3, 20), { ...film, seconds: 18 }, 0, 0],
  ['many that crawl for a moment are not', {}, crawl(7, 0.3, 4), film, 0, 0],
  ['two parked among many that flow are not: the middle one of the speeds counts', {}, [...crawl(2, 0, 20), ...Array.from({ length: 24 }, (_, i) => bike([[i * 0.8, 0.4 + (i % 5) * 0.12, 0.98], [i * 0.8 + 5, 0.4 + (i % 5) * 0.12, 0.1]]))], { ...film, seconds: 18 }, 0, 0],
  ['it ends when they get going', {}, crawl(7, 0.2, 12).map((one) => ({ ...one, way: [...one.way, [15, one.way[1]?.[1] ?? 0, 0.1] as const] })), film, 1, 1],
  ['a start of two seconds in a wave does not end it', {}, crawl(7, 0, 12).map((one) => ({ ...one, way: [...one.way, [13.5, one.way[1]?.[1] ?? 0, 0.75] as const, [24, one.way[1]?.[1] ?? 0, 0.74] as const] })), film, 1, 0],
])('congestion: %s', checkFor(jam))

describe('congestion', () => everyKind({ rule: jam, walkers: crawl(7, 0.3, 22), film: { ...film, seconds: 18 }, hoursEndAtSecond: 14 }))

test('the reasons tell how many, how fast and how long; both began when the state did, not when it was believed', () => {
  const [waiting] = watchFilm([queue], row(5, 20), { seconds: 12 })
  expect(waiting?.reason).toEqual({ code: 'queue', count: 5, countMin: 4, heldMs: 5000 })
  expect(waiting?.sinceMs).toBeLessThan(4000)
  const [crawling] = watchFilm([jam], crawl(7, 0.3, 20), { seconds: 12 })
  expect(crawling?.reason).toMatchObject({ code: 'congestion', count: 7, countMin: 5, speed: 0.3 })
})

test('those whom nobody saw for half a minute did not stand there meanwhile: the count begins anew', () => {
  const walkers = row(5, 60, { hidden: [[3, 40]] })
  expectClaims(watchFilm([queue], walkers, { ...film, seconds: 44 }), 0, 0)
})

test.each<[string, object, object, RegExp]>([
  ['zone', queue, { zone: [] }, /three points/],
  ['countMin', queue, { countMin: 0 }, /at least 1/],
  ['holdMsMin', queue, { holdMsMin: undefined }, /missing/],
  ['speedMax', jam, { speedMax: 0 }, /at least 0.05/],
  ['countMin', jam, { countMin: 2.5 }, /whole number/],
])('queue and congestion: a wrong %s is refused by its name', (field, rule, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('queue and congestion: complete rules are taken', () => {
  expectTaken(queue)
  expectTaken(jam)
})
