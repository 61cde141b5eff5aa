import type { Point } from './point.js'

export type Segment = readonly [Point, Point]
export type Side = 'left' | 'right'

/**
 * Twice the area of the triangle a, b, p: positive where `p` lies to the right of one who walks a → b. In a picture y
 * grows downwards, so right of a walk to the right is below it.
 */
function turn(a: Point, b: Point, p: Point): number {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)
}

/** How far `p` stands from the endless line through the segment: positive on its right side, in the segment's own unit. */
export function distanceFrom(line: Segment, p: Point): number {
  return distancesFrom(line)(p)
}

/** The same for many points. */
export function distancesFrom([a, b]: Segment): (p: Point) => number {
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  return (p) => (length > 0 ? turn(a, b, p) / length : 0)
}

/** The side a positive direction walks to when it passes the line. */
export function sideTowards([a, b]: Segment, direction: Point): Side {
  return turn(a, b, { x: a.x + direction.x, y: a.y + direction.y }) >= 0 ? 'right' : 'left'
}

/** Whether two segments touch or cross; collinear overlap counts as touching. */
export function segmentsMeet([a, b]: Segment, [c, d]: Segment): boolean {
  const ac = turn(a, b, c)
  const ad = turn(a, b, d)
  const ca = turn(c, d, a)
  const cb = turn(c, d, b)
  if (((ac > 0 && ad < 0) || (ac < 0 && ad > 0)) && ((ca > 0 && cb < 0) || (ca < 0 && cb > 0))) return true
  return (ac === 0 && within(a, b, c)) || (ad === 0 && within(a, b, d)) || (ca === 0 && within(c, d, a)) || (cb === 0 && within(c, d, b))
}

function within(a: Point, b: Point, p: Point): boolean {
  return Math.min(a.x, b.x) <= p.x && p.x <= Math.max(a.x, b.x) && Math.min(a.y, b.y) <= p.y && p.y <= Math.max(a.y, b.y)
}

/**
 * Where a step from `from` to `to` passes the segment: the side it arrives on and the share of the step before the line.
 * Null when it passes beside the ends or does not change sides. A step that ends exactly on the line has not passed it.
 */
export function crossing(line: Segment, from: Point, to: Point): { readonly side: Side; readonly share: number } | null {
  const before = distanceFrom(line, from)
  const after = distanceFrom(line, to)
  if ((before <= 0 && after <= 0) || (before >= 0 && after >= 0)) return null
  const share = before / (before - after)
  const at = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
  const [a, b] = line
  const lengthSquared = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
  const along = ((at.x - a.x) * (b.x - a.x) + (at.y - a.y) * (b.y - a.y)) / lengthSquared
  if (along < 0 || along > 1) return null
  return { side: after > 0 ? 'right' : 'left', share }
}
