import type { Sharpness } from './sharpness.js'

/** How large a camera's picture is decoded: `width` x `height` pixels of it, and grey below down to `paddedHeight`. */
export interface PicturePlan {
  readonly width: number
  readonly height: number
  readonly paddedHeight: number
}

/** 640x360: there our detector finds far bikes at 9 ms a frame on one core (models/README.md). 416x234 takes 4 ms. */
const PIXELS_WANTED: Readonly<Record<Sharpness, number>> = { full: 640 * 360, small: 416 * 234 }
/** The network looks at grids of up to 32 pixels. */
const GRID = 32
const SIDE_MIN = 64
const SIDE_MAX = 1024

/**
 * Fits a camera's shape to the network without a pixel of grey at the right: the width is a multiple of the grid, so grey
 * lies only below, and the picture itself is the first bytes of the frame. Nothing has to be copied to look at it alone.
 * A picture is never enlarged: that costs time and shows nothing new.
 */
export function planPicture(source: { readonly width: number; readonly height: number }, sharpness: Sharpness = 'full'): PicturePlan {
  const aspect = source.width > 0 && source.height > 0 ? source.width / source.height : 16 / 9
  const wanted = Math.min(Math.sqrt(PIXELS_WANTED[sharpness] * aspect), Math.max(source.width, SIDE_MIN))
  const width = clamp(Math.round(wanted / GRID) * GRID)
  // Even: chroma planes of most cameras have half the lines.
  const height = clamp(Math.round(width / aspect / 2) * 2)
  return { width, height, paddedHeight: Math.ceil(height / GRID) * GRID }
}

function clamp(length: number): number {
  return Math.min(SIDE_MAX, Math.max(SIDE_MIN, length))
}
