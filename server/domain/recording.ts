import type { CameraId, HoldId, PersonId, RunId, StreamId } from './ids.js'
import type { Words } from './words.js'

/** What is kept of one camera, and for how long. */
export interface RecordingPolicy {
  readonly mode: 'always' | 'off'
  readonly stream: 'main' | 'sub'
  /** Everything is kept so long; around alerts longer. A hold beats both. */
  readonly days: number
  readonly eventDays: number
}

/** Recordings of one stream without a break: one init segment, one time line, one reading of the wall clock. */
export interface Run {
  readonly id: RunId
  readonly cameraId: CameraId
  readonly streamId: StreamId
  /** Order of recording within a camera, whatever the wall clock said meanwhile. */
  readonly ordinal: number
  readonly codec: string
  readonly width: number
  readonly height: number
  readonly timescale: number
  readonly init: Uint8Array
  /** Both clocks at the first picture: after a step of the wall clock one can tell what time it really was. */
  readonly startedAtMs: number
  readonly startedMonoMs: number
}

/** Why a segment outlives the plain days: an alert is near, or a person confirmed one and the law's clock runs. */
export const STORAGE_CLASSES = ['plain', 'event', 'legal'] as const
export type StorageClass = (typeof STORAGE_CLASSES)[number]

/** A key picture inside a segment: ticks after its first picture, and the byte of the file where it begins. */
export type KeyPlace = readonly [ticks: number, byte: number]

/** One file of some seconds; its name is made of what stands here (recording/disk-names.ts). */
export interface RecordedSegment {
  readonly runId: RunId
  readonly number: number
  readonly cameraId: CameraId
  readonly fromMs: number
  readonly toMs: number
  readonly fromTicks: number
  readonly toTicks: number
  readonly bytes: number
  readonly sha256: string
  /** False where a long GOP was split, or where a run began between two key pictures. */
  readonly startsWithKey: boolean
  /** Key pictures after the first: where else one may begin to play. None for what was recorded before they were kept. */
  readonly keys: readonly KeyPlace[]
  /** Bytes of delta pictures in each second: how much the picture changed, without decoding it. */
  readonly motion: readonly number[]
  readonly storageClass: StorageClass
  /** The bytes on disk are not those that were written: never served, shown as a gap. */
  readonly damaged: boolean
}

/** A segment that is on its way: still growing, or whole and not in the database yet. Of a growing one `bytes`, `toMs` and `toTicks` are what is written so far. */
export interface FreshSegment {
  readonly segment: RecordedSegment
  readonly run: Run
}

/** Where the bytes of one segment lie, and what is needed to decode them: for who reads hours of recordings elsewhere than in this process. */
export interface RecordedPiece {
  readonly run: Pick<Run, 'id' | 'init' | 'codec' | 'timescale' | 'width' | 'height'>
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly fromMs: number
  readonly toMs: number
  readonly fromTicks: number
  readonly startsWithKey: boolean
}

export const GAP_CAUSES = ['camera_lost', 'server_down', 'disk_full', 'disk_slow', 'disk_fault', 'switched_off', 'damaged', 'clock_step', 'freed_early'] as const
export type GapCause = (typeof GAP_CAUSES)[number]

export interface RecordingGap {
  readonly cameraId: CameraId
  readonly cause: GapCause
  readonly fromMs: number
  readonly toMs: number
}

export interface Hold {
  readonly id: HoldId
  readonly cameraId: CameraId
  readonly fromMs: number
  readonly toMs: number
  readonly untilMs: number
  readonly reason: string
  readonly by: PersonId
  readonly createdAtMs: number
}

/** Why there is no recording, for the timeline; the two last are worked out when asked, never stored. */
export const GAP_WORDS: Readonly<Record<GapCause | 'expired' | 'unknown', Words>> = {
  camera_lost: { vi: 'camera mất tín hiệu', en: 'the camera sent no picture' },
  server_down: { vi: 'máy chủ không chạy', en: 'the server was not running' },
  disk_full: { vi: 'ổ đĩa đầy', en: 'the disk was full' },
  disk_slow: { vi: 'ổ đĩa ghi không kịp', en: 'the disk was too slow' },
  disk_fault: { vi: 'ổ đĩa báo lỗi', en: 'the disk reported a fault' },
  switched_off: { vi: 'đã tắt ghi hình', en: 'recording was switched off' },
  damaged: { vi: 'tệp ghi bị hỏng hoặc mất', en: 'the file is damaged or missing' },
  clock_step: { vi: 'đồng hồ máy chủ bị chỉnh', en: 'the server’s clock was set' },
  freed_early: { vi: 'đã xóa sớm vì thiếu chỗ', en: 'removed early for want of space' },
  expired: { vi: 'đã xóa theo thời hạn', en: 'removed in time, by its retention' },
  unknown: { vi: 'không rõ nguyên nhân', en: 'cause not known' },
}
