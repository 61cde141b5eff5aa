import type { Detection } from '../detection.js'
import { centre, overlap, type Box } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'
import { assign } from './assignment.js'
import { classDistance } from './class-vote.js'
import { boxOf } from './kalman.js'
import type { Follow, Instant } from './follow.js'

export interface Matching {
  readonly pairs: readonly (readonly [Follow, Detection])[]
  /** Follows that found no box, and boxes that found no follow. */
  readonly alone: readonly Follow[]
  readonly free: readonly Detection[]
}

export interface Round extends Instant {
  /** Since the frame before. */
  readonly seconds: number
  readonly stage: 'sure' | 'unsure'
}

/** An unsure box may continue a track only where the track is expected; a guess far off would drag it away. */
const UNSURE_OVERLAP_MIN = 0.3
/** How far from where it is expected an object may be found: some of its own size, more when its speed is not yet known. */
const REACH_KNOWN = 0.6
const REACH_NEW_PER_SECOND = 3
/** A box may not more than double or halve between two sightings. */
const SIZE_RATIO_MAX = 2.2
/** Two so-so pairs may not break up one good pair: staying alone costs about as much as a poor pair. */
const ALONE_COST = 2
const CLASS_WEIGHT = 0.3
const SIZE_WEIGHT = 0.3

export function associate(follows: readonly Follow[], boxes: readonly Detection[], round: Round): Matching {
  if (follows.length === 0 || boxes.length === 0) return { pairs: [], alone: follows, free: boxes }
  const found = boxes.map((detection): Found => ({ detection, size: sizeOf(detection.box, round.aspect), at: centre(detection.box) }))
  const columns = assign(follows.map((follow) => costsOf(follow, found, round)), ALONE_COST)
  const taken = new Set(columns)
  const pairs: [Follow, Detection][] = []
  const alone: Follow[] = []
  follows.forEach((follow, i) => {
    const box = boxes[columns[i] ?? -1]
    if (box) pairs.push([follow, box])
    else alone.push(follow)
  })
  return { pairs, alone, free: boxes.filter((_, j) => !taken.has(j)) }
}

/** A box with what every follow asks of it. */
interface Found {
  readonly detection: Detection
  readonly size: number
  readonly at: Point
}

/**
 * Overlap alone fails at 5 frames a second: a motorbike moves more than its own length between two frames, and the
 * overlap is 0 for every pair. So the distance of the centres, in sizes of the object, counts as well.
 */
function costsOf(follow: Follow, found: readonly Found[], round: Round): Float64Array {
  const expected = boxOf(follow.motion, round.aspect)
  const size = sizeOf(expected, round.aspect)
  const from = centre(expected)
  const reach = reachOf(follow, round)
  const costOf = ({ detection, size: foundSize, at }: Found): number => {
    const ratio = foundSize / size
    if (ratio > SIZE_RATIO_MAX || ratio < 1 / SIZE_RATIO_MAX) return Infinity
    const shared = overlap(expected, detection.box)
    const across = (at.x - from.x) * round.aspect
    const down = at.y - from.y
    // Most pairs are far apart: one side of the distance tells, and a hair more than the reach so that no rounding does.
    if (shared === 0 && Math.max(Math.abs(across), Math.abs(down)) > reach * size * 1.001) return Infinity
    const different = classDistance(follow.track.class, detection.class)
    if (different >= 1 && shared < 0.5) return Infinity
    if (round.stage === 'unsure') return shared >= UNSURE_OVERLAP_MIN && different < 1 ? 1 - shared + CLASS_WEIGHT * different : Infinity
    const distance = Math.hypot(across, down) / size
    if (distance > reach && shared < 0.2) return Infinity
    return 1 - shared + Math.min(1, distance / reach) + CLASS_WEIGHT * different + SIZE_WEIGHT * Math.abs(Math.log(ratio))
  }
  const costs = new Float64Array(found.length)
  for (let i = 0; i < found.length; i += 1) costs[i] = costOf(found[i]!)
  return costs
}

/** In sizes of the object. The filter's own doubt grows while a track is lost and shrinks as its speed becomes known. */
function reachOf(follow: Follow, round: Round): number {
  const doubt = Math.sqrt(follow.motion.cx.varValue + follow.motion.cy.varValue) / Math.max(follow.motion.h.value, 1e-6)
  const speedUnknown = follow.hits < 2 ? REACH_NEW_PER_SECOND * Math.min(round.seconds, 0.4) : 0
  return Math.min(2.5, REACH_KNOWN + speedUnknown + 1.5 * doubt)
}

/** The side of the square with the box's area, in frame heights: a fair yardstick for tall riders and wide cars. */
function sizeOf(box: Box, aspect: number): number {
  return Math.sqrt(Math.max((box.x2 - box.x1) * aspect * (box.y2 - box.y1), 1e-9))
}
