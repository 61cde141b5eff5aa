import { longAxis } from '../../geometry/long-axis.js'
import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import { stepsSince } from '../../track/path.js'
import type { Step, Track } from '../../track/track.js'
import { followActs, type Actor, type Judged } from '../acts.js'
import { amount, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { progressInSizes, velocityInSizes } from '../motion.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { squared } from '../subject.js'

/**
 * A vehicle drives along a pavement. Crossing it into a house or office is allowed (Decree 168, 6(6)d and 7(7)a), and so is
 * pushing a machine to where it is parked.
 *
 *      ═══════ houses ═══════
 *       ░░ ├──── 3 own sizes ────▶ ░░   along it: claimed
 *       ░░░░░░░░░ ▲ ░░░░░░░░░░░░░░░░░   across it: not
 *      ────────── kerb ───────────────
 */
export interface SidewalkDrivingRule extends RuleCore {
  readonly kind: 'sidewalk_driving'
  readonly zone: readonly Point[]
  /** So many of its own sizes it must have driven; 3 of a motorbike are about 4 metres. */
  readonly travelledMin: number
}

const CLASSES = VEHICLES
const AWAY_MS_MAX = 2_500
const HEIR_SIZES = 1.5
const WINDOW_MS = 1_000
const WINDOW_MS_MIN = 400
/** Own sizes a second: who pushes a motorbike (1.3 m with its rider) walks it at most 1 m a second; who rides does 2 m and more. */
const DRIVING_MIN = 0.9
/** A pavement that is clearly longer than deep is measured along its length alone. Below that (a forecourt) nobody can say which way is along. */
const LONG_RATIO_MIN = 2
/** Slow for this long he has got off, or waits for those on foot to step aside: then the way starts anew. */
const FORGET_MS = 2_000

interface Ride {
  readonly from: Step
  readonly lastMs: number
}

/** Drives, faster than one pushes, far enough along the pavement. One claim for one stay. */
const step: RuleStep<SidewalkDrivingRule, readonly Actor<Ride | null>[]> = (rule, state, tracks, scene) =>
  followActs<Ride | null>(rule, state, tracks, scene, { zone: rule.zone, classes: CLASSES, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES, fresh: null, judge: (ride, track) => judge(rule, ride, track, scene) })

export const sidewalkDriving = defineKind<SidewalkDrivingRule, readonly Actor<Ride | null>[]>({ kind: 'sidewalk_driving', fields: { zone, travelledMin: amount(1, 100) }, classes: CLASSES, nothing: [], step })

function judge(rule: SidewalkDrivingRule, before: Ride | null, track: Track, scene: Scene): Judged<Ride | null> {
  const recent = stepsSince(track.path, scene.atMs - WINDOW_MS).filter((one) => inside(rule.zone, one.at))
  const kept = before && scene.atMs - before.lastMs <= FORGET_MS ? before : null
  const velocity = velocityInSizes(recent, scene.aspect, WINDOW_MS_MIN)
  const [first, last] = [recent[0], recent.at(-1)]
  if (!velocity || !first || !last || Math.hypot(velocity.x, velocity.y) < DRIVING_MIN) return { memory: kept, act: null }
  const from = kept?.from ?? first
  const memory = { from, lastMs: scene.atMs }
  const travelled = wayAlong(rule, from, last, scene.aspect)
  if (travelled < rule.travelledMin) return { memory, act: null }
  return { memory, act: { sinceMs: from.atMs, reason: { code: 'sidewalk_driving', class: track.class, travelled: Math.round(travelled * 10) / 10 } } }
}

/** From where the ride began, straight, in own sizes: circling to turn round in a gateway goes nowhere. */
function wayAlong(rule: SidewalkDrivingRule, from: Step, to: Step, aspect: number): number {
  const { direction, ratio } = longAxis(rule.zone.map((p) => squared(p, aspect)))
  const along = Math.abs(progressInSizes(from, to, direction, aspect))
  if (ratio >= LONG_RATIO_MIN) return along
  return Math.hypot(along, progressInSizes(from, to, { x: -direction.y, y: direction.x }, aspect))
}
