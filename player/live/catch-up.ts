/** What a tile does about its distance to the live edge. */
export type CatchUp = { readonly do: 'keep' } | { readonly do: 'faster'; readonly rate: number } | { readonly do: 'jump' }

/** Beyond this, running faster would take twenty seconds; a jump is over at once. */
export const JUMP_MS_MIN = 2_000
/** Within this of the goal nobody sees a difference. */
export const SLACK_MS_MAX = 80
/** A rate that was begun is kept until here, so that it does not flicker around the slack. */
export const SETTLED_MS_MAX = 20
/** Below this much ahead in the buffer, running faster would run dry. */
export const AHEAD_MS_MIN = 150
export const CATCH_UP_RATE = 1.1

/**
 * A tile that falls behind catches up gently; far behind, it jumps: viewers notice jumps more than speed. hls.js has a
 * controller of its own that never gets below about 1.05 s whatever the part size, and by default never converges at all
 * (measured), so its rate is left at 1 and this decides.
 */
export function catchUp(seen: { readonly latencyMs: number; readonly goalMs: number; readonly aheadMs: number; readonly rate: number }): CatchUp {
  const behindMs = seen.latencyMs - seen.goalMs
  if (behindMs > JUMP_MS_MIN) return { do: 'jump' }
  if (seen.aheadMs < AHEAD_MS_MIN) return { do: 'keep' }
  if (behindMs > (seen.rate > 1 ? SETTLED_MS_MAX : SLACK_MS_MAX)) return { do: 'faster', rate: CATCH_UP_RATE }
  return { do: 'keep' }
}
