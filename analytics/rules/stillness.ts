import type { Box } from '../geometry/box.js'
import { firstSince } from '../track/path.js'
import type { Track } from '../track/track.js'
import { boxSize, distanceInSizes } from './episode.js'

/** Whether a track stands, told by its place alone: a detector's score falls when a neighbour hides half of it. */

/** Farther from where it is now than this share of its own size, it was still on its way: boxes breathe by half as much. */
const STILL_SIZES = 0.2
/** Where it is now: the mean of its boxes over this long. */
const NOW_MS = 1_000

interface Terms {
  readonly sizes?: number
  readonly place?: Box
  /** How far a step is from that place. */
  readonly apart?: (place: Box, step: Box, aspect: number) => number
}

/**
 * Since when it has been where it is now; null when its whole path lies there. Measured against where it ended up, so that
 * neither rolling to a halt nor creeping in a queue counts as standing. One stray box among the steps is no journey.
 */
export function stillSinceMs(track: Track, aspect: number, { sizes = STILL_SIZES, place = boxNow(track), apart = distanceInSizes }: Terms = {}): number | null {
  const { path } = track
  let laterIsAway = false
  for (let i = path.length - 1; i >= 0; i -= 1) {
    const isAway = apart(place, path[i]!.box, aspect) > sizes
    if (isAway && laterIsAway) return path[i + 2]?.atMs ?? track.lastSeenAtMs
    laterIsAway = isAway
  }
  // Of the first step nobody knows what was before it.
  return laterIsAway ? (path[1]?.atMs ?? track.lastSeenAtMs) : null
}

/** How far both edges of each pair came: whoever passes before it hides one edge, and the box seems to jump; the other edge stays. */
export function edgesInSizes(a: Box, b: Box, aspect: number): number {
  return Math.hypot(lesser(b.x1 - a.x1, b.x2 - a.x2) * aspect, lesser(b.y1 - a.y1, b.y2 - a.y2)) / boxSize(a, aspect)
}

function lesser(one: number, other: number): number {
  return one * other <= 0 ? 0 : Math.min(Math.abs(one), Math.abs(other))
}

/** For how long it has stood at the least, as far as its path reaches. */
export function stoodMs(track: Track, aspect: number): number {
  return track.lastSeenAtMs - (stillSinceMs(track, aspect) ?? track.path[0]?.atMs ?? track.lastSeenAtMs)
}

export function boxNow(track: Track): Box {
  const { path } = track
  const first = firstSince(path, track.lastSeenAtMs - NOW_MS)
  let [x1, y1, x2, y2] = [0, 0, 0, 0]
  for (let i = first; i < path.length; i += 1) {
    const { box } = path[i]!
    x1 += box.x1
    y1 += box.y1
    x2 += box.x2
    y2 += box.y2
  }
  const steps = path.length - first
  return { x1: x1 / steps, y1: y1 / steps, x2: x2 / steps, y2: y2 / steps }
}
