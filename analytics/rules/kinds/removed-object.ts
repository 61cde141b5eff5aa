import type { Point } from '../../geometry/point.js'
import { duration, zone } from '../fields.js'
import { defineKind } from '../kind.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { claimChanges, NO_STILL_CLAIMS, type StillClaims } from '../still-claims.js'

/*
 *   ┌─ zone ─┐      ┌────────┐
 *   │   █    │  ►   │        │      its outline is gone and its place looks like what is around it, for holdMsMin;
 *   └────────┘      └────────┘      somebody who stands before it hides it, and that is none
 */

/** A thing that is watched is no longer there: a sign, a pump, a plant. The zone is drawn around it. */
export interface RemovedObjectRule extends RuleCore {
  readonly kind: 'removed_object'
  readonly zone: readonly Point[]
  readonly holdMsMin: number
}

/** still-changes.ts forgets what has been gone for two hours. */
const HOLD_MS_MAX = 3_600_000

const step: RuleStep<RemovedObjectRule, StillClaims> = (rule, state, _tracks, scene) =>
  claimChanges(rule, state, { holdMsMin: rule.holdMsMin, isMeant: ({ kind }) => kind === 'gone', reason: (_box, heldMs) => ({ code: 'removed_object', heldMs }) }, scene)

export const removedObject = defineKind<RemovedObjectRule, StillClaims>({ kind: 'removed_object', fields: { zone, holdMsMin: duration.max(HOLD_MS_MAX, 'must be at most one hour') }, classes: [], needs: 'changes', nothing: NO_STILL_CLAIMS, step })
