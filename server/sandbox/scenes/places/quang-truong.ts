import { makeFlow, makeRoll, makeWalk } from '../arrivals.js'
import { barrier, skyline, stall, streetLamp } from '../furniture.js'
import { KERB_M, layGround, WHITE_PAINT, YELLOW_PAINT } from '../ground.js'
import { plantHedge } from '../greenery.js'
import { buildRow } from '../houses.js'
import { makeShape } from '../mesh.js'
import { between } from '../noise.js'
import type { Scene, Script } from '../scene.js'
import { stand, type Stage } from '../stage.js'

/** A paved square by day. People cross it; once in a loop a crowd gathers in the middle and leaves again. */
const LEVEL = KERB_M

export const quangTruong: Scene = {
  id: 'quang-truong',
  name: { vi: 'Quảng trường Hai Bà Trưng', en: 'Hai Bà Trưng square' },
  caption: 'CAM 04 QT HAI BA TRUNG',
  sentence: 'A paved square by day; people walk through, traffic passes on the street behind.',
  tone: 'day',
  mount: { at: [0, 8.6, 0], yawDeg: 0, pitchDeg: 18, fovDeg: 48 },
  marks: { zones: [{ name: 'square', points: [[-7, 16.5], [7, 16.5], [8, 30], [-8, 30]], level: LEVEL, limits: { people: 8, holdS: 5 } }] },
  signal: null,
  trees: [{ x: -13, z: 26, height: 6, spread: 2, kind: 'palm' }, { x: 13, z: 26, height: 6, spread: 2, kind: 'palm' }, { x: -14, z: 38, height: 7, spread: 2.6 }, { x: 14, z: 38, height: 7, spread: 2.6 }, { x: -24, z: 40, height: 7, spread: 2.8 }, { x: 24, z: 40, height: 7, spread: 2.8 }, { x: 0, z: 58.5, height: 6, spread: 2.2 }, { x: -15, z: 58.5, height: 6.4, spread: 2.3 }, { x: 16, z: 58.5, height: 6.4, spread: 2.3 }],
  lanterns: [{ at: [-9, 6, 22], colour: [1, 0.9, 0.7], reachM: 9 }, { at: [9, 6, 22], colour: [1, 0.9, 0.7], reachM: 9 }, { at: [0, 6, 40], colour: [1, 0.9, 0.7], reachM: 9 }],
  shades: [],
  build(stage) {
    layGround(stage, {
      asphalt: 0x77787a, tracksX: [], far: { x0: -90, x1: 90, z0: -5, z1: 130 },
      marks: [{ x0: -90, x1: 90, z0: 49.9, z1: 50.1, colour: YELLOW_PAINT }, { x0: -90, x1: 90, z0: 46.9, z1: 47.05, colour: WHITE_PAINT, dashX: { length: 2, period: 5 } }, { x0: -90, x1: 90, z0: 52.9, z1: 53.05, colour: WHITE_PAINT, dashX: { length: 2, period: 5 } }],
      pavements: [{ x0: -60, x1: 60, z0: -5, z1: 44, tile: 'slab' }, { x0: -90, x1: 90, z0: 56, z1: 62, tile: 'red' }, { x0: -17, x1: -11, z0: 23, z1: 29, tile: 'grass' }, { x0: 11, x1: 17, z0: 23, z1: 29, tile: 'grass' }],
    })
    buildRow(stage, { from: [-80, 62], along: [1, 0], length: 160, low: 7, high: 17 })
    skyline(stage, 100, -80, 80, stage.chance)
    for (const x of [-9, 9]) streetLamp(stage, { x, z: 22, reach: x < 0 ? 0.8 : -0.8, height: 6 })
    monument(stage)
    plantHedge(stage, { x0: -17, x1: -11, z0: 29, z1: 29.7, height: 0.75 })
    plantHedge(stage, { x0: 11, x1: 17, z0: 29, z1: 29.7, height: 0.75 })
    for (const x of [-21, -17.5, 19]) stall(stage, x, 33)
    barrier(stage, [-40, 43.4], [-6, 43.4], 0.8)
    barrier(stage, [6, 43.4], [40, 43.4], 0.8)
  },
  script,
}

