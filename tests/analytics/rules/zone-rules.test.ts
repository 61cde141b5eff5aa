import type { CrowdRule, IllegalStopRule, IntrusionRule, Rule, WrongWayRule } from '../../../analytics/rules/rule.js'
import { ROUND_THE_CLOCK, shoot, told, watchFilm, type Film, type Walker } from './walks.js'
import { makeWatch } from '../../../analytics/watch.js'
import { PLAIN } from '../../support/plain-rule.js'

const core = { id: 'r', name: 'a rule', ...PLAIN }
const zone = [{ x: 0.3, y: 0.3 }, { x: 0.7, y: 0.3 }, { x: 0.7, y: 0.9 }, { x: 0.3, y: 0.9 }]
const way: WrongWayRule = { ...core, kind: 'wrong_way', zone, allowed: { x: 0, y: -1 }, holdMsMin: 800 }
const stop: IllegalStopRule = { ...core, kind: 'illegal_stop', zone, dwellMsMin: 5000 }
const intruder: IntrusionRule = { ...core, kind: 'intrusion', zone, dwellMsMin: 2000 }
const people: CrowdRule = { ...core, kind: 'crowd', zone, countMin: 4, holdMsMin: 3000, timesUsual: null }

const bike = (steps: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'two_wheeler', size: [0.05, 0.12], way: steps, ...more })
const car = (steps: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'car', size: [0.16, 0.14], way: steps, ...more })
const walker = (steps: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'person', size: [0.03, 0.12], way: steps, ...more })
const film: Film = { seconds: 20, tremble: 0.04 }

type Case = [name: string, rule: Rule, walkers: Walker[], shot: Film, begun: number, ended: number]

test.each<Case>([
  ['who rides down where all ride up is claimed once, and it ends when he has left', way, [bike([[0, 0.5, 0.2], [8, 0.5, 0.95]])], film, 1, 1],
  ['who rides up is not', way, [bike([[0, 0.5, 0.95], [8, 0.5, 0.2]])], film, 0, 0],
  ['who crosses the street is not', way, [bike([[0, 0.2, 0.6], [8, 0.8, 0.6]])], film, 0, 0],
  ['who stands and trembles is not', way, [bike([[0, 0.5, 0.6], [15, 0.5, 0.6]])], { ...film, tremble: 0.08 }, 0, 0],
  ['who rolls back less than his own length is not', way, [bike([[0, 0.5, 0.6], [3, 0.5, 0.6], [5, 0.5, 0.66], [9, 0.5, 0.66]])], film, 0, 0],
  ['a change of number while he is hidden makes no second claim', way, [bike([[0, 0.5, 0.2], [10, 0.5, 0.95]], { hidden: [[5, 5.8]] })], film, 1, 1],
  ['two wrong-way riders are two', way, [bike([[0, 0.4, 0.2], [8, 0.4, 0.95]]), bike([[0, 0.6, 0.2], [8, 0.6, 0.95]])], film, 2, 2],
  ['who comes down outside and only cuts the corner is not', way, [bike([[0, 0.25, 0.2], [6, 0.25, 0.8], [7, 0.35, 0.86], [9, 0.35, 0.95]])], film, 0, 0],
  ['a row of riders going up, whose numbers may be confused, makes no claim', way, [0, 1, 2, 3, 4, 5].map((i) => bike([[i, 0.5, 0.95], [i + 5, 0.5, 0.2]])), { ...film, tremble: 0.06 }, 0, 0],
])('wrong way: %s', check)

