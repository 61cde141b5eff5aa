/**
 * What a tile may claim. The promise behind it: a picture older than 3 s is never shown as live, and age is measured on
 * pictures that were really decoded and shown, not on what was downloaded.
 */
export type TileState =
  | { readonly is: 'joining'; readonly reason: string | null }
  /** `ageMs` is how old the picture on the glass is; `behind` moves, but more than 3 s late. */
  | { readonly is: 'playing' | 'behind'; readonly ageMs: number }
  /** `reason` is the word of the last error, for the console; `ageMs` is null when there was never a picture. */
  | { readonly is: 'lost'; readonly ageMs: number | null; readonly reason: string | null }
  | { readonly is: 'off' }

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

export function tileState({ closed, joiningMs, picture, reason }: TileFacts): TileState {
  if (closed) return { is: 'off' }
  if (!picture) return joiningMs <= JOINING_MS_MAX ? { is: 'joining', reason } : { is: 'lost', ageMs: null, reason }
  const ageMs = Math.max(0, picture.lagMs + picture.stillMs)
  if (picture.stillMs > STILL_MS_MAX) return { is: 'lost', ageMs, reason }
  return { is: ageMs <= PLAYING_AGE_MS_MAX ? 'playing' : 'behind', ageMs }
}

/** 1, 2, 4 … 15 s, ±20 %: a wall of tiles that lost its server must not come back in one instant. */
export function rejoinMs(attempts: number, chance: number): number {
  return Math.round(Math.min(15_000, 1_000 * 2 ** Math.min(10, attempts - 1)) * (0.8 + 0.4 * chance))
}
