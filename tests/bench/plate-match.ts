import { settle, type PlateText } from '../../analytics/plate/grammar.js'
import type { PlateSeen } from '../../analytics/plate/plate.js'
import type { PlateStreet } from '../../server/sandbox/scenes/plate-streets.js'

export interface PlateMatch {
  /** Middle of the true plate, 0..1 of the frame. */
  readonly middle: readonly [x: number, y: number]
  /** Length of its upper edge in pixels. */
  readonly px: number
  /** What was read there; null: nothing was found. */
  readonly said: PlateText | null
  /** Every letter is right. */
  readonly right: boolean
}

/** A find belongs to a plate when its middle lies this near to the plate's, in widths of the plate. */
const NEAR = 0.3

/** What was seen of one plate of a drawn street. */
export function matchPlate(street: PlateStreet, plate: PlateStreet['plates'][number], seen: readonly PlateSeen[]): PlateMatch {
  const [a, b] = plate.corners
  const px = Math.hypot((b![0] - a![0]) * street.width, (b![1] - a![1]) * street.height)
  const middle = [mean(plate.corners.map(([x]) => x)), mean(plate.corners.map(([, y]) => y))] as const
  const far = ({ corners }: PlateSeen): number => Math.hypot((mean(corners.map(({ x }) => x)) - middle[0]) * street.width, (mean(corners.map(({ y }) => y)) - middle[1]) * street.height)
  const hit = seen.find((one) => far(one) < px * NEAR)
  const said = hit ? settle(hit.letters, hit.rows) : null
  return { middle, px, said, right: said?.text === plate.text.replaceAll('-', '') }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
