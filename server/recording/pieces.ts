import { join } from 'node:path'
import type { CameraId, RunId } from '../domain/ids.js'
import type { RecordedPiece, RecordedSegment, Run } from '../domain/recording.js'
import type { Store } from '../storage/store.js'
import { segmentFile } from './disk-names.js'

/** The key picture before a moment may lie one segment further back, where a long GOP was split. */
const LOOK_BACK_MS = 12_000

/**
 * Where the whole segments of a span lie, in order of recording. For another process of ours, which reads an hour of them and is told to
 * believe the bytes only under their hash: so nobody here reads a gigabyte for it.
 */
export function makePieces({ store, root }: { readonly store: Store; readonly root: string }): (cameraId: CameraId, fromMs: number, toMs: number) => Promise<readonly RecordedPiece[]> {
  return async (cameraId, fromMs, toMs) => {
    const segments = (await store.recordings.between(cameraId, fromMs - LOOK_BACK_MS, toMs)).filter(({ damaged }) => !damaged)
    const runs = new Map((await store.recordings.runs([...new Set(segments.map(({ runId }) => runId))])).map((run) => [run.id, headOf(run)]))
    return segments.flatMap((segment) => pieceOf(segment, runs, root))
  }
}

function headOf({ id, init, codec, timescale, width, height }: Run): RecordedPiece['run'] {
  return { id, init, codec, timescale, width, height }
}

function pieceOf(segment: RecordedSegment, runs: ReadonlyMap<RunId, RecordedPiece['run']>, root: string): readonly RecordedPiece[] {
  const { bytes, sha256, fromMs, toMs, fromTicks, startsWithKey } = segment
  const run = runs.get(segment.runId)
  return run ? [{ run, path: join(root, segmentFile(segment)), bytes, sha256, fromMs, toMs, fromTicks, startsWithKey }] : []
}
