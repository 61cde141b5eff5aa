import type { Point } from '../../geometry/point.js'
import { dwellOfMovers, NO_STAYS, type MoverStays } from '../dwell-of-movers.js'
import { duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import type { RuleCore } from '../rule-core.js'

/** Somebody who moves is where nobody may be. */
export interface IntrusionRule extends RuleCore {
  readonly kind: 'intrusion'
  readonly zone: readonly Point[]
  readonly dwellMsMin: number
}

const CLASSES = [...VEHICLES, 'person']

/** A hedge or a passer-by may hide an intruder this long, and he may step over the border, without a second claim. */
const AWAY_MS_MAX = 3_000
const HEIR_SIZES = 1

export const intrusion = defineKind<IntrusionRule, MoverStays>({
  kind: 'intrusion', fields: { zone, dwellMsMin: duration }, classes: CLASSES, nothing: NO_STAYS,
  step: dwellOfMovers({ classes: CLASSES, limits: { awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES }, reason: (stay) => ({ code: 'intrusion', ...stay }) }),
})
