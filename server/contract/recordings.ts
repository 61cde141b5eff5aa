import { z } from 'zod'
import type { Worded } from './cameras.js'

/**
 * The past of one camera. Times are wall time in ms. All below need `recording.view` and the camera's area; the media files
 * need a stream ticket besides (see tickets.ts).
 *
 *   GET  /api/cameras/:cameraId/timeline?from=MS&to=MS            → TimelineView (at most 31 days)
 *   GET  /playback/:cameraId/:span/index.m3u8                      span = FROM-TO in ms, at most 6 hours: an HLS list of what is there,
 *                                                                  EXT-X-PROGRAM-DATE-TIME on each segment, a discontinuity between runs
 *   GET  /api/cameras/:cameraId/recorded-still?at=MS               → JPEG of the recorded picture nearest, for thumbnails on hover
 *   POST /api/cameras/:cameraId/bookmarks  BookmarkForm            → BookmarkView     DELETE /api/cameras/:cameraId/bookmarks/:bookmarkId
 *   POST /api/cameras/:cameraId/holds      HoldForm                → HoldView         DELETE /api/cameras/:cameraId/holds/:holdId
 *   PATCH /api/cameras/:cameraId/holds/:holdId  HoldExtensionForm → HoldView     GET /api/holds/ending → { holds } of all cameras that end within a week
 *   GET/PUT /api/cameras/:cameraId/recording  RecordingPolicyForm  → RecordingPolicyView
 *   POST /api/cameras/:cameraId/exports    ExportForm              → ExportView       GET /api/exports → ExportView[]
 *   GET  /api/exports/:exportId → ExportView   DELETE /api/exports/:exportId (cancels or removes)   GET /api/exports/:exportId/file
 *   GET  /api/cameras/:cameraId/record-report?from=MS&to=MS  → RecordReportView (at most 7 days); …/record-report.csv the same with each file's hash
 *   POST /api/cameras/:cameraId/record-check   RecordCheckForm → RecordCheckView: reads the files again (at most 10 minutes at once)
 *   GET  /api/recording → RecordingStateView: disk, forecast, per camera
 */
export interface SpanView {
  readonly fromMs: number
  readonly toMs: number
}

export interface GapView extends SpanView {
  /** camera_lost, server_down, disk_full, disk_slow, switched_off, expired, damaged, clock_step … */
  readonly cause: string
  readonly said: Worded
}

export interface MarkView {
  readonly id: string
  readonly kind: 'alert' | 'bookmark'
  readonly atMs: number
  /** Alerts: their priority. */
  readonly priority: 'critical' | 'high' | 'medium' | 'low' | null
  readonly title: string
  /** Alerts: where the desk opens it. Bookmarks: null. */
  readonly alertId: string | null
  readonly by: string | null
  readonly tags: readonly string[]
}

export interface TimelineView extends SpanView {
  readonly cameraId: string
  readonly nowMs: number
  /** What is there, oldest first; spans that touch are one. */
  readonly recorded: readonly SpanView[]
  readonly gaps: readonly GapView[]
  /** 0..1 for each of `buckets` equal slices from fromMs to toMs: how much the picture changed (from encoded sizes, no decoding). */
  readonly motion: readonly number[]
  readonly marks: readonly MarkView[]
  readonly holds: readonly HoldView[]
  /** Older than this was removed in time, by the camera's retention. */
  readonly expiredBeforeMs: number | null
}

export const BookmarkForm = z.strictObject({ atMs: z.number().int().min(0), note: z.string().trim().max(500).default(''), tags: z.array(z.string().trim().min(1).max(40)).max(10).default([]) })
export type BookmarkForm = z.infer<typeof BookmarkForm>
export interface BookmarkView {
  readonly id: string
  readonly cameraId: string
  readonly atMs: number
  readonly note: string
  readonly tags: readonly string[]
  readonly by: string
  readonly createdAtMs: number
}

