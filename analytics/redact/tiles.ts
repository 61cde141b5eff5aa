import type { Detection } from '../detection.js'
import type { Frame } from '../frame.js'

/** A part of a frame, in its pixels. */
export interface Tile {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The size at which our detector looks: a tile of it is seen pixel by pixel. */
const SIDE = { width: 640, height: 384 } as const
/** Whoever stands on a seam is whole in one of two tiles. */
const SHARED = 64
/** From this width on, a tile shows the detector more than the whole frame does. */
const WIDTH_MIN = 960

/**
 * How wide a picture is looked at for its private parts: two tiles beside each other. A small picture is enlarged for it: of the
 * labelled people in a street of 640x480, 2 of 8 were found as they were and 7 of 8 enlarged (README).
 */
export const LOOK_WIDTH_MAX = SIDE.width * 2 - SHARED
export const ENLARGED_MAX = 2
/** A single picture is looked at once more, this much larger at least, or at its own size: whoever fell between two tiles, or was too small for them, is seen then. */
export const CLOSER = 1.5
/** No camera's picture is wider than ours are looked at; beyond, memory and time would be a stranger's to choose. */
export const CLOSE_WIDTH_MAX = 3_840

/** Where to look closer, so that far heads are found; a small frame has nothing more to show, and no tile. */
export function tilesOf(frame: { readonly width: number; readonly height: number }): readonly Tile[] {
  if (frame.width < WIDTH_MIN) return []
  const [width, height] = [Math.min(SIDE.width, frame.width), Math.min(SIDE.height, frame.height)]
  return beginnings(frame.height, height).flatMap((top) => beginnings(frame.width, width).map((left) => ({ left, top, width, height })))
}

/** As few as reach from end to end while neighbours share enough. */
function beginnings(length: number, side: number): readonly number[] {
  if (length <= side) return [0]
  const count = Math.ceil((length - SHARED) / (side - SHARED))
  return Array.from({ length: count }, (_, at) => Math.round(((length - side) * at) / (count - 1)))
}

export function cutTile(frame: Frame, { left, top, width, height }: Tile): Frame {
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    const from = ((top + y) * frame.width + left) * 3
    rgb.set(frame.rgb.subarray(from, from + width * 3), y * width * 3)
  }
  return { atMs: frame.atMs, width, height, rgb }
}

/** The same picture as in a mirror: left is right. */
export function mirror(frame: Frame): Frame {
  const rgb = new Uint8Array(frame.rgb.length)
  for (let from = 0; from < rgb.length; from += 3) {
    const x = (from / 3) % frame.width
    const to = from + 3 * (frame.width - 1 - 2 * x)
    for (let part = 0; part < 3; part += 1) rgb[to + part] = frame.rgb[from + part]!
  }
  return { ...frame, rgb }
}

/** A box that ends so near to a tile's edge, in pixels, was cut by it. */
const CUT_PX = 2

/**
 * What was found in a tile, in 0..1 of the frame. What a tile's edge cuts is left out: its upper part is no head. It is whole
 * in the next tile, or large enough to be found in the whole frame.
 */
export function untile(found: readonly Detection[], tile: Tile, frame: { readonly width: number; readonly height: number }): readonly Detection[] {
  return found.flatMap((one) => {
    const box = { x1: tile.left + one.box.x1 * tile.width, y1: tile.top + one.box.y1 * tile.height, x2: tile.left + one.box.x2 * tile.width, y2: tile.top + one.box.y2 * tile.height }
    const cut = (edge: number, side: number, end: number): boolean => side > 0 && side < end && Math.abs(edge - side) <= CUT_PX
    if (cut(box.x1, tile.left, frame.width) || cut(box.x2, tile.left + tile.width, frame.width) || cut(box.y1, tile.top, frame.height) || cut(box.y2, tile.top + tile.height, frame.height)) return []
    return [{ ...one, box: { x1: box.x1 / frame.width, y1: box.y1 / frame.height, x2: box.x2 / frame.width, y2: box.y2 / frame.height } }]
  })
}
