import type { Detection } from '../../../analytics/detection.js'
import type { Frame } from '../../../analytics/frame.js'

/** A thing in the picture, in steps of 320 x 180 (two to a pixel), from one second to another. */
export interface Thing {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly bright: number
  readonly from?: number
  readonly to?: number
}

export interface Street {
  readonly things?: readonly Thing[]
  /** What all of it is multiplied by at a second: a cloud, the evening. */
  readonly light?: (second: number) => number
  /** A lamp's soft light: brightest in the middle, nothing at `radius`. */
  readonly pool?: { readonly x: number; readonly y: number; readonly radius: number; readonly more: number; readonly from: number }
  /** Mean deviation of each pixel by itself. */
  readonly noise?: number
  /** The whole street moved by so many pixels. */
  readonly shift?: (second: number) => number
  /** The picture is smeared over so many pixels to each side. */
  readonly smear?: (second: number) => number
}

/** As many pixels as the gate looks at: two to a cell. */
export const WIDTH = 160
export const HEIGHT = 90
const STEP = 2

/** A street of grey tones: a wall with windows, no two alike, a kerb, a road with patches. */
function toneAt(x: number, y: number): number {
  if (y < 60) return 110 + any(Math.floor(x / 16), Math.floor(y / 12)) * 110
  if (y < 70) return 170
  return 85 + any(Math.floor(x / 44), 90 + Math.floor(y / 30)) * 25 + (y > 170 ? 40 : 0)
}

/** From 0 to 1, the same for the same place. */
function any(column: number, row: number): number {
  return randomFrom(column * 977 + row * 131)()
}

export function paintStreet(atMs: number, street: Street): Frame {
  const second = atMs / 1000
  const shift = Math.round(street.shift?.(second) ?? 0)
  let grey = new Float32Array(streetOf(shift))
  for (const { x, y, w, h, bright, from = -Infinity, to = Infinity } of street.things ?? []) {
    if (second < from || second >= to) continue
    for (let row = Math.ceil(Math.max(0, y) / STEP); row < Math.min(HEIGHT, (y + h) / STEP); row += 1) grey.fill(bright, row * WIDTH + Math.ceil(Math.max(0, x) / STEP), row * WIDTH + Math.ceil(Math.min(WIDTH, (x + w) / STEP)))
  }
  const { pool } = street
  if (pool && second >= pool.from) for (let y = 0; y < HEIGHT; y += 1) for (let x = 0; x < WIDTH; x += 1) grey[y * WIDTH + x]! += pool.more * Math.max(0, 1 - Math.hypot(x * STEP - pool.x, y * STEP - pool.y) / pool.radius)
  const smear = Math.round(street.smear?.(second) ?? 0)
  if (smear > 0) grey = smeared(grey, smear)
  const light = street.light?.(second) ?? 1
  const from = Math.floor(randomFrom(atMs + 1)() * NOISE.length)
  const noise = 2 * (street.noise ?? 3)
  const rgb = new Uint8ClampedArray(WIDTH * HEIGHT * 3)
  for (let at = 0; at < grey.length; at += 1) rgb[at * 3 + 1] = grey[at]! * light + NOISE[(from + at) % NOISE.length]! * noise
  return { atMs, width: WIDTH, height: HEIGHT, rgb: new Uint8Array(rgb.buffer) }
}

const streets = new Map<number, Float32Array>()
function streetOf(shift: number): Float32Array {
  const known = streets.get(shift)
  if (known) return known
  const grey = Float32Array.from({ length: WIDTH * HEIGHT }, (_, at) => toneAt(((at % WIDTH) + shift) * STEP + 3200, Math.floor(at / WIDTH) * STEP))
  streets.set(shift, grey)
  return grey
}

/** Mean over a square, once along and once across. */
function smeared(grey: Float32Array, reach: number): Float32Array<ArrayBuffer> {
  const once = (from: Float32Array, stride: number, length: number, other: number, otherStride: number): Float32Array<ArrayBuffer> => {
    const to = new Float32Array(from.length)
    for (let line = 0; line < other; line += 1) {
      for (let i = 0; i < length; i += 1) {
        let sum = 0
        for (let k = i - reach; k <= i + reach; k += 1) sum += from[line * otherStride + Math.min(length - 1, Math.max(0, k)) * stride]!
        to[line * otherStride + i * stride] = sum / (2 * reach + 1)
      }
    }
    return to
  }
  return once(once(grey, 1, WIDTH, HEIGHT, WIDTH), WIDTH, HEIGHT, WIDTH, 1)
}

/** The box of something painted. */
export function found(thing: Thing, name = 'person'): Detection {
  return { class: name, score: 0.8, box: { x1: thing.x / WIDTH / STEP, y1: thing.y / HEIGHT / STEP, x2: (thing.x + thing.w) / WIDTH / STEP, y2: (thing.y + thing.h) / HEIGHT / STEP } }
}

/** Numbers that look random and are the same each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** From -1 to 1, most of it small; each picture begins elsewhere in it. */
const NOISE = ((random) => Float32Array.from({ length: 100_003 }, () => random() + random() - 1))(randomFrom(7))
