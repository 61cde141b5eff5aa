import type { Detection, Format } from '../domain/seen.js'
import type { ModelFacts, ModelTrouble } from '../domain/model.js'
import type { Pair } from './eight-bits.js'

/** A model's file as the child opens it: it reads the bytes itself and believes them only under this SHA-256. */
export interface ModelOnDisk {
  /** Its id, for telling who was at fault. */
  readonly name: string
  readonly file: string
  readonly sha256: string
  readonly format?: Format
  readonly input?: { readonly width: number; readonly height: number }
  readonly thresholds?: Readonly<Record<string, number>> & { readonly other: number }
}

/** What the child is started for; it does this one thing and leaves. */
export type ChildJob =
  | { readonly do: 'probe'; readonly model: ModelOnDisk }
  /** Both files of one network on the same pictures, in turns. */
  | { readonly do: 'compare'; readonly float: ModelOnDisk; readonly eight: ModelOnDisk; readonly pictures: readonly string[] }
  | { readonly do: 'try'; readonly models: readonly ModelOnDisk[]; readonly clip: string; readonly fps: number; readonly ffmpeg: string; readonly runId: string }

export type ChildSays =
  | { readonly says: 'facts'; readonly facts: ModelFacts }
  | { readonly says: 'pairs'; readonly pairs: readonly Pair[] }
  | { readonly says: 'fault'; readonly model: string; readonly fault: ModelTrouble }
  | { readonly says: 'size'; readonly width: number; readonly height: number; readonly lengthMs: number | null }
  /** One picture, and for each model what it saw in it and how long it looked. */
  | { readonly says: 'frame'; readonly atMs: number; readonly found: readonly (readonly Detection[])[]; readonly ms: readonly number[] }
  | { readonly says: 'no_clip'; readonly words: readonly string[] }
  | { readonly says: 'done' }
