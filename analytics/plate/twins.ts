import type { PlateFound } from './plate.js'

/** Overlapping windows find a plate several times; the surest is kept. Pure. */
export function withoutTwins<Found extends PlateFound>(found: readonly Found[], { width, height }: { readonly width: number; readonly height: number }): readonly Found[] {
  const kept: Found[] = []
  for (const one of found.toSorted((a, b) => b.score - a.score)) {
    const [x, y] = middleOf(one)
    if (kept.every((other) => Math.hypot((middleOf(other)[0] - x) * width, (middleOf(other)[1] - y) * height) > 0.5 * Math.max(one.widthPx, other.widthPx))) kept.push(one)
  }
  return kept
}

function middleOf({ corners }: Pick<PlateFound, 'corners'>): readonly [x: number, y: number] {
  return [corners.reduce((sum, { x }) => sum + x, 0) / 4, corners.reduce((sum, { y }) => sum + y, 0) / 4]
}
