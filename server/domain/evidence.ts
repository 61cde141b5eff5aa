import type { AlertId, CameraId, EvidenceId } from './ids.js'

/** A still or clip kept for an alert, with the hash of exactly the bytes on disk. A row exists only when its file does. */
export interface EvidenceItem {
  readonly id: EvidenceId
  readonly alertId: AlertId
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
