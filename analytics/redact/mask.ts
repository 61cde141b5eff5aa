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

/** The same, a bit a pixel, the left one in the highest: two hours of masks are then 650 MB and not 5 GB. The width is a multiple of 8. */
export function packMask(mask: Uint8Array): Uint8Array {
  const bits = new Uint8Array(mask.length >> 3)
  for (let at = 0; at < mask.length; at += 1) if (mask[at]) bits[at >> 3]! |= 128 >> (at & 7)
  return bits
}

/**
 * What is covered at any instant of a slot of time: a picture that is shown within it may be of any of them. Boxes go straight
 * from look to look, so its two ends and its middle stand for all.
 */
export function boxesWithin(covered: (atMs: number) => readonly Box[], fromMs: number, toMs: number): readonly Box[] {
  return [fromMs, (fromMs + toMs) / 2, toMs].flatMap((atMs) => covered(atMs))
}
