import type { LampReading } from '../lamp.js'
import type { StillChange } from '../still-changes.js'
import type { Track } from '../track/track.js'
import type { View } from '../view.js'
import type { Observation } from './observation.js'

/** What a rule may know of an instant beside the tracks. */
export interface Scene {
  readonly atMs: number
  /** Width over height of the frame: angles and distances are what a person sees only in pixels. */
  readonly aspect: number
  /** Hour of the day on the site's clock, 0 to 23: what is usual depends on it. */
  readonly hour: number
  /** Whether the hours of the rule cover this instant; a rule that is not armed ends what it claimed. */
  readonly armed: boolean
  /** The lamp in this rule's own region; null for rules without one. */
  readonly lamp: LampReading | null
  /** What changed in the picture and has been still since; empty unless a rule needs it (kind.ts). */
  readonly changes: readonly StillChange[]
  /** Whether the camera shows what it usually does; null while that is unknown, or no rule needs it. */
  readonly view: View | null
}

/** One kind of rule: a pure step from what it remembered and what is seen to what it remembers and what it claims. */
export type RuleStep<R, State> = (rule: R, state: State, tracks: readonly Track[], scene: Scene) => readonly [State, readonly Observation[]]
