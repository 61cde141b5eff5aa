import { makeShape, type Mesh, type Shape } from './mesh.js'
import { between, noise2, pick, type Chance } from './noise.js'
import { lay, setAlbedo, stand, type Stage } from './stage.js'
import type { Vec3 } from './space.js'

/** What stands in a street and never moves: poles, wires, lamps, signs, stalls, barriers, boats. */
const CONCRETE = 0x9b9890
const STEEL = 0x858b8e

export function electricPole(stage: Stage, x: number, z: number, height = 8.6): void {
  const shape = makeShape()
  shape.tube([0, 0, 0], [0, height, 0], [0.17, 0.11], CONCRETE, { sides: 8 })
  shape.box([-0.9, height - 0.5, -0.05], [0.9, height - 0.38, 0.05], 0x6e6f6d)
  shape.box([-0.26, height - 2.6, -0.34], [0.26, height - 1.9, -0.12], 0xa3a7a6)
  shape.box([-0.19, 1.6, -0.22], [0.19, 2.3, -0.15], 0x44618a)
  stand(stage, shape.build(), x, 0.1, z)
}

/** Bundles of wires between poles, sagging. */
export function wires(stage: Stage, poles: readonly (readonly [x: number, z: number])[], heights: readonly number[] = [8.2, 8, 7.6, 6.2, 6, 5.8]): void {
  const shape = makeShape()
  for (let i = 1; i < poles.length; i += 1) {
    const [a, b] = [poles[i - 1]!, poles[i]!]
    heights.forEach((height, wire) => {
      const sag = 0.45 + ((wire * 7) % 5) * 0.14
      const at = (t: number): Vec3 => [a[0] + (b[0] - a[0]) * t, height - sag * 4 * t * (1 - t), a[1] + (b[1] - a[1]) * t]
      for (let k = 0; k < 8; k += 1) shape.tube(at(k / 8), at((k + 1) / 8), [0.018, 0.018], 0x1d1f21, { sides: 3 })
    })
  }
  stand(stage, shape.build(), 0, 0, 0)
}

/** Arm towards `reach` metres along x. Gives the place of the light. */
export function streetLamp(stage: Stage, spot: { readonly x: number; readonly z: number; readonly reach: number; readonly height?: number }): Vec3 {
  const shape = makeShape()
  const height = spot.height ?? 7.5
  shape.tube([0, 0, 0], [0, height - 0.6, 0], [0.1, 0.07], STEEL, { sides: 7, gloss: 0.2 })
  shape.tube([0, height - 0.6, 0], [spot.reach, height, 0], [0.055, 0.045], STEEL, { sides: 5, gloss: 0.2 })
  const lit = stage.lighting.tone.lampsLit
  shape.box([spot.reach - 0.35, height - 0.06, -0.13], [spot.reach + 0.3, height + 0.08, 0.13], 0x5c6265)
  shape.box([spot.reach - 0.3, height - 0.1, -0.1], [spot.reach + 0.25, height - 0.055, 0.1], lit ? 0xfff0cc : 0xd9dcda, { glow: lit ? 1 : 0 })
  stand(stage, shape.build(), spot.x, 0.1, spot.z)
  return [spot.x + spot.reach, height, spot.z]
}

export type SignKind = 'no-stopping' | 'one-way' | 'no-entry' | 'crossing'

/** A round or square sign that looks towards -z (the camera). */
export function roadSign(stage: Stage, kind: SignKind, x: number, z: number): void {
  const shape = makeShape()
  shape.tube([0, 0, 0.04], [0, 2.9, 0.04], [0.04, 0.04], 0xcfcfcf, { sides: 6 })
  const disc = (r: number, depth: number, colour: number) => shape.face(Array.from({ length: 20 }, (_, i): Vec3 => [r * Math.cos((i / 20) * 2 * Math.PI), 2.5 + r * Math.sin((i / 20) * 2 * Math.PI), depth]), colour, { centre: [0, 2.5, 1] })
  const bar = (points: readonly Vec3[], colour: number) => shape.face(points, colour, { centre: [0, 2.5, 1] })
  if (kind === 'one-way' || kind === 'crossing') {
    bar([[-0.36, 2.14, 0], [0.36, 2.14, 0], [0.36, 2.86, 0], [-0.36, 2.86, 0]], 0x1a56a5)
    bar([[-0.07, 2.2, -0.006], [0.07, 2.2, -0.006], [0.07, 2.6, -0.006], [-0.07, 2.6, -0.006]], 0xf4f4f0)
    bar([[-0.22, 2.55, -0.006], [0.22, 2.55, -0.006], [0, 2.82, -0.006]], 0xf4f4f0)
  } else {
    disc(0.37, 0, 0xc4202a)
    if (kind === 'no-entry') bar([[-0.25, 2.44, -0.008], [0.25, 2.44, -0.008], [0.25, 2.56, -0.008], [-0.25, 2.56, -0.008]], 0xf4f4f0)
    else {
      disc(0.29, -0.006, 0x1d4f9f)
      for (const s of [-1, 1]) bar([[-0.24 * s - 0.04, 2.26, -0.012], [-0.24 * s + 0.04, 2.26, -0.012], [0.24 * s + 0.04, 2.74, -0.012], [0.24 * s - 0.04, 2.74, -0.012]], 0xc4202a)
    }
  }
  stand(stage, shape.build(), x, 0.12, z)
}

