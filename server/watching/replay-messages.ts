import type { BacktestClaim } from '../domain/backtest.js'
import type { PrivacyMask } from '../domain/privacy-mask.js'
import type { RecordedPiece } from '../domain/recording.js'
import type { ReplayFault, ReplayModel, ReplaySpan } from '../domain/replay.js'
import type { Rule } from '../domain/seen.js'
import type { Stand } from '../domain/stand.js'

type RunHead = Omit<RecordedPiece['run'], 'init'>

/** All that the process is told, once: it looks at one hour and ends. Messages are JSON: an init segment travels as text, once a run. */
export interface ReplayRequest {
  readonly model: ReplayModel
  readonly rules: readonly Rule[]
  readonly span: ReplaySpan
  readonly runs: readonly (RunHead & { readonly init64: string })[]
  readonly pieces: readonly (Omit<RecordedPiece, 'run'> & { readonly runAt: number })[]
  readonly masks: readonly PrivacyMask[]
  readonly stands: readonly Stand[]
  readonly timeZone: string
  readonly ffmpeg: string
  readonly runId: string
}

export type ReplayNews =
  | { readonly kind: 'progress'; readonly part: number }
  | { readonly kind: 'seen'; readonly claims: readonly BacktestClaim[]; readonly counts: Readonly<Record<string, number>>; readonly frames: number; readonly coreMs: number; readonly damaged: readonly ReplaySpan[] }
  /** The model itself is at fault: another process would meet the same. */
  | { readonly kind: 'refused'; readonly fault: ReplayFault }
  | { readonly kind: 'failed'; readonly fault: ReplayFault }

export function packPieces(pieces: readonly RecordedPiece[]): Pick<ReplayRequest, 'runs' | 'pieces'> {
  const runs = [...new Map(pieces.map(({ run }) => [run.id, run])).values()]
  return {
    runs: runs.map(({ init, ...head }) => ({ ...head, init64: Buffer.from(init).toString('base64') })),
    pieces: pieces.map(({ run, ...piece }) => ({ ...piece, runAt: runs.findIndex(({ id }) => id === run.id) })),
  }
}

/** One run object a run: readers tell runs apart by it. */
export function unpackPieces({ runs, pieces }: Pick<ReplayRequest, 'runs' | 'pieces'>): readonly RecordedPiece[] {
  const whole = runs.map(({ init64, ...head }) => ({ ...head, init: Buffer.from(init64, 'base64') }))
  return pieces.map(({ runAt, ...piece }) => ({ ...piece, run: whole[runAt]! }))
}
