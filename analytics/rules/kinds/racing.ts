import type { Point } from '../../geometry/point.js'
import { begin, end, repeat, type Claim, type Episode } from '../episode.js'
import { amount, count, duration, zone } from '../fields.js'
import { defineKind, TWO_WHEELERS } from '../kind.js'
import { median } from '../median.js'
import { angleBetween } from '../motion.js'
import type { Observation } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import { carryRuns, type Run } from '../runs.js'
import type { RuleStep, Scene } from '../scene.js'
import { subjects } from '../subject.js'

/*
 *   ┌───────── zone ─────────┐
 *   │ 8 ──►  8 ──►      8 ──►│   at least so many, fast, the same way, within TOGETHER_MS: one claim for all of them
 *   │                ◄── 8   │   one the other way is not of them
 *   └────────────────────────┘
 */

/** A group of two-wheelers rides fast the same way. Speeds of the picture screen; they measure nothing for a fine. */
export interface RacingRule extends RuleCore {
  readonly kind: 'racing'
  readonly zone: readonly Point[]
  readonly countMin: number
  /** In own sizes a second: a motorbike seen from the side is about 1.3 m large, so 8 are some 40 km/h. */
  readonly speedMin: number
  /** So long each of them. */
  readonly holdMsMin: number
}

const CLASSES = TWO_WHEELERS

interface Race {
  readonly way: Point
  readonly riders: readonly number[]
  readonly lastMs: number
  readonly episode: Episode
}

interface RacingState {
  readonly runs: readonly Run[]
  readonly races: readonly Race[]
}

const NOBODY: RacingState = { runs: [], races: [] }

/** Riders of one group pass within this of each other. */
const TOGETHER_MS = 4_000
/** After this without a fast rider a race is over; it has to be longer than TOGETHER_MS, or its tail would begin another. */
const OVER_MS = 6_000
/** Of two riders of a group; and of a rider and a race that is claimed, which may go round a bend. */
const SAME_WAY_DEG_MAX = 30
const SAME_RACE_DEG_MAX = 60
/** The tracker follows 10 own sizes a second at 5 frames a second and 12 at 10 (measured): what is faster is never seen. */
const SPEED_MAX = 10

const step: RuleStep<RacingRule, RacingState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NOBODY, state.races.map((race) => end(claimOf(rule, ridersOf(race, state.runs), race.episode.sinceMs, scene), race.episode))]
  const runs = carryRuns(state.runs, subjects(rule, CLASSES, tracks, scene.atMs), { zone: rule.zone, speedMin: rule.speedMin, keptMs: TOGETHER_MS }, scene)
  const racers = runs.filter((run) => run.last.atMs - run.from.atMs >= rule.holdMsMin)
  const said: Observation[] = []
  const held = state.races.flatMap((race): Race[] => {
    const members = racers.filter((run) => angleBetween(run.velocity, race.way) <= SAME_RACE_DEG_MAX)
    const lastMs = Math.max(race.lastMs, ...members.map((run) => run.last.atMs))
    const claim = claimOf(rule, members, race.episode.sinceMs, scene, new Set([...race.riders, ...members.map((run) => run.trackId)]).size)
    if (scene.atMs - lastMs >= OVER_MS) {
      said.push(end(claim, race.episode))
      return []
    }
    if (!members.some((run) => run.last.atMs === scene.atMs)) return [{ ...race, lastMs }]
    const again = repeat(claim, race.episode)
    said.push(...again.said)
    return [{ ...race, lastMs, riders: [...new Set([...race.riders, ...members.map((run) => run.trackId)])], episode: again.episode }]
  })
  const free = racers.filter((run) => !held.some((race) => angleBetween(run.velocity, race.way) <= SAME_RACE_DEG_MAX))
  const begun = startOf(rule, free, scene)
  return [{ runs, races: begun ? [...held, begun.race] : held }, begun ? [...said, begun.said] : said]
}

export const racing = defineKind<RacingRule, RacingState>({ kind: 'racing', fields: { zone, countMin: count(2), speedMin: amount(1, SPEED_MAX), holdMsMin: duration }, classes: CLASSES, nothing: NOBODY, step })

/** A race as soon as so many go one way; two at the same instant would be one after the other. */
function startOf(rule: RacingRule, free: readonly Run[], scene: Scene): { race: Race; said: Observation } | null {
  for (const run of free) {
    const group = free.filter((other) => angleBetween(run.velocity, other.velocity) <= SAME_WAY_DEG_MAX)
    if (group.length < rule.countMin) continue
    const sinceMs = Math.min(...group.map(({ from }) => from.atMs))
    const { episode, said } = begin(claimOf(rule, group, sinceMs, scene), { first: run.trackId, sinceMs })
    return { race: { way: run.velocity, riders: group.map(({ trackId }) => trackId), lastMs: scene.atMs, episode }, said }
  }
  return null
}

function ridersOf(race: Race, runs: readonly Run[]): Run[] {
  return runs.filter((run) => race.riders.includes(run.trackId))
}

function claimOf(rule: RacingRule, members: readonly Run[], sinceMs: number, { atMs }: Scene, riders = members.length): Claim {
  const speed = Math.round(median(members.map((run) => run.speed)) * 10) / 10
  return { rule, atMs, witnesses: members.map((run) => run.witness), reason: { code: 'racing', count: riders, countMin: rule.countMin, speed, heldMs: Math.round(atMs - sinceMs) } }
}
