import type { BacktestClaim } from './backtest.js'
import type { PrivacyMask } from './privacy-mask.js'
import type { RecordedPiece } from './recording.js'
import type { Format, Rule } from './seen.js'
import type { Stand } from './stand.js'

/** A model's file as whoever looks opens it: believed only under this SHA-256. */
export interface ReplayModel {
  readonly name: string
  readonly file: string
  readonly sha256: string
  readonly format?: Format
  readonly input?: { readonly width: number; readonly height: number }
}

export interface ReplaySpan {
  readonly fromMs: number
  readonly toMs: number
}

/** A recorded hour that is to be looked at once more, by some versions of one rule at once. */
export interface ReplayTask {
  /** In order of recording. Some lie before the span: they are looked at, and nothing is claimed of them. */
  readonly pieces: readonly RecordedPiece[]
  readonly span: ReplaySpan
  /** Each with its version in its id (rule-key.ts). */
  readonly rules: readonly Rule[]
  readonly model: ReplayModel
  /** Of the camera, as they are now: what they cover is not looked at. */
  readonly masks: readonly PrivacyMask[]
  /** Where a camera that turns was known to stand meanwhile: by it each picture is covered, and what is drawn on another view does not look. */
  readonly stands: readonly Stand[]
  readonly signal: AbortSignal
  /** 0..1 of the pieces. */
  onProgress(part: number): void
}

export type ReplayAnswer =
  | {
      readonly is: 'seen'
      readonly claims: readonly BacktestClaim[]
      readonly counts: Readonly<Record<string, number>>
      readonly frames: number
      readonly coreMs: number
      /** Pieces that were not those that were written: not looked at. */
      readonly damaged: readonly ReplaySpan[]
    }
  /** `again`: it died, and may not die the next time; what was refused would be refused again. */
  | { readonly is: 'failed'; readonly fault: ReplayFault; readonly again: boolean }
  | { readonly is: 'cancelled' }

/**
 * Why an hour could not be looked at: the model's file is gone or another, the runtime refuses the model, the pictures cannot be decoded,
 * the process that looks died, it said nothing for too long, the server itself failed.
 */
export const REPLAY_FAULTS = ['model_gone', 'model_refused', 'undecodable', 'died', 'silent', 'internal'] as const

export interface ReplayFault {
  readonly code: (typeof REPLAY_FAULTS)[number]
  /** The other side's last words, in English: a detail beside the words of the code. */
  readonly said: string
}

export type Replay = (task: ReplayTask) => Promise<ReplayAnswer>
