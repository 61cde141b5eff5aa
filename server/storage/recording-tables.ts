/** The rows of migrations 0003 and 0009: what was recorded, what was not, and what may not be removed. */
export interface RecordingTables {
  recordingPolicies: { cameraId: string; mode: string; stream: string; days: number; eventDays: number; expiredBeforeMs: number | null }
  recordingRuns: { id: string; cameraId: string; streamId: string; ordinal: number; codec: string; width: number; height: number; timescale: number; init: Uint8Array; startedAtMs: number; startedMonoMs: number }
  recordingSegments: {
    runId: string
    number: number
    cameraId: string
    fromMs: number
    toMs: number
    fromTicks: number
    toTicks: number
    bytes: number
    sha256: string
    startsWithKey: number
    keys: string
    motion: string
    motionMean: number
    storageClass: string
    damaged: number
  }
  recordingGaps: { cameraId: string; fromMs: number; cause: string; toMs: number }
  recordingHolds: { id: string; cameraId: string; fromMs: number; toMs: number; untilMs: number; reason: string; by: string; createdAtMs: number; endedAtMs: number | null; endedBy: string | null }
  recordingGarbage: { file: string; sinceMs: number }
}
