import type { Point } from '../geometry/point.js'
import { median } from './median.js'
import { unit } from './motion.js'

/** A place on somebody's way, in square pixels, with the size that he had there. */
export interface Footprint {
  readonly atMs: number
  readonly at: Point
  readonly size: number
}

/** From one side to the other, across the direction of travel. */
export interface Sway {
  readonly fromMs: number
  readonly toMs: number
}

/** Of his own size. Boxes tremble by a tenth of it; who rides straight wanders by a quarter. */
const SWAY_SIZES = 0.5
const STRAIGHT_SIZES = 0.25
/** Slower than this it is a bend of the road or a drift, no sway. */
const SWAY_MS_MAX = 4_000
/** Who sways goes on while he does: pushing a machine to and fro in its parking place is none. Of his own size, in one sway. */
const FORWARD_SIZES_MIN = 0.5
/** The heading is asked over so long; a single step trembles. */
const HEADING_MS = 600

/**
 * The newest sways that follow each other without a pause. Measured across the usual heading of the way, not the line
 * between its ends: one change of lane would lie on both sides of that line and look like three.
 */
export function swaysOf(way: readonly Footprint[]): readonly Sway[] {
  const first = way[0]
  const last = way.at(-1)
  if (!first || !last) return []
  const along = { x: last.at.x - first.at.x, y: last.at.y - first.at.y }
  if (Math.hypot(along.x, along.y) < FORWARD_SIZES_MIN * last.size) return []
  const forward = unit(along)
  const places = way.map(({ atMs, at, size }) => ({ atMs, size, ahead: (at.x - first.at.x) * forward.x + (at.y - first.at.y) * forward.y, aside: (at.y - first.at.y) * forward.x - (at.x - first.at.x) * forward.y }))
  return consecutive(legsOf(places, leanOf(places)))
}

interface Place {
  readonly atMs: number
  readonly size: number
  readonly ahead: number
  readonly aside: number
}

/** How far the usual heading leans from the line between the ends. */
function leanOf(places: readonly Place[]): number {
  const leans: number[] = []
  let next = 0
  for (const place of places) {
    while (next < places.length && places[next]!.atMs - place.atMs < HEADING_MS) next += 1
    const later = places[next]
    if (later && later.ahead - place.ahead > 0) leans.push((later.aside - place.aside) / (later.ahead - place.ahead))
  }
  return median(leans)
}

interface Leg extends Sway {
  readonly from: Place
  readonly to: Place
}

/** From each farthest place on one side to the next on the other, where they are far enough apart. */
function legsOf(places: readonly Place[], lean: number): Leg[] {
  const asideOf = ({ aside, ahead }: Place): number => aside - lean * ahead
  const legs: Leg[] = []
  let turn = places[0]
  let farthest = turn
  let straight = turn
  let side = 0
  for (const place of places) {
    if (!turn || !farthest) break
    const back = asideOf(place) - asideOf(farthest)
    if (side === 0 ? Math.abs(asideOf(place) - asideOf(turn)) >= SWAY_SIZES * place.size : back * side <= -SWAY_SIZES * place.size) {
      if (side !== 0) legs.push(leg(turn, farthest))
      // The first sway begins where he left his straight way, not where he was first seen.
      turn = side === 0 ? straight : farthest
      side = Math.sign(asideOf(place) - (turn ? asideOf(turn) : 0))
      farthest = place
    } else if (side !== 0 && back * side > 0) farthest = place
    else if (side === 0 && Math.abs(asideOf(place) - asideOf(turn)) <= STRAIGHT_SIZES * place.size) straight = place
  }
  return side !== 0 && turn && farthest ? [...legs, leg(turn, farthest)] : legs
}

function leg(from: Place, to: Place): Leg {
  return { fromMs: from.atMs, toMs: to.atMs, from, to }
}

function consecutive(legs: readonly Leg[]): readonly Sway[] {
  const broken = legs.findLastIndex((one, i) => one.toMs - one.fromMs > SWAY_MS_MAX || !goesOn(legs[i - 1], one))
  return legs.slice(broken + 1)
}

/**
 * From one turn to the next on the same side he is further on. Not asked of a single sway: far up a street its length is
 * foreshortened and its breadth is not, so which way is forward cannot be told from one alone.
 */
function goesOn(before: Leg | undefined, { from, to }: Leg): boolean {
  if (!before) return true
  const gone = Math.hypot(to.ahead - before.from.ahead, to.aside - before.from.aside)
  return gone >= 2 * FORWARD_SIZES_MIN * ((before.from.size + from.size + to.size) / 3)
}
