import { areAlike, isAt, SILENT_MS_MAX, type Aim } from './aim.js'
import type { Pose } from './seen.js'

/** A span of wall time through which a camera that turns was known to stand still at one place: from one answer to the newest question that was answered alike. */
export interface Stand {
  readonly fromMs: number
  readonly toMs: number
  readonly at: Pose
  /** The camera's own preset that lay there; null: none did. */
  readonly preset: string | null
}

/** A picture is older than the answer that comes beside it: what reaches us now was seen before the mount came to rest. */
export const SETTLE_MS = 2_000

/**
 * What is known after one more answer; wall times of the question and of the answer. No answer leaves what was known as it was: it grows
 * when the next one says the same soon enough, and ends where the camera moved, is elsewhere, or will not say.
 */
export function hearStand(stand: Stand | null, { newest, told, presets }: Aim, { askedMs, heardMs }: { readonly askedMs: number; readonly heardMs: number }): Stand | null {
  if (newest?.kind === 'silent') return stand
  if (newest?.kind !== 'told' || !told?.at || told.isMoving || areAlike(presets)) return null
  const { at } = told
  const preset = presets.find((one) => one.at && isAt(one.at, at))?.name ?? null
  if (stand && isAt(stand.at, at) && Math.abs(askedMs - stand.toMs) <= SILENT_MS_MAX) return { ...stand, toMs: Math.max(stand.toMs, askedMs), preset }
  return { fromMs: heardMs + SETTLE_MS, toMs: heardMs + SETTLE_MS, at, preset }
}

/** One answer may be given in passing; from the second on it stood there. */
export function isKnown({ fromMs, toMs }: Pick<Stand, 'fromMs' | 'toMs'>): boolean {
  return toMs > fromMs
}

/** The stand that holds through a whole span; null: it turned in between, or nobody knows. */
export function standThrough(stands: readonly Stand[], { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): Stand | null {
  return stands.find((stand) => isKnown(stand) && stand.fromMs <= fromMs && toMs <= stand.toMs) ?? null
}
