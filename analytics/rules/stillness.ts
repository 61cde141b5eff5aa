import type { Box } from '../geometry/box.js'
import { stepsSince } from '../track/path.js'
import type { Step, Track } from '../track/track.js'
import { distanceInSizes } from './episode.js'

/** Whether a track stands, told by its place alone: a detector's score falls when a neighbour hides half of it. */

/** Farther from where it is now than this share of its own size, it was still on its way: boxes breathe by half as much. */
const STILL_SIZES = 0.2
/** Where it is now: the mean of its boxes over this long. */
const NOW_MS = 1_000

/**
 * Since when it has been where it is now; null when its whole path lies there. Measured against where it ended up, so that
 * neither rolling to a halt nor creeping in a queue counts as standing. One stray box among the steps is no journey.
 */
export function stillSinceMs(track: Track, aspect: number, sizes = STILL_SIZES): number | null {
  const place = boxNow(track)
  const away = (step: Step | undefined): boolean => step !== undefined && distanceInSizes(place, step.box, aspect) > sizes
  const lastAway = track.path.findLastIndex((step, i) => away(step) && (i === 0 || away(track.path[i - 1])))
  return lastAway < 0 ? null : (track.path[lastAway + 1]?.atMs ?? track.lastSeenAtMs)
}

/** For how long it has stood at the least, as far as its path reaches. */
export function stoodMs(track: Track, aspect: number): number {
  return track.lastSeenAtMs - (stillSinceMs(track, aspect) ?? track.path[0]?.atMs ?? track.lastSeenAtMs)
}

export function boxNow(track: Track): Box {
  const recent = stepsSince(track.path, track.lastSeenAtMs - NOW_MS)
  const mean = (edge: keyof Box): number => recent.reduce((sum, step) => sum + step.box[edge], 0) / recent.length
  return { x1: mean('x1'), y1: mean('y1'), x2: mean('x2'), y2: mean('y2') }
}
