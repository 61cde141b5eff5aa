import type { Point } from '../geometry/point.js'
import { stepsSince } from '../track/path.js'
import type { Step, Track } from '../track/track.js'
import { boxSize, distanceInSizes } from './episode.js'

/** How a track moves. Speeds are in frame heights a second or, told so, in sizes of the object itself a second. */

/** Of its own size: half a step of a person, more than boxes breathe. */
const MOVED_SIZES = 0.5

/** Whether it came away from where it was first seen: posts, carts and shadows that a detector calls people do not. */
export function hasMoved(track: Track, aspect: number): boolean {
  const first = track.path[0]
  return first !== undefined && distanceInSizes(first.box, track.box, aspect) >= MOVED_SIZES
}

/** Over the newest `windowMs` of its path, in its own sizes a second; null when it was not seen for most of that time. */
export function pace(track: Track, windowMs: number, aspect: number): { readonly velocity: Point; readonly speed: number } | null {
  const recent = stepsSince(track.path, track.lastSeenAtMs - windowMs)
  const first = recent[0]
  if (!first || track.lastSeenAtMs - first.atMs < windowMs * SEEN_SHARE_MIN) return null
  const velocity = slope(recent, aspect)
  const size = recent.reduce((sum, step) => sum + boxSize(step.box, aspect), 0) / recent.length
  return { velocity, speed: Math.hypot(velocity.x, velocity.y) / size }
}

/** At 3 frames a second a window of a second holds three steps, two thirds of a second apart. */
const SEEN_SHARE_MIN = 0.6

/** Least-squares velocity of the box's centre, in frame heights a second. */
export function slope(steps: readonly Step[], aspect: number): Point {
  let seconds = 0
  for (const { atMs } of steps) seconds += atMs / 1000
  const mean = seconds / steps.length
  let spread = 0
  let x = 0
  let y = 0
  for (const { atMs, box } of steps) {
    const t = atMs / 1000 - mean
    spread += t * t
    x += (t * (box.x1 + box.x2) * aspect) / 2
    y += (t * (box.y1 + box.y2)) / 2
  }
  return spread > 0 ? { x: x / spread, y: y / spread } : { x: 0, y: 0 }
}

/** Velocity in own sizes a second; null where the steps span less than `spanMsMin` and so say nothing. */
export function velocityInSizes(steps: readonly Step[], aspect: number, spanMsMin: number): Point | null {
  const [first, last] = [steps[0], steps.at(-1)]
  if (!first || !last || last.atMs - first.atMs < spanMsMin) return null
  const size = (boxSize(first.box, aspect) + boxSize(last.box, aspect)) / 2
  const { x, y } = slope(steps, aspect)
  return { x: x / size, y: y / size }
}

/**
 * How far both ends of the box came along `way` (a unit vector), in frame heights: the lesser of its two corners. A car arriving
 * behind hides the lower edge of the box and seems to push the vehicle; the other edge stays.
 */
export function progress(a: Step, b: Step, way: Point, aspect: number): number {
  const upper = (b.box.x1 - a.box.x1) * aspect * way.x + (b.box.y1 - a.box.y1) * way.y
  const lower = (b.box.x2 - a.box.x2) * aspect * way.x + (b.box.y2 - a.box.y2) * way.y
  return Math.abs(upper) < Math.abs(lower) ? upper : lower
}

/** The same in own sizes: the mean of the two, because what comes nearer grows. */
export function progressInSizes(a: Step, b: Step, way: Point, aspect: number): number {
  return progress(a, b, way, aspect) / ((boxSize(a.box, aspect) + boxSize(b.box, aspect)) / 2)
}

/**
 * How far its middle came along `way`, in own sizes: as many as lay end to end on its way. What drives off shrinks as it goes,
 * so the sizes' logarithmic mean is asked. An edge that is hidden moves the middle by half a size at most: for longer ways only.
 */
export function wayInSizes(a: Step, b: Step, way: Point, aspect: number): number {
  const along = ((b.box.x1 + b.box.x2 - a.box.x1 - a.box.x2) * aspect * way.x + (b.box.y1 + b.box.y2 - a.box.y1 - a.box.y2) * way.y) / 2
  const [first, last] = [boxSize(a.box, aspect), boxSize(b.box, aspect)]
  return along / (Math.abs(first - last) < first * 1e-3 ? first : (first - last) / Math.log(first / last))
}

export function unit(p: Point): Point {
  const length = Math.hypot(p.x, p.y)
  return { x: p.x / length, y: p.y / length }
}

export function angleBetween(a: Point, b: Point): number {
  const cosine = (a.x * b.x + a.y * b.y) / (Math.hypot(a.x, a.y) * Math.hypot(b.x, b.y))
  return (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI
}
