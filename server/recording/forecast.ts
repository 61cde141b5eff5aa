/** What one camera is expected to need. */
export interface CameraNeed {
  readonly bytes: number
  readonly bytesPerDay: number
  readonly wantedDays: number
}

export interface Forecast {
  readonly bytesPerDay: number
  /** What all cameras together need to keep what their policies want. */
  readonly wantedBytes: number
  /** Days that fit at today's rate where what is wanted does not; null where all fits. */
  readonly fitsDays: number | null
  /** When the room is used up at today's rate; null where it never is. */
  readonly fullAtMs: number | null
}

const DAY_MS = 86_400_000

/** How long the disk lasts (C9). Pure: what is wanted against the room there is for recordings. */
export function forecast(cameras: readonly CameraNeed[], roomBytes: number, nowMs: number): Forecast {
  const bytesPerDay = cameras.reduce((sum, camera) => sum + camera.bytesPerDay, 0)
  const wantedBytes = cameras.reduce((sum, { bytesPerDay: perDay, wantedDays }) => sum + perDay * wantedDays, 0)
  const usedBytes = cameras.reduce((sum, { bytes }) => sum + bytes, 0)
  if (bytesPerDay === 0 || wantedBytes <= roomBytes) return { bytesPerDay, wantedBytes, fitsDays: null, fullAtMs: null }
  return { bytesPerDay, wantedBytes, fitsDays: Math.floor((roomBytes / bytesPerDay) * 10) / 10, fullAtMs: Math.round(nowMs + (Math.max(0, roomBytes - usedBytes) / bytesPerDay) * DAY_MS) }
}

/** Today's rate from the newest day that was recorded; of a camera that began an hour ago, from that hour. */
export function ratePerDay(bytes: number, recordedMs: number): number {
  return recordedMs < 60_000 ? 0 : Math.round((bytes / recordedMs) * DAY_MS)
}