/** A market stall: table of goods under a parasol or tarpaulin. */
export function stall(stage: Stage, x: number, z: number): void {
  const { chance } = stage
  const shape = makeShape()
  shape.box([-0.9, 0, -0.5], [0.9, 0.72, 0.5], 0x7d6a52)
  for (let i = 0; i < 15; i += 1) {
    const [gx, gz] = [-0.78 + (i % 5) * 0.39, -0.34 + Math.floor(i / 5) * 0.34]
    shape.ball([gx, 0.76, gz], [0.17, 0.14, 0.15], pick(chance, [0x7fa03c, 0xc9742b, 0xb03a2e, 0xd9b648, 0x5a8a43, 0xcfc6a2] as const), { rings: 3, sides: 6, fromDeg: 0 })
  }
  shape.tube([0, 0, 0.2], [0, 2.3, 0.2], [0.025, 0.025], 0x8d8d88, { sides: 5 })
  const colour = pick(chance, [0xa14d45, 0x3f6f96, 0xc0983f, 0x4f8a63, 0xd5cfc0] as const)
  const rim = Array.from({ length: 8 }, (_, i): Vec3 => [1.45 * Math.cos((i / 8) * 2 * Math.PI), 2.05, 0.2 + 1.45 * Math.sin((i / 8) * 2 * Math.PI)])
  rim.forEach((p, i) => shape.sheet([p, rim[(i + 1) % 8]!, [0, 2.5, 0.2]], i % 2 ? colour : 0xe8e4d8))
  stand(stage, shape.build(), x, 0.1, z)
}

/** Red and white rail, along x or z. */
export function barrier(stage: Stage, from: readonly [number, number], to: readonly [number, number], height = 0.95): void {
  const shape = makeShape()
  const length = Math.hypot(to[0] - from[0], to[1] - from[1])
  const parts = Math.max(1, Math.round(length / 0.9))
  const at = (t: number, y: number): Vec3 => [from[0] + (to[0] - from[0]) * t, y, from[1] + (to[1] - from[1]) * t]
  for (let i = 0; i < parts; i += 1) {
    for (const y of [height * 0.55, height]) shape.tube(at(i / parts, y), at((i + 1) / parts, y), [0.045, 0.045], i % 2 ? 0xe6e4dc : 0xb8342c, { sides: 5 })
    if (i % 2 === 0) shape.tube(at(i / parts, 0), at(i / parts, height), [0.04, 0.04], 0x8c8f90, { sides: 5 })
  }
  stand(stage, shape.build(), 0, 0.02, 0)
}

/** Concrete balustrade of a bridge or quay along z at x. */
export function balustrade(stage: Stage, x: number, z0: number, z1: number): void {
  const shape = makeShape()
  for (let z = z0; z < z1; z += 1.2) shape.box([x - 0.1, 0.1, z], [x + 0.1, 0.95, z + 0.28], 0xc9c6bb)
  shape.box([x - 0.16, 0.92, z0], [x + 0.16, 1.08, z1], 0xd6d3c8)
  shape.box([x - 0.18, 0, z0], [x + 0.18, 0.2, z1], 0xb5b2a8)
  stand(stage, shape.build(), 0, 0, 0)
}

/** Stacked containers and pallets for a yard. */
export function containers(stage: Stage, blocks: readonly { readonly x: number; readonly z: number; readonly high: number; readonly colour: number; readonly along?: 'x' | 'z' }[]): void {
  const shape = makeShape()
  for (const block of blocks) {
    const [wide, long] = block.along === 'z' ? [2.4, 6.1] : [6.1, 2.4]
    for (let level = 0; level < block.high; level += 1) {
      const y = level * 2.6
      const tint = level % 2 ? block.colour : 0x7a4a35
      shape.box([block.x, y + 0.05, block.z], [block.x + wide, y + 2.58, block.z + long], tint, { gloss: 0.1 })
      for (let i = 1; i < wide / 0.35; i += 1) shape.box([block.x + i * 0.35 - 0.03, y + 0.15, block.z - 0.03], [block.x + i * 0.35 + 0.03, y + 2.45, block.z + 0.01], tint)
      for (let i = 1; i < long / 0.35; i += 1) for (const x of [block.x - 0.03, block.x + wide - 0.01]) shape.box([x, y + 0.15, block.z + i * 0.35 - 0.03], [x + 0.04, y + 2.45, block.z + i * 0.35 + 0.03], tint)
    }
  }
  stand(stage, shape.build(), 0, 0, 0)
}

