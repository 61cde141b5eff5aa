/** How wide the way to the server is, as stills that came tell it; and what is shown over it. */
export interface LinkWidth {
  readonly shows: 'live' | 'stills'
  readonly kbps: number | null
  /** Samples in a row that speak for the other way of showing. */
  readonly against: number
  /** Live is not tried before this. */
  readonly holdUntilMs: number
  readonly holdMs: number
}

export const WIDE: LinkWidth = { shows: 'live', kbps: null, against: 0, holdUntilMs: 0, holdMs: 60_000 }
/** A wall of sub streams needs more than this; stills need less (the meeting room's figure, too). */
export const THIN_KBPS_MAX = 512
/** Well above it, so that the wall does not go to and fro at the border. */
export const WIDE_KBPS_MIN = 1_500
const SAMPLES_TO_THIN = 2
const SAMPLES_TO_WIDE = 4
const HOLD_MS_MAX = 16 * 60_000

/**
 * One still measured. Down after two slow ones in a row, up after four quick ones and not before the hold is over; each fall
 * doubles the hold, because a link that carries stills well may still be too thin for live, and trying is what shows it.
 */
export function judgeLink(link: LinkWidth, kbps: number, atMs: number): LinkWidth {
  if (link.shows === 'live') {
    if (kbps >= THIN_KBPS_MAX) return { ...link, kbps, against: 0 }
    if (link.against + 1 < SAMPLES_TO_THIN) return { ...link, kbps, against: link.against + 1 }
    return { shows: 'stills', kbps, against: 0, holdUntilMs: atMs + link.holdMs, holdMs: Math.min(HOLD_MS_MAX, link.holdMs * 2) }
  }
  if (kbps < WIDE_KBPS_MIN || atMs < link.holdUntilMs) return { ...link, kbps, against: 0 }
  if (link.against + 1 < SAMPLES_TO_WIDE) return { ...link, kbps, against: link.against + 1 }
  return { ...link, shows: 'live', kbps, against: 0 }
}

/** From the bytes of a body and the time between its head and its end. Too little to tell is null. */
export function kbpsOf(bytes: number, ms: number): number | null {
  if (bytes < 2_000) return null
  // The clock is coarse to 0.1 ms and a small body comes in one piece: what is quicker than this is simply wide.
  return Math.round((bytes * 8) / Math.max(ms, 1))
}

export type PicturesChoice = 'auto' | 'live' | 'stills'

export function showsStills(choice: PicturesChoice, link: LinkWidth): boolean {
  return choice === 'auto' ? link.shows === 'stills' : choice === 'stills'
}
