import { feet, type Box } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'
import { firstSince } from './path.js'
import type { Step } from './track.js'

/** So near to each other, in heights of whom it covers, lie his lower edge and the upper edge of what stands before him. */
const SEAM = 0.2
/** As much of his width lies behind it. */
const WIDTH_SHARE_MIN = 0.6
/** Less than this much of his height is seen; boxes tremble by a few hundredths. */
const SHOWN_SHARE_MAX = 0.92
/** Who stands keeps his upper edge: it lies within so many of his own heights. */
const STILL_MAX = 0.08
/** How far back he may have been seen whole: what drives up before him, dark on a dark street, is found some looks after it began to hide him. */
const WHOLE_MS_MAX = 2_000

/**
 * The feet of who is seen in this box. Before somebody who stands, another drives up and hides him from below: the lower edge of his box then rises as if he
 * went off, over lines that he never passed. While what is nearer ends his box and its upper edge stays, his feet are where they were. Of who moves
 * nothing is assumed: how much of him is hidden cannot be told from how much smaller he becomes.
 */
export function feetOf(box: Box, path: readonly Step[], others: readonly Box[], atMs: number): Point {
  const seen = feet(box)
  const whole = heightWhole(box, path, atMs)
  return box.y2 - box.y1 < SHOWN_SHARE_MAX * whole && others.some((other) => endsAt(box, other, whole)) ? { x: seen.x, y: box.y1 + whole } : seen
}

/** From his upper edge to his feet, the most since he stands there. */
function heightWhole(box: Box, path: readonly Step[], atMs: number): number {
  let whole = box.y2 - box.y1
  for (let i = path.length - 1, first = firstSince(path, atMs - WHOLE_MS_MAX); i >= first; i -= 1) {
    const { at, box: before } = path[i]!
    const height = at.y - before.y1
    if (Math.abs(box.y1 - before.y1) > STILL_MAX * height) break
    whole = Math.max(whole, height)
  }
  return whole
}

/** Whether the other box begins where this one ends, is nearer, and lies before most of it. */
function endsAt(box: Box, other: Box, whole: number): boolean {
  if (other.y2 < box.y1 + whole || Math.abs(other.y1 - box.y2) > SEAM * whole) return false
  return Math.min(box.x2, other.x2) - Math.max(box.x1, other.x1) >= WIDTH_SHARE_MIN * (box.x2 - box.x1)
}