export function boat(stage: Stage, x: number, z: number, long: number): void {
  const shape = makeShape()
  const ring = (t: number, half: number, low: number, high: number): readonly Vec3[] => [[-half * 0.6, low, t * long], [half * 0.6, low, t * long], [half, high, t * long], [-half, high, t * long]]
  shape.loft([ring(0, 0.9, 0.1, 1), ring(0.2, 1.4, 0, 1.1), ring(0.7, 1.4, 0, 1.2), ring(0.95, 0.6, 0.4, 1.7), ring(1, 0.1, 1, 1.9)], 0x4b5f73, { softDeg: 50 })
  shape.box([-1.1, 1.1, long * 0.12], [1.1, 2.6, long * 0.55], 0x9a6a3f)
  shape.box([-1.25, 2.6, long * 0.09], [1.25, 2.75, long * 0.58], 0x5d6a60)
  stand(stage, shape.build(), x, -0.2, z)
}

/** The signal of an approach: a pole at the kerb, a head that looks at -z. The lit lamp is drawn anew in each frame. */
export interface SignalSpot {
  readonly x: number
  readonly z: number
  /** Height of the red lamp. */
  readonly top: number
  readonly arm: number
}

const LAMP_PITCH_M = 0.4
export const LAMP_COLOURS = { red: 0xff3b30, yellow: 0xffc23a, green: 0x2ee68c } as const
export type LampColour = keyof typeof LAMP_COLOURS

export function lampPlace(spot: SignalSpot, colour: LampColour): Vec3 {
  return [spot.x + spot.arm, spot.top - LAMP_PITCH_M * (colour === 'red' ? 0 : colour === 'yellow' ? 1 : 2), spot.z - 0.24]
}

export function signalPole(stage: Stage, spot: SignalSpot): void {
  const shape = makeShape()
  shape.tube([0, 0, 0], [0, spot.top + 0.5, 0], [0.11, 0.08], 0x6f7679, { sides: 8, gloss: 0.2 })
  shape.tube([0, spot.top + 0.35, 0], [spot.arm, spot.top + 0.4, 0], [0.06, 0.05], 0x6f7679, { sides: 6, gloss: 0.2 })
  shape.box([spot.arm - 0.27, spot.top - LAMP_PITCH_M * 2 - 0.28, -0.2], [spot.arm + 0.27, spot.top + 0.28, 0.12], 0x17191b)
  for (let i = 0; i < 3; i += 1) shape.sheet([[spot.arm - 0.17, spot.top - LAMP_PITCH_M * i + 0.16, -0.2], [spot.arm + 0.17, spot.top - LAMP_PITCH_M * i + 0.16, -0.2], [spot.arm + 0.17, spot.top - LAMP_PITCH_M * i + 0.14, -0.42], [spot.arm - 0.17, spot.top - LAMP_PITCH_M * i + 0.14, -0.42]], 0x101213)
  stand(stage, shape.build(), spot.x, 0, spot.z)
}

/** The three lenses with one of them lit. */
export function lampFace(lit: LampColour): Mesh {
  const shape = makeShape()
  for (const colour of ['red', 'yellow', 'green'] as const) {
    const y = -LAMP_PITCH_M * (colour === 'red' ? 0 : colour === 'yellow' ? 1 : 2)
    const on = colour === lit
    disc(shape, [0, y, 0], 0.15, on ? LAMP_COLOURS[colour] : { red: 0x3a1412, yellow: 0x3a2f12, green: 0x10331f }[colour], on)
    if (on) disc(shape, [0, y, -0.01], 0.07, { red: 0xff8a80, yellow: 0xffe9a6, green: 0xb4ffd9 }[colour], true)
  }
  return shape.build()
}

function disc(shape: Shape, at: Vec3, r: number, colour: number, on: boolean): void {
  shape.face(Array.from({ length: 14 }, (_, i): Vec3 => [at[0] + r * Math.cos((i / 14) * 2 * Math.PI), at[1] + r * Math.sin((i / 14) * 2 * Math.PI), at[2]]), colour, { centre: [at[0], at[1], 1], glow: on ? 1 : 0, gloss: on ? 0 : 0.4 })
}

/** Far blocks that close the view, with rows of windows. */
export function skyline(stage: Stage, z: number, from: number, to: number, chance: Chance): void {
  for (let x = from; x < to;) {
    const w = between(chance, 7, 17)
    const high = between(chance, 8, 27)
    const wall = pick(chance, [0xc9c4b6, 0xb4babd, 0xd3c9b0, 0xa9b3ae, 0xdad4ca, 0xbfa893] as const)
    const pitch = between(chance, 2.2, 3.4)
    lay(stage, [[x, 0, z], [x + w, 0, z], [x + w, high, z], [x, high, z]], [0, 0, -1], (spot) => {
      const pane = (spot.u % pitch) / pitch > 0.42 && spot.v % 3.3 > 1.2 && spot.v % 3.3 < 2.7 && spot.v < high - 1
      setAlbedo(spot, pane ? 0x5b6870 : wall, 1)
      if (pane && stage.lighting.tone.lampsLit && noise2(Math.floor(spot.u / pitch) * 3.7 + x, Math.floor(spot.v / 3.3) * 5.1) > 0.55) setAlbedo(spot, 0xffd9a0, 4)
      return true
    })
    x += w
  }
}
