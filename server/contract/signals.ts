import { z } from 'zod'
import type { EvidenceView, PlateView, WitnessView } from './alerts.js'
import type { Worded } from './cameras.js'

/**
 * Lamps that err, what is held because of them or on a person's word, and the controllers that tell what a lamp shows.
 *
 *   GET    /api/held?cameraId=…&ruleId=…&settled=1           → HeldListView       alert.view   what nobody has looked at yet; settled=1: what somebody has
 *   POST   /api/incidents/:incidentId/release   SettleForm   → { ok }             held.settle  (traffic officers, administrators) it calls people after all
 *   POST   /api/incidents/:incidentId/dismiss   SettleForm   → { ok }             held.settle  it was no offence
 *   GET    /api/repairs?closed=1                             → RepairListView     camera.view
 *   POST   /api/repairs/:repairId/close         RepairForm   → { ok }             repair.close
 *   GET    /api/suspensions?ended=1                          → SuspensionListView camera.view  those that stand; ended=1: that stand no more
 *   GET    /api/cameras/:cameraId/suspensions                → SuspensionListView camera.view
 *   POST   /api/cameras/:cameraId/suspensions   SuspensionForm → SuspensionView (201)  rule.suspend (police, traffic officers, administrators)
 *   DELETE /api/cameras/:cameraId/suspensions/:suspensionId  → { ok }             rule.suspend before its time
 *   GET    /api/signals                                      → SignalListView     signal.manage (administrators)
 *   POST   /api/signals                         SignalForm   → { signal, key } (201), the key this once
 *   POST   /api/signals/:signalId/key                        → { key }            the old one opens nothing any more
 *   DELETE /api/signals/:signalId                            → { ok }
 *
 * A controller tells: POST /api/signals/:signalId with `authorization: Bearer KEY`, SignalStateForm → SignalHeardView. 403 `signal_refused`:
 * no such signal, or another's key. 409 `old_sequence`: a newer message was first. A rule names it: lamp: { signal, approach }, beside
 * or instead of { box, order }.
 */
interface PersonView {
  readonly id: string
  readonly displayName: string
}

export type HeldWhyView = 'lamp_fault' | 'officer_directing' | 'roadworks' | 'priority_vehicle' | 'diversion'

export interface HeldView {
  readonly incidentId: string
  readonly cameraId: string
  readonly cameraName: string
  readonly ruleId: string
  readonly kind: string
  readonly title: Worded
  /** What the rule saw. */
  readonly reason: Worded
  readonly sinceMs: number
  readonly openedAtMs: number
  readonly witnesses: readonly WitnessView[]
  readonly why: HeldWhyView
  /** Why it is held, in one line, with the numbers; and the numbers. */
  readonly said: Worded
  readonly facts: Readonly<Record<string, string | number | null>>
  /** Whose word holds it; null: no suspension does. */
  readonly suspendedBy: PersonView | null
  readonly heldAtMs: number
  /** Stills and clip of the moment, taken when it was held or when it called people; empty: none could be had, or not yet. */
  readonly evidence: readonly EvidenceView[]
  /** What was read of the vehicle, if it speaks of one: it helps to decide, and is told to nobody else. */
  readonly plate: PlateView | null
  /** What was on the desk before it was held, with what was taken of it; or what calls people since it was released. */
  readonly alertId: string | null
  readonly outcome: { readonly is: 'released' | 'dismissed'; readonly by: PersonView | null; readonly atMs: number; readonly reason: string } | null
}

/** Newest first. */
export interface HeldListView {
  readonly held: readonly HeldView[]
}

export const SettleForm = z.strictObject({ reason: z.string().trim().min(1).max(500) })
export type SettleForm = z.infer<typeof SettleForm>

/** `closed.by` null: the lamp was seen in order again. */
export interface RepairView {
  readonly id: string
  readonly kind: 'lamp_fault'
  readonly title: Worded
  readonly cameraId: string
  readonly cameraName: string
  readonly code: string
  readonly said: Worded
  readonly facts: Readonly<Record<string, string | number | null>>
  /** Where it is seen ({ box, order }), or who tells of it ({ signal, approach }). */
  readonly lamp: unknown
  /** The name of the controller that tells of it; null: it is seen, or that controller was removed. */
  readonly controller: string | null
  readonly openedAtMs: number
  /** The street when the fault was found; null: it could not be had, or not yet. */
  readonly still: EvidenceView | null
  readonly closed: { readonly by: PersonView | null; readonly atMs: number; readonly note: string } | null
}

export interface RepairListView {
  readonly repairs: readonly RepairView[]
}

export const RepairForm = z.strictObject({ note: z.string().trim().min(1).max(500) })
export type RepairForm = z.infer<typeof RepairForm>

export const SUSPENSION_MINUTES_MAX = 24 * 60
/** Without `ruleId`: every rule of the camera that an officer's sign can overrule. */
export const SuspensionForm = z.strictObject({
  ruleId: z.string().min(1).max(64).nullable().default(null),
  why: z.enum(['officer_directing', 'roadworks', 'priority_vehicle', 'diversion']),
  reason: z.string().trim().min(1).max(500),
  minutes: z.number().int().min(1).max(SUSPENSION_MINUTES_MAX),
})
export type SuspensionForm = z.infer<typeof SuspensionForm>

export interface SuspensionView {
  readonly id: string
  readonly cameraId: string
  readonly cameraName: string
  readonly ruleId: string | null
  readonly why: Exclude<HeldWhyView, 'lamp_fault'>
  readonly title: Worded
  readonly reason: string
  readonly by: PersonView | null
  readonly fromMs: number
  readonly untilMs: number
  readonly stands: boolean
  /** `by` null: its time was over. */
  readonly ended: { readonly by: PersonView | null; readonly atMs: number } | null
}

/** Newest first. */
export interface SuspensionListView {
  readonly suspensions: readonly SuspensionView[]
}

export const SignalForm = z.strictObject({ name: z.string().trim().min(1).max(120), areaId: z.string().min(1).max(64), staleMs: z.number().int().min(1_000).max(600_000).default(10_000) })
export type SignalForm = z.infer<typeof SignalForm>

export interface SignalView {
  readonly id: string
  readonly name: string
  readonly areaId: string
  readonly staleMs: number
  readonly madeAtMs: number
  /** Null: it has told nothing since the server started. `offsetMs`: our clock less the controller's. */
  readonly heard: { readonly atMs: number; readonly sequence: number; readonly offsetMs: number; readonly stale: boolean; readonly approaches: Readonly<Record<string, FeedColourView>> } | null
}
export type FeedColourView = 'red' | 'yellow' | 'green' | 'dark' | 'flashing_yellow'

export interface SignalListView {
  readonly signals: readonly SignalView[]
}

export interface SignalMadeView {
  readonly signal: SignalView
  readonly key: string
}

const approach = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
/** The whole state at an instant of the controller's clock: of an approach that it leaves out nothing is known. */
export const SignalStateForm = z.strictObject({
  sequence: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  atMs: z.number().int().min(0).max(8_640_000_000_000_000),
  approaches: z.record(approach, z.enum(['red', 'yellow', 'green', 'dark', 'flashing_yellow'])).refine((all) => Object.keys(all).length <= 16, 'names more than 16 approaches'),
})
export type SignalStateForm = z.infer<typeof SignalStateForm>

export interface SignalHeardView {
  readonly ok: true
  /** What is to be added to your times to have ours: set your clock when it is more than a second. */
  readonly offsetMs: number
}
