import { asId, isId, type CameraId, type RunId, type StreamId } from '../domain/ids.js'
import type { RecordedSegment, Run } from '../domain/recording.js'

/**
 * Where recordings lie. All of it is made by us from ids and times, so no path is ever text of a stranger; and a name tells
 * what its row needs, so a file whose row was lost can be taken up again, and a database that was lost can be made anew.
 *
 *   CAMERA/2026-11-20/FROM_NUMBER_RUN.m4s        a whole segment (synced before it got this name)
 *   CAMERA/2026-11-20/FROM_NUMBER_RUN.part       one that is being written
 *   CAMERA/RUN_STREAM_ORDINAL_WALL_MONO.init     ftyp + moov of a run, and what its row needs besides
 *
 * Ids hold no underscore, so it parts them.
 */
export interface SegmentName {
  readonly cameraId: CameraId
  readonly runId: RunId
  readonly number: number
  readonly fromMs: number
}

export const WHOLE = '.m4s'
export const GROWING = '.part'
export const INIT = '.init'

export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10)
}

export function folderOf({ cameraId, fromMs }: Pick<SegmentName, 'cameraId' | 'fromMs'>): string {
  if (!isId(cameraId)) throw new Error('a camera id that is none cannot name a folder')
  return `${cameraId}/${dayOf(fromMs)}`
}

export function segmentFile(name: SegmentName, ending: typeof WHOLE | typeof GROWING = WHOLE): string {
  return `${folderOf(name)}/${name.fromMs}_${name.number}_${name.runId}${ending}`
}

export function readSegmentName(cameraId: CameraId, name: string): (SegmentName & { readonly whole: boolean }) | null {
  const [, fromMs, number, runId, ending] = /^(\d{1,16})_(\d{1,9})_([a-z0-9-]{1,64})\.(m4s|part)$/.exec(name) ?? []
  return isId(runId) ? { cameraId, runId: asId<RunId>(runId), number: Number(number), fromMs: Number(fromMs), whole: ending === 'm4s' } : null
}

export function initFile(run: Pick<Run, 'cameraId' | 'id' | 'streamId' | 'ordinal' | 'startedAtMs' | 'startedMonoMs'>): string {
  if (!isId(run.cameraId) || !isId(run.id) || !isId(run.streamId)) throw new Error('an id that is none cannot name a file')
  return `${run.cameraId}/${run.id}_${run.streamId}_${run.ordinal}_${run.startedAtMs}_${run.startedMonoMs}${INIT}`
}

export function readInitName(cameraId: CameraId, name: string): Pick<Run, 'cameraId' | 'id' | 'streamId' | 'ordinal' | 'startedAtMs' | 'startedMonoMs'> | null {
  const [, id, streamId, ordinal, startedAtMs, startedMonoMs] = /^([a-z0-9-]{1,64})_([a-z0-9-]{1,64})_(\d{1,9})_(\d{1,16})_(\d{1,16})\.init$/.exec(name) ?? []
  return isId(id) && isId(streamId) ? { cameraId, id: asId<RunId>(id), streamId: asId<StreamId>(streamId), ordinal: Number(ordinal), startedAtMs: Number(startedAtMs), startedMonoMs: Number(startedMonoMs) } : null
}

/** What a segment is called to the outside: `RUN-NUMBER`; the run's half is random, so that nobody guesses a neighbour. */
export function segmentId({ runId, number }: Pick<RecordedSegment, 'runId' | 'number'>): string {
  return `${runId}-${number}`
}

export function readSegmentId(text: string): { readonly runId: RunId; readonly number: number } | null {
  const [, runId, number] = /^([a-z0-9][a-z0-9-]{0,63})-(\d{1,9})$/.exec(text) ?? []
  return runId === undefined ? null : { runId: asId<RunId>(runId), number: Number(number) }
}
