import { crowd } from './kinds/crowd.js'
import { illegalStop } from './kinds/illegal-stop.js'
import { intrusion } from './kinds/intrusion.js'
import { lineCrossing } from './kinds/line-crossing.js'
import { redLight } from './kinds/red-light.js'
import { stopLineOver } from './kinds/stop-line-over.js'
import { noEntry } from './kinds/no-entry.js'
import { wrongLane } from './kinds/wrong-lane.js'
import { sidewalkDriving } from './kinds/sidewalk-driving.js'
import { uTurn } from './kinds/u-turn.js'
import { abreast } from './kinds/abreast.js'
import { queue } from './kinds/queue.js'
import { congestion } from './kinds/congestion.js'
import { flow } from './kinds/flow.js'
import { stalledVehicle } from './kinds/stalled-vehicle.js'
import { crash } from './kinds/crash.js'
import { speed } from './kinds/speed.js'
import { wrongWay } from './kinds/wrong-way.js'
import { loitering } from './kinds/loitering.js'
import { roadGathering } from './kinds/road-gathering.js'
import { encroachment } from './kinds/encroachment.js'
import { racing } from './kinds/racing.js'
import { weaving } from './kinds/weaving.js'
import { fight } from './kinds/fight.js'
import { modelClass } from './kinds/model-class.js'
import { leftObject } from './kinds/left-object.js'
import { removedObject } from './kinds/removed-object.js'
import { cameraTamper } from './kinds/camera-tamper.js'
import type { Kind } from './kind.js'
import type { Rule, RuleKind } from './rule.js'

/** The only place that knows every kind: a new kind is a file in `kinds/`, a line here and one in rule.ts. */
export const KINDS: { readonly [K in RuleKind]: Kind<Extract<Rule, { kind: K }>> } = {
  line_crossing: lineCrossing,
  intrusion,
  wrong_way: wrongWay,
  illegal_stop: illegalStop,
  red_light: redLight,
  stop_line_over: stopLineOver,
  no_entry: noEntry,
  wrong_lane: wrongLane,
  sidewalk_driving: sidewalkDriving,
  u_turn: uTurn,
  abreast,
  queue,
  congestion,
  flow,
  stalled_vehicle: stalledVehicle,
  crash,
  speed,
  crowd,
  loitering,
  road_gathering: roadGathering,
  encroachment,
  racing,
  weaving,
  fight,
  model_class: modelClass,
  left_object: leftObject,
  removed_object: removedObject,
  camera_tamper: cameraTamper,
}

export const RULE_KINDS = Object.keys(KINDS) as readonly RuleKind[]
