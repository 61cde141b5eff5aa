import { groundPlane, type GroundPlane, type Rectangle } from '../../geometry/ground-plane.js'
import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import { stepsSince } from '../../track/path.js'
import type { Track } from '../../track/track.js'
import { followActs, type Actor, type Judged } from '../acts.js'
import { amount, ground, statisticsAlone, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { middleOf } from '../median.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'

/**
 * How fast the fast ones drive, for planners: where a hump or a real radar is needed. One camera measures no speed that a
 * court would take, so this is for statistics alone. Drawn boxes that tremble by 8 %, at 3 to 10 frames a second: 60 km/h told within
 * 3 km/h, 30 within 1. On a street it is as good as the four corners and the flatness of the road.
 *
 *        4 ┌──┐ 3        feet of the box, on the ground in metres,
 *         / ▪│ \         over a second and more: the slope
 *      1 └───▼──┘ 2
 */
export interface SpeedRule extends RuleCore {
  readonly kind: 'speed'
  readonly ground: Rectangle
  /** Where it is measured: in the rectangle or near it. Far beyond, one pixel is metres. */
  readonly zone: readonly Point[]
  readonly kmhMin: number
}

const CLASSES = VEHICLES
const AWAY_MS_MAX = 1_500
const HEIR_SIZES = 1.5
/** The slope of the newest way, so long at most; a trembling box needs a second at least. */
const WINDOW_MS = 2_000
const WINDOW_MS_MIN = 1_000
const STEPS_MIN = 4
/** Both halves of the way tell about the same speed; where a number jumped to another vehicle they do not. */
const HALVES_RATIO_MAX = 1.6
const KMH = 3.6

/** Faster than the limit, over a second and more. One claim for one vehicle, with the speed at which it was first sure. */
const step: RuleStep<SpeedRule, readonly Actor<null>[]> = (rule, state, tracks, scene) => {
  const plane = groundPlane(rule.ground)
  return followActs<null>(rule, state, tracks, scene, { zone: rule.zone, classes: CLASSES, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES, fresh: null, judge: (_, track) => judge(rule, plane, track, scene) })
}

export const speed = defineKind<SpeedRule, readonly Actor<null>[]>({ kind: 'speed', fields: { ground, zone, kmhMin: amount(5, 250), use: statisticsAlone }, classes: CLASSES, nothing: [], step })

interface Footstep {
  readonly seconds: number
  readonly at: Point
}

function judge(rule: SpeedRule, plane: GroundPlane, track: Track, scene: Scene): Judged<null> {
  const way: Footstep[] = []
  for (const one of stepsSince(track.path, scene.atMs - WINDOW_MS)) {
    const at = inside(rule.zone, one.at) ? plane.at(one.at) : null
    if (at) way.push({ seconds: one.atMs / 1000, at })
  }
  const [first, last] = [way[0], way.at(-1)]
  if (!first || !last || way.length < STEPS_MIN || last.seconds - first.seconds < WINDOW_MS_MIN / 1000) return { memory: null, act: null }
  const metresASecond = speedOf(way)
  const kmh = Math.round(metresASecond * KMH)
  if (kmh < rule.kmhMin || !isEven(way, metresASecond)) return { memory: null, act: null }
  const sinceMs = Math.round(first.seconds * 1000)
  return { memory: null, act: { sinceMs, reason: { code: 'speed', class: track.class, kmh, metres: Math.round(metresASecond * (last.seconds - first.seconds) * 10) / 10 } } }
}

function isEven(way: readonly Footstep[], metresASecond: number): boolean {
  const middle = Math.floor(way.length / 2)
  const halves = [speedOf(way.slice(0, middle + 1)), speedOf(way.slice(middle))]
  return halves.every((half) => half <= metresASecond * HALVES_RATIO_MAX && half >= metresASecond / HALVES_RATIO_MAX)
}

/** Theil and Sen: the median of the slopes between all pairs of steps, which a few stray boxes do not move. */
function speedOf(way: readonly Footstep[]): number {
  const pairs = (way.length * (way.length - 1)) / 2
  const [x, y] = [new Float64Array(pairs), new Float64Array(pairs)]
  // Pairs by the hundred in each frame: no list for each of them.
  let pair = 0
  for (let i = 0; i < way.length; i += 1) {
    for (let j = i + 1; j < way.length; j += 1) {
      const [from, to] = [way[i]!, way[j]!]
      const seconds = to.seconds - from.seconds
      x[pair] = (to.at.x - from.at.x) / seconds
      y[pair] = (to.at.y - from.at.y) / seconds
      pair += 1
    }
  }
  return Math.hypot(middleOf(x), middleOf(y))
}
