/**
 * One clock for up to nine cameras: the moment of the past that is shown now. Tiles follow it and never each other, so that
 * one that stumbles holds nobody up. Pure: the browser's own monotonic time is passed in.
 */
export interface PlayClock {
  /** The moment of the past that was shown when the browser's clock read `sinceMs`. */
  readonly anchorMs: number
  readonly sinceMs: number
  readonly speed: Speed
  readonly running: boolean
}

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8] as const
export type Speed = (typeof SPEEDS)[number]

export function startAt(atMs: number, speed: Speed, monoMs: number): PlayClock {
  return { anchorMs: atMs, sinceMs: monoMs, speed, running: false }
}

export function momentOf(clock: PlayClock, monoMs: number): number {
  return clock.running ? clock.anchorMs + (monoMs - clock.sinceMs) * clock.speed : clock.anchorMs
}

/** Every change takes the moment along, so that nothing jumps but what was asked to. */
function anew(clock: PlayClock, monoMs: number, part: Partial<PlayClock>): PlayClock {
  return { ...clock, anchorMs: momentOf(clock, monoMs), sinceMs: monoMs, ...part }
}

export const run = (clock: PlayClock, monoMs: number): PlayClock => anew(clock, monoMs, { running: true })
export const halt = (clock: PlayClock, monoMs: number): PlayClock => anew(clock, monoMs, { running: false })
export const setSpeed = (clock: PlayClock, speed: Speed, monoMs: number): PlayClock => anew(clock, monoMs, { speed })
export const seek = (clock: PlayClock, atMs: number, monoMs: number): PlayClock => anew(clock, monoMs, { anchorMs: atMs })

/** The next slower or faster of the six; at the end it stays. */
export function otherSpeed(speed: Speed, by: -1 | 1): Speed {
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(speed) + by))] ?? 1
}

export function readSpeed(value: unknown): Speed | null {
  return SPEEDS.find((one) => one === Number(value)) ?? null
}

/** From here on the drift of a tile is told in words (screens: "drift > 0.2 s shown"). */
export const DRIFT_SHOWN_MS = 200
/** Less is left to the player: a correction shows more than it mends. */
const DRIFT_KEPT_MS = 60
/** More is jumped: at a gentle correction it would take too long. */
const DRIFT_JUMPED_MS = 1_200
const CORRECTION = 0.15

export type Following = { readonly do: 'rate'; readonly rate: number } | { readonly do: 'jump' }

/** How a playing tile gets back to the clock: by running a little faster or slower, or, far off, by a jump. `driftMs` > 0: the tile is ahead. */
export function follow(driftMs: number, speed: Speed): Following {
  const off = Math.abs(driftMs)
  // At 8× a tile is by nature some frames off: what counts is how long it takes to mend.
  if (off > DRIFT_JUMPED_MS * Math.max(1, speed)) return { do: 'jump' }
  if (off <= DRIFT_KEPT_MS * Math.max(1, speed)) return { do: 'rate', rate: speed }
  return { do: 'rate', rate: speed * (1 - Math.sign(driftMs) * Math.min(CORRECTION, off / 2_000 / Math.max(1, speed) + 0.03)) }
}