test.each<Case>([
  ['who stops long enough is claimed once, and it ends when he drives off', stop, [car([[0, 0.5, 0.95], [3, 0.5, 0.6], [12, 0.5, 0.6], [14, 0.5, 0.2]])], film, 1, 1],
  ['who stops for a moment is not', stop, [car([[0, 0.5, 0.95], [3, 0.5, 0.6], [6, 0.5, 0.6], [8, 0.5, 0.2]])], film, 0, 0],
  ['who creeps on in a queue is not', stop, [car([[0, 0.5, 0.9], [3, 0.5, 0.9], [4, 0.5, 0.8], [7, 0.5, 0.8], [8, 0.5, 0.7], [11, 0.5, 0.7], [12, 0.5, 0.6], [14, 0.5, 0.6]])], film, 0, 0],
  ['rolling to a halt is not yet standing: seven seconds stay seven', { ...stop, dwellMsMin: 9500 }, [car([[0, 0.5, 0.9], [3, 0.5, 0.7], [6, 0.5, 0.58], [13, 0.5, 0.58], [15, 0.5, 0.2]])], film, 0, 0],
  ['who stops outside the zone is not', stop, [car([[0, 0.1, 0.5], [18, 0.1, 0.5]])], film, 0, 0],
  ['a bus that hides the car for six seconds does not start the count anew', { ...stop, dwellMsMin: 12000 }, [car([[0, 0.5, 0.6], [18, 0.5, 0.6]], { hidden: [[6, 12]] })], film, 1, 0],
  ['a claimed car that is hidden for six seconds is not claimed again', stop, [car([[0, 0.5, 0.6], [19, 0.5, 0.6]], { hidden: [[8, 14]] })], film, 1, 0],
  ['a car whose boxes breathe is still one that stands', stop, [car([[0, 0.5, 0.6], [18, 0.5, 0.6]])], { ...film, tremble: 0.08 }, 1, 0],
  ['another car in the same place is another stop', stop, [car([[0, 0.5, 0.6], [7, 0.5, 0.6], [8, 0.9, 0.6]]), car([[10, 0.1, 0.6], [11, 0.5, 0.6], [19, 0.5, 0.6]])], film, 2, 1],
  ['a person waiting is no vehicle', stop, [walker([[0, 0.5, 0.6], [18, 0.5, 0.6]])], film, 0, 0],
])('illegal stop: %s', check)

test.each<Case>([
  ['who is in the zone long enough is claimed once, and it ends when he is gone', intruder, [walker([[0, 0.1, 0.6], [2, 0.5, 0.6], [8, 0.5, 0.6], [10, 0.9, 0.6]])], film, 1, 1],
  ['who only passes a corner is not', intruder, [walker([[0, 0.2, 0.35], [2, 0.35, 0.35], [3, 0.35, 0.2]])], film, 0, 0],
  ['who walks along the border, in and out, is one', intruder, [walker([[0, 0.2, 0.5], [1, 0.32, 0.5], [5, 0.32, 0.52], [6, 0.28, 0.54], [7, 0.32, 0.56], [12, 0.32, 0.58]])], { ...film, seconds: 12 }, 1, 0],
  ['what never moves is a post, whatever the detector calls it', intruder, [walker([[0, 0.5, 0.6], [19, 0.5, 0.6]])], { ...film, tremble: 0.08 }, 0, 0],
  ['two are two', intruder, [walker([[0, 0.2, 0.6], [2, 0.4, 0.6], [15, 0.4, 0.6]]), walker([[0, 0.8, 0.6], [2, 0.6, 0.6], [15, 0.6, 0.6]])], { ...film, seconds: 14 }, 2, 0],
  ['who is hidden for two seconds is not claimed again', intruder, [walker([[0, 0.2, 0.6], [2, 0.5, 0.6], [19, 0.5, 0.6]], { hidden: [[8, 10.4]] })], film, 1, 0],
  ['a rider with his machine is one intruder', intruder, [bike([[0, 0.2, 0.6], [10, 0.6, 0.6]]), walker([[0, 0.2, 0.58], [10, 0.6, 0.58]], { size: [0.03, 0.08], score: 0.6 })], { ...film, seconds: 9 }, 1, 0],
])('intrusion: %s', check)

const group = (count: number, from: number, to: number): Walker[] => Array.from({ length: count }, (_, i) => walker([[from, 0.35 + i * 0.06, 0.6], [to, 0.35 + i * 0.06, 0.62]]))

test.each<Case>([
  ['enough people for long enough is one claim for the place, and it ends when they have left', people, group(5, 0, 10), film, 1, 1],
  ['one fewer than enough is not', people, group(3, 0, 15), film, 0, 0],
  ['enough for a moment is not', people, group(5, 2, 4), film, 0, 0],
  ['one who is lost for a moment does not break the claim', people, [...group(3, 0, 19), walker([[0, 0.6, 0.6], [19, 0.6, 0.62]], { hidden: [[8, 9]] })], film, 1, 0],
  ['people outside the zone are not counted', people, [...group(3, 0, 15), walker([[0, 0.1, 0.6], [15, 0.1, 0.6]]), walker([[0, 0.9, 0.6], [15, 0.9, 0.6]])], film, 0, 0],
])('crowd: %s', check)

