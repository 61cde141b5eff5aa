/**
 * How long a part may be, chosen once for a stream's life: changing it kills Apple's players for good (MediaMTX #6237).
 * About 200 ms of whole pictures (measured: 40 ms parts gain nothing, 500 ms cost 0.6 s), and 10 % of room, because RTSP
 * clocks jitter and a part one picture shorter would break the 85 % rule (RFC 8216bis §4.4.4.9).
 */
export function partTargetMs(pictureMs: number): number {
  const pictures = Math.max(1, Math.round(GOAL_MS / pictureMs))
  return Math.ceil((pictures * pictureMs * 1.1) / 10 - 1e-6) * 10
}

const GOAL_MS = 200

/** The usual time between two pictures: the median, which one stumble does not move. */
export function usualPictureMs(durationsMs: readonly number[]): number {
  const sorted = durationsMs.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 40
}
