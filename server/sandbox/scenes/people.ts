import { makeShape, type Mesh, type Shape } from './mesh.js'
import { pick, type Chance } from './noise.js'
import type { Vec3 } from './space.js'

// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { abs, cos, sin } = Math

/** Who walks: drawn once, then given a body for each phase of the step. */
export interface Walker {
  readonly tall: number
  readonly shirt: number
  readonly trousers: number
  readonly skin: number
  readonly hair: number
  readonly hat: 'none' | 'cone' | 'cap' | 'helmet'
  readonly bag: 'none' | 'back' | 'hand'
  readonly dress: boolean
  readonly longSleeves: boolean
}

/** Phases of one double step; the last of the table stands still. */
export const STEP_PHASES = 12
/** After them come the postures of who struggles. */
export const STRUGGLE_PHASES = 8

const SHIRTS = [0xd9d6cc, 0x7693ad, 0xb04d40, 0x3c6a51, 0xd0b060, 0x54507a, 0x26313e, 0xcf9595, 0x24282e, 0xe8e8e4, 0x5b7fa8, 0x8a3344, 0x3f7d88, 0xd8843f] as const
const TROUSERS = [0x23262c, 0x2d3a52, 0x41464d, 0x6d6455, 0x1b1d20, 0x4a5a74, 0x8a8576] as const

export function drawnWalker(chance: Chance, wish: Partial<Walker> = {}): Walker {
  const roll = chance()
  return {
    tall: 0.93 + chance() * 0.12,
    shirt: pick(chance, SHIRTS),
    trousers: pick(chance, TROUSERS),
    skin: pick(chance, [0xb98a69, 0xa5785a, 0xc79a79] as const),
    hair: pick(chance, [0x17130f, 0x1f1a17, 0x2a211b] as const),
    hat: roll < 0.24 ? 'cone' : roll < 0.36 ? 'cap' : 'none',
    bag: chance() < 0.2 ? 'back' : chance() < 0.2 ? 'hand' : 'none',
    dress: chance() < 0.12,
    longSleeves: chance() < 0.5,
    ...wish,
  }
}

/** The body at a phase 0 .. STEP_PHASES-1, standing at -1, or struggling from STEP_PHASES on. */
export function bodyOf(who: Walker, phase: number): Mesh {
  if (phase >= STEP_PHASES) return strugglingBody(who, ((phase - STEP_PHASES) / STRUGGLE_PHASES) * Math.PI * 2)
  const shape = makeShape()
  const swing = phase < 0 ? 0.06 : sin((phase / STEP_PHASES) * Math.PI * 2)
  const bob = phase < 0 ? 0 : abs(cos((phase / STEP_PHASES) * Math.PI * 2)) * 0.025
  const k = who.tall
  const at = (x: number, y: number, z: number): Vec3 => [x * k, (y + bob) * k, z * k]
  for (const side of [-1, 1]) {
    legOf(shape, who, at, side, swing * side)
    armOf(shape, who, at, side, -swing * side)
  }
  trunk(shape, who, at)
  headOf(shape, who, at)
  return shape.build()
}

/** Bent and upright by turns, on parted legs, with arms flung about. */
function strugglingBody(who: Walker, turn: number): Mesh {
  const shape = makeShape()
  const lean = 0.3 * sin(turn)
  const k = who.tall
  const at = (x: number, y: number, z: number): Vec3 => [x * k, y * k * (1 - abs(lean) * 0.35), (z + y * lean) * k]
  for (const side of [-1, 1]) {
    legOf(shape, who, at, side, side * (0.5 + 0.5 * sin(turn + side)))
    flungArm(shape, who, at, side, turn + side * 1.1)
  }
  trunk(shape, who, at)
  headOf(shape, who, at)
  return shape.build()
}

function flungArm(shape: Shape, who: Walker, at: At, side: number, turn: number): void {
  const [out, up] = [0.35 + 0.25 * cos(turn), 1.25 + 0.5 * sin(turn)]
  const elbow = at(side * (0.22 + out * 0.5), (1.4 + up) / 2, 0.18)
  const hand = at(side * (0.22 + out), up, 0.4)
  shape.tube(at(side * 0.22, 1.4, 0), elbow, [0.065, 0.052], who.shirt)
  shape.tube(elbow, hand, [0.048, 0.036], who.longSleeves ? who.shirt : who.skin)
  shape.ball(hand, [0.045, 0.055, 0.045], who.skin, { rings: 3, sides: 5 })
}

