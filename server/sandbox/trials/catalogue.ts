import { abreast } from './kinds/abreast.js'
import { congestion } from './kinds/congestion.js'
import { crash } from './kinds/crash.js'
import { flow } from './kinds/flow.js'
import { illegalStop } from './kinds/illegal-stop.js'
import { lineCrossing } from './kinds/line-crossing.js'
import { loitering } from './kinds/loitering.js'
import { noEntry, noEntryHours } from './kinds/no-entry.js'
import { queue } from './kinds/queue.js'
import { redLight } from './kinds/red-light.js'
import { sidewalkDriving } from './kinds/sidewalk-driving.js'
import { speed } from './kinds/speed.js'
import { stalledVehicle } from './kinds/stalled-vehicle.js'
import { stopLineOver } from './kinds/stop-line-over.js'
import { uTurn } from './kinds/u-turn.js'
import { wrongLane } from './kinds/wrong-lane.js'
import { wrongWay } from './kinds/wrong-way.js'
import type { Trial } from './trial.js'

/** Every trial, by kind of rule. A kind that needs more than one has several. */
export const TRIALS: readonly Trial[] = [
  redLight, stopLineOver, wrongWay, noEntry, noEntryHours, wrongLane, sidewalkDriving, illegalStop, abreast, uTurn, lineCrossing, flow, queue, congestion, speed, stalledVehicle, crash,
  loitering,
]
