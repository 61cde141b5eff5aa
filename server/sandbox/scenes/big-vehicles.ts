import { addLamps, addPanel, addWheels, GLASS, GLASS_FINISH, plateCorners, RUBBER, TRIM } from './car-parts.js'
import { makeShape, type Finish, type Shape } from './mesh.js'
import { pick, type Chance } from './noise.js'
import { drawnPlate, picturePlate } from './plates.js'
import type { Vec3 } from './space.js'
import type { Look } from './two-wheelers.js'

/** City buses and lorries: large rounded boxes whose windows, doors and stripes carry the picture. */
const FINISH: Finish = { gloss: 0.45, softDeg: 50 }

function roundedRing(z: number, half: number, low: number, high: number, bevel: number): readonly Vec3[] {
  return [[-half, low, z], [half, low, z], [half, high - bevel, z], [half - bevel * 0.8, high, z], [-half + bevel * 0.8, high, z], [-half, high - bevel, z]]
}

const LIVERIES = [[0xd9a51e, 0xb5231f], [0x2f8f4e, 0xf0f0ea], [0x2a62a8, 0xf0f0ea], [0xb52a2a, 0xf3e6c8], [0xe8e8e4, 0x1d6fb5]] as const

export function drawnBus(chance: Chance): Look {
  const shape = makeShape()
  const [paint, stripe] = pick(chance, LIVERIES)
  const [half, tall, long] = [1.22, 3.05, 9.2]
  const end = long / 2
  shape.loft([roundedRing(-end, half * 0.97, 0.42, tall - 0.04, 0.2), roundedRing(-end + 0.15, half, 0.36, tall, 0.22), roundedRing(end - 0.35, half, 0.36, tall, 0.22), roundedRing(end, half * 0.94, 0.4, tall - 0.15, 0.22)], (_, side) => (side === 0 ? 0x151617 : paint), FINISH)
  for (const side of [-1, 1]) busSide(shape, side, { half: half + 0.006, end, stripe, tall })
  const front = end + 0.008
  pane(shape, [[-half * 0.88, 1.18, front], [half * 0.88, 1.18, front], [half * 0.86, 2.52, front - 0.02], [-half * 0.86, 2.52, front - 0.02]])
  shape.face([[-0.85, 2.58, front], [0.85, 2.58, front], [0.82, 2.86, front - 0.08], [-0.82, 2.86, front - 0.08]], 0x15171a, { gloss: 0.4, centre: [0, 2, 0] })
  shape.box([-0.62, 2.64, front - 0.03], [0.62, 2.79, front + 0.006], 0xe58a2a, { glow: 1 })
  pane(shape, [[-half * 0.82, 1.55, -end - 0.008], [half * 0.82, 1.55, -end - 0.008], [half * 0.78, 2.5, -end - 0.008], [-half * 0.78, 2.5, -end - 0.008]])
  shape.face([[-half * 0.96, 0.95, -end - 0.008], [half * 0.96, 0.95, -end - 0.008], [half * 0.96, 1.25, -end - 0.008], [-half * 0.96, 1.25, -end - 0.008]], stripe, { ...FINISH, centre: [0, 1, 0] })
  shape.face([[-half * 0.9, 0.7, front], [half * 0.9, 0.7, front], [half * 0.9, 1.0, front], [-half * 0.9, 1.0, front]], stripe, { ...FINISH, centre: [0, 1, 0] })
  addLamps(shape, { x0: 0.62, x1: 0.98, y0: 0.66, y1: 0.86, z: front + 0.006, kind: 'head', back: 0.02 })
  addLamps(shape, { x0: 0.8, x1: 1.08, y0: 0.62, y1: 0.92, z: -end - 0.014, kind: 'tail', back: 0.01 })
  for (const z of [-end + 2.1, end - 2]) addWheels(shape, { z, radius: 0.47, halfWidth: half })
  for (const side of [-1, 1]) shape.box([side * 1.42 - 0.09, 1.85, end - 0.02], [side * 1.42 + 0.09, 2.3, end + 0.12], 0x1b1c1e)
  shape.box([-0.8, tall, -1.6], [0.8, tall + 0.2, 0.6], 0xd5d6d4)
  return finishWithPlates(shape, chance, { end, y: 0.6 })
}

function pane(shape: Shape, corners: readonly [Vec3, Vec3, Vec3, Vec3]): void {
  shape.face(corners, GLASS, { ...GLASS_FINISH, centre: [0, 1.6, 0] })
}

function busSide(shape: Shape, side: number, plan: { readonly half: number; readonly end: number; readonly stripe: number; readonly tall: number }): void {
  const x = side * plan.half
  const inside: Vec3 = [0, 1.5, 0]
  const windows = 6
  const across = [0.02]
  for (let i = 0; i < windows; i += 1) across.push(0.02 + ((i + 0.08) / windows) * 0.96, 0.02 + ((i + 0.94) / windows) * 0.96)
  addPanel(shape, {
    corners: [[x, 1.35, -plan.end + 0.2], [x, 1.35, plan.end - 0.3], [x, 2.4, plan.end - 0.3], [x, 2.4, -plan.end + 0.2]],
    across, upward: [0, 0.32, 0.36, 1], inside,
    paint: (column, row) => (column % 2 === 1 && row !== 1 ? { colour: GLASS, finish: GLASS_FINISH } : { colour: 0x1a1c1f }),
  })
  addPanel(shape, { corners: [[x, 0.92, -plan.end + 0.16], [x, 0.92, plan.end - 0.36], [x, 1.22, plan.end - 0.36], [x, 1.22, -plan.end + 0.16]], across: [0, 1], upward: [0, 1], inside, paint: () => ({ colour: plan.stripe, finish: FINISH }) })
  if (side < 0) return
  for (const [from, to] of [[plan.end - 1.3, plan.end - 0.42], [-0.6, 0.7]] as const) {
    addPanel(shape, {
      corners: [[x + 0.006, 0.45, from], [x + 0.006, 0.45, to], [x + 0.006, 2.42, to], [x + 0.006, 2.42, from]],
      across: [0, 0.06, 0.47, 0.53, 0.94, 1], upward: [0, 0.05, 0.96, 1], inside,
      paint: (column, row) => (column % 2 === 1 && row === 1 ? { colour: 0x26323a, finish: GLASS_FINISH } : { colour: 0x33363a }),
    })
  }
}

