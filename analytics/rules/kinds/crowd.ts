import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import { begin, end, repeat, type Claim, type Episode } from '../episode.js'
import { amount, count, duration, zone } from '../fields.js'
import { defineKind } from '../kind.js'
import { median } from '../median.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { subjects, witness } from '../subject.js'
import { learnUsual, NOTHING_USUAL, usualAt, type Usual } from '../usual.js'

/*
 *   people, median of 2 s
 *     │         ╭───────╮ · · · · · · · · ·  enough: countMin, and timesUsual × what is usual at this hour
 *     │        ╱    │    ╲ · · · · · · · ·   0.75 of it
 *     │  ─────╯     │     ╲───────           usual
 *     └─────── holdMsMin ───────► time
 */

/** Enough people stand in a zone: one claim for the place, not one a head. */
export interface CrowdRule extends RuleCore {
  readonly kind: 'crowd'
  readonly zone: readonly Point[]
  readonly countMin: number
  readonly holdMsMin: number
  /** At least so many times what is usual at this hour of the day as well, once that is known; null: only `countMin` counts. */
  readonly timesUsual: number | null
}

const CLASSES = ['person']

interface CrowdState {
  readonly counts: readonly { readonly atMs: number; readonly count: number }[]
  /** When the smoothed count last rose to the threshold, or last fell well below it. */
  readonly enoughSinceMs: number | null
  readonly fewSinceMs: number | null
  readonly episode: Episode | null
  /** What is usual at each hour; empty where the rule does not ask. */
  readonly usual: Usual
}

const NO_CROWD: CrowdState = { counts: [], enoughSinceMs: null, fewSinceMs: null, episode: null, usual: NOTHING_USUAL }

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
  const usualCount = rule.timesUsual === null ? null : usualAt(state.usual, scene.hour)
  const enough = Math.max(rule.countMin, (rule.timesUsual ?? 0) * (usualCount ?? 0))
  const enoughSinceMs = scene.armed && count >= enough ? ((gap ? null : state.enoughSinceMs) ?? scene.atMs) : null
  const few = count < Math.max(1, enough * OVER_SHARE)
  const fewSinceMs = few ? (state.fewSinceMs ?? scene.atMs) : null
  // A crowd is not usual: minutes in which one is claimed, or about to be, teach nothing.
  const usual = rule.timesUsual === null || state.episode || enoughSinceMs !== null ? state.usual : learnUsual(state.usual, count, scene)
  const next = { counts, enoughSinceMs, fewSinceMs, usual }
  const sinceMs = state.episode?.sinceMs ?? enoughSinceMs ?? scene.atMs
  const claim: Claim = { rule, atMs: scene.atMs, witnesses: people.map(witness), reason: { code: 'crowd', count, countMin: rule.countMin, heldMs: Math.round(scene.atMs - sinceMs), ...(usualCount === null ? {} : { usual: Math.round(usualCount * 10) / 10 }) } }
  if (state.episode) {
    const over = !scene.armed || (fewSinceMs !== null && scene.atMs - fewSinceMs >= OVER_MS_MIN)
    if (over) return [{ ...next, episode: null }, [end(claim, state.episode)]]
    const { episode, said } = repeat(claim, state.episode)
    return [{ ...next, episode }, count >= enough ? said : []]
  }
  if (enoughSinceMs === null || scene.atMs - enoughSinceMs < rule.holdMsMin) return [{ ...next, episode: null }, []]
  const { episode, said } = begin(claim, { first: 'zone', sinceMs: enoughSinceMs })
  return [{ ...next, episode }, [said]]
}

export const crowd = defineKind<CrowdRule, CrowdState>({ kind: 'crowd', fields: { zone, countMin: count(1), holdMsMin: duration, timesUsual: amount(1, 100).nullable().default(null) }, classes: CLASSES, nothing: NO_CROWD, outlasting: ({ usual }) => ({ ...NO_CROWD, usual }), step })
