import type { Claim } from '../detect/decoder.js'
import { overlap, type Box } from '../geometry/box.js'
import type { ClassLetters } from './class-letters.js'
import { ALPHABET } from './plate.js'

/** A place on the plate where a character stands, and how likely each letter of ALPHABET stands there; the shares add up to 1. */
export interface Place extends Box {
  readonly shares: readonly number[]
}

/** From here on a claim makes a place. Measured on real plates: models/README.md. */
export const PLACE_SCORE_MIN = 0.4
/** From here on it counts among what else might stand there. */
export const CLAIM_SCORE_MIN = 0.02
/** Characters stand beside each other: boxes that share this much are one of them, whatever each is called. */
const SAME_PLACE_IOU = 0.4
/** Bounds the work that a broken or hostile model can cause: a plate has ten characters, and some tens of claims for each. */
const CLAIMS_MAX = 2000
const PLACES_MAX = 24

/**
 * Places from a reader's claims. The surest claim makes the place; what others claim of the same place are its alternatives. A
 * detector’s scores stand each for itself: what they leave of 1 is no letter’s, and is spread over all evenly. Claims of letters
 * that no plate carries make a place too, one that says nothing: a letter left out would make another plate of good form. Pure.
 */
export function placesOf(claims: readonly Claim[], letters: ClassLetters): readonly Place[] {
  const surest = claims.toSorted((a, b) => b.score - a.score).slice(0, CLAIMS_MAX)
  const kept: Claim[] = []
  for (const claim of surest) {
    if (claim.score < PLACE_SCORE_MIN || kept.length === PLACES_MAX) break
    if (kept.every((other) => overlap(claim, other) <= SAME_PLACE_IOU)) kept.push(claim)
  }
  return kept.map((claim) => {
    const { x1, y1, x2, y2 } = claim
    return { x1, y1, x2, y2, shares: sharesOf(surest.filter((other) => overlap(claim, other) > SAME_PLACE_IOU), letters) }
  })
}

function sharesOf(claims: readonly Claim[], letters: ClassLetters): readonly number[] {
  const scores = Array.from(ALPHABET, () => 0)
  for (const { classAt, score } of claims) {
    const letter = letters[classAt] ?? null
    if (letter !== null) scores[letter] = Math.max(scores[letter]!, Math.min(1, score))
  }
  const sum = scores.reduce((a, b) => a + b, 0)
  return sum >= 1 ? scores.map((score) => score / sum) : scores.map((score) => score + (1 - sum) / scores.length)
}
