import { z } from 'zod'
import type { Worded } from './cameras.js'

export type PriorityView = 'critical' | 'high' | 'medium' | 'low'
export type AlertStateView = 'new' | 'claimed' | 'confirmed' | 'rejected' | 'resolved'

export interface WitnessView {
  readonly trackId: number
  readonly class: string
  readonly score: number
  readonly box: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }
  /** When the object stood there. */
  readonly atMs: number
}

export interface EvidenceView {
  readonly id: string
  readonly kind: 'still' | 'clip'
  /** GET this, signed in. The ETag and `x-content-sha256` header repeat the hash. */
  readonly url: string
  readonly sha256: string
  readonly bytes: number
  readonly fromMs: number
  readonly toMs: number
}

/**
 * The copy of a still or clip in which what is private is covered.
 * POST /api/evidence/:evidenceId/redacted begins to make it (once; later askers are told how far it is), GET tells how far it is.
 */
export type RedactedView =
  | { readonly state: 'none' }
  | { readonly state: 'making'; /** 0..1 */ readonly progress: number }
  /** `url` shows it; `fileUrl` hands it over, which the log tells. `said`: what is covered, and that a person looks it through. */
  | { readonly state: 'ready'; readonly url: string; readonly fileUrl: string; readonly sha256: string; readonly bytes: number; readonly covered: 'heads' | 'heads_and_plates'; readonly said: Worded }
  | { readonly state: 'failed'; readonly said: Worded }

/**
 * What the machine read of the plate of the vehicle meant: a suspicion, which a person compares with the crop. Told to nobody but
 * who may see the alert.
 */
export interface PlateView {
  /** `none`: looked at well, and no plate was there; `too_few`: not seen well enough to say even that. */
  readonly kind: 'read' | 'unreadable' | 'none' | 'too_few'
  /** As one writes it: 59G1-631.88; null unless read. */
  readonly shown: string | null
  /** The letters and digits of `shown` in their order, each with how likely it is, 0..1. */
  readonly letters: readonly { readonly letter: string; readonly share: number }[]
  /** Follows the law's pattern; one that does not may be foreign, or misread. */
  readonly wellFormed: boolean
  readonly rows: 1 | 2 | null
  readonly colour: 'white' | 'yellow' | 'blue' | 'red' | null
  readonly looks: number
  /** Looks that say the same. */
  readonly agree: number
  /** As the camera sent it, untouched; null where no plate was found. */
  readonly rawUrl: string | null
  /** Upright, enlarged, of all looks together: for the eye, and no proof. */
  readonly enhancedUrl: string | null
  readonly rawSha256: string | null
  readonly atMs: number | null
}

/** GET /api/alerts → { alerts, cursor }; GET /api/alerts/:alertId → AlertView with `log` and `links` */
export interface AlertView {
  readonly id: string
  readonly kind: string
  readonly title: Worded
  /** Why, in one line, with a measured number. */
  readonly reason: Worded
  readonly priority: PriorityView
  readonly state: AlertStateView
  readonly owner: { readonly id: string; readonly displayName: string } | null
  readonly cameraId: string
  readonly cameraName: string
  readonly street: string
  readonly areaId: string
  readonly areaName: string
  readonly ruleId: string
  readonly ruleName: string
  readonly sinceMs: number
  readonly openedAtMs: number
  readonly raisedAtMs: number
  readonly changedAtMs: number
  readonly lastSeenAtMs: number
  readonly ongoing: boolean
  /** How many observations were folded into it. */
  readonly observations: number
  readonly witnesses: readonly WitnessView[]
  readonly evidence: readonly EvidenceView[]
  /** Null where nobody looked: no vehicle, or none to read it. */
  readonly plate: PlateView | null
  readonly rejectReason: string | null
  readonly note: string | null
  readonly version: number
}

export interface AlertLogLine {
  readonly seq: number
  readonly what: string
  readonly by: { readonly id: string; readonly displayName: string } | null
  readonly atMs: number
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

export interface AlertWhole extends AlertView {
  readonly log: readonly AlertLogLine[]
  readonly links: readonly LinkView[]
}

export interface AlertList {
  readonly alerts: readonly AlertView[]
  /** Ask the socket for what follows this. */
  readonly cursor: number
  /** Unclaimed, by priority. */
  readonly open: Readonly<Record<string, number>>
}

/** POST /api/alerts/:alertId/deeds → AlertWhole; 409 with code `taken`, `not_yours`, `wrong_state` or `changed`. `version` is what the person saw. */
export const DeedForm = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('claim'), version: z.number().int() }),
  z.strictObject({ do: z.literal('release'), version: z.number().int() }),
  z.strictObject({ do: z.literal('confirm'), version: z.number().int(), note: z.string().trim().max(2000).optional() }),
  z.strictObject({ do: z.literal('reject'), version: z.number().int(), reason: z.enum(['not_there', 'wrong_object', 'shadow_or_light', 'permitted', 'lamp_fault', 'other']), note: z.string().trim().max(2000).optional() }),
  z.strictObject({ do: z.literal('resolve'), version: z.number().int(), note: z.string().trim().min(1).max(2000) }),
  z.strictObject({ do: z.literal('note'), version: z.number().int(), note: z.string().trim().min(1).max(2000) }),
])
export type DeedForm = z.infer<typeof DeedForm>

/** A report and an alert that may be the same matter. */
export interface LinkView {
  readonly id: string
  readonly reportId: string
  readonly alertId: string
  readonly state: 'proposed' | 'confirmed' | 'rejected'
  readonly score: number
  readonly distanceM: number | null
  readonly minutesApart: number
  readonly report: { readonly description: string; readonly address: string | null; readonly requestedAtMs: number; readonly status: string } | null
  readonly alert: { readonly title: Worded; readonly cameraName: string; readonly raisedAtMs: number; readonly state: string; readonly stillUrl: string | null } | null
}
