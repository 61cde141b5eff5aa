import type { Clock } from '../../system/clock.js'

/**
 * Which frame of the endless loop is being sent now: a pure function of the clock, so that every viewer, the snapshot and
 * the truth checker agree about the instant. Frames are counted from an epoch and the count never goes back: the frame of
 * the file is this number modulo the length of the file.
 *
 * Pace follows monotonic time, because a stepped wall clock must not make a camera jump; wall time only sets the start.
 */
export interface Timeline {
  readonly fps: number
  frameNow(): number
  msUntil(frame: number): number
  /** RTP time, 90 kHz, of a frame, modulo 2^32. */
  rtpTime(frame: number): number
  /** RTP time of this very instant. */
  rtpTimeNow(): number
  /** Milliseconds since the epoch of the loop for a wall time near now. */
  elapsedAt(wallMs: number): number
}

export const RTP_HZ = 90_000
/** Guards floor() against 0.9999999 where 1 is meant. */
const HAIR = 1e-6

export function makeTimeline({ clock, fps, epochMs }: { readonly clock: Clock; readonly fps: number; readonly epochMs: number }): Timeline {
  const start = clock.wallMs() - epochMs - clock.monotonicMs()
  const elapsedMs = (): number => clock.monotonicMs() + start
  return {
    fps,
    frameNow: () => Math.floor((elapsedMs() * fps) / 1000 + HAIR),
    msUntil: (frame) => (frame * 1000) / fps - elapsedMs(),
    rtpTime: (frame) => Math.round((frame * RTP_HZ) / fps) >>> 0,
    rtpTimeNow: () => Math.round((elapsedMs() * RTP_HZ) / 1000) >>> 0,
    elapsedAt: (wallMs) => elapsedMs() + (wallMs - clock.wallMs()),
  }
}

/** The frame of a file that holds `length` frames; right for counts below zero too (an epoch in the future). */
export function within(frame: number, length: number): number {
  return ((frame % length) + length) % length
}
