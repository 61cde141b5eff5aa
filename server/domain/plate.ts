import type { IncidentId } from './ids.js'
import type { Box, PlateColour, PlateVerdict } from './seen.js'

/** A crop kept for an incident, with the hash of exactly the bytes on disk. */
export interface PlateCrop {
  /** Relative to the evidence folder; made by us, never from what was read. */
  readonly file: string
  readonly sha256: string
}

/** What the looks say together; a text only where one was read (analytics/plate/vote.ts says how sure it must be). */
export type PlateFinding =
  | {
      readonly kind: 'read'
      /** Letters and digits alone, as plates are compared: 59G163188. */
      readonly text: string
      /** As one writes it: 59G1-631.88. */
      readonly shown: string
      /** How likely each letter of `text` is, 0..1. */
      readonly shares: readonly number[]
      /** Follows the law's pattern; only then the parts are known, and of a military plate no province. */
      readonly wellFormed: boolean
      readonly province: string | null
      readonly series: string | null
      readonly number: string | null
      readonly rows: 1 | 2
      readonly colour: PlateColour
      /** Looks that say the same, of `looks`. */
      readonly agree: number
    }
  /** A plate is there, and nobody can tell what it says. */
  | { readonly kind: 'unreadable' }
  /** Looked at well and often, and no plate was there. */
  | { readonly kind: 'none' }
  /** Too few looks from which a plate could have been seen: nothing is said. */
  | { readonly kind: 'too_few' }

/**
 * What was read of the plate of the vehicle that an incident speaks of, which called somebody or is held: a suspicion like the incident
 * itself, never a fact. One an incident. The raw crop is what the camera sent, untouched, and the only one that proves; the enhanced one is for the eye.
 */
export type PlateReading = PlateFinding & {
  readonly incidentId: IncidentId
  readonly looks: number
  /** When the surest look was taken; null, like both crops, where no plate was found. */
  readonly atMs: number | null
  readonly raw: PlateCrop | null
  readonly enhanced: PlateCrop | null
  readonly readAtMs: number
}

/** Plain pixels on their way between processes: small cuts only. 8-bit RGB, row by row. */
export interface SentCrop {
  readonly width: number
  readonly height: number
  readonly base64: string
}

/** The vehicle meant, at one instant: where the rule saw it, 0..1 of the picture. */
export interface PlateAnchor {
  readonly atMs: number
  readonly box: Box
}

export interface PlateAnswer {
  readonly verdict: PlateVerdict
  /** The surest look as the camera sent it, and all agreeing looks upright and enhanced; null when nothing was found. */
  readonly raw: SentCrop | null
  readonly enhanced: SentCrop | null
  /** When the surest look was taken. */
  readonly atMs: number | null
}

/** Pictures of a vehicle that passes are asked for from this long before the instant to this long after. */
export const PLATE_BEFORE_MS = 1_200
export const PLATE_AFTER_MS = 1_000

/** The finding, in the words of a row. */
export function findingOf(verdict: PlateVerdict): PlateFinding {
  if (verdict.kind !== 'read') return { kind: verdict.kind }
  const { plate, rows, colour, agree } = verdict
  return { kind: 'read', ...plate, rows, colour, agree }
}
