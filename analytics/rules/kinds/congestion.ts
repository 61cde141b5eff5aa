import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import type { Claim } from '../episode.js'
import { amount, count, duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { carryOn, isGap, NOTHING_LASTS, sampled, type Lasting, type Sample } from '../lasting.js'
import { velocityInSizes } from '../motion.js'
import { median } from '../median.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { stepsSince } from '../../track/path.js'
import { subjects, witness } from '../subject.js'

/**
 * The road is full and hardly moves: many vehicles, and the middle one of their speeds is low.
 *
 *      speed ▲ ●  ●●        free
 *            │   ●  ●●●
 *   speedMax ├────────────●──●●────
 *            │   few     ● ●●●●●●   congested
 *            └──────────┴────────▶ vehicles
 *                     countMin
 */
export interface CongestionRule extends RuleCore {
  readonly kind: 'congestion'
  readonly zone: readonly Point[]
  readonly countMin: number
  /** In own sizes a second, the middle of all: 1 of a motorbike is about a walk. */
  readonly speedMax: number
  /** Longer than a red light lasts, where the zone has one. */
  readonly holdMsMin: number
}

const CLASSES = VEHICLES
/** A speed is the slope over this long. A box that trembles by 8 % seems to move at 0.03 of its size a second. */
const WINDOW_MS = 2_000
const WINDOW_MS_MIN = 800
const UNSEEN_MS_MAX = 1_000
/** Over when clearly fewer or clearly faster: jams move in waves. */
const OVER_SHARE = 0.75
const FASTER = 1.5
const OVER_MS_MIN = 5_000

interface CongestionState {
  readonly counts: readonly Sample[]
  readonly speeds: readonly Sample[]
  readonly lasting: Lasting
}

const NO_CONGESTION: CongestionState = { counts: [], speeds: [], lasting: NOTHING_LASTS }

/** Many and slow, by the medians of the last two seconds, for long enough. One claim for the zone. */
const step: RuleStep<CongestionRule, CongestionState> = (rule, state, tracks, scene) => {
  const vehicles = subjects(rule, CLASSES, tracks, scene.atMs).filter((track) => scene.atMs - track.lastSeenAtMs <= UNSEEN_MS_MAX && inside(rule.zone, track.at))
  const velocities = vehicles.flatMap((track) => velocityInSizes(stepsSince(track.path, track.lastSeenAtMs - WINDOW_MS), scene.aspect, WINDOW_MS_MIN) ?? [])
  const counts = sampled(state.counts, { atMs: scene.atMs, value: vehicles.length })
  // In an empty street nothing is slow.
  const speeds = sampled(state.speeds, { atMs: scene.atMs, value: velocities.length > 0 ? median(velocities.map(({ x, y }) => Math.hypot(x, y))) : Infinity })
  const [many, speed] = [median(counts.map((one) => one.value)), median(speeds.map((one) => one.value))]
  const claim = (sinceMs: number): Claim => ({ rule, atMs: scene.atMs, witnesses: vehicles.map(witness), reason: { code: 'congestion', count: many, countMin: rule.countMin, speed: Math.round(Math.min(speed, 99) * 100) / 100, heldMs: Math.round(scene.atMs - sinceMs) } })
  const few = many < Math.max(1, rule.countMin * OVER_SHARE) || speed > rule.speedMax * FASTER
  const [lasting, said] = carryOn(state.lasting, { enough: many >= rule.countMin && speed <= rule.speedMax, few, gap: isGap(state.counts, scene.atMs), holdMsMin: rule.holdMsMin, overMsMin: OVER_MS_MIN, claim }, scene)
  return [{ counts, speeds, lasting }, said]
}

export const congestion = defineKind<CongestionRule, CongestionState>({ kind: 'congestion', fields: { zone, countMin: count(1), speedMax: amount(0.05, 20), holdMsMin: duration }, classes: CLASSES, nothing: NO_CONGESTION, step })
