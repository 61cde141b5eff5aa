import type { ObjectClass } from '../detection.js'
import type { Point } from '../geometry/point.js'

/** Hours in which a rule is armed, local time of the site; `to` before `from` crosses midnight. Days: 1 Monday … 7 Sunday. */
export interface Hours {
  readonly days: readonly number[]
  readonly from: string
  readonly to: string
}

/** Somebody was allowed to do what the rule forbids: roadworks, a market day, an escort. */
export interface Permit {
  /** Where in the picture; null: in all of it. */
  readonly area: readonly Point[] | null
  readonly fromMs: number
  readonly toMs: number
  /** Number and issuer of the paper, for who asks later. */
  readonly reference: string
}

/**
 * What its findings may be used for. A device whose pictures prove an offence may need approval (features.md 9.3), so a rule screens
 * until a site says otherwise; statistics never become an alert.
 */
export const USES = ['evidence', 'screening', 'statistics'] as const
export type Use = (typeof USES)[number]

/** Where a camera that turns looks, in ONVIF's generic spaces: pan and tilt in -1..1, zoom in 0..1. */
export interface Pose {
  readonly pan: number
  readonly tilt: number
  readonly zoom: number
}

/** The preset of a turning camera at which a rule was drawn. `at` is where it stood then: whoever saves the preset anew elsewhere does not move the drawing. */
export interface BoundPreset {
  readonly token: string
  readonly name: string
  readonly at: Pose
}

/** What every rule has, whatever its kind. */
export interface RuleCore {
  readonly id: string
  readonly name: string
  readonly use: Use
  /** Empty: every class that the kind of rule makes sense for. */
  readonly classes: readonly ObjectClass[]
  /** Empty: always armed. */
  readonly hours: readonly Hours[]
  /** Areas that do not count (a parked-motorbike bay, a billboard). */
  readonly exclusions: readonly (readonly Point[])[]
  readonly permits: readonly Permit[]
  /** Classes of a model for vehicles that have the way (an ambulance): while one is about, what others do is explained by it. */
  readonly holdForClasses: readonly ObjectClass[]
  /** A campaign's rule is armed only in its time; null: no end to that side. */
  readonly armedFromMs: number | null
  readonly armedToMs: number | null
  /** Its drawing fits this view alone; whoever runs the rule hands it in only while the camera stands there. Absent: whatever the camera shows. */
  readonly preset?: BoundPreset | undefined
}
