import { z } from 'zod'
import type { Worded } from './cameras.js'

/**
 * Models that look at the pictures. All below need `model.manage`.
 *
 *   GET    /api/models                                        → ModelsView
 *   POST   /api/uploads              UploadForm               → UploadView (201)
 *   PUT    /api/uploads/:uploadId/:at   bytes (at most pieceBytes, application/octet-stream) → UploadView; 409 `upload_elsewhere` tells where the file stands
 *   DELETE /api/uploads/:uploadId
 *   POST   /api/models               ModelForm                → ModelView (201); 422 `model_refused` with the field and the next step
 *   POST   /api/model-offers/:name                            → ModelView (201): takes in what was fetched onto the machine
 *   DELETE /api/models/:modelId                                 409 `model_in_use`, `model_built_in`
 *   POST   /api/models/:modelId/use                           → ModelsView; 422 `model_refused`: the model before goes on
 *   POST   /api/model-trials         TrialForm                → TrialView (202)
 *   POST   /api/cameras/:cameraId/model-trials  CameraTrialForm → TrialView (202); needs the camera's area
 *   POST   /api/alerts/:alertId/model-trials  AlertTrialForm  → TrialView (202): on the alert's clip; needs the alert's area
 *   GET    /api/model-trials/:trialId                         → TrialView, asked again and again while it runs; one's own only
 *   GET    /api/model-trials/:trialId/clip                    → MP4, with byte ranges
 *   DELETE /api/model-trials/:trialId                           stops it; the clip goes
 */
export interface EvaluationView {
  readonly clip: string
  readonly atMs: number
  readonly frames: number
  readonly frameMs: number
  /** Over all frames, by class. */
  readonly objects: Readonly<Record<string, number>>
}

/** In which of its two files the built-in model watches on this machine: in 8 bits, or in float because of what follows. */
export interface WidthView {
  readonly is: 'eight_bits' | 'hardly_faster' | 'sees_otherwise' | 'nothing_to_compare' | 'refused' | 'no_file' | 'not_compared'
  /** How many times faster 8 bits are; null where nothing was measured. */
  readonly gain: number | null
  /** 0..1: of all that either file saw in the proof pictures, what both saw. */
  readonly agreement: number | null
}

export interface ModelView {
  readonly id: string
  readonly name: string
  readonly builtIn: boolean
  readonly inUse: boolean
  readonly sha256: string
  readonly bytes: number
  readonly licence: string
  readonly attribution: string
  readonly format: string
  readonly classes: readonly string[]
  readonly input: { readonly width: number; readonly height: number }
  /** One thread; null for our own, whose figures stand in its documentation. */
  readonly frameMs: number | null
  /** Null for a brought model, which has one file. */
  readonly width: WidthView | null
  readonly addedBy: string | null
  readonly addedAtMs: number | null
  readonly broken: { readonly said: Worded; readonly reason: string; readonly next: Worded } | null
  /** Classes that rules in force watch for and this model cannot tell. */
  readonly lacks: readonly string[]
  /** Newest first. */
  readonly evaluations: readonly EvaluationView[]
}

export interface ModelsView {
  readonly models: readonly ModelView[]
  readonly inUse: string
  /** Where the model in use computes; null while nothing watches. */
  readonly runsOn: 'cpu' | 'cuda' | null
  /** Why what was decided is not what watches, or why nothing watches. */
  readonly notice: { readonly said: Worded; readonly next: Worded } | null
  /** Fetched onto the machine (`npm run models:fetch`) and not taken in yet. */
  readonly offers: readonly { readonly name: string; readonly title: string; readonly bytes: number; readonly licence: string; readonly attribution: string }[]
  readonly bytesMax: { readonly model: number; readonly clip: number }
}

export const UploadForm = z.strictObject({ kind: z.enum(['model', 'clip']), name: z.string().trim().min(1).max(200), bytes: z.number().int().min(1) })
export type UploadForm = z.infer<typeof UploadForm>
export interface UploadView {
  readonly id: string
  readonly received: number
  readonly bytes: number
  readonly pieceBytes: number
}

export const ModelForm = z.strictObject({ uploadId: z.string().min(1).max(64), name: z.string().trim().min(1).max(80), licence: z.string().trim().min(1).max(200), attribution: z.string().trim().max(2000).default('') })
export type ModelForm = z.infer<typeof ModelForm>

const modelIds = z.array(z.string().min(1).max(64)).min(1).max(2)
export const TrialForm = z.strictObject({ uploadId: z.string().min(1).max(64), modelIds })
export type TrialForm = z.infer<typeof TrialForm>
export const CameraTrialForm = z.strictObject({ seconds: z.number().int().min(5).max(60), modelIds })
export type CameraTrialForm = z.infer<typeof CameraTrialForm>

export const AlertTrialForm = z.strictObject({ modelIds })
export type AlertTrialForm = z.infer<typeof AlertTrialForm>

export interface SeenView {
  readonly class: string
  readonly score: number
  readonly box: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }
}

export interface TrialView {
  readonly id: string
  readonly clip: string
  readonly modelIds: readonly string[]
  readonly state:
    | { readonly is: 'queued' }
    | { readonly is: 'clip' }
    /** 0..1 of the clip. */
    | { readonly is: 'running'; readonly share: number }
    | {
        readonly is: 'done'
        readonly size: { readonly width: number; readonly height: number }
        /** `found` has one list for each model, in the order of `modelIds`. */
        readonly frames: readonly { readonly atMs: number; readonly found: readonly (readonly SeenView[])[] }[]
        readonly summaries: readonly EvaluationView[]
      }
    | { readonly is: 'failed'; readonly modelId: string | null; readonly said: Worded; readonly reason: string; readonly next: Worded }
}
