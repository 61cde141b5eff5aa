import type { Box } from '../../analytics/geometry/box.js'
import type { Frame } from '../../analytics/frame.js'

const luma = ({ rgb }: Frame, at: number): number => 0.299 * rgb[at * 3]! + 0.587 * rgb[at * 3 + 1]! + 0.114 * rgb[at * 3 + 2]!
/** Fine detail: how far a pixel is from the mean of its neighbours to the left and right. */
const detail = (frame: Frame, at: number): number => luma(frame, at) - (luma(frame, at - 1) + luma(frame, at + 1)) / 2

function sumOver({ width, height }: Frame, box: Box, of: (at: number) => number): { readonly sum: number; readonly count: number } {
  const [x0, x1] = [Math.max(1, Math.ceil(box.x1 * width)), Math.min(width - 1, Math.floor(box.x2 * width))]
  let [sum, count] = [0, 0]
  for (let y = Math.max(0, Math.ceil(box.y1 * height)); y < Math.min(height, Math.floor(box.y2 * height)); y += 1) {
    for (let x = x0; x < x1; x += 1) {
      sum += of(y * width + x)
      count += 1
    }
  }
  if (count === 0) throw new RangeError('a box without a pixel proves nothing')
  return { sum, count }
}

function meanOver(frame: Frame, box: Box, of: (at: number) => number): number {
  const { sum, count } = sumOver(frame, box, of)
  return sum / count
}

export function detailIn(frame: Frame, box: Box): number {
  return meanOver(frame, box, (at) => Math.abs(detail(frame, at)))
}

/**
 * Which share of a picture's own fine detail is still there in another, -1 to 1: about 1 where it was only encoded anew, about 0
 * where something else lies over it, whatever edges that has.
 */
export function detailLeft(real: Frame, shown: Frame, box: Box): number {
  const own = sumOver(real, box, (at) => detail(real, at) ** 2).sum
  return sumOver(real, box, (at) => detail(real, at) * detail(shown, at)).sum / Math.max(1e-9, own)
}

/** How far two pictures are apart in a part of them, in steps of grey. */
export function apartIn(a: Frame, b: Frame, box: Box): number {
  return meanOver(a, box, (at) => Math.abs(luma(a, at) - luma(b, at)))
}
