/**
 * When the pictures of a stream come, told from those that came soonest. Pictures that are read late look late themselves; what
 * is due next must not be counted from them, or each reading makes the next one later (measured: up to 0.4 s).
 */
export interface Arrivals {
  /** A picture that ends at this media time was there. All times in ms; `nowMs` of a monotonic clock. */
  saw(mediaEndMs: number, nowMs: number): void
  /** When a picture that ends at this media time should be there, by the same clock; null before the first. */
  dueMs(mediaEndMs: number): number | null
}

/** Clocks of cameras run apart from ours by 0.1 ms a second and less: the soonest is forgotten a little faster. */
const FORGET_SHARE = 0.001
/** Later than this is no lateness: the camera was away, and its time line goes on elsewhere. */
const AWAY_MS = 1_000

export function openArrivals(): Arrivals {
  let soonest: { readonly lagMs: number; readonly atMs: number } | null = null
  return {
    saw(mediaEndMs, nowMs) {
      const lagMs = nowMs - mediaEndMs
      const known = soonest && soonest.lagMs + (nowMs - soonest.atMs) * FORGET_SHARE
      soonest = { lagMs: known === null || lagMs - known > AWAY_MS ? lagMs : Math.min(known, lagMs), atMs: nowMs }
    },
    dueMs: (mediaEndMs) => (soonest ? soonest.lagMs + mediaEndMs : null),
  }
}
