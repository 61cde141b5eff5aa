import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import type { Claim } from '../episode.js'
import { amount, count, duration, zone } from '../fields.js'
import { defineKind } from '../kind.js'
import { carryOn, isGap, NOTHING_LASTS, sampled, type Lasting, type Sample } from '../lasting.js'
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
  readonly counts: readonly Sample[]
  readonly lasting: Lasting
  /** What is usual at each hour; empty where the rule does not ask. */
  readonly usual: Usual
}

const NO_CROWD: CrowdState = { counts: [], lasting: NOTHING_LASTS, usual: NOTHING_USUAL }

/** A crowd is over when it has shrunk to this share of the threshold: at the threshold itself it would chatter. */
const OVER_SHARE = 0.75
const OVER_MS_MIN = 3_000
/** In a crowd people hide each other for a frame or two; the median bridges the rest. */
const UNSEEN_MS_MAX = 500

/** Enough people in the zone, by the median of the last two seconds, for long enough. One claim for the zone, not per head. */
const step: RuleStep<CrowdRule, CrowdState> = (rule, state, tracks, scene) => {
  const people = subjects(rule, CLASSES, tracks, scene.atMs).filter((track) => scene.atMs - track.lastSeenAtMs <= UNSEEN_MS_MAX && inside(rule.zone, track.at))
  const counts = sampled(state.counts, { atMs: scene.atMs, value: people.length })
  const count = median(counts.map((one) => one.value))
  const usualCount = rule.timesUsual === null ? null : usualAt(state.usual, scene.hour)
  const enough = Math.max(rule.countMin, (rule.timesUsual ?? 0) * (usualCount ?? 0))
  const told = usualCount === null ? {} : { usual: Math.round(usualCount * 10) / 10 }
  const claim = (sinceMs: number): Claim => ({ rule, atMs: scene.atMs, witnesses: people.map(witness), reason: { code: 'crowd', count, countMin: rule.countMin, heldMs: Math.round(scene.atMs - sinceMs), ...told } })
  const few = count < Math.max(1, enough * OVER_SHARE)
  const [lasting, said] = carryOn(state.lasting, { enough: count >= enough, few, gap: isGap(state.counts, scene.atMs), holdMsMin: rule.holdMsMin, overMsMin: OVER_MS_MIN, claim }, scene)
  // A crowd is not usual: minutes in which one is claimed, or about to be, teach nothing.
  const usual = rule.timesUsual === null || state.lasting.episode || lasting.enoughSinceMs !== null ? state.usual : learnUsual(state.usual, count, scene)
  return [{ counts, lasting, usual }, said]
}

export const crowd = defineKind<CrowdRule, CrowdState>({ kind: 'crowd', fields: { zone, countMin: count(1), holdMsMin: duration, timesUsual: amount(1, 100).nullable().default(null) }, classes: CLASSES, nothing: NO_CROWD, outlasting: ({ usual }) => ({ ...NO_CROWD, usual }), step })
