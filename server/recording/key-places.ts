import type { KeyPlace } from '../domain/recording.js'

/** Nearer together they would make lists longer and nothing sooner. */
const APART_S = 1

/** Adds a key picture to those of its segment. The first picture is no place of its own: there the file begins. */
export function addKey(keys: KeyPlace[], place: KeyPlace, timescale: number): void {
  const [ticks] = place
  if (ticks - (keys.at(-1)?.[0] ?? 0) >= APART_S * timescale) keys.push(place)
}
