import type { Box } from '../geometry/box.js'

/** The lamp is read from the picture: a region holding the round lamps, and how they are ordered. */
export interface LampRegion {
  readonly box: Box
  readonly order: 'vertical' | 'horizontal' | 'single'
}

/** The lamp is told by the controller of the junction: what it shows to one approach. */
export interface LampFeed {
  readonly signal: string
  readonly approach: string
}

/** Seen, told, or both: then the picture counts where it shows a colour, and two that differ for long are a fault of the lamp. */
export type LampSource = LampRegion | LampFeed | (LampRegion & LampFeed)

export const regionOf = (lamp: LampSource): LampRegion | null => ('box' in lamp ? lamp : null)
export const feedOf = (lamp: LampSource): LampFeed | null => ('signal' in lamp ? lamp : null)
