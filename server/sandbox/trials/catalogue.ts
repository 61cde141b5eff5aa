import { loitering } from './kinds/loitering.js'
import { uTurn } from './kinds/u-turn.js'
import type { Trial } from './trial.js'

/** Every trial, by kind of rule. A kind that needs more than one has several. */
export const TRIALS: readonly Trial[] = [uTurn, loitering]
