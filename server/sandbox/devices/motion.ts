import type { UnitSpan } from './access-units.js'
import { within } from './timeline.js'

/**
 * Motion as an encoder sees it: pictures in which much moved need more bytes. A second is in motion when its delta
 * pictures are clearly larger than in the calmest seconds of the film. Costs nothing, because the sizes are in the index.
 */
export function makeMotionSense(units: readonly UnitSpan[], fps: number): (frame: number) => boolean {
  const window = Math.max(1, Math.round(fps))
  const sums = new Float64Array(units.length + 1)
  const counts = new Float64Array(units.length + 1)
  for (const [index, unit] of units.entries()) {
    sums[index + 1] = (sums[index] ?? 0) + (unit.key ? 0 : unit.length)
    counts[index + 1] = (counts[index] ?? 0) + (unit.key ? 0 : 1)
  }
  const meanBefore = (index: number): number => {
    const from = Math.max(0, index - window)
    return ((sums[index] ?? 0) - (sums[from] ?? 0)) / Math.max(1, (counts[index] ?? 0) - (counts[from] ?? 0))
  }
  const means = Array.from({ length: Math.floor(units.length / window) }, (_, second) => meanBefore((second + 1) * window)).sort((a, b) => a - b)
  const calm = means[Math.floor(means.length * CALM_SHARE)] ?? 0
  return (frame) => meanBefore(within(frame, units.length) + 1) > calm * LOUDER + MARGIN_BYTES
}

const CALM_SHARE = 0.1
const LOUDER = 1.3
/** Noise makes tiny streams wander by some bytes. */
const MARGIN_BYTES = 100
