import { parseRule } from '../../../analytics/rules/parse-rule.js'
import { TRIALS } from '../../../server/sandbox/trials/catalogue.js'
import { playTrial, truthOf } from '../../../server/sandbox/trials/draw-trial.js'
import { TRIAL_SEEDS } from '../../../server/sandbox/trials/trial.js'
import { whoDriveThroughEachOther } from './bodies.js'

/** Trials of the traffic kinds, by boxes alone: whether what is meant to happen does, on every seed, where it can be judged. */
/** Places are shares of the picture: a small one tells them as well. */
const SIZE = { width: 320, height: 180, tone: 'day' as const }
/** What each is meant to hold: things that surely happen, least and most. */
const MEANT: Readonly<Record<string, readonly [least: number, most: number]>> = {
  red_light: [2, 2], stop_line_over: [2, 2], wrong_way: [2, 2], no_entry: [2, 2], 'no_entry-hours': [0, 0], wrong_lane: [2, 2], sidewalk_driving: [2, 2], illegal_stop: [2, 2],
  abreast: [1, 1], u_turn: [1, 1], line_crossing: [10, 30], flow: [3, 3], queue: [1, 1], congestion: [1, 1], speed: [2, 2], stalled_vehicle: [1, 1], crash: [1, 1],
}

/** A crash is what it is about; in the others a drawn rider heeds nobody who crosses his way: known, and seen for a moment. */
const COLLIDE = new Set(['crash', 'red_light', 'stop_line_over', 'wrong_way', 'sidewalk_driving'])

const CASES = Object.keys(MEANT).flatMap((id) => TRIAL_SEEDS.map((seed) => ({ id, seed })))

test.each(CASES)('what $id is about happens as often as meant, within the clip (seed $seed)', ({ id, seed }) => {
  const trial = TRIALS.find((one) => one.id === id)!
  const played = playTrial(trial, { ...SIZE, seed })
  const happenings = trial.happenings(played)
  const sure = happenings.filter(({ unsure }) => !unsure)
  const [least, most] = MEANT[id]!
  expect(sure.length).toBeGreaterThanOrEqual(least)
  expect(sure.length).toBeLessThanOrEqual(most)
  for (const { fromMs, toMs, objects } of happenings) {
    expect(fromMs).toBeGreaterThanOrEqual(0)
    expect(toMs).toBeGreaterThanOrEqual(fromMs)
    expect(toMs).toBeLessThanOrEqual(trial.lengthMs)
    for (const object of objects) expect(played.frames.flat().some((seen) => seen.id === object)).toBe(true)
  }
  // Who drives inside another is hidden by him as nobody is on a street.
  if (!COLLIDE.has(id)) expect(whoDriveThroughEachOther(played)).toEqual([])
  const { rules } = truthOf(trial, played) as { readonly rules: readonly unknown[] }
  for (const rule of rules) expect(parseRule(rule)).toHaveProperty('ok')
})
