import { noise2, rough2 } from './noise.js'
import type { Spot } from './paint-surface.js'
import { blendAlbedo, lay, setAlbedo, type Stage } from './stage.js'
import type { Vec3 } from './space.js'

// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { abs, floor, hypot, max, min } = Math

/** Carriageways, what is painted on them, and pavements one kerb higher. */
export interface Patch {
  readonly x0: number
  readonly x1: number
  readonly z0: number
  readonly z1: number
}

export interface Mark extends Patch {
  readonly colour: number
  /** Painted `length` of every `period` metres. */
  readonly dashX?: { readonly length: number; readonly period: number }
  readonly dashZ?: { readonly length: number; readonly period: number }
  /** 0 fresh .. 1 gone. */
  readonly wear?: number
  /** Diagonal bars inside the patch. */
  readonly hatch?: { readonly width: number; readonly period: number }
  /** Arrow pointing to +z inside the patch. */
  readonly arrow?: boolean
}

export const WHITE_PAINT = 0xe3e2da
export const YELLOW_PAINT = 0xd9a92e
export const KERB_M = 0.14

export interface Ground {
  readonly asphalt: number
  /** Wheel tracks run along z at these x, or along x at these z. */
  readonly tracksX: readonly number[]
  readonly marks: readonly Mark[]
  readonly pavements: readonly Pavement[]
  readonly far: Patch
}

export interface Pavement extends Patch {
  readonly tile: 'grey' | 'red' | 'slab' | 'grass' | 'water'
  /** Kerb stones in black and white bars. */
  readonly bars?: boolean
}

export function layGround(stage: Stage, ground: Ground): void {
  const { far } = ground
  const light = (spot: Spot) => sunOn(stage, spot.x, spot.z)
  lay(stage, flat(far, 0), [0, 1, 0], (spot) => asphalt(stage, ground, spot), light)
  for (const pavement of ground.pavements) {
    lay(stage, flat(pavement, levelOf(pavement)), [0, 1, 0], (spot) => paving(pavement, spot), light)
    if (pavement.tile === 'water') continue
    kerb(stage, pavement, [[pavement.x0, pavement.z0], [pavement.x0, pavement.z1]], [-1, 0, 0])
    kerb(stage, pavement, [[pavement.x1, pavement.z0], [pavement.x1, pavement.z1]], [1, 0, 0])
    kerb(stage, pavement, [[pavement.x0, pavement.z0], [pavement.x1, pavement.z0]], [0, 0, -1])
  }
}

/** Lawns lie a hand above the paving around them. */
function levelOf(pavement: Pavement): number {
  return pavement.tile === 'water' ? 0.02 : pavement.tile === 'grass' ? KERB_M + 0.06 : KERB_M
}

function flat(patch: Patch, y: number): readonly Vec3[] {
  return [[patch.x0, y, patch.z0], [patch.x1, y, patch.z0], [patch.x1, y, patch.z1], [patch.x0, y, patch.z1]]
}

function kerb(stage: Stage, pavement: Pavement, [a, b]: readonly [readonly [number, number], readonly [number, number]], normal: Vec3): void {
  lay(stage, [[a[0], 0, a[1]], [b[0], 0, b[1]], [b[0], KERB_M, b[1]], [a[0], KERB_M, a[1]]], normal, (spot) => {
    const bar = pavement.bars && floor(spot.u / 1) % 2 === 0
    setAlbedo(spot, bar ? 0x2b2b2b : pavement.bars ? 0xd8d6cc : 0x9d9b93, 0.85 + 0.2 * noise2(spot.u * 3, spot.v * 9))
    return true
  })
}

/** 1 in the sun, less under trees and beside houses. */
export function sunOn(stage: Stage, x: number, z: number): number {
  let sun = 1
  for (const shade of stage.shades) {
    const dx = (x - shade.x) / shade.halfX
    const dz = (z - shade.z) / shade.halfZ
    const inside = shade.leafy ? 1 - hypot(dx, dz) : 1 - max(abs(dx), abs(dz))
    if (inside <= -0.3) continue
    const edge = shade.leafy ? inside * 2.4 + (rough2(x * 1.3 + shade.x, z * 1.3) - 0.5) * 2.2 : inside * 14
    sun = min(sun, 1 - max(0, min(1, edge)) * 0.92)
  }
  return sun
}