function check(_: string, rule: Rule, walkers: Walker[], shot: Film, begun: number, ended: number): void {
  const observations = watchFilm([rule], walkers, shot)
  const lines = told(observations)
  expect({ begun: lines.filter((l) => l.startsWith('began')).length, ended: lines.filter((l) => l === 'ended').length }).toEqual({ begun, ended })
  const episodes = new Set(observations.map((o) => o.episode))
  expect(episodes.size).toBe(begun)
}

test('a claim is repeated while it holds, once a second and no more', () => {
  const holds = watchFilm([stop], [car([[0, 0.5, 0.6], [11, 0.5, 0.6]])], { ...film, seconds: 11, fps: 25 }).filter((o) => o.phase === 'holds')
  expect(holds.map((o) => Math.round(o.atMs / 1000))).toEqual([6, 7, 8, 9, 10, 11].slice(0, holds.length))
  expect(holds.length).toBeGreaterThanOrEqual(5)
})

test('the reason of a wrong way tells the angle, how long and how far, in numbers that the picture bears out', () => {
  const [claim] = watchFilm([way], [bike([[0, 0.5, 0.2], [8, 0.5, 0.95]])], { seconds: 8 })
  expect(claim?.reason).toMatchObject({ code: 'wrong_way', class: 'two_wheeler', angleDeg: 180 })
  if (claim?.reason.code === 'wrong_way') {
    expect(claim.reason.travelled).toBeGreaterThanOrEqual(1)
    expect(claim.reason.heldMs).toBeGreaterThanOrEqual(800)
  }
})

test('an illegal stop is dated from the moment the car stood, not from the claim', () => {
  const [claim] = watchFilm([stop], [car([[0, 0.5, 0.95], [3, 0.5, 0.6], [12, 0.5, 0.6]])], { seconds: 12 })
  expect(claim?.sinceMs).toBeGreaterThan(2000)
  expect(claim?.sinceMs).toBeLessThan(3500)
  expect(claim?.atMs).toBeGreaterThanOrEqual((claim?.sinceMs ?? 0) + 5000)
})

test('outside its hours a rule claims nothing, and what it claimed ends when they end', () => {
  const night = { ...intruder, hours: [{ days: [5], from: '22:00', to: '05:00' }] }
  // Friday 21:59:50 at 0 ms: armed from second 10, until Saturday 05:00.
  const at = (minuteOfDay: number, weekday: number) => ({ localTime: () => ({ minuteOfDay, weekday }) })
  let now = at(21 * 60 + 59, 5)
  const watch = makeWatch([night], { localTime: () => now.localTime() })
  const said = shoot([walker([[0, 0.2, 0.6], [5, 0.5, 0.6], [30, 0.5, 0.6]])], { seconds: 30 }).flatMap(({ frame, detections }) => {
    now = frame.atMs < 10_000 ? at(21 * 60 + 59, 5) : frame.atMs < 20_000 ? at(2, 6) : at(5 * 60, 6)
    return watch.see(frame, detections).observations.filter((o) => o.phase !== 'holds').map((o) => `${o.phase} ${Math.round(o.atMs / 1000)}`)
  })
  expect(said).toEqual(['began 11', 'ended 20'])
})

test('the same film twice gives the same words, byte for byte', () => {
  const rules: Rule[] = [way, { ...stop, id: 's' }, { ...intruder, id: 'i' }, { ...people, id: 'c' }]
  const walkers = [...group(5, 0, 10), bike([[0, 0.5, 0.2], [8, 0.5, 0.95]]), car([[0, 0.5, 0.6], [18, 0.5, 0.6]])]
  const once = (): string => JSON.stringify(watchFilm(rules, walkers, { ...film, tremble: 0.06 }))
  expect(once()).toBe(once())
  expect(ROUND_THE_CLOCK.localTime().weekday).toBe(3)
})
