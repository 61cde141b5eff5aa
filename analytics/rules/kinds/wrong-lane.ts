import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import { stepsSince } from '../../track/path.js'
import type { Step, Track } from '../../track/track.js'
import { followActs, type Actor, type Judged } from '../acts.js'
import { arrow, coreFields, duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { angleBetween, unit, velocityInSizes, wayInSizes } from '../motion.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { squared } from '../subject.js'

/**
 * A vehicle of the listed classes travels in a lane that is not for them: cars in the lane of two-wheelers, trucks in the
 * inner lane.
 *
 *      ┌────┬────┬────┐
 *      │ ▲  │zone│  ▲ │      ▲ along the lane: claimed
 *      │ ▲  │ ▲  │  ▲ │      ↗ through it into the next: not
 *      └────┴────┴────┘
 */
export interface WrongLaneRule extends RuleCore {
  readonly kind: 'wrong_lane'
  readonly zone: readonly Point[]
  /** The way traffic goes in this lane; against it is wrong_way's matter. */
  readonly direction: Point
  /** For so long it must travel along the lane. */
  readonly holdMsMin: number
}

const AWAY_MS_MAX = 2_500
const HEIR_SIZES = 1
/** Direction is the slope of the path over this long; one step of a jittering box says nothing. */
const WINDOW_MS = 1_000
const WINDOW_MS_MIN = 400
/** Slower than this, in its own sizes a second, a vehicle stands, and who stands does not travel. */
const MOVING_MIN = 0.3
/** At an instant; a driver swings round a pothole without leaving the lane. */
const SWING_DEG_MAX = 45
/** Over the whole way: who changes lanes goes at 10 to 20 degrees for two or three seconds, but then he is through. */
const ALONG_DEG_MAX = 15
/** It must have come this far, in its own sizes: edging into the lane to get round a parked car is none. */
const TRAVELLED_MIN = 2
/** Standing at a light for this long starts the count anew; what was claimed stays claimed. */
const FORGET_MS = 2_000

interface Along {
  readonly from: Step
  readonly lastMs: number
}

/** Along the lane, by the way as a whole as well as at every instant, for long enough and far enough. One claim for one stay. */
const step: RuleStep<WrongLaneRule, readonly Actor<Along | null>[]> = (rule, state, tracks, scene) =>
  followActs<Along | null>(rule, state, tracks, scene, { zone: rule.zone, classes: rule.classes, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES, fresh: null, judge: (along, track) => judge(rule, along, track, scene) })

/** Which vehicles may not be here is the sign's matter: no list makes sense for every lane. */
const classes = coreFields.classes.unwrap().min(1, 'names no class')

export const wrongLane = defineKind<WrongLaneRule, readonly Actor<Along | null>[]>({ kind: 'wrong_lane', fields: { zone, direction: arrow, holdMsMin: duration, classes }, classes: VEHICLES, nothing: [], step })

function judge(rule: WrongLaneRule, before: Along | null, track: Track, scene: Scene): Judged<Along | null> {
  const recent = stepsSince(track.path, scene.atMs - WINDOW_MS).filter((one) => inside(rule.zone, one.at))
  const kept = before && scene.atMs - before.lastMs <= FORGET_MS ? before : null
  const velocity = velocityInSizes(recent, scene.aspect, WINDOW_MS_MIN)
  const [first, last] = [recent[0], recent.at(-1)]
  if (!velocity || !first || !last || Math.hypot(velocity.x, velocity.y) < MOVING_MIN) return { memory: kept, act: null }
  const way = unit(squared(rule.direction, scene.aspect))
  if (angleBetween(velocity, way) > SWING_DEG_MAX) return { memory: null, act: null }
  const from = kept?.from ?? first
  const memory = { from, lastMs: scene.atMs }
  const travelled = wayInSizes(from, last, way, scene.aspect)
  const aside = Math.abs(wayInSizes(from, last, { x: -way.y, y: way.x }, scene.aspect))
  const heldMs = Math.round(last.atMs - from.atMs)
  if (heldMs < rule.holdMsMin || travelled < TRAVELLED_MIN || aside > travelled * Math.tan((ALONG_DEG_MAX * Math.PI) / 180)) return { memory, act: null }
  return { memory, act: { sinceMs: from.atMs, reason: { code: 'wrong_lane', class: track.class, heldMs, travelled: Math.round(travelled * 10) / 10 } } }
}
