import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import { stepsSince } from '../../track/path.js'
import type { Step, Track } from '../../track/track.js'
import { followActs, type Actor, type Judged } from '../acts.js'
import { boxSize } from '../episode.js'
import { amount, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { angleBetween, progressInSizes, unit, velocityInSizes } from '../motion.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'

/**
 * A vehicle turns round where that is forbidden: the way it came against the way it leaves, whatever lies between.
 *
 *       ╭───╮               │
 *       │   │               ▲ │
 *       ▲   ▼               │ ▼  reverses: not, because
 *       in  out: claimed         it never went across
 */
export interface UTurnRule extends RuleCore {
  readonly kind: 'u_turn'
  readonly zone: readonly Point[]
  /** Between the way in and the way out. A left turn is 90 on the road and up to 136 in a picture (cars in the boris clip): 150 is proposed. */
  readonly turnDegMin: number
}

const CLASSES = VEHICLES
/** A stream that it must let pass hides it in the middle of its turn. */
const AWAY_MS_MAX = 4_000
const HEIR_SIZES = 1.2
const WINDOW_MS = 800
const WINDOW_MS_MIN = 350
/** In own sizes a second; slower, the direction of trembling boxes is chance. */
const MOVING_MIN = 0.4
/** As long as it goes within this of the leg's way so far, it is one leg. */
const STRAIGHT_DEG_MAX = 40
/** From this length on, in own sizes, a leg's ends tell its way; before, only how it began does, which may be the end of a bend. */
const WAY_TOLD_MIN = 0.5
/** Both the leg in and the leg out are at least so long, in own sizes: backing out of a parking place is one of them at most. */
const LEG_MIN = 1.2
/** Who needs longer than this between the two ways has been somewhere meanwhile. */
const TURN_MS_MAX = 20_000
/** Between the two legs it goes across the way in: who stops and reverses, into a parking place too, does not. */
const ACROSS_DEG: readonly [number, number] = [45, 135]
/** Nobody turns faster; a number that jumps to a vehicle of the other direction does. */
const TURN_MS_MIN = 700
const JUMP_SPEED_MIN = 3
/** Own sizes by which a trembling box may seem to jump between two frames. */
const BREATH_SIZES = 0.3
/** Who was out of sight for longer while he turned, or changed his number, may be two vehicles. */
const BLIND_MS_MAX = 700

/** A piece of way in one direction. */
interface Leg {
  readonly heading: Point
  readonly from: Step
  readonly to: Step
}

interface Turning {
  /** Oldest first, the newest is still being driven. */
  readonly legs: readonly Leg[]
  readonly seen: { readonly trackId: number; readonly atMs: number } | null
  /** When its steps last did not join on to each other: a turn across that is no turn that anybody saw. */
  readonly brokenMs: number
}

const NO_TURN: Turning = { legs: [], seen: null, brokenMs: -Infinity }

/** A leg in, a leg out the other way, beside it, and a way between them that a vehicle can drive. */
const step: RuleStep<UTurnRule, readonly Actor<Turning>[]> = (rule, state, tracks, scene) =>
  followActs<Turning>(rule, state, tracks, scene, { zone: rule.zone, classes: CLASSES, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES, fresh: NO_TURN, judge: (turning, track) => judge(rule, turning, track, scene) })

export const uTurn = defineKind<UTurnRule, readonly Actor<Turning>[]>({ kind: 'u_turn', fields: { zone, turnDegMin: amount(100, 180) }, classes: CLASSES, nothing: [], step })

function judge(rule: UTurnRule, before: Turning, track: Track, scene: Scene): Judged<Turning> {
  const recent = stepsSince(track.path, scene.atMs - WINDOW_MS).filter((one) => inside(rule.zone, one.at))
  const known: Turning = { legs: before.legs, seen: { trackId: track.id, atMs: scene.atMs }, brokenMs: isBroken(before, track, recent, scene) ? scene.atMs : before.brokenMs }
  const velocity = velocityInSizes(recent, scene.aspect, WINDOW_MS_MIN)
  if (!velocity || Math.hypot(velocity.x, velocity.y) < MOVING_MIN) return { memory: known, act: null }
  const legs = goOn(known.legs, unit(velocity), recent, scene.aspect).filter((leg) => leg.to.atMs >= scene.atMs - TURN_MS_MAX)
  return { memory: { legs, seen: known.seen, brokenMs: known.brokenMs }, act: turnOf(rule, legs, known.brokenMs, track, scene) }
}

/** The newest leg against those before it. */
function turnOf(rule: UTurnRule, legs: readonly Leg[], brokenMs: number, track: Track, { aspect }: Scene): Judged<Turning>['act'] {
  const out = legs.at(-1)
  const cameBy = legs.findLastIndex((leg) => out !== undefined && angleBetween(leg.heading, out.heading) >= rule.turnDegMin && lengthOf(leg, aspect) >= LEG_MIN)
  const back = legs[cameBy]
  if (!out || !back || lengthOf(out, aspect) < LEG_MIN) return null
  const turnMs = out.from.atMs - back.to.atMs
  const wentAcross = legs.slice(cameBy + 1, -1).some((leg) => isAcross(leg, back))
  if (!wentAcross || turnMs < TURN_MS_MIN || brokenMs >= back.to.atMs) return null
  return { sinceMs: back.to.atMs, reason: { code: 'u_turn', class: track.class, turnDeg: Math.round(angleBetween(back.heading, out.heading)), turnMs: Math.round(turnMs) } }
}

function isAcross(leg: Leg, back: Leg): boolean {
  const angle = angleBetween(leg.heading, back.heading)
  return angle >= ACROSS_DEG[0] && angle <= ACROSS_DEG[1]
}

/** The newest leg is driven on, or another begins where the window began. */
function goOn(legs: readonly Leg[], heading: Point, recent: readonly Step[], aspect: number): readonly Leg[] {
  const [first, last] = [recent[0], recent.at(-1)]
  const now = legs.at(-1)
  if (!first || !last) return legs
  if (now && angleBetween(now.heading, heading) <= STRAIGHT_DEG_MAX) return [...legs.slice(0, -1), { heading: wayOf(now, last, aspect), from: now.from, to: last }]
  return [...legs, { heading, from: recent[Math.floor(recent.length / 2)] ?? first, to: last }]
}

/** From end to end: a straight that was begun in the bend before it goes the straight's way, and so does one that perspective bends. */
function wayOf({ heading, from }: Leg, to: Step, aspect: number): Point {
  const x = ((to.box.x1 + to.box.x2 - from.box.x1 - from.box.x2) * aspect) / 2
  const y = (to.box.y1 + to.box.y2 - from.box.y1 - from.box.y2) / 2
  const length = Math.hypot(x, y)
  return length < (WAY_TOLD_MIN * (boxSize(from.box, aspect) + boxSize(to.box, aspect))) / 2 ? heading : { x: x / length, y: y / length }
}

function lengthOf(leg: Leg, aspect: number): number {
  return progressInSizes(leg.from, leg.to, leg.heading, aspect)
}

function isBroken(before: Turning, track: Track, recent: readonly Step[], { atMs, aspect }: Scene): boolean {
  if (before.seen && (before.seen.trackId !== track.id || atMs - before.seen.atMs > BLIND_MS_MAX)) return true
  const [from, to] = recent.slice(-2)
  if (!from || !to) return false
  const jumped = Math.hypot(progressInSizes(from, to, { x: 1, y: 0 }, aspect), progressInSizes(from, to, { x: 0, y: 1 }, aspect))
  return jumped > (JUMP_SPEED_MIN * (to.atMs - from.atMs)) / 1000 + BREATH_SIZES
}
