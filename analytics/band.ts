import type { Detection } from './detection.js'
import type { Frame } from './frame.js'
import type { Box } from './geometry/box.js'

/**
 * Rows of a frame that are looked at, in its full width: from `top` up to and without `bottom`, in pixels, both on the network's
 * grid. Full width, because such rows are one run of the frame's bytes: a thread is shown them and no pixel is copied. Above and
 * below nothing has changed since it was last judged, so what was found there still holds.
 *
 *     ░░░░░░░░░░░░░  sky, houses: as last judged
 *     ─ ─ ─ ─ ─ ─ ─  top      } context: what is looked at needs its surroundings
 *     ▓▓ moves ▓▓▓▓           }
 *     ─ ─ ─ ─ ─ ─ ─  bottom
 *     ░░░░░░░░░░░░░  parked cars: as last judged
 */
export interface Band {
  readonly top: number
  readonly bottom: number
}

/** What a detector found in a band; boxes are in 0..1 of the whole picture, as always. */
export interface BandLook {
  readonly band: Band
  readonly detections: readonly Detection[]
}

/** From where to where in the picture's height, 0..1. A box is one. */
export type Span = Pick<Box, 'y1' | 'y2'>

/** The network sees in cells of up to 32 pixels; rows that do not begin on this grid would be other pictures to it. */
const GRID = 32
/** The least there is above and below whatever must be seen, in pixels of the frame. */
const CONTEXT = 32
/** Hardly fewer rows are looked at all: a whole look also finds what was overlooked. */
const WHOLE_SHARE_MIN = 0.85
/** A claim that ends this near to an inner edge, in pixels, was cut by it. What is known or moves lies farther inside. */
const EDGE = 8
/** Less sure claims at an edge are mostly scraps of something else, and not worth more rows. */
const CUT_SCORE_MIN = 0.4
/** Shares of the height come from divisions; a row is not lost or won by their last digit. */
const ROUNDING = 1e-6

/**
 * The rows that hold everything in `must` and cut nothing in `known`: a known box that they touch is taken in whole, with its
 * surroundings, which may touch the next one. Null: look at the whole picture. `height` is the picture's, without the grey below.
 */
export function chooseBand(must: readonly Span[], known: readonly Span[], height: number): Band | null {
  if (must.length === 0) return null
  const rows = rowsOf(height)
  let band = around(must, height)
  for (;;) {
    const { top, bottom } = band
    const wider = around([...must, ...known.filter(({ y1, y2 }) => y2 * height > top && y1 * height < bottom)], height)
    if (wider.top === top && wider.bottom === bottom) break
    band = wider
  }
  return band.bottom - band.top >= WHOLE_SHARE_MIN * rows ? null : band
}

/** What is in the whole picture after a band of it was looked at, and the claims that an edge of the band cut: they ask for more rows. */
export function mergeBand(before: readonly Detection[], { band, detections }: BandLook, height: number): { readonly found: readonly Detection[]; readonly cut: readonly Detection[] } {
  const outside = before.filter(({ box }) => {
    const middle = ((box.y1 + box.y2) / 2) * height
    return middle < band.top || middle >= band.bottom
  })
  const isCut = ({ box }: Detection): boolean => (band.top > 0 && box.y1 * height < band.top + EDGE) || (band.bottom < rowsOf(height) && box.y2 * height > band.bottom - EDGE)
  const whole = detections.filter((claim) => !isCut(claim))
  // Surest first, as a detector answers.
  return { found: [...whole, ...outside].toSorted((a, b) => b.score - a.score), cut: detections.filter((claim) => claim.score >= CUT_SCORE_MIN && isCut(claim)) }
}

/** Whether bands of such frames look to a detector as the same rows of the whole: only where the whole is looked at as it is. */
export function takesBands({ width, height }: Pick<Frame, 'width' | 'height'>, freePixelsMax: number | null): boolean {
  return freePixelsMax !== null && width % GRID === 0 && height % GRID === 0 && width * height <= freePixelsMax
}

/** The rows of a band as a frame of their own, over the same bytes. */
export function cutOut(frame: Frame, { top, bottom }: Band): Frame {
  return { atMs: frame.atMs, width: frame.width, height: bottom - top, rgb: frame.rgb.subarray(top * frame.width * 3, bottom * frame.width * 3) }
}

/** Boxes in 0..1 of a band, in 0..1 of the frame it was cut out of. */
export function putBack(detections: readonly Detection[], { top, bottom }: Band, height: number): readonly Detection[] {
  const down = (y: number): number => (top + y * (bottom - top)) / height
  return detections.map((found) => ({ ...found, box: { ...found.box, y1: down(found.box.y1), y2: down(found.box.y2) } }))
}

/** Share of a frame's rows. */
export function shareOf({ top, bottom }: Band, height: number): number {
  return (bottom - top) / rowsOf(height)
}

function around(spans: readonly Span[], height: number): Band {
  // What should be outside the picture by now is looked for at its edge.
  const inside = (y: number): number => Math.min(1, Math.max(0, y))
  const from = inside(Math.min(...spans.map(({ y1 }) => y1))) * height - CONTEXT
  const to = inside(Math.max(...spans.map(({ y2 }) => y2))) * height + CONTEXT
  return { top: Math.max(0, Math.floor(from / GRID + ROUNDING) * GRID), bottom: Math.min(rowsOf(height), Math.ceil(to / GRID - ROUNDING) * GRID) }
}

/** Rows of the frame that holds a picture of this height: grey below, up to the grid. */
function rowsOf(height: number): number {
  return Math.ceil(height / GRID) * GRID
}
