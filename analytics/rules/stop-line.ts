import { distanceFrom, sideTowards, type Segment, type Side } from '../geometry/line.js'
import { feet } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'
import type { Track } from '../track/track.js'
import { boxSize } from './episode.js'
import { boxNow, stoodMs } from './stillness.js'
import { squared } from './subject.js'

interface StopLine {
  readonly stopLine: Segment
  readonly direction: Point
}

/** The side of the stop line to which traffic goes that its lamp governs. */
export function governedSide({ stopLine: [a, b], direction }: StopLine, aspect: number): Side {
  return sideTowards([squared(a, aspect), squared(b, aspect)], squared(direction, aspect))
}

/** How far over the line in own sizes, negative before it; null beside its ends, where it is no line. */
export function offSizes(rule: StopLine, at: Point, size: number, aspect: number): number | null {
  const [a, b] = [squared(rule.stopLine[0], aspect), squared(rule.stopLine[1], aspect)]
  const p = squared(at, aspect)
  const along = ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / ((b.x - a.x) ** 2 + (b.y - a.y) ** 2)
  if (along < 0 || along > 1) return null
  const off = distanceFrom([a, b], p) / size
  return governedSide(rule, aspect) === 'right' ? off : -off
}

const STOOD_MS_MIN = 1_500
/** The first rows; who stands farther back may wait for something else. */
const WAITS_SIZES_MAX = 4
const OVER_MAX = 0.3

/** Whether it stands before the line, as one does on red. */
export function waitsBefore(rule: StopLine, track: Track, aspect: number): boolean {
  const box = boxNow(track)
  const off = offSizes(rule, feet(box), boxSize(box, aspect), aspect)
  return off !== null && off <= OVER_MAX && off >= -WAITS_SIZES_MAX && stoodMs(track, aspect) >= STOOD_MS_MIN
}
