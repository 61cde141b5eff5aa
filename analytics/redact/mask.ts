import type { Box } from '../geometry/box.js'

/**
 * What to cover, as a grey picture: 255 covered, 0 left as it is. One byte a pixel, row by row, a few hundred wide: ffmpeg
 * enlarges it and lays coarse blocks wherever it is white. Any pixel that a box touches is covered.
 */
export function paintMask(boxes: readonly Box[], width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height)
  for (const box of boxes) {
    const x0 = Math.max(0, Math.floor(box.x1 * width))
    const x1 = Math.min(width, Math.ceil(box.x2 * width))
    for (let y = Math.max(0, Math.floor(box.y1 * height)); y < Math.min(height, Math.ceil(box.y2 * height)); y += 1) mask.fill(255, y * width + x0, y * width + x1)
  }
  return mask
}
