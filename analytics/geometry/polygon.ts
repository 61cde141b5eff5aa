import { segmentsMeet, type Segment } from './line.js'
import type { Point } from './point.js'

/** Even-odd rule: how often a ray to the right leaves the polygon. A point on the left or upper edge counts as inside. */
export function inside(polygon: readonly Point[], p: Point): boolean {
  let odd = false
  // Asked thousands of times a frame: no list of edges is made for it.
  for (let i = 0; i < polygon.length; i += 1) {
    const a = polygon[i]!
    const b = polygon[i + 1] ?? polygon[0]!
    if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) odd = !odd
  }
  return odd
}

/** The area enclosed, whichever way round it was drawn. */
export function polygonArea(polygon: readonly Point[]): number {
  return Math.abs(edges(polygon).reduce((sum, [a, b]) => sum + a.x * b.y - b.x * a.y, 0)) / 2
}

export type PolygonFault = 'too_few_points' | 'outside_the_picture' | 'crosses_itself' | 'no_area'

/** A zone smaller than this share of the picture cannot hold anybody's feet: 0.0001 is 6 × 5 pixels of 640 × 480. */
const AREA_MIN = 0.0001

/** What is wrong with a drawn zone, or null. The first fault found is the one that a person can mend first. */
export function polygonFault(polygon: readonly Point[]): PolygonFault | null {
  if (polygon.length < 3) return 'too_few_points'
  if (polygon.some((p) => !(p.x >= 0 && p.x <= 1 && p.y >= 0 && p.y <= 1))) return 'outside_the_picture'
  if (crossesItself(polygon)) return 'crosses_itself'
  return polygonArea(polygon) < AREA_MIN ? 'no_area' : null
}

function crossesItself(polygon: readonly Point[]): boolean {
  const all = edges(polygon)
  return all.some((edge, i) =>
    all.slice(i + 1).some((other, offset) => {
      const neighbours = offset === 0 || (i === 0 && i + 1 + offset === all.length - 1)
      return !neighbours && segmentsMeet(edge, other)
    }),
  )
}

function edges(polygon: readonly Point[]): Segment[] {
  return polygon.map((point, i) => [point, polygon[(i + 1) % polygon.length] ?? point])
}
