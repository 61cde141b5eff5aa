import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import { begin, end, repeat, type Claim, type Episode } from '../episode.js'
import { count, duration, zone } from '../fields.js'
import { defineKind } from '../kind.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { subjects, witness } from '../subject.js'

/** Enough people stand in a zone: one claim for the place, not one a head. */
export interface CrowdRule extends RuleCore {
  readonly kind: 'crowd'
  readonly zone: readonly Point[]
  readonly countMin: number
  readonly holdMsMin: number
}

const CLASSES = ['person']

interface CrowdState {
  readonly counts: readonly { readonly atMs: number; readonly count: number }[]
  /** When the smoothed count last rose to the threshold, or last fell well below it. */
  readonly enoughSinceMs: number | null
  readonly fewSinceMs: number | null
  readonly episode: Episode | null
}

const NO_CROWD: CrowdState = { counts: [], enoughSinceMs: null, fewSinceMs: null, episode: null }

const SMOOTH_MS = 2_000
/** A crowd is over when it has shrunk to this share of the threshold: at the threshold itself it would chatter. */
const OVER_SHARE = 0.75
const OVER_MS_MIN = 3_000
/** In a crowd people hide each other for a frame or two; the median bridges the rest. */
const UNSEEN_MS_MAX = 500
/** A picture with no frames for this long proves nothing about the time between. */
const GAP_MS_MAX = 5_000

/** Enough people in the zone, by the median of the last two seconds, for long enough. One claim for the zone, not per head. */
const step: RuleStep<CrowdRule, CrowdState> = (rule, state, tracks, scene) => {
  const people = subjects(rule, CLASSES, tracks, scene.atMs).filter((track) => scene.atMs - track.lastSeenAtMs <= UNSEEN_MS_MAX && inside(rule.zone, track.at))
  const gap = scene.atMs - (state.counts.at(-1)?.atMs ?? scene.atMs) > GAP_MS_MAX
  const counts = [...(gap ? [] : state.counts.filter((c) => c.atMs > scene.atMs - SMOOTH_MS)), { atMs: scene.atMs, count: people.length }]
  const count = median(counts.map((c) => c.count))
  const enoughSinceMs = scene.armed && count >= rule.countMin ? ((gap ? null : state.enoughSinceMs) ?? scene.atMs) : null
  const few = count < Math.max(1, rule.countMin * OVER_SHARE)
  const fewSinceMs = few ? (state.fewSinceMs ?? scene.atMs) : null
  const next = { counts, enoughSinceMs, fewSinceMs }
  const sinceMs = state.episode?.sinceMs ?? enoughSinceMs ?? scene.atMs
  const claim: Claim = { rule, atMs: scene.atMs, witnesses: people.map(witness), reason: { code: 'crowd', count, countMin: rule.countMin, heldMs: Math.round(scene.atMs - sinceMs) } }
  if (state.episode) {
    const over = !scene.armed || (fewSinceMs !== null && scene.atMs - fewSinceMs >= OVER_MS_MIN)
    if (over) return [{ ...next, episode: null }, [end(claim, state.episode)]]
    const { episode, said } = repeat(claim, state.episode)
    return [{ ...next, episode }, count >= rule.countMin ? said : []]
  }
  if (enoughSinceMs === null || scene.atMs - enoughSinceMs < rule.holdMsMin) return [{ ...next, episode: null }, []]
  const { episode, said } = begin(claim, { first: 'zone', sinceMs: enoughSinceMs })
  return [{ ...next, episode }, [said]]
}

export const crowd = defineKind<CrowdRule, CrowdState>({ kind: 'crowd', fields: { zone, countMin: count(1), holdMsMin: duration }, classes: CLASSES, nothing: NO_CROWD, step })

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
