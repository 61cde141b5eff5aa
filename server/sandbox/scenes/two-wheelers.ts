import { GLOW, makeShape, type Mesh, type Shape } from './mesh.js'
import { between, pick, type Chance } from './noise.js'
import { drawnPlate, picturePlate, type Plate } from './plates.js'
import type { Vec3 } from './space.js'

/** A motorbike or scooter with whoever sits on it: one body, one box, as the detector learnt it. */
export interface Look {
  readonly mesh: Mesh
  readonly plate: Plate | null
}

const BODIES = [0x8e1f24, 0x1d2c4d, 0x20242a, 0xd8d9d6, 0x5c6268, 0x23566b, 0xb8bcbd, 0x6b1f38, 0x2c2f33, 0xe3dfd2, 0x3b4c3a] as const
const SHIRTS = [0xd9d6cc, 0x7693ad, 0xa8483d, 0x3c5a49, 0xc7a75a, 0x4b4668, 0x26313e, 0xbf8585, 0x1f2328, 0xe6e6e2, 0x5b7fa8, 0x7a2f3b, 0x3a6e78, 0xcc7a3a, 0x8b8f7a] as const
const TROUSERS = [0x23262c, 0x2d3a52, 0x41464d, 0x5d5548, 0x1b1d20, 0x4a5a74, 0x6b665c] as const
const HELMETS = [0xe2e0da, 0x2b2f36, 0x8c2f2a, 0x3d5f86, 0xc9b88d, 0x26282c, 0xb64a6b, 0x5b8a7c, 0xd6a23c] as const
const SKIN = [0xb98a69, 0xa5785a, 0xc79a79] as const
const TYRE = 0x1a1b1d
const STEEL = 0x8b9094
const DARK = 0x22252a

export function drawnMotorbike(chance: Chance, wish: { readonly riders?: 0 | 1 | 2; readonly load?: boolean } = {}): Look {
  const shape = makeShape()
  const body = pick(chance, BODIES)
  const scooter = chance() < 0.6
  const plate = drawnPlate(chance, 'motorbike', 'white')
  wheel(shape, 0.62)
  wheel(shape, -0.6)
  if (scooter) scooterBody(shape, body)
  else cubBody(shape, body)
  frontEnd(shape, body)
  rearEnd(shape, plate)
  const riders = wish.riders ?? (chance() < 0.28 ? 2 : 1)
  if (riders > 0) sitter(shape, chance, { hips: [0, 0.83, riders === 2 ? 0.02 : -0.08], driving: true })
  if (riders === 2) sitter(shape, chance, { hips: [0, 0.87, -0.4], driving: false })
  if (wish.load ?? (riders === 1 && chance() < 0.16)) cargo(shape, chance)
  return { mesh: shape.build(), plate }
}

function wheel(shape: Shape, z: number): void {
  shape.tube([-0.05, 0.29, z], [0.05, 0.29, z], [0.29, 0.29], TYRE, { sides: 14, softDeg: 40 })
  shape.tube([-0.058, 0.29, z], [0.058, 0.29, z], [0.19, 0.19], 0x5f6367, { sides: 10, softDeg: 40, gloss: 0.3 })
  shape.tube([-0.062, 0.29, z], [0.062, 0.29, z], [0.1, 0.1], 0x2f3236, { sides: 8, softDeg: 40 })
}

const ring = (z: number, half: number, low: number, high: number): readonly Vec3[] => [
  [-half * 0.7, low, z], [half * 0.7, low, z], [half, low + (high - low) * 0.35, z], [half, low + (high - low) * 0.75, z], [half * 0.6, high, z], [-half * 0.6, high, z], [-half, low + (high - low) * 0.75, z], [-half, low + (high - low) * 0.35, z],
]

function scooterBody(shape: Shape, body: number): void {
  shape.loft([ring(-0.85, 0.08, 0.62, 0.74), ring(-0.6, 0.15, 0.46, 0.76), ring(-0.2, 0.17, 0.3, 0.74), ring(0.06, 0.15, 0.24, 0.6)], body, { gloss: 0.55, softDeg: 55 })
  shape.box([-0.15, 0.22, 0], [0.15, 0.3, 0.42], DARK)
  shape.loft([ring(0.36, 0.2, 0.26, 0.9), ring(0.5, 0.13, 0.4, 1)], body, { gloss: 0.55, softDeg: 55 })
}