/** Keeps a span whatever the retention says, until `untilMs`; a reason is asked for. */
export const HoldForm = z.strictObject({ fromMs: z.number().int().min(0), toMs: z.number().int().min(0), untilMs: z.number().int().min(0), reason: z.string().trim().min(1).max(500) })
export type HoldForm = z.infer<typeof HoldForm>
/** Kept for longer: until when, and why still. */
export const HoldExtensionForm = z.strictObject({ untilMs: z.number().int().min(0), reason: z.string().trim().min(1).max(500) })
export type HoldExtensionForm = z.infer<typeof HoldExtensionForm>
export interface HoldView extends SpanView {
  readonly id: string
  readonly cameraId: string
  readonly untilMs: number
  readonly reason: string
  readonly by: string
}

/** `days`: kept for so long; `eventDays`: around alerts; both beaten by a hold. `stream`: which one is kept. */
export const RecordingPolicyForm = z.strictObject({ mode: z.enum(['always', 'off']), stream: z.enum(['main', 'sub']), days: z.number().int().min(1).max(3650), eventDays: z.number().int().min(1).max(3650) })
export type RecordingPolicyForm = z.infer<typeof RecordingPolicyForm>
export type RecordingPolicyView = RecordingPolicyForm

/** A copy leaves the system: why, what is burned in, and whether faces and plates are covered. */
export const ExportForm = z.strictObject({ fromMs: z.number().int().min(0), toMs: z.number().int().min(0), reason: z.string().trim().min(3).max(500), watermark: z.boolean().default(true), redact: z.boolean().default(false) })
export type ExportForm = z.infer<typeof ExportForm>
export interface ExportView extends SpanView {
  readonly id: string
  readonly cameraId: string
  readonly reason: string
  readonly by: string
  readonly createdAtMs: number
  readonly state: 'queued' | 'running' | 'ready' | 'failed' | 'cancelled'
  /** 0..1 */
  readonly progress: number
  readonly bytes: number | null
  readonly sha256: string | null
  /** Spans inside that were not recorded: an export declares what it lacks. */
  readonly gaps: readonly GapView[]
  readonly trouble: Worded | null
  /** Null for a copy that shows everything. `covered` is null until it is ready; `said` tells what was covered, and what was not. */
  readonly redaction: { readonly covered: 'heads' | 'heads_and_plates' | null; readonly said: Worded | null } | null
}

/** What there is of a span and what is not, for whoever must vouch for the record. `toMs` is now at the latest. */
export interface RecordReportView extends SpanView {
  readonly cameraId: string
  readonly recordedMs: number
  readonly missingMs: number
  /** 0..1 of the span. */
  readonly share: number
  readonly files: number
  readonly bytes: number
  readonly damaged: number
  /** SHA-256 over the hashes of the files in order of time. */
  readonly digest: string
  readonly gaps: readonly GapView[]
}

export const RecordCheckForm = z.strictObject({ fromMs: z.number().int().min(0), toMs: z.number().int().min(0) })
export type RecordCheckForm = z.infer<typeof RecordCheckForm>
/** Files whose bytes were read again: how many, and which of them are not what was written. `toMs`: how far they reach; the next check begins there. */
export interface RecordCheckView {
  readonly checked: number
  readonly toMs: number
  readonly damaged: readonly SpanView[]
}

export interface RecordingStateView {
  readonly disk: { readonly totalBytes: number; readonly freeBytes: number; readonly usedBytes: number; readonly quotaBytes: number | null; readonly level: 'ok' | 'watch' | 'tight' | 'full' }
  /** Days until the oldest wanted picture must go early at today's rate, or null where all fits. */
  readonly forecast: { readonly bytesPerDay: number; readonly wantedBytes: number; readonly fitsDays: number | null; readonly fullAtMs: number | null }
  readonly cameras: readonly { readonly cameraId: string; readonly state: 'recording' | 'waiting' | 'off' | 'stopped'; readonly said: Worded | null; readonly oldestMs: number | null; readonly bytes: number; readonly bytesPerDay: number; readonly keptDays: number; readonly wantedDays: number }[]
}
