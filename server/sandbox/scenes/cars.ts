import { addLamps, addPanel, addWheels, GLASS, GLASS_FINISH, plateCorners, TRIM } from './car-parts.js'
import { makeShape, type Finish, type Shape } from './mesh.js'
import { pick, type Chance } from './noise.js'
import { drawnPlate, picturePlate, PLATE_ASPECT, type PlateColour } from './plates.js'
import type { Vec3 } from './space.js'
import type { Look } from './two-wheelers.js'

/** Passenger cars: one skin over a table of stations, a glass house on top. */
export type CarKind = 'sedan' | 'hatch' | 'suv' | 'taxi' | 'van'

interface Plan {
  readonly long: number
  readonly wide: number
  readonly tall: number
  /** Height of the window sill. */
  readonly belt: number
  /** Glass house along the car, as parts of its length from the tail: foot of the rear window, roof, foot of the windscreen. */
  readonly house: readonly [rearFoot: number, roofRear: number, roofFront: number, screenFoot: number]
  readonly nose: number
  readonly wheel: number
}

const PLANS: Readonly<Record<CarKind, Plan>> = {
  sedan: { long: 4.45, wide: 1.78, tall: 1.47, belt: 0.93, house: [0.13, 0.3, 0.58, 0.76], nose: 0.76, wheel: 0.31 },
  hatch: { long: 3.75, wide: 1.66, tall: 1.5, belt: 0.92, house: [0.02, 0.14, 0.56, 0.77], nose: 0.78, wheel: 0.28 },
  suv: { long: 4.6, wide: 1.86, tall: 1.74, belt: 1.08, house: [0.02, 0.1, 0.56, 0.75], nose: 0.95, wheel: 0.35 },
  taxi: { long: 4.3, wide: 1.72, tall: 1.48, belt: 0.92, house: [0.12, 0.28, 0.58, 0.77], nose: 0.76, wheel: 0.3 },
  van: { long: 5.2, wide: 1.95, tall: 2.2, belt: 1.25, house: [0, 0.03, 0.8, 0.97], nose: 0.98, wheel: 0.34 },
}

const PAINTS = [0xe9e9e6, 0xe4e4e0, 0xe9e9e6, 0x1e2125, 0x8d9397, 0xb9bdbf, 0x6d1f22, 0x23364f, 0x4d5257, 0x2b2f33, 0x7c6a55, 0xa32024] as const
const TAXI_PAINTS = [0x17825a, 0xeeeeea, 0xe3b51d, 0x12a0a0] as const

export function drawnCar(chance: Chance, kind: CarKind): Look {
  const plan = PLANS[kind]
  const paint = kind === 'taxi' ? pick(chance, TAXI_PAINTS) : kind === 'van' ? pick(chance, [0xe9e9e6, 0xd7d9d9, 0x9aa0a4] as const) : pick(chance, PAINTS)
  const shape = makeShape()
  const finish: Finish = { gloss: 0.6, softDeg: 50 }
  bodySkin(shape, plan, paint, finish)
  glassHouse(shape, plan, paint, finish, kind)
  for (const z of [0.19, 0.81]) addWheels(shape, { z: plan.long * (z - 0.5), radius: plan.wheel, halfWidth: plan.wide / 2 - 0.005 })
  faceAndTail(shape, plan)
  seams(shape, plan)
  if (kind === 'taxi') shape.box([-0.3, plan.tall + 0.01, -0.12], [0.3, plan.tall + 0.17, 0.1], 0xf4efd8, { gloss: 0.3 })
  const colour: PlateColour = kind === 'taxi' || kind === 'van' ? 'yellow' : chance() < 0.06 ? 'blue' : 'white'
  const plate = drawnPlate(chance, chance() < 0.6 ? 'car-long' : 'car-short', colour)
  stickPlates(shape, plan, plate)
  return { mesh: shape.build(), plate }
}

function stickPlates(shape: Shape, plan: Plan, plate: ReturnType<typeof drawnPlate>): void {
  const picture = picturePlate(plate)
  const width = plate.shape === 'car-long' ? 0.52 : 0.33
  const aspect = PLATE_ASPECT[plate.shape]
  shape.decal({ corners: plateCorners({ y: plan.belt * 0.62, z: -plan.long / 2 - 0.02, width, aspect, ahead: false }), picture })
  shape.decal({ corners: plateCorners({ y: 0.42, z: plan.long / 2 + 0.02, width, aspect, ahead: true }), picture })
}

/** Section of the lower body, clockwise from the sill. */
function section(z: number, half: number, low: number, high: number): readonly Vec3[] {
  const mid = low + (high - low) * 0.5
  return [
    [-half * 0.86, low, z], [half * 0.86, low, z], [half * 0.97, low + (high - low) * 0.2, z], [half, mid, z], [half * 0.96, high - 0.05, z], [half * 0.8, high, z],
    [-half * 0.8, high, z], [-half * 0.96, high - 0.05, z], [-half, mid, z], [-half * 0.97, low + (high - low) * 0.2, z],
  ]
}

function bodySkin(shape: Shape, plan: Plan, paint: number, finish: Finish): void {
  const half = plan.wide / 2
  const at = (part: number) => plan.long * (part - 0.5)
  const foot = plan.house[3]
  const rings = [
    section(at(0), half * 0.86, 0.38, plan.belt * 0.9),
    section(at(0.025), half * 0.96, 0.28, plan.belt),
    section(at(0.14), half, 0.21, plan.belt + 0.01),
    section(at(0.5), half, 0.2, plan.belt),
    section(at(foot), half * 0.99, 0.2, plan.belt),
    section(at((foot + 1) / 2 + 0.03), half * 0.97, 0.2, plan.nose + (plan.belt - plan.nose) * 0.55),
    section(at(0.965), half * 0.93, 0.24, plan.nose),
    section(at(1), half * 0.82, 0.34, plan.nose * 0.84),
  ]
  shape.loft(rings, (_, side) => (side === 0 ? 0x141516 : side === 1 || side === 9 ? TRIM : paint), finish)
}

