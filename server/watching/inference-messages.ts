import type { Crop } from '../../analytics/crop.js'
import type { Detection } from '../../analytics/detection.js'
import type { Format } from '../../analytics/detect/decoder.js'
import type { RunsOn } from '../../analytics/detect/onnx-session.js'
import type { Thresholds } from '../../analytics/detect/onnx-detector.js'
import type { Pace } from './inference-pace.js'

/** Which model to watch with: its bytes, never a path. */
export interface WatchingModel {
  readonly name: string
  readonly bytes: Uint8Array
  readonly format?: Format
  readonly inputWidth?: number
  readonly inputHeight?: number
  readonly thresholds?: Thresholds
}

/** Frames go to the thread and come back by transfer: their memory changes hands, no pixel is copied. */
export interface FrameOnLoan {
  readonly atMs: number
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array<ArrayBuffer>
  /** Only this part is looked at; the frame travels whole, because it is one piece of memory. Boxes are in 0..1 of the frame all the same. */
  readonly crop?: Crop
  /** So many rows more in `rgb`, below: a part of the picture seen nearer, to be looked at as a picture of its own. */
  readonly far?: { readonly height: number }
}

/** What was found in a frame, in 0..1 of it, and in its nearer part, in 0..1 of that; empty where none was to be looked at. */
export interface FoundIn {
  readonly detections: readonly Detection[]
  readonly far: readonly Detection[]
}

export interface JudgeRequest {
  readonly id: number
  readonly frames: readonly FrameOnLoan[]
}

export interface WrittenFault {
  readonly field: string
  readonly message: string
  readonly next: string
}

/** What a loaded model can do here. */
export interface Abilities {
  readonly runsOn: RunsOn
  /** Frames of up to so many pixels may be looked at in crops (analytics/crop.ts); null: the model takes one size of picture. */
  readonly freePixelsMax: number | null
}

/** What a thread is told when it starts. */
export interface WorkerStart {
  readonly model: WatchingModel
  /** Find out how many frames should share a call. */
  readonly measure: boolean
}

export type WorkerNews =
  | { readonly kind: 'ready'; readonly abilities: Abilities }
  /** The model itself is at fault: another thread would meet the same. */
  | { readonly kind: 'refused'; readonly fault: WrittenFault }
  /** Before `ready`: how long a picture takes here, by how many share a call. */
  | { readonly kind: 'paced'; readonly paces: readonly Pace[] }
  | { readonly kind: 'judged'; readonly id: number; readonly frames: readonly FrameOnLoan[]; readonly found: readonly FoundIn[]; readonly judgeMs: number }
