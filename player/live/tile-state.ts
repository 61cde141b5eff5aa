/**
 * What a tile may claim. The promise behind it: a picture older than 3 s is never shown as live, and age is measured on
 * pictures that were really decoded and shown, not on what was downloaded.
 */
export type TileStateName = 'playing' | 'joining' | 'behind' | 'lost' | 'off'

export interface TileState {
  readonly name: TileStateName
  /** How old the picture on the glass is; null when there was none yet. */
  readonly ageMs: number | null
  /** Why it is not playing, in the words of the last error; null when it is. */
  readonly reason: string | null
}

export interface TileFacts {
  readonly closed: boolean
  /** Time since the tile, or its last recovery, began to join. */
  readonly joiningMs: number
  /** Of the picture shown last; null before the first. */
  readonly picture: null | {
    /** Its age when it was shown. */
    readonly lagMs: number
    /** Time since it was shown. */
    readonly stillMs: number
  }
  readonly reason: string | null
}

export const PLAYING_AGE_MS_MAX = 3_000
/** A picture that has not moved for so long is not late, it is gone. */
export const STILL_MS_MAX = 3_000
export const JOINING_MS_MAX = 10_000

export function tileState(facts: TileFacts): TileState {
  const { picture } = facts
  const ageMs = picture ? Math.max(0, picture.lagMs + picture.stillMs) : null
  const reason = facts.reason
  if (facts.closed) return { name: 'off', ageMs, reason: null }
  if (picture && ageMs !== null && picture.stillMs <= STILL_MS_MAX) return ageMs <= PLAYING_AGE_MS_MAX ? { name: 'playing', ageMs, reason: null } : { name: 'behind', ageMs, reason }
  return { name: facts.joiningMs <= JOINING_MS_MAX && !picture ? 'joining' : 'lost', ageMs, reason }
}

/** 1, 2, 4 … 15 s, ±20 %: a wall of tiles that lost its server must not come back in one instant. */
export function rejoinMs(attempts: number, chance: number): number {
  return Math.round(Math.min(15_000, 1_000 * 2 ** Math.min(10, attempts - 1)) * (0.8 + 0.4 * chance))
}
