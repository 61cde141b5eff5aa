import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import type { Claim } from '../episode.js'
import { count, duration, zone } from '../fields.js'
import { defineKind } from '../kind.js'
import { carryOn, isGap, median, NOTHING_LASTS, sampled, type Lasting, type Sample } from '../lasting.js'
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
  readonly counts: readonly Sample[]
  readonly lasting: Lasting
}

const NO_CROWD: CrowdState = { counts: [], lasting: NOTHING_LASTS }

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
  const claim = (sinceMs: number): Claim => ({ rule, atMs: scene.atMs, witnesses: people.map(witness), reason: { code: 'crowd', count, countMin: rule.countMin, heldMs: Math.round(scene.atMs - sinceMs) } })
  const few = count < Math.max(1, rule.countMin * OVER_SHARE)
  const [lasting, said] = carryOn(state.lasting, { enough: count >= rule.countMin, few, gap: isGap(state.counts, scene.atMs), holdMsMin: rule.holdMsMin, overMsMin: OVER_MS_MIN, claim }, scene)
  return [{ counts, lasting }, said]
}

export const crowd = defineKind<CrowdRule, CrowdState>({ kind: 'crowd', fields: { zone, countMin: count(1), holdMsMin: duration }, classes: CLASSES, nothing: NO_CROWD, step })