function cubBody(shape: Shape, body: number): void {
  shape.loft([ring(-0.8, 0.08, 0.6, 0.73), ring(-0.4, 0.12, 0.5, 0.74), ring(0, 0.09, 0.44, 0.62), ring(0.3, 0.08, 0.5, 0.72)], body, { gloss: 0.5, softDeg: 55 })
  shape.box([-0.12, 0.22, -0.2], [0.12, 0.46, 0.25], 0x55595d, { gloss: 0.3 })
  shape.loft([ring(0.3, 0.19, 0.34, 0.82), ring(0.42, 0.1, 0.4, 0.94)], body, { gloss: 0.5, softDeg: 55 })
}

function frontEnd(shape: Shape, body: number): void {
  shape.tube([-0.07, 0.3, 0.62], [-0.07, 0.86, 0.44], [0.03, 0.035], STEEL, { sides: 5, gloss: 0.4 })
  shape.tube([0.07, 0.3, 0.62], [0.07, 0.86, 0.44], [0.03, 0.035], STEEL, { sides: 5, gloss: 0.4 })
  shape.loft([[[-0.07, 0.48, 0.36], [0.07, 0.48, 0.36], [0.05, 0.56, 0.4], [-0.05, 0.56, 0.4]], [[-0.08, 0.58, 0.62], [0.08, 0.58, 0.62], [0.06, 0.63, 0.62], [-0.06, 0.63, 0.62]], [[-0.06, 0.46, 0.9], [0.06, 0.46, 0.9], [0.05, 0.5, 0.9], [-0.05, 0.5, 0.9]]], body, { gloss: 0.5 })
  shape.loft([ring(0.4, 0.13, 0.9, 1.08), ring(0.55, 0.1, 0.9, 1.02)], body, { gloss: 0.5, softDeg: 55 })
  shape.face([[-0.08, 0.93, 0.57], [0.08, 0.93, 0.57], [0.08, 1.02, 0.555], [-0.08, 1.02, 0.555]], 0xfff2d0, { gloss: 0.8, glow: GLOW.lamp, centre: [0, 0.97, 0] })
  shape.tube([-0.36, 1.04, 0.38], [0.36, 1.04, 0.38], [0.022, 0.022], DARK, { sides: 5 })
  for (const side of [-1, 1]) {
    shape.tube([side * 0.28, 1.04, 0.4], [side * 0.34, 1.24, 0.4], [0.01, 0.01], DARK, { sides: 4 })
    shape.ball([side * 0.36, 1.27, 0.39], [0.07, 0.045, 0.02], 0x33373c, { rings: 3, sides: 6, gloss: 0.5 })
    shape.box([side * 0.15 - 0.03, 0.9, 0.5], [side * 0.15 + 0.03, 0.96, 0.54], 0xd98a2b, { gloss: 0.5 })
  }
  shape.lamp({ at: [0, 0.97, 0.6], kind: 'head' })
}

function rearEnd(shape: Shape, plate: Plate): void {
  shape.loft([ring(-0.72, 0.12, 0.73, 0.8), ring(-0.3, 0.15, 0.74, 0.82), ring(0.12, 0.12, 0.7, 0.78)], 0x18191c, { gloss: 0.25 })
  shape.box([0.12, 0.24, -0.72], [0.2, 0.36, -0.2], 0x6a6e72, { gloss: 0.4 })
  shape.box([-0.1, 0.64, -0.93], [0.1, 0.73, -0.86], 0xb5231f, { gloss: 0.6, glow: GLOW.brake })
  shape.tube([-0.13, 0.78, -0.45], [-0.13, 0.84, -0.88], [0.018, 0.018], STEEL, { sides: 4, gloss: 0.4 })
  shape.tube([0.13, 0.78, -0.45], [0.13, 0.84, -0.88], [0.018, 0.018], STEEL, { sides: 4, gloss: 0.4 })
  shape.box([-0.07, 0.34, -0.94], [0.07, 0.64, -0.86], DARK)
  const [w, top, low, z] = [0.098, 0.605, 0.46, -0.955]
  shape.decal({ corners: [[-w, top, z + 0.02], [w, top, z + 0.02], [w, low, z], [-w, low, z]], picture: picturePlate(plate) })
  shape.lamp({ at: [0, 0.68, -0.94], kind: 'tail' })
}

