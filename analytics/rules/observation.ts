import type { ObjectClass } from '../detection.js'
import type { Box } from '../geometry/box.js'
import type { LampFault } from '../lamp-fault.js'
import type { RuleKind } from './rule.js'

/** Numbers that a person can check against the picture; worded in both languages by server/domain/reason.ts. */
export type Reason =
  | { readonly code: 'line_crossing'; readonly class: ObjectClass; readonly direction: 'left' | 'right' }
  | { readonly code: 'intrusion'; readonly class: ObjectClass; readonly dwellMs: number }
  | { readonly code: 'wrong_way'; readonly class: ObjectClass; readonly heldMs: number; readonly angleDeg: number; readonly travelled: number }
  | { readonly code: 'illegal_stop'; readonly class: ObjectClass; readonly dwellMs: number }
  /** `yellowMs`: how long it was yellow before; null when that was not seen from its beginning. */
  | { readonly code: 'red_light'; readonly class: ObjectClass; readonly redForMs: number; readonly yellowMs: number | null }
  | { readonly code: 'stop_line_over'; readonly class: ObjectClass; readonly stoodMs: number; readonly redForMs: number; readonly overSizes: number }
  | { readonly code: 'no_entry'; readonly class: ObjectClass; readonly side: 'left' | 'right' }
  | { readonly code: 'wrong_lane'; readonly class: ObjectClass; readonly heldMs: number; readonly travelled: number }
  | { readonly code: 'sidewalk_driving'; readonly class: ObjectClass; readonly travelled: number }
  | { readonly code: 'u_turn'; readonly class: ObjectClass; readonly turnDeg: number; readonly turnMs: number }
  | { readonly code: 'abreast'; readonly count: number; readonly countMin: number; readonly heldMs: number }
  | { readonly code: 'queue'; readonly count: number; readonly countMin: number; readonly heldMs: number }
  | { readonly code: 'congestion'; readonly count: number; readonly countMin: number; readonly speed: number; readonly heldMs: number }
  | { readonly code: 'flow'; readonly spanMs: number; readonly watchedMs: number; readonly counts: readonly FlowCount[] }
  | { readonly code: 'stalled_vehicle'; readonly class: ObjectClass; readonly stoodMs: number; readonly passers: number }
  | { readonly code: 'crash'; readonly class: ObjectClass; readonly other: ObjectClass; readonly speed: number; readonly stillMs: number }
  | { readonly code: 'speed'; readonly class: ObjectClass; readonly kmh: number; readonly metres: number }
  | { readonly code: 'crowd'; readonly count: number; readonly countMin: number; readonly heldMs: number; /** As many as there usually are at this hour, where the rule asks for it and it is known. */ readonly usual?: number }
  | { readonly code: 'loitering'; readonly class: ObjectClass; readonly dwellMs: number }
  | { readonly code: 'road_gathering'; readonly count: number; readonly countMin: number; readonly heldMs: number }
  | { readonly code: 'encroachment'; readonly classes: readonly ObjectClass[]; readonly count: number; readonly dwellMs: number }
  | { readonly code: 'racing'; readonly count: number; readonly countMin: number; /** The middle one's, in own sizes a second. */ readonly speed: number; readonly heldMs: number }
  | { readonly code: 'weaving'; readonly class: ObjectClass; readonly sways: number; readonly swaysMin: number }
  | { readonly code: 'fight'; readonly people: number; readonly heldMs: number; /** Edge speeds of the boxes together, in own sizes a second. */ readonly unrest: number }
  | { readonly code: 'model_class'; readonly class: ObjectClass; readonly score: number; readonly scoreMin: number; readonly heldMs: number }
  | { readonly code: 'left_object'; readonly dwellMs: number; /** In heights of the picture. */ readonly size: number }
  | { readonly code: 'removed_object'; readonly heldMs: number }
  | { readonly code: 'camera_tamper'; readonly how: 'covered' | 'defocused' | 'turned'; /** Of the usual edges: their strength, or how far they agree where the camera was turned. */ readonly share: number; readonly heldMs: number }

/** So many of one class passed a line to one side of it. */
export interface FlowCount {
  readonly class: ObjectClass
  readonly side: 'left' | 'right'
  readonly count: number
}

/** An object in the picture that an observation speaks of. */
export interface Witness {
  readonly trackId: number
  readonly class: ObjectClass
  readonly score: number
  readonly box: Box
  /** When the object stood there: at or before the observation, which may come later because it had to be sure. */
  readonly atMs: number
}

/** What else may explain a claim: it is kept apart and calls nobody until a person has looked. */
export type Doubt =
  | { readonly why: 'lamp_fault'; readonly fault: LampFault }
  /** Somebody who has the way was about at that time. */
  | { readonly why: 'priority_vehicle'; readonly class: ObjectClass; readonly atMs: number }

/**
 * A rule's claim: this happened, here, now, by these tracks. A rule repeats its claim (same `episode`) while it holds;
 * `phase` says so: 'began' once, 'holds' at most once a second, 'ended' once for rules that last.
 * `episode` is unique for one lane of one camera since `watch` was made: rule id + first track (or zone) + begin time.
 */
export interface Observation {
  readonly ruleId: string
  readonly kind: RuleKind
  readonly episode: string
  readonly phase: 'began' | 'holds' | 'ended'
  readonly atMs: number
  /** When the act itself began (for a dwell: the entry), at or before `atMs`. */
  readonly sinceMs: number
  readonly witnesses: readonly Witness[]
  readonly reason: Reason
  readonly doubt?: Doubt
}
