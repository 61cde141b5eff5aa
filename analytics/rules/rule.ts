import type { ObjectClass } from '../detection.js'
import type { Box } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'

/** Hours in which a rule is armed, local time of the site; `to` before `from` crosses midnight. Days: 1 Monday … 7 Sunday. */
export interface Hours {
  readonly days: readonly number[]
  readonly from: string
  readonly to: string
}

interface RuleCore {
  readonly id: string
  readonly name: string
  /** Empty: every class that the kind of rule makes sense for. */
  readonly classes: readonly ObjectClass[]
  /** Empty: always armed. */
  readonly hours: readonly Hours[]
  /** Areas that do not count (a parked-motorbike bay, a billboard). */
  readonly exclusions: readonly (readonly Point[])[]
}

/** A track's anchor passes the line from `a`'s left to its right side as seen walking a → b (`direction: 'right'`), or back. */
export interface LineCrossingRule extends RuleCore {
  readonly kind: 'line_crossing'
  readonly line: readonly [Point, Point]
  readonly direction: 'left' | 'right' | 'both'
}

export interface IntrusionRule extends RuleCore {
  readonly kind: 'intrusion'
  readonly zone: readonly Point[]
  readonly dwellMsMin: number
}

/** A vehicle in the zone moves against `allowed` (a direction in the picture) for long enough and far enough. */
export interface WrongWayRule extends RuleCore {
  readonly kind: 'wrong_way'
  readonly zone: readonly Point[]
  readonly allowed: Point
  readonly holdMsMin: number
}

export interface IllegalStopRule extends RuleCore {
  readonly kind: 'illegal_stop'
  readonly zone: readonly Point[]
  readonly dwellMsMin: number
}

/** The lamp is read from the picture: a region holding the round lamps, and how they are ordered. */
export interface LampRegion {
  readonly box: Box
  readonly order: 'vertical' | 'horizontal' | 'single'
}

export interface RedLightRule extends RuleCore {
  readonly kind: 'red_light'
  readonly stopLine: readonly [Point, Point]
  /** The way traffic goes that this lamp governs. */
  readonly direction: Point
  readonly lamp: LampRegion
  /** A vehicle over the line this soon after red began may have been unable to stop: not claimed. */
  readonly graceMs: number
}

export interface CrowdRule extends RuleCore {
  readonly kind: 'crowd'
  readonly zone: readonly Point[]
  readonly countMin: number
  readonly holdMsMin: number
}

export type Rule = LineCrossingRule | IntrusionRule | WrongWayRule | IllegalStopRule | RedLightRule | CrowdRule
export type RuleKind = Rule['kind']
export const RULE_KINDS = ['line_crossing', 'intrusion', 'wrong_way', 'illegal_stop', 'red_light', 'crowd'] as const satisfies readonly RuleKind[]
