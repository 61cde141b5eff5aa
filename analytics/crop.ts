import type { Detection } from './detection.js'
import type { Frame } from './frame.js'
import type { Box } from './geometry/box.js'

/**
 * The part of a frame that is looked at, in pixels on the network's grid: from `left` and `top` up to and without `right` and
 * `bottom`. Around it nothing has changed since it was last judged, so what was found there still holds.
 *
 *     ░░░░░░░░░░░░░░░░░░░░  sky, houses: as last judged
 *     ░░░┌╌╌╌╌╌╌╌╌╌┐░░░░░░  context: what is looked at needs its surroundings
 *     ░░░┊▓ moves ▓┊░░░░░░
 *     ░░░└╌╌╌╌╌╌╌╌╌┘░░░░░░
 *     ░░░░░░░░░░░░░░░░░░░░  parked cars: as last judged
 */
export interface Crop {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** What a detector found in a crop; boxes are in 0..1 of the whole picture, as always. */
export interface CropLook {
  readonly crop: Crop
  readonly detections: readonly Detection[]
}

export type Size = Pick<Frame, 'width' | 'height'>

/** The network sees in cells of up to 32 pixels; pixels that do not begin on this grid would be other pictures to it. */
const GRID = 32
/** The least there is around whatever must be seen, in pixels of the frame. */
const CONTEXT = 32
/** Hardly fewer pixels are looked at all: a whole look also finds what was overlooked. */
const WHOLE_SHARE_MIN = 0.85
/** A claim that ends this near to an inner edge, in pixels, was cut by it. What is known or moves lies farther inside. */
const EDGE = 8
/** Less sure claims at an edge are mostly scraps of something else, and not worth more pixels. */
const CUT_SCORE_MIN = 0.4
/** Shares of a side come from divisions; a pixel is not lost or won by their last digit. */
const ROUNDING = 1e-6

/**
 * The least crop that holds everything in `must` and cuts nothing in `known`: a known box that it touches is taken in whole, with
 * its surroundings, which may touch the next one. Null: look at the whole picture. `picture` is without the grey below.
 */
export function chooseCrop(must: readonly Box[], known: readonly Box[], picture: Size): Crop | null {
  if (must.length === 0) return null
  let crop = around(must, picture)
  for (;;) {
    const { left, top, right, bottom } = crop
    const touched = known.filter(({ x1, y1, x2, y2 }) => x2 * picture.width > left && x1 * picture.width < right && y2 * picture.height > top && y1 * picture.height < bottom)
    const wider = around([...must, ...touched], picture)
    if (wider.left === left && wider.top === top && wider.right === right && wider.bottom === bottom) break
    crop = wider
  }
  return shareOf(crop, picture) >= WHOLE_SHARE_MIN ? null : crop
}

/** What is in the whole picture after a crop of it was looked at, and the claims that an edge of the crop cut: they ask for more. */
export function mergeCrop(before: readonly Detection[], { crop, detections }: CropLook, picture: Size): { readonly found: readonly Detection[]; readonly cut: readonly Detection[] } {
  const { width, height } = picture
  const rim = gridded(picture)
  const outside = before.filter(({ box }) => {
    const x = ((box.x1 + box.x2) / 2) * width
    const y = ((box.y1 + box.y2) / 2) * height
    return x < crop.left || x >= crop.right || y < crop.top || y >= crop.bottom
  })
  const isCut = ({ box }: Detection): boolean =>
    (crop.left > 0 && box.x1 * width < crop.left + EDGE) ||
    (crop.top > 0 && box.y1 * height < crop.top + EDGE) ||
    (crop.right < rim.width && box.x2 * width > crop.right - EDGE) ||
    (crop.bottom < rim.height && box.y2 * height > crop.bottom - EDGE)
  const whole = detections.filter((claim) => !isCut(claim))
  // Surest first, as a detector answers.
  return { found: [...whole, ...outside].toSorted((a, b) => b.score - a.score), cut: detections.filter((claim) => claim.score >= CUT_SCORE_MIN && isCut(claim)) }
}

/** Whether crops of such frames look to a detector as the same part of the whole: only where the whole is looked at as it is. */
export function takesCrops({ width, height }: Size, freePixelsMax: number | null): boolean {
  return freePixelsMax !== null && width % GRID === 0 && height % GRID === 0 && width * height <= freePixelsMax
}

/**
 * A crop as a frame of its own. Whole rows are one run of the frame's bytes and share its memory; of narrower ones the pixels are
 * copied into `memory`, which has at least width x height x 3 bytes (0.03 ms for half a frame of 640x384).
 */
export function cutOut(frame: Frame, crop: Crop, memory: (bytes: number) => Uint8Array): Frame {
  const { left, top, right, bottom } = crop
  const { width, height } = sizeOf(crop)
  const stride = frame.width * 3
  if (width === frame.width) return { atMs: frame.atMs, width, height, rgb: frame.rgb.subarray(top * stride, bottom * stride) }
  const rgb = memory(width * height * 3).subarray(0, width * height * 3)
  for (let y = top, to = 0; y < bottom; y += 1, to += width * 3) rgb.set(frame.rgb.subarray(y * stride + left * 3, y * stride + right * 3), to)
  return { atMs: frame.atMs, width, height, rgb }
}

/** Boxes in 0..1 of a crop, in 0..1 of the picture it was cut out of. */
export function putBack(detections: readonly Detection[], crop: Crop, picture: Size): readonly Detection[] {
  const { width, height } = sizeOf(crop)
  const across = (x: number): number => (crop.left + x * width) / picture.width
  const down = (y: number): number => (crop.top + y * height) / picture.height
  return detections.map((found) => ({ ...found, box: { x1: across(found.box.x1), y1: down(found.box.y1), x2: across(found.box.x2), y2: down(found.box.y2) } }))
}

/** The same part in 0..1 of the picture; grey below is no part of it. */
export function boxOf({ left, top, right, bottom }: Crop, { width, height }: Size): Box {
  return { x1: left / width, y1: Math.min(1, top / height), x2: right / width, y2: Math.min(1, bottom / height) }
}

/** Share of the pixels of the frame that holds this picture. */
export function shareOf(crop: Crop, picture: Size): number {
  const { width, height } = sizeOf(crop)
  const whole = gridded(picture)
  return (width * height) / (whole.width * whole.height)
}

export function sizeOf({ left, top, right, bottom }: Crop): Size {
  return { width: right - left, height: bottom - top }
}

function around(boxes: readonly Box[], picture: Size): Crop {
  const rim = gridded(picture)
  // What should be outside the picture by now is looked for at its edge.
  const inside = (share: number): number => Math.min(1, Math.max(0, share))
  const from = (share: number, side: number): number => Math.max(0, Math.floor((inside(share) * side - CONTEXT) / GRID + ROUNDING) * GRID)
  const to = (share: number, side: number, most: number): number => Math.min(most, Math.ceil((inside(share) * side + CONTEXT) / GRID - ROUNDING) * GRID)
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x1, y1, x2, y2 } of boxes) {
    left = Math.min(left, x1)
    top = Math.min(top, y1)
    right = Math.max(right, x2)
    bottom = Math.max(bottom, y2)
  }
  return { left: from(left, picture.width), top: from(top, picture.height), right: to(right, picture.width, rim.width), bottom: to(bottom, picture.height, rim.height) }
}

/** The frame that holds a picture of this size: grey up to the grid. */
function gridded({ width, height }: Size): Size {
  return { width: Math.ceil(width / GRID) * GRID, height: Math.ceil(height / GRID) * GRID }
}