function monument(stage: Stage): void {
  const shape = makeShape()
  shape.box([-3.2, 0, -3.2], [3.2, 0.35, 3.2], 0xb9b3a6)
  shape.box([-2.4, 0.35, -2.4], [2.4, 0.75, 2.4], 0xc6c1b4)
  shape.box([-1.2, 0.75, -1.2], [1.2, 2.6, 1.2], 0x9c5a47)
  shape.loft([[[-0.7, 2.6, -0.7], [0.7, 2.6, -0.7], [0.7, 2.6, 0.7], [-0.7, 2.6, 0.7]], [[-0.3, 7.4, -0.3], [0.3, 7.4, -0.3], [0.3, 7.4, 0.3], [-0.3, 7.4, 0.3]]], 0xc9c4b8)
  for (const x of [-4.6, 4.6]) {
    shape.tube([x, 0, 1], [x, 8, 1], [0.06, 0.05], 0xd0d0cc, { sides: 6 })
    shape.sheet([[x, 7.9, 1], [x + 1.5, 7.75, 1.2], [x + 1.5, 6.75, 1.2], [x, 6.9, 1]], 0xc8201f)
  }
  stand(stage, shape.build(), 0, LEVEL, 37)
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const gatherMs = loopMs * between(chance, 0.4, 0.46)
  const walks = Array.from({ length: 17 }, (_, i) => {
    const side = i % 2 ? 1 : -1
    const angle = (i / 17) * Math.PI * 2
    const ring = 1.7 + (i % 3) * 0.85
    const spot = { x: Math.cos(angle) * ring, z: 22.6 + Math.sin(angle) * ring * 0.9 }
    const from = { x: side * between(chance, 24, 26), z: between(chance, 16, 36) }
    const pace = between(chance, 1.25, 1.6)
    const needMs = (Math.hypot(spot.x - from.x, spot.z - from.z) / pace) * 1000
    const stayMs = 28_000 + between(chance, 0, 4000)
    return makeWalk(roll, chance, {
      startMs: gatherMs - needMs + between(chance, -3000, 1500), level: LEVEL, pace,
      stops: [from, { ...spot, restMs: stayMs, facing: Math.atan2(-spot.x, 22.6 - spot.z) }, { x: -side * 25, z: from.z }],
    })
  })
  for (let i = 0; i < Math.round(loopMs / 16_000); i += 1) {
    const side = chance() < 0.5 ? 1 : -1
    const z = between(chance, 14, 34)
    walks.push(makeWalk(roll, chance, { startMs: i * 16_000 + chance() * 6000, level: LEVEL, stops: [{ x: side * 26, z }, { x: 0, z: between(chance, 15, 32) }, { x: -side * 26, z: between(chance, 14, 36) }] }))
  }
  const rides = [
    ...makeFlow(roll, chance, { path: 'rightward', count: Math.round(loopMs / 5000), windows: [[0, loopMs - 500]], bikes: [0.6, 5], lanes: [1.5, 4.4], speed: [7, 9.5] }),
    ...makeFlow(roll, chance, { path: 'leftward', count: Math.round(loopMs / 5000), windows: [[0, loopMs - 500]], bikes: [0.6, 5], lanes: [1.5, 4.4], speed: [7, 9.5] }),
  ]
  return {
    phases: () => 'green', rides, walks,
    paths: [
      { id: 'rightward', group: 'rightward', points: [[-50, 50], [50, 50]] },
      { id: 'leftward', group: 'leftward', points: [[50, 50], [-50, 50]] },
    ],
    acts: [{ kind: 'crowd', object: walks[0]!.id, zone: 'square', atLeast: { people: 12, dwellMs: 20_000 }, note: 'seventeen people gather in the middle of the square for about half a minute' }],
  }
}
