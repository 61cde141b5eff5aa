import type { Selectable } from 'kysely'
import { asId, type CameraId, type RunId, type StreamId } from '../domain/ids.js'
import type { GapCause, KeyPlace, RecordedSegment, RecordingGap, RecordingPolicy, Run, StorageClass } from '../domain/recording.js'
import type { Db, Tables } from './tables.js'

/** Adds a gap, or makes the one that is there longer; never shorter. */
export async function lengthen(tx: Db, { cameraId, fromMs, cause, toMs }: RecordingGap): Promise<void> {
  await tx
    .insertInto('recordingGaps')
    .values({ cameraId, fromMs, cause, toMs })
    .onConflict((c) => c.columns(['cameraId', 'fromMs', 'cause']).doUpdateSet({ toMs }).where('recordingGaps.toMs', '<', toMs))
    .execute()
}

export function rowOf(segment: RecordedSegment): Tables['recordingSegments'] {
  const { runId, number, cameraId, fromMs, toMs, fromTicks, toTicks, bytes, sha256, startsWithKey, keys, motion, storageClass, damaged } = segment
  const motionMean = motion.length === 0 ? 0 : Math.round(motion.reduce((sum, one) => sum + one, 0) / motion.length)
  return { runId, number, cameraId, fromMs, toMs, fromTicks, toTicks, bytes, sha256, startsWithKey: startsWithKey ? 1 : 0, keys: JSON.stringify(keys), motion: JSON.stringify(motion), motionMean, storageClass, damaged: damaged ? 1 : 0 }
}

export function segmentOf(row: Selectable<Tables['recordingSegments']>): RecordedSegment {
  const { runId, number, cameraId, fromMs, toMs, fromTicks, toTicks, bytes, sha256 } = row
  return { runId: asId<RunId>(runId), number, cameraId: asId<CameraId>(cameraId), fromMs, toMs, fromTicks, toTicks, bytes, sha256, startsWithKey: row.startsWithKey === 1, keys: JSON.parse(row.keys) as KeyPlace[], motion: JSON.parse(row.motion) as number[], storageClass: row.storageClass as StorageClass, damaged: row.damaged === 1 }
}

export function runOf(row: Selectable<Tables['recordingRuns']>): Run {
  return { ...row, id: asId<RunId>(row.id), cameraId: asId<CameraId>(row.cameraId), streamId: asId<StreamId>(row.streamId), init: new Uint8Array(row.init) }
}

export function gapOf(row: Selectable<Tables['recordingGaps']>): RecordingGap {
  return { cameraId: asId<CameraId>(row.cameraId), cause: row.cause as GapCause, fromMs: row.fromMs, toMs: row.toMs }
}

export function policyOf(row: Selectable<Tables['recordingPolicies']>): RecordingPolicy & { readonly expiredBeforeMs: number | null } {
  return { mode: row.mode as RecordingPolicy['mode'], stream: row.stream as RecordingPolicy['stream'], days: row.days, eventDays: row.eventDays, expiredBeforeMs: row.expiredBeforeMs }
}
