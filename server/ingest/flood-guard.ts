/**
 * A camera that floods takes the processor and the network from all others. What it may send is counted against a bound far
 * above any real camera (4K Motion JPEG: some 60 Mbit/s), and whoever passes it is cut, named and tried again later.
 */
export interface FloodBounds {
  readonly bytesPerSecondMax: number
  readonly picturesPerSecondMax: number
  /** So long it may be exceeded: what a network held back comes in one burst and is no flood. */
  readonly overMs: number
}

export const FLOOD_BOUNDS: FloodBounds = { bytesPerSecondMax: 10_000_000, picturesPerSecondMax: 200, overMs: 4_000 }

export interface FloodGuard {
  /** Null, or what was too much, in words. `atMs` is monotonic. */
  add(bytes: number, pictures: number, atMs: number): string | null
}

/** Counts against what `overMs` may bring at most, so that the larger the flood, the sooner it is seen. */
export function openFloodGuard(bounds: FloodBounds): FloodGuard {
  const bytesMax = (bounds.bytesPerSecondMax * bounds.overMs) / 1000
  const picturesMax = (bounds.picturesPerSecondMax * bounds.overMs) / 1000
  let fromMs = -Infinity
  let byteCount = 0
  let pictureCount = 0
  return {
    add(bytes, pictures, atMs) {
      if (atMs - fromMs >= bounds.overMs) {
        fromMs = atMs
        byteCount = pictureCount = 0
      }
      byteCount += bytes
      pictureCount += pictures
      const within = `within ${bounds.overMs} ms`
      if (byteCount > bytesMax) return `the camera sent more than ${Math.round(bytesMax / 1e5) / 10} MB ${within}`
      if (pictureCount > picturesMax) return `the camera sent more than ${Math.round(picturesMax)} pictures ${within}`
      return null
    },
  }
}
