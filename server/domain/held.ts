import type { CameraId, IncidentId, LampFaultId, PersonId, RuleId, SuspensionId } from './ids.js'
import type { Observation, RuleKind } from './seen.js'

/** What a person may say explains what a rule will see for a while. */
export const SUSPENSION_WHYS = ['officer_directing', 'roadworks', 'priority_vehicle', 'diversion'] as const
export type SuspensionWhy = (typeof SUSPENSION_WHYS)[number]
/** Why an incident was kept apart, and nobody called. */
export type HeldWhy = 'lamp_fault' | SuspensionWhy

/** The numbers that say so, as they were then: of the fault, the suspension, the vehicle. */
export type HeldFacts = Readonly<Record<string, string | number | null>>

export interface Explained {
  readonly why: HeldWhy
  readonly facts: HeldFacts
}

export interface HeldOutcome {
  /** `released`: it calls somebody after all. `dismissed`: it was no offence. */
  readonly is: 'released' | 'dismissed'
  readonly by: PersonId
  readonly atMs: number
  readonly reason: string
}

/** One incident that was kept apart, and what a person made of it. */
export interface HeldIncident extends Explained {
  readonly incidentId: IncidentId
  readonly heldAtMs: number
  readonly outcome: HeldOutcome | null
}

/** A person's word that for some time something lawful explains what a rule, or every traffic rule of a camera, will see. */
export interface Suspension {
  readonly id: SuspensionId
  readonly cameraId: CameraId
  /** Null: every rule of the camera that a sign of the hand can overrule. */
  readonly ruleId: RuleId | null
  readonly why: SuspensionWhy
  readonly reason: string
  readonly by: PersonId
  readonly fromMs: number
  readonly untilMs: number
  /** `by` null: its time was over. */
  readonly ended: { readonly by: PersonId | null; readonly atMs: number } | null
}

/** A fault of the lamp that a rule judges by, which still stands. */
export interface StandingFault {
  readonly id: LampFaultId
  readonly facts: HeldFacts
}

/** Law 36/2024, article 11: an officer's sign goes before lamp, sign and marking. It explains no crash, no fight and no race. */
const OVERRULED: readonly RuleKind[] = ['red_light', 'stop_line_over', 'wrong_way', 'no_entry', 'wrong_lane', 'u_turn', 'line_crossing', 'illegal_stop', 'sidewalk_driving', 'queue', 'congestion', 'stalled_vehicle']

/**
 * What explains a claim when it opens; null: nothing does, and somebody is called. A person's word goes first, then what the eyes knew of
 * the lamp as they claimed, then a fault that was found before a restart and that nobody has seen mended.
 */
export function explain(seen: Pick<Observation, 'kind' | 'ruleId' | 'sinceMs' | 'atMs' | 'doubt'>, known: { readonly suspensions: readonly Suspension[]; readonly faults: readonly StandingFault[] }): Explained | null {
  const said = known.suspensions.find((one) => (one.ruleId === null ? OVERRULED.includes(seen.kind) : one.ruleId === seen.ruleId) && seen.sinceMs < endOf(one) && seen.atMs >= one.fromMs)
  if (said) return { why: said.why, facts: { suspensionId: said.id, reason: said.reason, by: said.by, fromMs: said.fromMs, untilMs: said.untilMs } }
  const { doubt } = seen
  if (doubt?.why === 'lamp_fault') return { why: 'lamp_fault', facts: { ...doubt.fault } }
  const [fault] = known.faults
  if (fault) return { why: 'lamp_fault', facts: fault.facts }
  return doubt ? { why: 'priority_vehicle', facts: { class: doubt.class, atMs: doubt.atMs } } : null
}

/** Whether the model in use has a word for any of the vehicles that a rule holds for; null: it names none. */
export function readPriority(classes: readonly string[], known: readonly string[]): { readonly classes: readonly string[]; readonly missing: readonly string[]; readonly state: 'watching' | 'not_configured' } | null {
  if (classes.length === 0) return null
  const missing = classes.filter((name) => !known.includes(name))
  return { classes, missing, state: missing.length < classes.length ? 'watching' : 'not_configured' }
}

const endOf = ({ untilMs, ended }: Suspension): number => Math.min(untilMs, ended?.atMs ?? Infinity)
