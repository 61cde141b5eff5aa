/**
 * A stream's own time line. It only grows: over reconnects, wraps, a camera that sets its clock, one that sends zeros. Each
 * packet starts where the one before ended, so no player ever meets a hole or an overlap (fact: holes made hls.js seek).
 */
export interface TimeLine {
  /** Ticks of `timescale` where the next packet starts. */
  readonly nextTicks: number
  readonly timescale: number
  /** The last duration that we believed, used in place of one that cannot be true. */
  readonly typicalTicks: number
  /** Wall time of the newest packet, or null before the first of a session. */
  readonly lastAtMs: number | null
}

/** 25 frames a second until the camera says better. */
export function startTimeLine(timescale = 90_000): TimeLine {
  return { nextTicks: 0, timescale, typicalTicks: Math.round(timescale / 25), lastAtMs: null }
}

/** A new session goes on where the last one ended, in the new session's ticks. */
export function resumeTimeLine(line: TimeLine, timescale: number): TimeLine {
  const scale = timescale / line.timescale
  return { nextTicks: Math.ceil(line.nextTicks * scale), timescale, typicalTicks: Math.max(1, Math.round(line.typicalTicks * scale)), lastAtMs: null }
}

/** A pause of the picture shorter than this is believed whatever the wall clock says: packets come in bursts. */
const BELIEVED_MS = 1_500

/**
 * Where a packet of `claimedTicks` stands, and for how long. A duration is true unless it is nothing, or is a jump: much
 * longer than the wall time since the packet before (T10: jumps of 2^31 ticks, backwards, zero). ffmpeg hands a packet on
 * when the next one comes, so that its duration and the wait for it cover the same time.
 */
export function placePacket(line: TimeLine, claimedTicks: number, atMs: number): { readonly line: TimeLine; readonly decodeTime: number; readonly durationTicks: number } {
  const claimedMs = (claimedTicks / line.timescale) * 1000
  const waitedMs = line.lastAtMs === null ? 0 : Math.max(0, atMs - line.lastAtMs)
  const jump = claimedMs > BELIEVED_MS && claimedMs > 2 * waitedMs + BELIEVED_MS
  const believed = claimedTicks > 0 && !jump
  const durationTicks = believed ? claimedTicks : line.typicalTicks
  return {
    decodeTime: line.nextTicks,
    durationTicks,
    line: { nextTicks: line.nextTicks + durationTicks, timescale: line.timescale, typicalTicks: believed && claimedMs < 1000 ? claimedTicks : line.typicalTicks, lastAtMs: atMs },
  }
}
