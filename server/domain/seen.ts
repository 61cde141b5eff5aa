/** The words of analytics that the server speaks. Everything above the domain takes them from here: one door, types only. */
export type { Detection, ObjectClass } from '../../analytics/detection.js'
export type { Format } from '../../analytics/detect/decoder.js'
export type { Frame } from '../../analytics/frame.js'
export type { Box } from '../../analytics/geometry/box.js'
export type { Point } from '../../analytics/geometry/point.js'
export type { Observation, Reason, Witness } from '../../analytics/rules/observation.js'
export type { Rule, RuleKind } from '../../analytics/rules/rule.js'
export type { Track } from '../../analytics/track/track.js'