type At = (x: number, y: number, z: number) => Vec3

function legOf(shape: Shape, who: Walker, at: At, side: number, swing: number): void {
  const hip = at(side * 0.095, 0.9, 0)
  const forward = swing * 0.3
  const bent = swing < 0 ? -swing * 0.16 : 0.03
  const knee = at(side * 0.1, 0.5 + bent * 0.25, forward * 0.55 + bent * 0.6)
  const foot = at(side * 0.1, 0.09 + bent * 0.5, forward - bent * 0.5)
  shape.tube(hip, knee, [0.1, 0.075], who.trousers)
  shape.tube(knee, foot, [0.07, 0.05], who.trousers)
  shape.box([foot[0] - 0.045, foot[1] - 0.085, foot[2] - 0.07], [foot[0] + 0.045, foot[1] + 0.01, foot[2] + 0.17], 0x26241f)
}

function armOf(shape: Shape, who: Walker, at: At, side: number, swing: number): void {
  const elbow = at(side * 0.27, 1.13, swing * 0.14)
  const hand = at(side * 0.27, 0.9, swing * 0.3 + 0.05)
  shape.tube(at(side * 0.22, 1.4, 0), elbow, [0.065, 0.052], who.shirt)
  shape.tube(elbow, hand, [0.048, 0.036], who.longSleeves ? who.shirt : who.skin)
  shape.ball(hand, [0.045, 0.055, 0.045], who.skin, { rings: 3, sides: 5 })
  if (who.bag === 'hand' && side > 0) shape.box([hand[0] - 0.05, hand[1] - 0.36, hand[2] - 0.14], [hand[0] + 0.05, hand[1] - 0.06, hand[2] + 0.14], 0xa8442f)
}

function trunk(shape: Shape, who: Walker, at: At): void {
  const slice = (y: number, half: number, deep: number) => Array.from({ length: 8 }, (_, i) => at(half * cos((i / 8) * 2 * Math.PI), y, deep * sin((i / 8) * 2 * Math.PI)))
  if (who.dress) shape.loft([slice(0.5, 0.26, 0.22), slice(0.95, 0.17, 0.13)], who.shirt, { softDeg: 75 })
  else shape.loft([slice(0.82, 0.165, 0.115), slice(0.98, 0.165, 0.12)], who.trousers, { softDeg: 75 })
  shape.loft([slice(0.94, 0.165, 0.12), slice(1.12, 0.17, 0.12), slice(1.36, 0.22, 0.125), slice(1.44, 0.18, 0.1), slice(1.49, 0.07, 0.07)], who.shirt, { softDeg: 75 })
  if (who.bag === 'back') shape.box(at(-0.15, 1.02, -0.27), at(0.15, 1.42, -0.11), 0x2f3a4c)
}

function headOf(shape: Shape, who: Walker, at: At): void {
  shape.tube(at(0, 1.46, 0), at(0, 1.54, 0.01), [0.055, 0.055], who.skin)
  shape.ball(at(0, 1.62, 0.015), [0.093, 0.125, 0.108], who.skin, { rings: 5, sides: 8 })
  if (who.hat === 'cone') {
    const rim = Array.from({ length: 12 }, (_, i) => at(0.25 * cos((i / 12) * 2 * Math.PI), 1.64, 0.25 * sin((i / 12) * 2 * Math.PI)))
    const tip = at(0, 1.84, 0)
    rim.forEach((p, i) => shape.sheet([p, rim[(i + 1) % 12]!, tip], i % 2 ? 0xd8c894 : 0xcdbb84))
  } else if (who.hat === 'cap') {
    shape.ball(at(0, 1.65, 0), [0.108, 0.11, 0.12], who.trousers, { rings: 3, sides: 8, fromDeg: 0 })
    shape.sheet([at(-0.08, 1.67, 0.1), at(0.08, 1.67, 0.1), at(0.06, 1.65, 0.2), at(-0.06, 1.65, 0.2)], who.trousers)
  } else {
    shape.ball(at(0, 1.64, -0.015), [0.106, 0.13, 0.118], who.hair, { rings: 4, sides: 8, fromDeg: who.dress ? -35 : -5 })
  }
}
