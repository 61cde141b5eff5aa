import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { BACKTEST_FPS } from '../domain/backtest.js'
import type { RecordedPiece } from '../domain/recording.js'
import type { ReplaySpan } from '../domain/replay.js'
import { startDecoderSession, type DecoderSession, type WatchedFrame } from './decoder-session.js'
import { planPicture } from './picture-plan.js'

/** ffmpeg's MP4 reader remembers every fragment that it ever saw: a fresh one every twenty minutes keeps memory flat (README). */
const SESSION_PIECES_MAX = 150

/** The pictures themselves are at fault, or whoever decodes them. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable'
}

export interface ReplayFrames {
  readonly frames: AsyncIterable<WatchedFrame>
  /** Pieces that are gone or changed: nothing of them was shown. */
  readonly damaged: readonly ReplaySpan[]
}

/**
 * The pictures of recorded pieces with their wall times, as a lane would have had them: by the same decoder, of the same size, as many a
 * second. The next piece is read when what the last one gave was taken, so some fifty pictures lie in memory, and never an hour of them.
 */
export function openReplayFrames({ pieces, ...tools }: { readonly pieces: readonly RecordedPiece[]; readonly ffmpeg: string; readonly runId: string }): ReplayFrames {
  const damaged: ReplaySpan[] = []
  return { frames: decodeAll(pieces, tools, (piece) => void damaged.push({ fromMs: piece.fromMs, toMs: piece.toMs })), damaged }
}

async function* decodeAll(pieces: readonly RecordedPiece[], tools: { readonly ffmpeg: string; readonly runId: string }, onDamaged: (piece: RecordedPiece) => void): AsyncGenerator<WatchedFrame> {
  const ready: WatchedFrame[] = []
  let session: DecoderSession | null = null
  let run: RecordedPiece['run'] | null = null
  try {
    for (const piece of pieces) {
      const bytes = await readPiece(piece)
      if (!bytes) onDamaged(piece)
      if (session && (!bytes || run !== piece.run || (piece.startsWithKey && session.fed >= SESSION_PIECES_MAX))) {
        await finish(session)
        session = null
        yield* drain(ready)
      }
      // What begins between two key pictures refers to what is not there.
      if (!bytes || (!session && !piece.startsWithKey)) continue
      run = piece.run
      session ??= startDecoderSession({ ...run, bytes: run.init }, { ...tools, fps: BACKTEST_FPS, plan: planPicture(run), onFrame: (frame) => void ready.push(frame) })
      await session.feed({ key: piece.startsWithKey, decodeTime: piece.fromTicks, durationTicks: 0, atMs: piece.fromMs, bytes, init: session.init })
      yield* drain(ready)
    }
    if (session) await finish(session)
    session = null
    yield* drain(ready)
  } finally {
    session?.kill()
  }
}

/** Those too that come while one of them is looked at. */
function* drain(ready: WatchedFrame[]): Generator<WatchedFrame> {
  for (let frame = ready.shift(); frame; frame = ready.shift()) yield frame
}

async function finish(session: DecoderSession): Promise<void> {
  session.finish()
  const { code, words } = await session.ended
  if (code !== 0) throw new Undecodable(`ffmpeg ended with ${code ?? 'a signal'} before all was decoded: ${words.at(-1) ?? 'no word'}`)
}

/** Null where the bytes are not those that were written. */
async function readPiece({ path, bytes, sha256 }: RecordedPiece): Promise<Buffer | null> {
  const found = await readFile(path).catch(() => null)
  return found?.length === bytes && createHash('sha256').update(found).digest('hex') === sha256 ? found : null
}
