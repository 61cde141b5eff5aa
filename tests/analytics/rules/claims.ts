import type { Box } from '../../../analytics/geometry/box.js'
import { KINDS } from '../../../analytics/rules/kinds.js'
import { parseRule } from '../../../analytics/rules/parse-rule.js'
import type { Observation } from '../../../analytics/rules/observation.js'
import type { Rule } from '../../../analytics/rules/rule.js'
import type { Track } from '../../../analytics/track/track.js'
import { makeWatch } from '../../../analytics/watch.js'
import { shoot, told, watchFilm, type Film, type Walker } from './walks.js'

/** A sentence, what of the rule is otherwise, who walks, the film, and how many claims begin and end. */
export type Case<R extends Rule> = readonly [sentence: string, rule: Partial<R>, walkers: readonly Walker[], film: Film, begun: number, ended: number]

/** `at`: where the feet are at which second. */
type At = Walker['way']
export const bike = (way: At, more: Partial<Walker> = {}): Walker => ({ class: 'two_wheeler', size: [0.05, 0.12], way, ...more })
export const car = (way: At, more: Partial<Walker> = {}): Walker => ({ class: 'car', size: [0.16, 0.14], way, ...more })
export const bus = (way: At, more: Partial<Walker> = {}): Walker => ({ class: 'bus', size: [0.24, 0.3], way, ...more })
export const person = (way: At, more: Partial<Walker> = {}): Walker => ({ class: 'person', size: [0.03, 0.12], way, ...more })

/** The other way round, as the table's fourth word counts: every episode begins once and ends once at most. */
export function expectClaims(observations: readonly Observation[], begun: number, ended: number): void {
  const lines = told(observations)
  expect({ begun: lines.filter((l) => l.startsWith('began')).length, ended: lines.filter((l) => l === 'ended').length }).toEqual({ begun, ended })
  expect(new Set(observations.map((o) => o.episode)).size).toBe(begun)
}

export function checkFor<R extends Rule>(rule: R): (...words: Case<R>) => void {
  return (_, more, walkers, film, begun, ended) => expectClaims(watchFilm([{ ...rule, ...more }], walkers, film), begun, ended)
}

interface Offence<R extends Rule> {
  readonly rule: R
  /** Who do what is claimed exactly once. */
  readonly walkers: readonly Walker[]
  readonly film: Film
  /** Whether the claim lasts: then the end of the hours at this second, while the act goes on, ends it. */
  readonly hoursEndAtSecond: number | null
}

const WHOLE = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }]

/** What holds for every kind: whom it leaves alone, and that neither the frame rate nor trembling boxes change what it says. */
export function everyKind<R extends Rule>({ rule, walkers, film, hoursEndAtSecond }: Offence<R>): void {
  const begun = (more: object, shot: Film = film): number => told(watchFilm([{ ...rule, ...more }], walkers, shot)).filter((l) => l.startsWith('began')).length
  const permit = { area: null, fromMs: 0, toMs: 3_600_000, reference: 'GP 12/2026' }

  test.each([3, 5, 10])('%i frames a second: one claim', (fps) => expect(begun({}, { ...film, fps })).toBe(1))
  test.each([1, 2, 3, 4, 5])('boxes that tremble by 8 %% (seed %i): one claim', (seed) => expect(begun({}, { ...film, seed, tremble: 0.08 })).toBe(1))
  test.each<[string, object]>([
    ['in an exclusion', { exclusions: [WHOLE] }],
    ['with a permit', { permits: [permit] }],
    ['with a permit for the place', { permits: [{ ...permit, area: WHOLE }] }],
    ['of another class than the rule names', { classes: ['cow'] }],
    ['before a campaign', { armedFromMs: 3_600_000 }],
    ['after a campaign', { armedToMs: 0 }],
  ])('nobody is claimed %s', (_, more) => expect(begun(more)).toBe(0))
  test('a permit that is over helps nobody', () => expect(begun({ permits: [{ ...permit, toMs: 1 }] })).toBe(1))
  test('the same film twice gives the same words', () => expect(JSON.stringify(watchFilm([rule], walkers, film))).toBe(JSON.stringify(watchFilm([rule], walkers, film))))
  if (hoursEndAtSecond === null) return
  test('when its hours end, what it claimed ends, once', () => {
    const watch = makeWatch([{ ...rule, hours: [{ days: [3], from: '12:00', to: '12:01' }] }], { localTime: (atMs) => ({ weekday: 3, minuteOfDay: atMs < hoursEndAtSecond * 1000 ? 720 : 721 }) })
    const said = shoot(walkers, film).flatMap(({ frame, detections }) => watch.see(frame, detections).observations)
    expectClaims(said, 1, 1)
    expect(Math.round((said.at(-1)?.atMs ?? 0) / 1000)).toBe(hoursEndAtSecond)
  })
}

/** Each wrong value is refused by its field, with a next step. */
export function expectRefused(rule: object, field: string, reason: RegExp): void {
  const parsed = parseRule(rule)
  if ('ok' in parsed) throw new Error('it was taken')
  const fault = parsed.faults.find((f) => f.field === field)
  expect(parsed.faults.map((f) => f.field)).toContain(field)
  expect(fault?.reason).toMatch(reason)
  expect(fault?.next).toMatch(/\.$/)
}

/** A rule as the API takes it is what the step gets. */
export function expectTaken(rule: Rule): void {
  expect(parseRule(JSON.parse(JSON.stringify(rule)))).toEqual({ ok: rule })
}

/** The step alone, with tracks as a tracker that errs would give them: which number is seen where at which second. */
export function stepThrough(rule: Rule, seen: readonly (readonly [second: number, trackId: number, x: number, y: number])[], [w, h]: readonly [number, number]): readonly Observation[] {
  const said: Observation[] = []
  let memory = KINDS[rule.kind].begin(rule)
  const box = (x: number, y: number): Box => ({ x1: x - w / 2, y1: y - h, x2: x + w / 2, y2: y })
  for (const [second, id, x, y] of seen) {
    const path = seen.filter((one) => one[0] <= second && one[1] === id).map((one) => ({ atMs: one[0] * 1000, at: { x: one[2], y: one[3] }, box: box(one[2], one[3]) }))
    const track: Track = { id, class: 'two_wheeler', score: 0.8, state: 'confirmed', box: box(x, y), at: { x, y }, firstAtMs: path[0]?.atMs ?? 0, lastSeenAtMs: second * 1000, path }
    const [next, words] = memory.step([track], { atMs: second * 1000, aspect: 4 / 3, hour: 12, armed: true, lamp: null, changes: [], view: null })
    memory = next
    said.push(...words)
  }
  return said
}
