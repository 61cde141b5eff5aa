import type { CrowdRule } from './kinds/crowd.js'
import type { IllegalStopRule } from './kinds/illegal-stop.js'
import type { IntrusionRule } from './kinds/intrusion.js'
import type { LineCrossingRule } from './kinds/line-crossing.js'
import type { RedLightRule } from './kinds/red-light.js'
import type { StopLineOverRule } from './kinds/stop-line-over.js'
import type { NoEntryRule } from './kinds/no-entry.js'
import type { WrongLaneRule } from './kinds/wrong-lane.js'
import type { SidewalkDrivingRule } from './kinds/sidewalk-driving.js'
import type { UTurnRule } from './kinds/u-turn.js'
import type { AbreastRule } from './kinds/abreast.js'
import type { QueueRule } from './kinds/queue.js'
import type { CongestionRule } from './kinds/congestion.js'
import type { FlowRule } from './kinds/flow.js'
import type { StalledVehicleRule } from './kinds/stalled-vehicle.js'
import type { CrashRule } from './kinds/crash.js'
import type { SpeedRule } from './kinds/speed.js'
import type { WrongWayRule } from './kinds/wrong-way.js'
import type { LoiteringRule } from './kinds/loitering.js'
import type { RoadGatheringRule } from './kinds/road-gathering.js'
import type { EncroachmentRule } from './kinds/encroachment.js'
import type { RacingRule } from './kinds/racing.js'
import type { WeavingRule } from './kinds/weaving.js'
import type { FightRule } from './kinds/fight.js'
import type { ModelClassRule } from './kinds/model-class.js'
import type { LeftObjectRule } from './kinds/left-object.js'
import type { RemovedObjectRule } from './kinds/removed-object.js'
import type { CameraTamperRule } from './kinds/camera-tamper.js'

export type { BoundPreset, Hours, Permit, Pose, RuleCore, Use } from './rule-core.js'
export type { CrowdRule, IllegalStopRule, IntrusionRule, LineCrossingRule, RedLightRule, StopLineOverRule, NoEntryRule, WrongLaneRule, SidewalkDrivingRule, UTurnRule, AbreastRule, QueueRule, CongestionRule, FlowRule, StalledVehicleRule, CrashRule, SpeedRule, WrongWayRule, LoiteringRule, RoadGatheringRule, EncroachmentRule, RacingRule, WeavingRule, FightRule, ModelClassRule, LeftObjectRule, RemovedObjectRule, CameraTamperRule }

/** What a person drew on the picture and wants to be told of. */
export type Rule =
  | LineCrossingRule
  | IntrusionRule
  | WrongWayRule
  | IllegalStopRule
  | RedLightRule
  | StopLineOverRule
  | NoEntryRule
  | WrongLaneRule
  | SidewalkDrivingRule
  | UTurnRule
  | AbreastRule
  | QueueRule
  | CongestionRule
  | FlowRule
  | StalledVehicleRule
  | CrashRule
  | SpeedRule
  | CrowdRule
  | LoiteringRule
  | RoadGatheringRule
  | EncroachmentRule
  | RacingRule
  | WeavingRule
  | FightRule
  | ModelClassRule
  | LeftObjectRule
  | RemovedObjectRule
  | CameraTamperRule
export type RuleKind = Rule['kind']
