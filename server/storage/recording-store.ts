import type { CameraId, HoldId, PersonId, RunId, StreamId } from '../domain/ids.js'
import type { Hold, RecordedSegment, RecordingGap, RecordingPolicy, Run, StorageClass } from '../domain/recording.js'

export type SegmentKey = Pick<RecordedSegment, 'runId' | 'number'>

/** A slice of a long span: what one run left in it. `recordedMs` is less than the span where segments were removed. */
export interface OutlineSlice {
  readonly runId: RunId
  readonly fromMs: number
  readonly toMs: number
  readonly recordedMs: number
  readonly bytes: number
  readonly motionMean: number
}

export interface CameraTotals {
  readonly cameraId: CameraId
  readonly bytes: number
  readonly segments: number
  readonly oldestMs: number
  readonly newestMs: number
}

/** What is written together, in one transaction for all cameras. Writing it twice changes nothing. */
export interface RecordingBatch {
  readonly runs?: readonly Run[]
  readonly segments?: readonly RecordedSegment[]
  /** A gap of the same camera, start and cause is lengthened. */
  readonly gaps?: readonly RecordingGap[]
}

export interface RecordingStore {
  policies(): Promise<readonly (RecordingPolicy & { readonly cameraId: CameraId; readonly expiredBeforeMs: number | null })[]>
  policy(cameraId: CameraId): Promise<(RecordingPolicy & { readonly expiredBeforeMs: number | null }) | null>
  setPolicy(cameraId: CameraId, policy: RecordingPolicy): Promise<void>
  commit(batch: RecordingBatch): Promise<void>
  /** Whether there is or was a camera of this id: recordings outlive it. */
  knows(cameraId: CameraId): Promise<boolean>
  runs(ids: readonly RunId[]): Promise<readonly Run[]>
  newestOrdinal(cameraId: CameraId): Promise<number>
  segment(key: SegmentKey): Promise<RecordedSegment | null>
  /** Segments that overlap the span, damaged ones too, in order of recording. */
  between(cameraId: CameraId, fromMs: number, toMs: number): Promise<readonly RecordedSegment[]>
  ofStream(streamId: StreamId, fromMs: number, toMs: number): Promise<readonly RecordedSegment[]>
  outline(cameraId: CameraId, fromMs: number, toMs: number, sliceMs: number): Promise<readonly OutlineSlice[]>
  gaps(cameraId: CameraId, fromMs: number, toMs: number): Promise<readonly RecordingGap[]>
  /** The end of what is known of a camera, recorded or not; null before its first run. */
  newestMs(cameraId: CameraId): Promise<number | null>
  /** The beginning of what is known of a camera, recorded or not; null before its first run. */
  firstMs(cameraId: CameraId): Promise<number | null>
  /** Reads every row: asked once at a start, and counted on from there. */
  totals(): Promise<readonly CameraTotals[]>
  oldestSegmentMs(cameraId: CameraId): Promise<number | null>
  isEmpty(): Promise<boolean>
  /** Keeps these segments longer; a class never falls back. */
  raiseClass(cameraId: CameraId, fromMs: number, toMs: number, storageClass: Exclude<StorageClass, 'plain'>): Promise<void>
  /** Of one camera and class, ended before, held by nobody at `nowMs`; oldest first. */
  due(ask: { readonly cameraId: CameraId; readonly storageClass: StorageClass; readonly endedBeforeMs: number; readonly nowMs: number; readonly limit: number }): Promise<readonly RecordedSegment[]>
  /** The oldest of a class over all cameras, held by nobody at `nowMs`. */
  oldest(storageClass: StorageClass, nowMs: number, limit: number): Promise<readonly RecordedSegment[]>
  /** The rows go and their files become garbage, in one transaction with the gaps they leave and how far a camera expired. What is held by then stays; answers what went. */
  giveUp(ask: { readonly segments: readonly (SegmentKey & { readonly file: string })[]; readonly gaps?: readonly RecordingGap[]; readonly expired?: readonly { readonly cameraId: CameraId; readonly beforeMs: number }[]; readonly atMs: number }): Promise<readonly SegmentKey[]>
  /** The row of a file that is gone, held or not, becomes a gap. */
  forget(key: SegmentKey, gap: RecordingGap): Promise<void>
  garbage(limit: number): Promise<readonly string[]>
  dropGarbage(files: readonly string[]): Promise<void>
  markDamaged(key: SegmentKey, damaged: boolean): Promise<void>
}

export interface HoldStore {
  get(id: HoldId): Promise<Hold | null>
  add(hold: Hold): Promise<void>
  end(id: HoldId, by: PersonId, atMs: number): Promise<boolean>
  /** A later end, for one that is in force; false where there is none. */
  extend(id: HoldId, untilMs: number, nowMs: number): Promise<boolean>
  /** Holds in force at `nowMs` that overlap the span. */
  of(cameraId: CameraId, span: { readonly fromMs: number; readonly toMs: number }, nowMs: number): Promise<readonly Hold[]>
  /** Holds in force whose end comes before, soonest first: to be looked at again. */
  endingBefore(untilMs: number, nowMs: number): Promise<readonly Hold[]>
}