function glassHouse(shape: Shape, plan: Plan, paint: number, finish: Finish, kind: CarKind): void {
  const at = (part: number) => plan.long * (part - 0.5)
  const [rearFoot, roofRear, roofFront, screenFoot] = plan.house.map(at) as [number, number, number, number]
  const low = plan.wide * 0.465
  const high = plan.wide * (kind === 'van' ? 0.42 : 0.345)
  const y0 = plan.belt - 0.01
  const y1 = plan.tall - 0.05
  const inside: Vec3 = [0, (y0 + y1) / 2, (rearFoot + screenFoot) / 2]
  const glass = { colour: GLASS, finish: GLASS_FINISH }
  const metal = { colour: paint, finish }
  for (const side of [-1, 1]) {
    addPanel(shape, {
      corners: [[side * low, y0, rearFoot], [side * low, y0, screenFoot], [side * high, y1, roofFront], [side * high, y1, roofRear]],
      across: kind === 'suv' || kind === 'van' ? [0, 0.06, 0.3, 0.335, 0.62, 0.655, 0.94, 1] : [0, 0.13, 0.5, 0.54, 0.94, 1],
      upward: [0, 0.06, 0.88, 1],
      paint: (column, row) => (row === 1 && column % 2 === 1 ? glass : row === 1 && column > 0 && column % 2 === 0 && column < 5 ? { colour: 0x141618 } : metal),
      inside,
    })
  }
  const pane = (corners: readonly [Vec3, Vec3, Vec3, Vec3], top: number) =>
    addPanel(shape, { corners, across: [0, 0.05, 0.95, 1], upward: [0, top, 0.92, 1], paint: (column, row) => (column === 1 && row === 1 ? glass : metal), inside })
  pane([[-low, y0, screenFoot], [low, y0, screenFoot], [high, y1, roofFront], [-high, y1, roofFront]], 0.02)
  pane([[-low, y0, rearFoot], [low, y0, rearFoot], [high, y1, roofRear], [-high, y1, roofRear]], kind === 'van' ? 0.2 : 0.12)
  const ring = (z: number, y: number, squeeze: number): readonly Vec3[] => [[-high * squeeze, y1, z], [high * squeeze, y1, z], [high * 0.8 * squeeze, y, z], [-high * 0.8 * squeeze, y, z]]
  const third = (roofFront - roofRear) / 4
  shape.loft([ring(roofRear, y1 + 0.01, 1), ring(roofRear + third, plan.tall, 1), ring(roofFront - third, plan.tall, 1), ring(roofFront, y1 + 0.01, 1)], paint, { ...finish, softDeg: 60 })
  for (const side of [-1, 1]) shape.ball([side * (low + 0.13), y0 + 0.07, screenFoot - 0.22], [0.11, 0.075, 0.06], paint, { rings: 3, sides: 7, gloss: 0.5 })
}

function faceAndTail(shape: Shape, plan: Plan): void {
  const half = plan.wide / 2
  const end = plan.long / 2
  addLamps(shape, { x0: half * 0.46, x1: half * 0.8, y0: plan.nose * 0.66, y1: plan.nose * 0.85, z: end + 0.02, kind: 'head' })
  addLamps(shape, { x0: half * 0.5, x1: half * 0.84, y0: plan.belt * 0.7, y1: plan.belt * 0.93, z: -end - 0.025, kind: 'tail' })
  shape.face([[-half * 0.42, plan.nose * 0.68, end + 0.014], [half * 0.42, plan.nose * 0.68, end + 0.014], [half * 0.4, plan.nose * 0.83, end + 0.01], [-half * 0.4, plan.nose * 0.83, end + 0.01]], 0x121315, { gloss: 0.4, centre: [0, 0.5, 0] })
  shape.face([[-half * 0.6, 0.3, end + 0.006], [half * 0.6, 0.3, end + 0.006], [half * 0.62, 0.5, end + 0.014], [-half * 0.62, 0.5, end + 0.014]], 0x1a1b1d, { centre: [0, 0.5, 0] })
  shape.box([-half * 0.84, 0.3, -end - 0.016], [half * 0.84, 0.44, -end + 0.05], TRIM)
  shape.box([-0.09, plan.nose * 0.73, end + 0.012], [0.09, plan.nose * 0.79, end + 0.024], 0xc3c6c8, { gloss: 0.8 })
}

/** Door gaps and handles: thin dark lines that tell a car from a box. */
function seams(shape: Shape, plan: Plan): void {
  const half = plan.wide / 2
  const at = (part: number) => plan.long * (part - 0.5)
  for (const side of [-1, 1]) {
    for (const part of [0.3, 0.51, 0.73]) {
      const z = at(part)
      shape.face([[side * (half + 0.004), 0.32, z - 0.012], [side * (half + 0.004), 0.32, z + 0.012], [side * half * 0.985, plan.belt - 0.06, z + 0.012], [side * half * 0.985, plan.belt - 0.06, z - 0.012]], 0x101112, { centre: [0, 0.6, z] })
    }
    for (const part of [0.35, 0.56]) shape.box([side > 0 ? half - 0.01 : -half - 0.012, plan.belt - 0.17, at(part)], [side > 0 ? half + 0.012 : -half + 0.01, plan.belt - 0.14, at(part) + 0.18], TRIM, { gloss: 0.4 })
  }
}
