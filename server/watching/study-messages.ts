import type { Anchor } from '../../analytics/plate/follow.js'
import type { PlateAnswer } from '../domain/plate.js'
import type { WatchingModel, WrittenFault } from './inference-messages.js'
import type { Packed } from './packed-model.js'

/** What the process that looks back at recorded pictures is started with. */
export interface StudyModels {
  readonly eyes: WatchingModel
  /** `letters`: of the reader's classes, in their order; null where its file says it itself. */
  readonly plates: { readonly name: string; readonly finder: Uint8Array; readonly reader: Uint8Array; readonly letters: readonly string[] | null }
}

/** Packets of one stream as a fragmented MP4 on disk, and when each of its pictures was taken (wall time, in the file's order). */
export interface PlateQuestion {
  readonly id: number
  readonly file: string
  readonly timesMs: readonly number[]
  readonly anchor: Anchor
}

interface Bytes {
  readonly bytes: Uint8Array
}

export type StudyRequest = { readonly kind: 'models'; readonly eyes: Packed<WatchingModel>; readonly plates: { readonly name: string; readonly finder: Packed<Bytes>; readonly reader: Packed<Bytes>; readonly letters: readonly string[] | null }; readonly ffmpeg: string; readonly runId: string } | ({ readonly kind: 'plate' } & PlateQuestion)

export type StudyNews =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly fault: WrittenFault }
  | { readonly kind: 'plate'; readonly id: number; readonly answer: PlateAnswer }
  | { readonly kind: 'failed'; readonly id: number; readonly why: string }