const CABS = [0xe7e7e3, 0x2a5ea0, 0xe7e7e3, 0x1f6f55, 0xb02a25] as const
const CANVAS = [0x3c6e9a, 0x4f6b4a, 0x8b8f92, 0xd9dad6, 0x35506e] as const

export function drawnTruck(chance: Chance): Look {
  const shape = makeShape()
  const cab = pick(chance, CABS)
  const [half, long] = [1.05, 6.3]
  const end = long / 2
  const cabBack = end - 1.75
  const inside: Vec3 = [0, 1.4, end - 0.9]
  shape.loft([roundedRing(cabBack, half * 0.96, 0.5, 2.25, 0.18), roundedRing(end - 0.5, half, 0.45, 2.28, 0.18), roundedRing(end - 0.06, half * 0.98, 0.42, 1.45, 0.1), roundedRing(end, half * 0.95, 0.45, 1.3, 0.08)], (_, side) => (side === 0 ? 0x151617 : cab), FINISH)
  shape.face([[-half * 0.84, 1.42, end - 0.055], [half * 0.84, 1.42, end - 0.055], [half * 0.8, 2.12, end - 0.43], [-half * 0.8, 2.12, end - 0.43]], GLASS, { ...GLASS_FINISH, centre: inside })
  for (const side of [-1, 1]) {
    const x = side * (half + 0.006)
    shape.face([[x, 1.38, cabBack + 0.5], [x, 1.38, end - 0.24], [x * 0.985, 2.06, end - 0.55], [x * 0.985, 2.06, cabBack + 0.5]], GLASS, { ...GLASS_FINISH, centre: inside })
    shape.box([side * 1.22 - 0.08, 1.4, end - 0.2], [side * 1.22 + 0.08, 1.85, end - 0.1], 0x1b1c1e)
  }
  addLamps(shape, { x0: 0.58, x1: 0.9, y0: 0.72, y1: 0.92, z: end + 0.01, kind: 'head', back: 0.02 })
  shape.face([[-0.5, 0.72, end + 0.01], [0.5, 0.72, end + 0.01], [0.5, 1.05, end + 0.01], [-0.5, 1.05, end + 0.01]], TRIM, { centre: inside })
  shape.box([-half, 0.38, end - 0.1], [half, 0.62, end + 0.06], 0x3a3d40)
  cargoBox(shape, chance, { half: 1.12, from: -end, to: cabBack - 0.12 })
  addLamps(shape, { x0: 0.72, x1: 1, y0: 0.7, y1: 0.84, z: -end - 0.014, kind: 'tail', back: 0.01 })
  shape.box([-0.5, 0.5, -end + 0.1], [0.5, 0.8, end - 1], RUBBER)
  for (const z of [-end + 1.35, end - 1]) addWheels(shape, { z, radius: 0.42, halfWidth: half - 0.02 })
  return finishWithPlates(shape, chance, { end, y: 0.56 })
}

function cargoBox(shape: Shape, chance: Chance, plan: { readonly half: number; readonly from: number; readonly to: number }): void {
  const colour = pick(chance, CANVAS)
  const top = 2.55 + chance() * 0.45
  shape.box([-plan.half, 0.86, plan.from], [plan.half, top, plan.to], colour, { gloss: 0.1 })
  shape.box([-plan.half - 0.02, 0.78, plan.from - 0.01], [plan.half + 0.02, 1.32, plan.to + 0.01], chance() < 0.5 ? colour : 0x5a5e62)
  const ribs = 5
  for (let i = 0; i <= ribs; i += 1) {
    const z = plan.from + ((plan.to - plan.from) * i) / ribs
    shape.box([-plan.half - 0.035, 0.8, z - 0.04], [plan.half + 0.035, top + 0.02, z + 0.04], 0x6b6f72)
  }
  for (const x of [-plan.half + 0.05, 0, plan.half - 0.05]) shape.box([x - 0.035, 0.82, plan.from - 0.035], [x + 0.035, top, plan.from + 0.02], 0x777b7e)
}

function finishWithPlates(shape: Shape, chance: Chance, spot: { readonly end: number; readonly y: number }): Look {
  const plate = drawnPlate(chance, 'car-short', 'yellow')
  const picture = picturePlate(plate)
  shape.decal({ corners: plateCorners({ y: spot.y, z: -spot.end - 0.05, width: 0.36, aspect: 2, ahead: false }), picture })
  shape.decal({ corners: plateCorners({ y: spot.y, z: spot.end + 0.07, width: 0.36, aspect: 2, ahead: true }), picture })
  return { mesh: shape.build(), plate }
}