function asphalt(stage: Stage, ground: Ground, spot: Spot): boolean {
  const { x, z } = spot
  const fine = max(0, 1 - spot.depth / 45)
  const stain = rough2(x * 0.42, z * 0.11)
  const grain = noise2(x * 14, z * 14) - 0.5 + (noise2(x * 41, z * 41) - 0.5) * 0.8
  let gain = 0.86 + stain * 0.26 + grain * 0.13 * fine
  for (const track of ground.tracksX) {
    const d = abs(x - track)
    if (d < 0.9) gain *= 1 - 0.09 * (1 - d / 0.9) * (0.6 + 0.6 * noise2(x, z * 0.2))
  }
  const oil = noise2(x * 0.9 + 31, z * 0.7 + 11)
  if (oil > 0.8) gain *= 1 - (oil - 0.8) * 0.7
  const crack = abs(rough2(x * 0.55 + 90, z * 0.55 + 40) - 0.5)
  if (crack < 0.003 && fine > 0.25 && stain > 0.5) gain *= 0.86
  // Repaired trenches are darker rectangles.
  if (noise2(floor(x / 2.1) + 0.5, floor(z / 7.3) + 0.5) > 0.9) gain *= 0.86
  setAlbedo(spot, ground.asphalt, gain)
  for (const mark of ground.marks) {
    const cover = coverOf(mark, x, z)
    if (cover > 0) blendAlbedo(spot, mark.colour, cover * (0.92 - (mark.wear ?? 0.25) * (0.35 + rough2(x * 2.2, z * 2.2)) - fine * max(0, grain) * 0.25))
  }
  if (stage.lighting.tone.wet) {
    const puddle = max(0, rough2(x * 0.35 + 5, z * 0.12 + 9) - 0.42) * 2.2
    spot.r = spot.r * 0.72 + puddle * 66
    spot.g = spot.g * 0.73 + puddle * 70
    spot.b = spot.b * 0.75 + puddle * 74
  }
  return true
}

function coverOf(mark: Mark, x: number, z: number): number {
  if (x < mark.x0 || x > mark.x1 || z < mark.z0 || z > mark.z1) return 0
  if (mark.dashX && (x - mark.x0) % mark.dashX.period > mark.dashX.length) return 0
  if (mark.dashZ && (z - mark.z0) % mark.dashZ.period > mark.dashZ.length) return 0
  if (mark.hatch && (x - mark.x0 + (z - mark.z0)) % mark.hatch.period > mark.hatch.width) return 0
  if (mark.arrow) {
    const half = (mark.x1 - mark.x0) / 2
    const away = abs(x - mark.x0 - half)
    const along = (z - mark.z0) / (mark.z1 - mark.z0)
    return along < 0.62 ? (away < half * 0.28 ? 1 : 0) : away < half * (1 - (along - 0.62) / 0.38) ? 1 : 0
  }
  return 1
}

function paving(pavement: Pavement, spot: Spot): boolean {
  const { x, z } = spot
  if (pavement.tile === 'water') {
    const wave = noise2(x * 0.5, z * 1.6) * 0.6 + noise2(x * 1.7 + 4, z * 4.1) * 0.4
    setAlbedo(spot, 0x6f8079, 0.75 + wave * 0.5)
    return true
  }
  if (pavement.tile === 'grass') {
    setAlbedo(spot, 0x56693a, 0.65 + rough2(x * 2.6, z * 2.6) * 0.7)
    return true
  }
  const size = pavement.tile === 'slab' ? 1.2 : 0.4
  const near = max(0, 1 - spot.depth / (pavement.tile === 'slab' ? 60 : 32))
  const tx = x / size
  const tz = z / size
  const each = noise2(floor(tx) * 3.7 + 0.5, floor(tz) * 5.3 + 0.5) - 0.5
  const joint = min(tx - floor(tx), tz - floor(tz)) < (pavement.tile === 'slab' ? 0.03 : 0.07)
  const red = pavement.tile === 'red' && (floor(tx) + floor(tz)) % 2 === 0
  const base = pavement.tile === 'slab' ? 0xb3ada2 : red ? 0x9c6a58 : 0x9b978d
  setAlbedo(spot, base, (0.84 + each * 0.2 * near + rough2(x * 0.7, z * 0.7) * 0.26) * (joint ? 1 - 0.28 * near : 1))
  const rim = min(x - pavement.x0, pavement.x1 - x, z - pavement.z0)
  if (rim < 0.22) setAlbedo(spot, 0xa7a49b, 0.85 + 0.25 * noise2(x * 2, z * 2))
  return true
}
