import { parseRule } from '../../../analytics/rules/parse-rule.js'
import type { Rule } from '../../../analytics/rules/rule.js'
import type { LocalTime } from '../../../analytics/rules/arming.js'
import { makeWatch } from '../../../analytics/watch.js'
import { shoot, told, watchFilm, type Film, type Walker } from './walks.js'

/** One row: a sentence, what is watched, who walks, how it is filmed, and how many claims begin and end. */
export type Case = [name: string, rule: Rule, walkers: Walker[], shot: Film, begun: number, ended: number]

export function checkClaims(_: string, rule: Rule, walkers: Walker[], shot: Film, begun: number, ended: number): void {
  const observations = watchFilm([rule], walkers, shot)
  const lines = told(observations)
  expect({ begun: lines.filter((l) => l.startsWith('began')).length, ended: lines.filter((l) => l === 'ended').length }).toEqual({ begun, ended })
  expect(new Set(observations.map((o) => o.episode)).size).toBe(begun)
  for (const { atMs, sinceMs } of observations) expect(sinceMs).toBeLessThanOrEqual(atMs)
}

/** "began 12", "ended 20": what is said of a film in which the clock on the wall shows what `clock` says of each second. */
export function sayBy(rule: Rule, walkers: Walker[], film: Film, clock: (second: number) => LocalTime): string[] {
  const watch = makeWatch([rule], { localTime: (atMs) => clock(atMs / 1000) })
  return shoot(walkers, film).flatMap(({ frame, detections }) => watch.see(frame, detections).observations.filter((o) => o.phase !== 'holds').map((o) => `${o.phase} ${Math.round(o.atMs / 1000)}`))
}

export type FaultCase = [name: string, input: unknown, field: string, reason: RegExp]

/** A wrong rule is refused by its field, and the next step is a sentence. */
export function checkFault(_: string, input: unknown, field: string, reason: RegExp): void {
  const parsed = parseRule(input)
  if ('ok' in parsed) throw new Error('it was taken')
  const fault = parsed.faults.find((f) => f.field === field)
  expect(parsed.faults.map((f) => f.field)).toContain(field)
  expect(fault?.reason).toMatch(reason)
  expect(fault?.next).toMatch(/\.$/)
}
