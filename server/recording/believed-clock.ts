/**
 * The time by which recordings are removed. A clock that leaps ahead (a dead battery, a wrong time server) must not empty the
 * disk in one minute: a leap is believed only after it has lasted a day. Going back removes nothing, so it is believed at once.
 */
export interface WallBelief {
  readonly wallMs: number
  readonly monoMs: number
  /** Monotonic time since when the clock stands ahead of what we believe, or null. */
  readonly aheadSinceMs: number | null
}

const STEP_MS_MAX = 2_000
const LASTS_MS = 86_400_000

export function startBelief(wallMs: number, monoMs: number): WallBelief {
  return { wallMs, monoMs, aheadSinceMs: null }
}

export function believeWall(belief: WallBelief, wallMs: number, monoMs: number): readonly [WallBelief, number] {
  const expectedMs = belief.wallMs + (monoMs - belief.monoMs)
  if (wallMs - expectedMs <= STEP_MS_MAX) return [{ wallMs, monoMs, aheadSinceMs: null }, wallMs]
  const aheadSinceMs = belief.aheadSinceMs ?? monoMs
  if (monoMs - aheadSinceMs >= LASTS_MS) return [{ wallMs, monoMs, aheadSinceMs: null }, wallMs]
  return [{ wallMs: expectedMs, monoMs, aheadSinceMs }, expectedMs]
}
