import { isAt } from './aim.js'
import type { BoundPreset } from './seen.js'
import { standThrough, type Stand } from './stand.js'

/** An outline in 0..1 of the picture. */
export type Mask = readonly { readonly x: number; readonly y: number }[]

/** A part of a camera's picture that is nobody's business. */
export interface PrivacyMask {
  readonly points: Mask
  /** The view on which it was drawn; null: it covers the same part of every view. */
  readonly preset: BoundPreset | null
}

/** Whatever the camera shows: for a picture of which nobody knows the view. */
export function everyMask(masks: readonly PrivacyMask[]): readonly Mask[] {
  return masks.map(({ points }) => points)
}

/**
 * What covers a view. In doubt everything does: a mask is left out only where the camera is known to stand at a view that is another one,
 * a preset of its own or one that masks are drawn on. Beside a view, where a joystick left it, that view's window may still be seen.
 */
export function masksAt(masks: readonly PrivacyMask[], stand: Pick<Stand, 'at' | 'preset'> | null): readonly Mask[] {
  const isView = stand !== null && (stand.preset !== null || masks.some(({ preset }) => preset && isAt(preset.at, stand.at)))
  return everyMask(isView ? masks.filter(({ preset }) => preset === null || isAt(preset.at, stand.at)) : masks)
}

/** What covers a picture or a film of this span: one that shows two views is covered as both are. */
export function masksThrough(masks: readonly PrivacyMask[], stands: readonly Stand[], span: { readonly fromMs: number; readonly toMs: number }): readonly Mask[] {
  return masksAt(masks, standThrough(stands, span))
}

export function hasBoundMask(masks: readonly PrivacyMask[]): boolean {
  return masks.some(({ preset }) => preset !== null)
}
