import { sideTowards, type Segment, type Side } from '../geometry/line.js'
import type { Point } from '../geometry/point.js'
import { squared } from './subject.js'

/** The side of the stop line to which traffic goes that its lamp governs. */
export function governedSide({ stopLine: [a, b], direction }: { readonly stopLine: Segment; readonly direction: Point }, aspect: number): Side {
  return sideTowards([squared(a, aspect), squared(b, aspect)], squared(direction, aspect))
}
