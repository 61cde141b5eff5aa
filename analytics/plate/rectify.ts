import type { Frame } from '../frame.js'
import type { Point } from '../geometry/point.js'
import type { PlateFound } from './plate.js'

/** Plain pixels, 8-bit RGB, row by row. */
export interface Crop {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

const MARGIN = 0.25

/** The plate as the camera sent it: an upright cut of the frame around its corners, no pixel changed. */
export function rawCrop(frame: Frame, { corners }: PlateFound): Crop {
  const xs = corners.map(({ x }) => x * frame.width)
  const ys = corners.map(({ y }) => y * frame.height)
  const [spareX, spareY] = [(Math.max(...xs) - Math.min(...xs)) * MARGIN, (Math.max(...ys) - Math.min(...ys)) * MARGIN]
  const x0 = Math.max(0, Math.floor(Math.min(...xs) - spareX))
  const y0 = Math.max(0, Math.floor(Math.min(...ys) - spareY))
  const width = Math.min(frame.width, Math.ceil(Math.max(...xs) + spareX)) - x0
  const height = Math.min(frame.height, Math.ceil(Math.max(...ys) + spareY)) - y0
  return cut(frame, { x: x0, y: y0, width, height })
}

/** A part of a frame, in whole pixels that lie inside it; no pixel changed. */
export function cut(frame: Pick<Frame, 'width' | 'rgb'>, { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }): Crop {
  const rgb = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row += 1) rgb.set(frame.rgb.subarray(((y + row) * frame.width + x) * 3, ((y + row) * frame.width + x + width) * 3), row * width * 3)
  return { width, height, rgb }
}

const WIDTH = 320
/** Circular 79/2024: two-row plates are 1.357 or 2 times as wide as high, one-row plates 4.727. */
const ASPECT = { 1: 4.727, 2: 1.5 } as const

/**
 * The plate turned upright and enlarged, the mean of all looks at it (noise and compression differ from frame to frame, letters do
 * not), its contrast spread. For a person's eye only: it stands beside the raw crop and never instead of it.
 */
export function enhanced(looks: readonly { readonly frame: Frame; readonly plate: PlateFound }[]): Crop | null {
  const [first] = looks
  if (!first) return null
  const width = WIDTH
  const height = Math.round(WIDTH / ASPECT[first.plate.rows])
  const sum = new Float32Array(width * height * 3)
  let weights = 0
  for (const { frame, plate } of looks) {
    const weight = plate.widthPx ** 2
    addUpright(sum, frame, plate.corners, { width, height, weight })
    weights += weight
  }
  return { width, height, rgb: spread(sum.map((value) => value / weights)) }
}

function addUpright(sum: Float32Array, frame: Frame, corners: PlateFound['corners'], { width, height, weight }: { readonly width: number; readonly height: number; readonly weight: number }): void {
  const toFrame = unitSquareOnto(corners.map(({ x, y }) => ({ x: x * frame.width, y: y * frame.height })))
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = toFrame((x + 0.5) / width, (y + 0.5) / height)
      const px = Math.min(frame.width - 1.001, Math.max(0, at.x - 0.5))
      const py = Math.min(frame.height - 1.001, Math.max(0, at.y - 0.5))
      const [x0, y0] = [Math.floor(px), Math.floor(py)]
      const [u, v] = [px - x0, py - y0]
      const a = (y0 * frame.width + x0) * 3
      const b = a + frame.width * 3
      for (let k = 0; k < 3; k += 1) {
        const value = (frame.rgb[a + k]! * (1 - u) + frame.rgb[a + 3 + k]! * u) * (1 - v) + (frame.rgb[b + k]! * (1 - u) + frame.rgb[b + 3 + k]! * u) * v
        sum[(y * width + x) * 3 + k]! += value * weight
      }
    }
  }
}

/** The projective map of the unit square onto four corners (Heckbert 1989, "Fundamentals of texture mapping", 2.2.3). */
export function unitSquareOnto(corners: readonly Point[]): (u: number, v: number) => Point {
  const [p0, p1, p2, p3] = corners as readonly [Point, Point, Point, Point]
  const [ax, ay, bx, by] = [p1.x - p2.x, p1.y - p2.y, p3.x - p2.x, p3.y - p2.y]
  const [ex, ey] = [p0.x - p1.x + p2.x - p3.x, p0.y - p1.y + p2.y - p3.y]
  const det = ax * by - bx * ay || 1e-9
  const g = (ex * by - bx * ey) / det
  const h = (ax * ey - ex * ay) / det
  return (u, v) => {
    const over = g * u + h * v + 1
    return { x: ((p1.x - p0.x + g * p1.x) * u + (p3.x - p0.x + h * p3.x) * v + p0.x) / over, y: ((p1.y - p0.y + g * p1.y) * u + (p3.y - p0.y + h * p3.y) * v + p0.y) / over }
  }
}

/** Spreads the middle 96 % of the brightness over the whole range; colours keep their proportions. */
function spread(values: Float32Array): Uint8Array {
  const light = Float32Array.from({ length: values.length / 3 }, (_, i) => (values[i * 3]! + values[i * 3 + 1]! + values[i * 3 + 2]!) / 3).toSorted()
  const low = light[Math.floor(light.length * 0.02)] ?? 0
  const high = light[Math.floor(light.length * 0.98)] ?? 255
  const gain = high - low < 8 ? 1 : 255 / (high - low)
  return Uint8Array.from(values, (value) => Math.min(255, Math.max(0, Math.round((value - (gain === 1 ? 0 : low)) * gain))))
}