function sitter(shape: Shape, chance: Chance, seat: { readonly hips: Vec3; readonly driving: boolean }): void {
  const shirt = pick(chance, SHIRTS)
  const trousers = pick(chance, TROUSERS)
  const skin = pick(chance, SKIN)
  const long = chance() < 0.55
  const [, hy, hz] = seat.hips
  const lean = seat.driving ? 0.12 : 0.06
  const shoulderY = hy + 0.52
  const shoulderZ = hz + lean
  torso(shape, hy - 0.06, hz, shoulderY, shoulderZ, shirt)
  const hand: Vec3 = seat.driving ? [0.33, 1.05, 0.36] : [0.2, hy + 0.12, hz + 0.34]
  for (const side of [-1, 1]) {
    const shoulder: Vec3 = [side * 0.2, shoulderY - 0.05, shoulderZ]
    const elbow: Vec3 = [side * 0.29, hy + 0.22, shoulderZ + 0.1]
    shape.tube(shoulder, elbow, [0.068, 0.055], shirt)
    shape.tube(elbow, [side * hand[0], hand[1], hand[2]], [0.05, 0.038], long ? shirt : skin)
    const knee: Vec3 = [side * 0.21, hy - 0.1, hz + 0.42]
    const foot: Vec3 = [side * (seat.driving ? 0.16 : 0.22), 0.34, hz + (seat.driving ? 0.3 : 0.22)]
    shape.tube([side * 0.1, hy - 0.02, hz], knee, [0.095, 0.072], trousers)
    shape.tube(knee, foot, [0.068, 0.05], trousers)
    shape.box([foot[0] - 0.05, 0.27, foot[2] - 0.06], [foot[0] + 0.05, 0.36, foot[2] + 0.17], chance() < 0.5 ? 0x1e1f22 : 0xc9c7c0)
  }
  helmeted(shape, chance, [0, shoulderY + 0.2, shoulderZ + 0.03], skin)
  if (seat.driving && chance() < 0.15) shape.box([-0.15, hy + 0.06, hz - 0.2], [0.15, hy + 0.46, hz - 0.06], pick(chance, SHIRTS))
}

function torso(shape: Shape, y0: number, z0: number, y1: number, z1: number, shirt: number): void {
  const slice = (t: number, half: number, deep: number): readonly Vec3[] => {
    const y = y0 + (y1 - y0) * t
    const z = z0 + (z1 - z0) * t
    return Array.from({ length: 8 }, (_, i): Vec3 => [half * Math.cos((i / 8) * 2 * Math.PI), y, z + deep * Math.sin((i / 8) * 2 * Math.PI)])
  }
  shape.loft([slice(0, 0.17, 0.14), slice(0.35, 0.175, 0.135), slice(0.8, 0.22, 0.13), slice(0.96, 0.19, 0.1), slice(1.04, 0.08, 0.07)], shirt, { softDeg: 75 })
}

function helmeted(shape: Shape, chance: Chance, head: Vec3, skin: number): void {
  shape.tube([head[0], head[1] - 0.16, head[2]], [head[0], head[1] - 0.04, head[2]], [0.055, 0.055], skin)
  const masked = chance() < 0.45
  shape.ball([head[0], head[1] - 0.02, head[2] + 0.01], [0.095, 0.125, 0.11], masked ? 0x9fb4c4 : skin, { rings: 4, sides: 7 })
  const helmet = pick(chance, HELMETS)
  const full = chance() < 0.2
  shape.ball([head[0], head[1] + 0.01, head[2] - 0.005], full ? [0.145, 0.155, 0.16] : [0.14, 0.145, 0.155], helmet, { rings: 4, sides: 9, fromDeg: full ? -60 : -8, gloss: 0.5 })
  if (full) shape.face([[-0.1, head[1] - 0.03, head[2] + 0.158], [0.1, head[1] - 0.03, head[2] + 0.158], [0.09, head[1] + 0.06, head[2] + 0.152], [-0.09, head[1] + 0.06, head[2] + 0.152]], 0x1b1e22, { gloss: 0.9, centre: head })
  else shape.sheet([[-0.1, head[1] + 0.02, head[2] + 0.12], [0.1, head[1] + 0.02, head[2] + 0.12], [0.07, head[1], head[2] + 0.21], [-0.07, head[1], head[2] + 0.21]], helmet)
}

function cargo(shape: Shape, chance: Chance): void {
  const colour = pick(chance, [0x1f7a4a, 0xc9742b, 0x2f5f93, 0x8a7048, 0xb9452f] as const)
  const [w, h] = [between(chance, 0.2, 0.28), between(chance, 0.32, 0.48)]
  shape.box([-w, 0.82, -0.84], [w, 0.82 + h, -0.34], colour, { gloss: 0.15 })
  shape.box([-w - 0.004, 0.82 + h * 0.3, -0.845], [w + 0.004, 0.82 + h * 0.42, -0.335], 0xe6e3da)
}
