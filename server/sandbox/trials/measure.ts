import { feetOf, isInside, sightsOf, type Point } from '../scenes/truth.js'
import type { Seen } from '../scenes/studio.js'
import type { Spot } from './ground.js'
import type { Played } from './trial.js'

/** Questions to what was drawn. Answers are times of the clip in ms, or null where it never is so. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Less of somebody is not asked for: nobody could say what he does. */
export const VISIBLE_MIN = 0.3

export interface Sighting {
  readonly atMs: number
  readonly seen: Seen
}

export function sightings({ frames, frameMs }: Played, id: number): readonly Sighting[] {
  return sightsOf(frames, id).filter(({ seen }) => seen.visible >= VISIBLE_MIN).map(({ frame, seen }) => ({ atMs: frame * frameMs, seen }))
}

/** From first to last seen. */
export function inSight(played: Played, id: number): Span | null {
  return spanOf(sightings(played, id))
}

/** From first to last with the feet in the zone. */
export function whileIn(played: Played, id: number, zone: readonly Spot[]): Span | null {
  const polygon = zone.map(({ x, y }) => [x, y] as const)
  return spanOf(sightings(played, id).filter(({ seen }) => isInside(polygon, feetOf(seen.box))))
}

/** When the feet pass the line, either way. */
export function passes(played: Played, id: number, [a, b]: readonly [Spot, Spot]): number | null {
  const side = ([x, y]: Point) => (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)
  const along = ([x, y]: Point) => ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / ((b.x - a.x) ** 2 + (b.y - a.y) ** 2)
  const seen = sightings(played, id)
  for (let i = 1; i < seen.length; i += 1) {
    const [before, after] = [seen[i - 1]!, seen[i]!]
    const [from, to] = [side(feetOf(before.seen.box)), side(feetOf(after.seen.box))]
    const where = along(feetOf(after.seen.box))
    if (from === 0 || from * to > 0 || where < -0.02 || where > 1.02) continue
    return before.atMs + (after.atMs - before.atMs) * (from / (from - to))
  }
  return null
}

/** Where its speed on the ground is under `most` metres a second, first to last. */
export function whileSlow({ show, frames, frameMs }: Played, id: number, most = 0.1): Span | null {
  const slow: Sighting[] = []
  for (let frame = 1; frame < frames.length; frame += 1) {
    const [a, b] = [show.poseAt(frame - 1, id), show.poseAt(frame, id)]
    const seen = frames[frame]?.find((one) => one.id === id)
    if (a && b && seen && Math.hypot(a.x - b.x, a.z - b.z) < (most * frameMs) / 1000) slow.push({ atMs: frame * frameMs, seen })
  }
  return spanOf(slow)
}

/** First to last instant in which at least `least` of them are together so (in a zone, slow …). */
export function whileTogether(spans: readonly (Span | null)[], least: number): Span | null {
  const known = spans.filter((span) => span !== null)
  const count = (atMs: number) => known.filter((span) => atMs >= span.fromMs && atMs <= span.toMs).length
  const instants = known.flatMap((span) => [span.fromMs, span.toMs]).filter((atMs) => count(atMs) >= least)
  return instants.length > 0 ? { fromMs: Math.min(...instants), toMs: Math.max(...instants) } : null
}

function spanOf(seen: readonly Sighting[]): Span | null {
  const [first, last] = [seen[0], seen.at(-1)]
  return first && last ? { fromMs: first.atMs, toMs: last.atMs } : null
}
