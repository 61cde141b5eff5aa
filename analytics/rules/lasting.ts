import { begin, end, repeat, type Claim, type Episode } from './episode.js'
import type { Observation } from './observation.js'
import type { Scene } from './scene.js'

/** A state of a place that lasts (a crowd, a queue): believed when it has held for long enough, over when it has clearly ended. */

/** A number read from each frame, of the last seconds. */
export interface Sample {
  readonly atMs: number
  readonly value: number
}

export interface Lasting {
  /** When the state last began to hold, or last fell well below it. */
  readonly enoughSinceMs: number | null
  readonly fewSinceMs: number | null
  readonly episode: Episode | null
}

export const NOTHING_LASTS: Lasting = { enoughSinceMs: null, fewSinceMs: null, episode: null }

/** In a crowd things hide each other for a frame or two; the median of this long bridges them. */
const SMOOTH_MS = 2_000
/** A picture with no frames for this long proves nothing about the time between. */
const GAP_MS_MAX = 5_000

/** The samples with this frame's; after a gap, this one alone. */
export function sampled(before: readonly Sample[], now: Sample): readonly Sample[] {
  return [...(isGap(before, now.atMs) ? [] : before.filter((one) => one.atMs > now.atMs - SMOOTH_MS)), now]
}

export function isGap(before: readonly Sample[], atMs: number): boolean {
  return atMs - (before.at(-1)?.atMs ?? atMs) > GAP_MS_MAX
}

export interface Judgement {
  readonly enough: boolean
  /** Clearly no more: at the threshold itself a claim would chatter. */
  readonly few: boolean
  readonly gap: boolean
  readonly holdMsMin: number
  readonly overMsMin: number
  /** What is claimed, of a state that has held since then. */
  claim(sinceMs: number): Claim
}

/** One claim for the place, from when it held; repeated while it holds, ended when it is clearly over or the rule is no longer armed. */
export function carryOn(before: Lasting, now: Judgement, scene: Scene): readonly [Lasting, readonly Observation[]] {
  const enoughSinceMs = scene.armed && now.enough ? ((now.gap ? null : before.enoughSinceMs) ?? scene.atMs) : null
  const fewSinceMs = now.few ? (before.fewSinceMs ?? scene.atMs) : null
  const claim = now.claim(before.episode?.sinceMs ?? enoughSinceMs ?? scene.atMs)
  if (before.episode) {
    const over = !scene.armed || (fewSinceMs !== null && scene.atMs - fewSinceMs >= now.overMsMin)
    if (over) return [{ enoughSinceMs, fewSinceMs, episode: null }, [end(claim, before.episode)]]
    const { episode, said } = repeat(claim, before.episode)
    return [{ enoughSinceMs, fewSinceMs, episode }, now.enough ? said : []]
  }
  if (enoughSinceMs === null || scene.atMs - enoughSinceMs < now.holdMsMin) return [{ enoughSinceMs, fewSinceMs, episode: null }, []]
  const { episode, said } = begin(claim, { first: 'zone', sinceMs: enoughSinceMs })
  return [{ enoughSinceMs, fewSinceMs, episode }, [said]]
}
