import type { AlertId, CameraId, EvidenceId, IncidentId, RepairId } from './ids.js'

/** Whom pictures are kept for: an alert, an incident that is held and calls nobody yet, a lamp that somebody must mend. */
export type Subject =
  | { readonly kind: 'alert'; readonly id: AlertId; readonly incidentId: IncidentId }
  | { readonly kind: 'held'; readonly id: IncidentId }
  | { readonly kind: 'repair'; readonly id: RepairId }

/** A still or clip that was kept, with the hash of exactly the bytes on disk. A row exists only when its file does. */
export interface EvidenceItem {
  readonly id: EvidenceId
  /** What it shows; null: it is of a repair. An incident may be held first and call somebody later: its evidence is the same. */
  readonly incidentId: IncidentId | null
  /** Null: it is of an incident. */
  readonly repairId: RepairId | null
  readonly cameraId: CameraId
  readonly kind: 'still' | 'clip'
  /** Relative to the evidence folder; made by us, never from user text. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly mediaType: 'image/jpeg' | 'video/mp4'
  readonly fromMs: number
  readonly toMs: number
  readonly madeAtMs: number
}

/** A clip shows what led to the act and what followed (QCVN 05:2024/BCA asks for before, during and after). */
export const BEFORE_MS = 5_000
export const AFTER_MS = 5_000
