import type { RuleKind } from '../../analytics/rules/rule.js'
import type { AlertId, AreaId, CameraId, IncidentId, PersonId } from './ids.js'

export const PRIORITIES = ['critical', 'high', 'medium', 'low'] as const
export type Priority = (typeof PRIORITIES)[number]

/** What became of an alert. One owner at a time; people decide. */
export type AlertState = 'new' | 'claimed' | 'confirmed' | 'rejected' | 'resolved'

/** Why a person says it was no event; numbered on the desk (B then 1–6). */
export const REJECT_REASONS = ['not_there', 'wrong_object', 'shadow_or_light', 'permitted', 'lamp_fault', 'other'] as const
export type RejectReason = (typeof REJECT_REASONS)[number]

export interface Alert {
  readonly id: AlertId
  readonly incidentId: IncidentId
  readonly cameraId: CameraId
  readonly areaId: AreaId
  readonly kind: RuleKind
  readonly priority: Priority
  readonly state: AlertState
  readonly ownerId: PersonId | null
  readonly raisedAtMs: number
  readonly changedAtMs: number
  readonly rejectReason: RejectReason | null
  readonly note: string | null
  /** Counts every change; a deed must name the version it saw, so that two people cannot both win. */
  readonly version: number
}

export type Deed =
  | { readonly do: 'claim' }
  | { readonly do: 'release' }
  | { readonly do: 'confirm'; readonly note?: string | undefined }
  | { readonly do: 'reject'; readonly reason: RejectReason; readonly note?: string | undefined }
  | { readonly do: 'resolve'; readonly note: string }
  | { readonly do: 'note'; readonly note: string }

export type Refusal =
  | { readonly code: 'taken'; readonly by: PersonId; readonly atMs: number }
  | { readonly code: 'not_yours'; readonly by: PersonId | null }
  | { readonly code: 'wrong_state'; readonly state: AlertState }
  | { readonly code: 'note_missing' }

export type Verdict = { readonly ok: true; readonly alert: Alert } | { readonly ok: false; readonly refusal: Refusal }

/**
 * What a deed makes of an alert. Claiming is free for whoever comes first; a verdict belongs to the owner, and a verdict
 * may be resolved later by its owner. `rejected` and `resolved` are the ends. The whole table is in tests/domain/alert.test.ts.
 */
export function decide(alert: Alert, deed: Deed, by: PersonId, atMs: number): Verdict {
  const change = (part: Partial<Alert>): Verdict => ({ ok: true, alert: { ...alert, ...part, changedAtMs: atMs, version: alert.version + 1 } })
  const refuse = (refusal: Refusal): Verdict => ({ ok: false, refusal })
  if (deed.do === 'note') return deed.note.trim() ? change({ note: deed.note.trim() }) : refuse({ code: 'note_missing' })
  if (deed.do === 'claim') {
    if (alert.state === 'new') return change({ state: 'claimed', ownerId: by })
    if (alert.ownerId !== null && alert.ownerId !== by) return refuse({ code: 'taken', by: alert.ownerId, atMs: alert.changedAtMs })
    return refuse({ code: 'wrong_state', state: alert.state })
  }
  if (alert.state === 'new') return refuse({ code: 'wrong_state', state: alert.state })
  if (alert.ownerId !== by) return refuse({ code: 'not_yours', by: alert.ownerId })
  switch (deed.do) {
    case 'release':
      return alert.state === 'claimed' ? change({ state: 'new', ownerId: null }) : refuse({ code: 'wrong_state', state: alert.state })
    case 'confirm':
      return alert.state === 'claimed' ? change({ state: 'confirmed', note: deed.note ?? alert.note }) : refuse({ code: 'wrong_state', state: alert.state })
    case 'reject':
      return alert.state === 'claimed' || alert.state === 'confirmed' ? change({ state: 'rejected', rejectReason: deed.reason, note: deed.note ?? alert.note }) : refuse({ code: 'wrong_state', state: alert.state })
    case 'resolve':
      if (!deed.note.trim()) return refuse({ code: 'note_missing' })
      return alert.state === 'confirmed' ? change({ state: 'resolved', note: deed.note.trim() }) : refuse({ code: 'wrong_state', state: alert.state })
  }
}

/**
 * What was nobody's case yet leaves the desk when its incident turns out to be explained: rejected by the system, so without an owner.
 * Null: somebody has it in hand, and decides.
 */
export function withdraw(alert: Alert, why: { readonly reason: RejectReason; readonly note: string; readonly atMs: number }): Alert | null {
  if (alert.state !== 'new') return null
  return { ...alert, state: 'rejected', ownerId: null, rejectReason: why.reason, note: why.note, changedAtMs: why.atMs, version: alert.version + 1 }
}

/** What was withdrawn is called after all. Null: a person rejected it, and that stands. */
export function callAgain(alert: Alert, atMs: number): Alert | null {
  if (alert.state !== 'rejected' || alert.ownerId !== null) return null
  return { ...alert, state: 'new', rejectReason: null, note: null, changedAtMs: atMs, version: alert.version + 1 }
}

/** Gravest first, then newest: the order of the desk. */
export function byUrgency(a: Pick<Alert, 'priority' | 'raisedAtMs'>, b: Pick<Alert, 'priority' | 'raisedAtMs'>): number {
  return PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority) || b.raisedAtMs - a.raisedAtMs
}
