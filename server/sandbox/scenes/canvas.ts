/**
 * The samples of one picture, finer than its pixels by `fine` in each direction. Depth is kept as 1/z (larger is nearer),
 * because 1/z is linear across a projected triangle.
 */
export interface Canvas {
  readonly width: number
  readonly height: number
  readonly fine: number
  readonly colour: Uint8ClampedArray
  readonly nearness: Float32Array
  /** Which moving thing owns the sample; 0 is the street. */
  readonly owner: Uint16Array
}

/** Samples per pixel and direction. Two are enough: video coding blurs the rest. */
export const FINE = 2

export function makeCanvas(width: number, height: number, fine = FINE): Canvas {
  const w = width * fine
  const h = height * fine
  return { width: w, height: h, fine, colour: new Uint8ClampedArray(w * h * 3), nearness: new Float32Array(w * h), owner: new Uint16Array(w * h) }
}

/** A block of samples, x1 and y1 outside. */
export interface Area {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

/** Grows to whole pixels and stays inside. */
export function wholePixels(canvas: Canvas, area: Area): Area {
  const f = canvas.fine
  return {
    x0: Math.max(0, Math.floor(area.x0 / f) * f),
    y0: Math.max(0, Math.floor(area.y0 / f) * f),
    x1: Math.min(canvas.width, Math.ceil(area.x1 / f) * f),
    y1: Math.min(canvas.height, Math.ceil(area.y1 / f) * f),
  }
}

/** Copies one area of the clean street over the work canvas. */
export function restore(to: Canvas, from: Canvas, area: Area): void {
  for (let y = area.y0; y < area.y1; y += 1) {
    const a = y * to.width + area.x0
    const b = y * to.width + area.x1
    to.colour.set(from.colour.subarray(a * 3, b * 3), a * 3)
    to.nearness.set(from.nearness.subarray(a, b), a)
    to.owner.fill(0, a, b)
  }
}

/** Averages the samples of an area into pixels (rgb24). */
export function resolve(canvas: Canvas, area: Area, pixels: Uint8ClampedArray): void {
  const f = canvas.fine
  const row = canvas.width * 3
  const outWidth = canvas.width / f
  const c = canvas.colour
  for (let y = area.y0 / f; y < area.y1 / f; y += 1) {
    for (let x = area.x0 / f; x < area.x1 / f; x += 1) {
      const out = (y * outWidth + x) * 3
      if (f === 2) {
        const i = y * 2 * row + x * 6
        const j = i + row
        pixels[out] = (c[i]! + c[i + 3]! + c[j]! + c[j + 3]! + 2) >> 2
        pixels[out + 1] = (c[i + 1]! + c[i + 4]! + c[j + 1]! + c[j + 4]! + 2) >> 2
        pixels[out + 2] = (c[i + 2]! + c[i + 5]! + c[j + 2]! + c[j + 5]! + 2) >> 2
      } else averageBlock(canvas, x, y, pixels, out)
    }
  }
}

function averageBlock(canvas: Canvas, x: number, y: number, pixels: Uint8ClampedArray, out: number): void {
  const f = canvas.fine
  for (let channel = 0; channel < 3; channel += 1) {
    let sum = 0
    for (let dy = 0; dy < f; dy += 1) for (let dx = 0; dx < f; dx += 1) sum += canvas.colour[((y * f + dy) * canvas.width + x * f + dx) * 3 + channel]!
    pixels[out + channel] = Math.round(sum / (f * f))
  }
}
