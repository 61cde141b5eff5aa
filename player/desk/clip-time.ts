import type { AlertView, EvidenceView } from '../../server/contract/alerts.js'

/** One moment and what was kept of it. `priority` null: it called nobody. */
export interface KeptMoment extends Pick<AlertView, 'cameraId' | 'ruleId' | 'evidence' | 'witnesses' | 'sinceMs' | 'raisedAtMs'> {
  readonly priority: AlertView['priority'] | null
}

/** Boxes are drawn over the clip only around the moment they were seen: elsewhere they would point at an empty street. */
export const BOX_SHOWN_MS = 500

export function boxesShown(clipAtMs: number, witnessAtMs: number): boolean {
  return Math.abs(clipAtMs - witnessAtMs) <= BOX_SHOWN_MS
}

export interface Marks {
  readonly fromMs: number
  readonly toMs: number
  readonly sinceMs: number
  readonly raisedAtMs: number
}

/** The timeline holds the clip, the start and the alert, with a little air. */
export function spanOf(clip: EvidenceView | null, sinceMs: number, raisedAtMs: number): Marks {
  const fromMs = Math.min(clip?.fromMs ?? sinceMs - 5000, sinceMs)
  const toMs = Math.max(clip?.toMs ?? raisedAtMs + 5000, raisedAtMs)
  const airMs = Math.max(500, (toMs - fromMs) * 0.04)
  return { fromMs: fromMs - airMs, toMs: toMs + airMs, sinceMs, raisedAtMs }
}

export function partOf(marks: Pick<Marks, 'fromMs' | 'toMs'>, atMs: number): number {
  return Math.min(1, Math.max(0, (atMs - marks.fromMs) / Math.max(1, marks.toMs - marks.fromMs)))
}

/**
 * The server keeps two stills of a moment: first the one with boxes burned in, then the untouched original (server/evidence).
 * We show the original and draw over it, so that what is drawn can be told from what was there.
 */
export function stillsOf(evidence: readonly EvidenceView[]): { readonly marked: EvidenceView | null; readonly plain: EvidenceView | null } {
  const [marked, plain] = evidence.filter((item) => item.kind === 'still')
  return { marked: marked ?? null, plain: plain ?? null }
}
