import { feetOf, isInside, type Point } from '../scenes/truth.js'
import type { Spot } from './ground.js'
import { sightings, VISIBLE_MIN, type Span } from './measure.js'
import type { Played } from './trial.js'

/** Questions to what was drawn about who drives: which line he passes, how fast he is, where he stands. */
export interface Passing {
  readonly atMs: number
  /** As seen walking from the line's first end to its second. */
  readonly side: 'left' | 'right'
}

/** When the feet pass the line, and to which side of it. */
export function passing(played: Played, id: number, [a, b]: readonly [Spot, Spot]): Passing | null {
  const side = ([x, y]: Point) => (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)
  const along = ([x, y]: Point) => ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / ((b.x - a.x) ** 2 + (b.y - a.y) ** 2)
  const seen = sightings(played, id)
  for (let i = 1; i < seen.length; i += 1) {
    const [before, after] = [seen[i - 1]!, seen[i]!]
    const [from, to] = [side(feetOf(before.seen.box)), side(feetOf(after.seen.box))]
    const where = along(feetOf(after.seen.box))
    if (from === 0 || from * to > 0 || where < -0.02 || where > 1.02) continue
    // Somebody before it hides the feet of who stands: the box ends higher, and nobody passed.
    if ((groundSpeed(played, id, Math.round(after.atMs / played.frameMs)) ?? 1) < STANDING_MAX) continue
    return { atMs: before.atMs + (after.atMs - before.atMs) * (from / (from - to)), side: to > 0 ? 'right' : 'left' }
  }
  return null
}

/** Too near an end of the clip for a claim to be asked for: who is seen first a moment before has no track yet, who does it last is not awaited. */
export function isCut({ frames, frameMs }: Played, atMs: number, edgeMs = 1500): boolean {
  return atMs < edgeMs || atMs > frames.length * frameMs - edgeMs
}

/** Metres a second on the ground since the frame before; null where it was not there. */
export function groundSpeed({ show, frameMs }: Played, id: number, frame: number): number | null {
  const [a, b] = [show.poseAt(frame - 1, id), show.poseAt(frame, id)]
  return a && b ? (Math.hypot(a.x - b.x, a.z - b.z) / frameMs) * 1000 : null
}

/** Slower than this it stands. */
export const STANDING_MAX = 0.1

/** From first to last in which it stands with its feet in the zone. */
export function whileStanding(played: Played, id: number, zone: readonly Spot[]): Span | null {
  const polygon = zone.map(({ x, y }) => [x, y] as const)
  const stands = sightings(played, id).filter(({ atMs, seen }) => isInside(polygon, feetOf(seen.box)) && (groundSpeed(played, id, Math.round(atMs / played.frameMs)) ?? 1) < STANDING_MAX)
  const [first, last] = [stands[0], stands.at(-1)]
  return first && last ? { fromMs: first.atMs, toMs: last.atMs } : null
}

/** Who is seen to stand or drive in a piece of the street, by the middle of his own footprint: others may hide his feet. */
export function whoIsIn({ show, frames }: Played, frame: number, zone: readonly Point[]): readonly number[] {
  return (frames[frame] ?? []).filter(({ id, visible }) => {
    const pose = show.poseAt(frame, id)
    return visible >= VISIBLE_MIN && pose !== null && isInside(zone, [pose.x, pose.z])
  }).map(({ id }) => id)
}

/** Every stretch of at least so long in which it is so in each frame. */
export function stretches({ frames, frameMs }: Played, isSo: (frame: number) => boolean, leastMs: number): readonly Span[] {
  const found: Span[] = []
  let from: number | null = null
  for (let frame = 0; frame <= frames.length; frame += 1) {
    const so = frame < frames.length && isSo(frame)
    if (so) from ??= frame
    else if (from !== null) {
      if ((frame - 1 - from) * frameMs >= leastMs) found.push({ fromMs: from * frameMs, toMs: (frame - 1) * frameMs })
      from = null
    }
  }
  return found
}
