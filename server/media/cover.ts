import type { Mask } from '../domain/privacy-mask.js'

interface Pixels {
  readonly width: number
  readonly height: number
  /** Three bytes a pixel, row by row. */
  readonly rgb: Uint8Array
}

/** A part of the camera's picture, in 0..1 of it. */
interface Part {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

const WHOLE: Part = { x1: 0, y1: 0, x2: 1, y2: 1 }
/** Dark and of one tone: it shows nothing, and whoever looks sees that something is covered. */
const TONE = [24, 28, 32] as const
/** Lines through each row of pixels at which an outline is met. */
const LINES = 4

/**
 * Covers masks in pixels, for good: what lay there is gone. Every pixel that a mask touches is covered. `part`: the pixels show this
 * part of the picture alone.
 */
export function coverPixels({ rgb, width, height }: Pixels, masks: readonly Mask[], part: Part = WHOLE): void {
  for (const mask of masks) {
    const points = mask.map(({ x, y }) => ({ x: ((x - part.x1) / (part.x2 - part.x1)) * width, y: ((y - part.y1) / (part.y2 - part.y1)) * height }))
    for (let row = 0; row < height; row += 1) {
      for (const [from, to] of spansOf(points, row)) fill(rgb, (row * width + Math.max(0, Math.floor(from))) * 3, (row * width + Math.min(width, Math.ceil(to))) * 3)
    }
  }
}

function* spansOf(points: readonly { readonly x: number; readonly y: number }[], row: number): Generator<readonly [number, number]> {
  for (let line = 0; line <= LINES; line += 1) {
    const y = row + line / LINES
    const met = points.flatMap((a, at) => {
      const b = points[(at + 1) % points.length]!
      // An end belongs to the edge that begins there, so that a corner is met once.
      if (a.y <= y === b.y <= y) return []
      return [{ x: a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x), turn: b.y > a.y ? 1 : -1 }]
    }).toSorted((one, other) => one.x - other.x)
    let winding = 0
    for (const [at, { x, turn }] of met.entries()) {
      winding += turn
      // Whatever an outline goes round is covered, also where it crosses itself.
      if (winding !== 0) yield [x, met[at + 1]!.x]
    }
  }
}

function fill(rgb: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at += 3) {
    rgb[at] = TONE[0]
    rgb[at + 1] = TONE[1]
    rgb[at + 2] = TONE[2]
  }
}

/** The same as a picture to be laid over a film: see-through where no mask is. */
export function coverSvg({ width, height }: Pick<Pixels, 'width' | 'height'>, masks: readonly Mask[]): string {
  const tone = `rgb(${TONE.join(',')})`
  const outlines = masks.map((mask) => `<polygon points="${mask.map(({ x, y }) => `${(x * width).toFixed(2)},${(y * height).toFixed(2)}`).join(' ')}"/>`).join('')
  // The stroke takes along every pixel that an outline touches; crisp edges let nothing shine through.
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges"><g fill="${tone}" stroke="${tone}" stroke-width="2">${outlines}</g></svg>`
}
