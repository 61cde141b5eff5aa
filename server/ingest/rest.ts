import type { Clock } from '../system/clock.js'

/**
 * Between two reads of a socket we rest. A camera sends a picture as a dozen small packets and ffmpeg hands pictures on one
 * by one; read as they come, each costs a wake-up, a read and a write, which was most of what a camera cost us (measured,
 * README.md). How long depends on who waits: a wall wants pictures when a part of its list is full, nobody at all can wait.
 */
export interface Rest {
  /** After a read of so many bytes: stops reading, and goes on in a while. */
  after(bytes: number): void
  /** The other side is full: reading goes on only after `go`. */
  hold(): void
  go(): void
}

export interface Resting {
  pause(): unknown
  resume(): unknown
  readonly destroyed: boolean
  /** Bytes that were read already and wait to be told: Node goes on reading a child's output while it is paused. */
  readonly readableLength: number
}

/** What Node and dial-camera.ts read at most at once. */
export const READ_BYTES = 64 << 10
/** A key picture comes in one burst: while it pours in we rest only so long. */
const REST_MS_MIN = 8
/**
 * What may pile up in the kernel while we rest. A new connection's window is 64 KiB, and a cheap camera whose window is
 * full throws pictures away; so the rest is cut to what the stream's own rate fills.
 */
const PILE_BYTES_MAX = 96 << 10
/** Rests end on a common beat, so that many streams are read in one wake-up. */
const BEAT_MS = 20

/** Longer than anybody may have to wait. */
const CAP_MS_MAX = 250
/** What came in a shorter while says little of a rate: one picture more or less. */
const JUDGED_MS = 100

/** How long a rest may be, from how much came while the last ones took `ms`. Pure. */
export function nextCapMs(capMs: number, last: { readonly ms: number; readonly bytes: number }): number {
  const grown = last.bytes > 0 ? (Math.max(last.ms, REST_MS_MIN) * PILE_BYTES_MAX) / last.bytes : CAP_MS_MAX
  // One large picture must not shorten the rest for long, nor one silent moment lengthen it at once.
  return Math.round(Math.min(CAP_MS_MAX, Math.max(REST_MS_MIN, Math.min(grown, capMs * 2 + REST_MS_MIN))))
}

export function openRest(clock: Clock, socket: Resting, withinMs: () => number): Rest {
  let capMs = REST_MS_MIN
  let since = { ms: 0, bytes: 0 }
  let restMs = REST_MS_MIN
  let burst = 0
  let full = false
  let resting = false
  const goOn = (): void => {
    if (!resting && !full && !socket.destroyed) socket.resume()
  }
  const wake = (): void => {
    resting = false
    goOn()
  }
  return {
    after(bytes) {
      burst += bytes
      // There is more, and who rests now falls behind. What Node read meanwhile it tells piece by piece, as it came: a picture a
      // rest is less than the camera sends (seen: pictures stood for a second and then came twenty at once).
      if (bytes >= READ_BYTES || socket.readableLength > 0) return
      since = { ms: since.ms + restMs, bytes: since.bytes + burst }
      if (since.ms >= Math.min(JUDGED_MS, capMs) || burst > PILE_BYTES_MAX) {
        capMs = nextCapMs(capMs, since)
        since = { ms: 0, bytes: 0 }
      }
      burst = 0
      restMs = Math.max(REST_MS_MIN, Math.min(capMs, Math.round(withinMs())))
      resting = true
      socket.pause()
      clock.after(onBeat(clock.monotonicMs(), restMs), wake)
    },
    hold() {
      full = true
      socket.pause()
    },
    go() {
      full = false
      goOn()
    },
  }
}

/** From now to the last beat within the rest; short rests are too short for it. */
function onBeat(nowMs: number, restMs: number): number {
  return restMs < 2 * BEAT_MS ? restMs : restMs - ((nowMs + restMs) % BEAT_MS)
}
