import { cameraTamper } from './kinds/camera-tamper.js'
import { crowd } from './kinds/crowd.js'
import { encroachment } from './kinds/encroachment.js'
import { fight } from './kinds/fight.js'
import { intrusion } from './kinds/intrusion.js'
import { leftObject } from './kinds/left-object.js'
import { loitering } from './kinds/loitering.js'
import { modelClass } from './kinds/model-class.js'
import { racing } from './kinds/racing.js'
import { removedObject } from './kinds/removed-object.js'
import { roadGathering } from './kinds/road-gathering.js'
import { uTurn } from './kinds/u-turn.js'
import { weaving } from './kinds/weaving.js'
import type { Trial } from './trial.js'

/** Every trial, by kind of rule. A kind that needs more than one has several. */
export const TRIALS: readonly Trial[] = [
  uTurn,
  intrusion, loitering, crowd, roadGathering, encroachment, racing, weaving, fight, modelClass, leftObject, removedObject, cameraTamper,
]
