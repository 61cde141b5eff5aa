import type { Point } from '../../geometry/point.js'
import { dwellOfMovers, NO_STAYS, type MoverStays } from '../dwell-of-movers.js'
import { duration, zone } from '../fields.js'
import { defineKind } from '../kind.js'
import type { RuleCore } from '../rule-core.js'

/** A person stays about in the zone, walking or standing, much longer than anybody needs to pass it. */
export interface LoiteringRule extends RuleCore {
  readonly kind: 'loitering'
  readonly zone: readonly Point[]
  /** From entering the zone, short absences included. */
  readonly dwellMsMin: number
}

const CLASSES = ['person']

/** Who steps over the border, to a kiosk or behind a bus, is back within this; who went home is not. */
const AWAY_MS_MAX = 15_000
/** Another number is the same person only soon and near: farther and later it is the next who comes out of the door. */
const HEIR_MS_MAX = 5_000
const HEIR_SIZES = 1.5

export const loitering = defineKind<LoiteringRule, MoverStays>({
  kind: 'loitering', fields: { zone, dwellMsMin: duration }, classes: CLASSES, nothing: NO_STAYS,
  step: dwellOfMovers({ classes: CLASSES, limits: { awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES, heirMsMax: HEIR_MS_MAX }, reason: (stay) => ({ code: 'loitering', ...stay }) }),
})
