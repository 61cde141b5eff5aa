import { FAR_SHAPE, FAR_WIDTH, farBox } from '../../analytics/far.js'
import type { Box } from '../../analytics/geometry/box.js'
import type { Point } from '../../analytics/geometry/point.js'

/** How large a camera's picture is decoded: `width` x `height` pixels of it, grey below down to `paddedHeight`, and then its far part. */
export interface PicturePlan {
  readonly width: number
  readonly height: number
  readonly paddedHeight: number
  readonly far: FarPlan | null
}

/** A part of the picture that is decoded once more, nearer: as wide as the whole, so that its rows may lie below. */
export interface FarPlan {
  readonly height: number
  /** In 0..1 of the picture. */
  readonly part: Box
}

/** How a camera's picture is wanted. `far`: the middle of the part that is to be looked at more closely, where the camera has more to show. */
export interface PictureWish {
  readonly small: boolean
  readonly far: Point | null
}

export const WHOLE: PictureWish = { small: false, far: null }

/** 640x360: there our detector finds far bikes at 9 ms a frame on one core (models/README.md). 416x234 takes 4 ms. */
const PIXELS_WANTED = { full: 640 * 360, small: 416 * 234 }
/** The network looks at grids of up to 32 pixels. */
const GRID = 32
const SIDE_MIN = 64
const SIDE_MAX = 1024

/**
 * Fits a camera's shape to the network without a pixel of grey at the right: the width is a multiple of the grid, so grey
 * lies only below, and the picture itself is the first bytes of the frame. Nothing has to be copied to look at it alone.
 * A picture is never enlarged: that costs time and shows nothing new.
 */
export function planPicture(source: { readonly width: number; readonly height: number }, { small, far }: PictureWish = WHOLE): PicturePlan {
  const aspect = source.width > 0 && source.height > 0 ? source.width / source.height : 16 / 9
  const wanted = Math.min(Math.sqrt(PIXELS_WANTED[small ? 'small' : 'full'] * aspect), Math.max(source.width, SIDE_MIN))
  const width = clamp(Math.round(wanted / GRID) * GRID)
  // Even: chroma planes of most cameras have half the lines.
  const height = clamp(Math.round(width / aspect / 2) * 2)
  return { width, height, paddedHeight: Math.ceil(height / GRID) * GRID, far: far && source.width * FAR_WIDTH >= width ? planFar(far, { width, aspect }) : null }
}

function planFar(at: Point, { width, aspect }: { readonly width: number; readonly aspect: number }): FarPlan {
  const height = clamp(Math.round((width * FAR_SHAPE) / GRID) * GRID)
  return { height, part: farBox(at, { aspect, shape: height / width }) }
}

export function samePlan(a: PicturePlan, b: PicturePlan): boolean {
  return a.width === b.width && a.height === b.height && a.far?.height === b.far?.height && a.far?.part.x1 === b.far?.part.x1 && a.far?.part.y1 === b.far?.part.y1
}

function clamp(length: number): number {
  return Math.min(SIDE_MAX, Math.max(SIDE_MIN, length))
}
