import type { Frame } from '../../analytics/frame.js'

type Pixels = Pick<Frame, 'width' | 'height' | 'rgb'>

/**
 * A picture made smaller, each new pixel the mean of the area that it covers (what OpenCV calls INTER_AREA). RGB, a byte a part.
 * @throws RangeError where the new size is larger than the old one
 */
export function areaMean({ width, height, rgb }: Pixels, size: { readonly width: number; readonly height: number }): Pixels {
  if (size.width > width || size.height > height) throw new RangeError(`size must not be larger than ${width}x${height}, got ${size.width}x${size.height}`)
  const [across, down] = [coverOf(width, size.width), coverOf(height, size.height)]
  const sums = new Float64Array(size.width * 3)
  const out = new Uint8Array(size.width * size.height * 3)
  for (const [y, rows] of down.entries()) {
    sums.fill(0)
    for (const [row, ofRow] of rows) {
      for (const [x, columns] of across.entries()) {
        for (const [column, ofColumn] of columns) {
          const from = (row * width + column) * 3
          const share = ofRow * ofColumn
          for (let part = 0; part < 3; part += 1) sums[x * 3 + part]! += share * rgb[from + part]!
        }
      }
    }
    out.set(sums.map(Math.round), y * size.width * 3)
  }
  return { width: size.width, height: size.height, rgb: out }
}

/** Which old pixels each new one lies on, and the share of it that each makes up. */
function coverOf(from: number, to: number): (readonly (readonly [number, number])[])[] {
  const step = from / to
  return Array.from({ length: to }, (_, at) => {
    const [begin, end] = [at * step, (at + 1) * step]
    return Array.from({ length: Math.min(from, Math.ceil(end - 1e-9)) - Math.floor(begin) }, (__, i) => {
      const pixel = Math.floor(begin) + i
      return [pixel, (Math.min(end, pixel + 1) - Math.max(begin, pixel)) / step] as const
    })
  })
}
