/** What is known of one player when it is asked whether it should make room for a fresh one. */
export interface PlayerFacts {
  readonly ageMs: number
  /** Bytes its decoder has taken; 0 where the browser does not tell. */
  readonly bytes: number
  readonly playing: boolean
  /** Drawn once a player, 0 to 1: tiles that began together must not end together. */
  readonly chance: number
}

export type Recycle = { readonly do: 'keep' } | { readonly do: 'recycle'; readonly why: 'age' | 'bytes' }

/**
 * A Media Source player that plays for days grows: hls.js #1220 tells of 1.5 GB. One that is thrown away gives all of it back.
 * 20 minutes is 72 exchanges a day, each a second of one tile decoding twice.
 */
export const PLAYER_AGE_MS_MAX = 20 * 60_000
/** About the same for a stream of 2 Mbit/s; a large one comes earlier. */
export const PLAYER_BYTES_MAX = 300_000_000
/** Up to a quarter earlier, by chance. */
const SPREAD = 0.25
/** Between two exchanges on one page: a wall of 25 then takes six minutes for all, never a second with all of them. */
export const TURN_MS_MIN = 15_000

export function recycle({ ageMs, bytes, playing, chance }: PlayerFacts): Recycle {
  // A tile that does not play is rebuilt by its own driver; an exchange needs a picture to keep on the glass.
  if (!playing) return { do: 'keep' }
  const part = 1 - SPREAD * chance
  if (ageMs >= PLAYER_AGE_MS_MAX * part) return { do: 'recycle', why: 'age' }
  if (bytes >= PLAYER_BYTES_MAX * part) return { do: 'recycle', why: 'bytes' }
  return { do: 'keep' }
}

/** One exchange at a time on a page. */
export interface Turns {
  take(atMs: number): boolean
}

export function makeTurns(): Turns {
  let lastMs = -Infinity
  return {
    take(atMs) {
      if (atMs - lastMs < TURN_MS_MIN) return false
      lastMs = atMs
      return true
    },
  }
}
