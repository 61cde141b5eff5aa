import { feetOf, isInside, sightsOf } from '../scenes/truth.js'
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

/** From first to last with the feet in the zone. */
export function whileIn(played: Played, id: number, zone: readonly Spot[]): Span | null {
  const polygon = zone.map(({ x, y }) => [x, y] as const)
  return spanOf(sightings(played, id).filter(({ seen }) => isInside(polygon, feetOf(seen.box))))
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
