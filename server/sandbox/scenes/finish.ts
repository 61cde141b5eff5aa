import { makeChance } from './noise.js'
import { writeText } from './glyphs.js'

/** What the camera itself adds: blooming lamps, sensor grain, its name in the corner, rain on the way. */
export interface Bloom {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly colour: readonly [number, number, number]
  readonly strength: number
}

export function bloom(pixels: Uint8ClampedArray, width: number, height: number, spot: Bloom): void {
  const r = Math.max(1.5, spot.radius)
  for (let y = Math.max(0, Math.floor(spot.y - r)); y < Math.min(height, spot.y + r); y += 1) {
    for (let x = Math.max(0, Math.floor(spot.x - r)); x < Math.min(width, spot.x + r); x += 1) {
      const d = Math.hypot(x + 0.5 - spot.x, y + 0.5 - spot.y) / r
      if (d >= 1) continue
      const part = (1 - d) * (1 - d) * spot.strength
      const i = (y * width + x) * 3
      pixels[i] = pixels[i]! + spot.colour[0] * part
      pixels[i + 1] = pixels[i + 1]! + spot.colour[1] * part
      pixels[i + 2] = pixels[i + 2]! + spot.colour[2] * part
    }
  }
}

const GRAIN_MASK = (1 << 17) - 1

export interface Grain {
  readonly table: Int8Array
}

export function makeGrain(sigma: number, seed: number): Grain {
  const chance = makeChance(seed)
  return { table: Int8Array.from({ length: GRAIN_MASK + 1 }, () => Math.round((chance() + chance() + chance() + chance() - 2) * 1.73 * sigma)) }
}

/** Adds grain from another place of the table each frame. */
export function addGrain(from: Uint8ClampedArray, to: Uint8ClampedArray, grain: Grain, frame: number): void {
  const { table } = grain
  let at = (frame * 7919 + 13) & GRAIN_MASK
  for (let i = 0; i < from.length; i += 3) {
    const n = table[at]!
    at = (at + 1) & GRAIN_MASK
    to[i] = from[i]! + n
    to[i + 1] = from[i + 1]! + n
    to[i + 2] = from[i + 2]! + n
  }
}

export interface Caption {
  readonly dots: readonly { readonly i: number; readonly cover: number; readonly ink: number }[]
}

/** White letters with a dark rim at the top left, sized with the picture. */
export function makeCaption(text: string, width: number, height: number): Caption {
  const boxHeight = height * 0.031
  const boxWidth = boxHeight * 0.5
  const dots: { i: number; cover: number; ink: number }[] = []
  for (const [pen, ink] of [[2.6, 0], [1, 245]] as const) {
    writeText({ text, x: width * 0.02, y: height * 0.03, boxWidth, boxHeight, advance: boxWidth * 1.55, pen }, (x, y, cover) => {
      if (x >= 0 && y >= 0 && x < width && y < height) dots.push({ i: (y * width + x) * 3, cover: ink ? cover : cover * 0.7, ink })
    })
  }
  return { dots }
}

export function writeCaption(pixels: Uint8ClampedArray, caption: Caption): void {
  for (const dot of caption.dots) for (let k = 0; k < 3; k += 1) pixels[dot.i + k] = pixels[dot.i + k]! * (1 - dot.cover) + dot.ink * dot.cover
}

/** Thin bright streaks, other ones in each frame. */
export function addRain(pixels: Uint8ClampedArray, width: number, height: number, frame: number): void {
  const chance = makeChance(frame * 31 + 5)
  const drops = Math.round((width * height) / 2600)
  for (let n = 0; n < drops; n += 1) {
    const x0 = chance() * width
    const y0 = chance() * height
    const long = (0.02 + chance() * 0.04) * height
    for (let k = 0; k < long; k += 1) {
      const x = Math.floor(x0 - k * 0.14)
      const y = Math.floor(y0 + k)
      if (x < 0 || y >= height) break
      const i = (y * width + x) * 3
      for (let c = 0; c < 3; c += 1) pixels[i + c] = pixels[i + c]! * 0.86 + 30
    }
  }
}
