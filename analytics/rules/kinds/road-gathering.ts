import type { Point } from '../../geometry/point.js'
import { count, duration, zone } from '../fields.js'
import { gather, NO_GATHERING, type GatheringState } from '../gathering.js'
import { defineKind, TWO_WHEELERS } from '../kind.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { subjects } from '../subject.js'

/*
 *   ═══════════════════════════ carriageway
 *      o o8o                 8        o 8: people and two-wheelers who stand
 *       8 o     ► ► ►      o 8 o
 *   ═══════════════════════════
 *     one claim            another one: each group for its place
 */

/** People and two-wheelers who stand together on the carriageway (Decree 168: from three two-wheelers, article 7(2)(d)). */
export interface RoadGatheringRule extends RuleCore {
  readonly kind: 'road_gathering'
  readonly zone: readonly Point[]
  readonly countMin: number
  /** Longer than the longest red of the place: a queue moves on before. */
  readonly holdMsMin: number
}

const CLASSES = [...TWO_WHEELERS, 'person']

/** Four of their own sizes are about five metres: farther apart they are not together. */
const NEAR_SIZES = 4
/** Who stands and talks shifts from foot to foot; a queue that creeps comes farther. */
const LEFT_SIZES = 1
/** A bus at a stop hides a group for 10 to 15 s. */
const AWAY_MS_MAX = 15_000

const step: RuleStep<RoadGatheringRule, GatheringState> = (rule, state, tracks, scene) => {
  const terms = { countMin: rule.countMin, holdMsMin: rule.holdMsMin, nearSizes: NEAR_SIZES, leftSizes: LEFT_SIZES, awayMsMax: AWAY_MS_MAX }
  return gather(rule, { ...terms, reason: (found) => ({ code: 'road_gathering', count: found.count, countMin: rule.countMin, heldMs: found.heldMs }) }, state, subjects(rule, CLASSES, tracks, scene.atMs), scene)
}

export const roadGathering = defineKind<RoadGatheringRule, GatheringState>({ kind: 'road_gathering', fields: { zone, countMin: count(2), holdMsMin: duration }, classes: CLASSES, nothing: NO_GATHERING, step })
