import { makeRide, makeRoll, makeWalk } from '../arrivals.js'
import { balustrade, barrier, boat, containers, skyline, streetLamp } from '../furniture.js'
import { layGround, YELLOW_PAINT, WHITE_PAINT } from '../ground.js'
import { between } from '../noise.js'
import type { Scene, Script } from '../scene.js'

/** A river warehouse yard at night: lamps, containers, a marked area where nobody may be. */
export const benKho: Scene = {
  id: 'ben-kho',
  name: { vi: 'Bến kho Bình Đức (đêm)', en: 'Bình Đức warehouse quay (night)' },
  caption: 'CAM 05 BEN KHO BINH DUC',
  sentence: 'A warehouse quay at night under lamps; the yellow-edged yard on the right is closed to people, the lane on the left is open.',
  tone: 'night',
  mount: { at: [-1, 6.4, 0], yawDeg: 3, pitchDeg: 17, fovDeg: 52 },
  marks: { zones: [{ name: 'closed_yard', points: [[2.2, 13.5], [9.5, 13.5], [11.5, 28], [2.2, 28]] }] },
  signal: null,
  trees: [{ x: -13, z: 40, height: 6, spread: 2, kind: 'palm' }, { x: -13.4, z: 58, height: 6.6, spread: 2.2, kind: 'palm' }],
  lanterns: [
    // One floodlight hangs on the camera's own pole.
    { at: [-1, 6.9, 7], colour: [1.25, 1.08, 0.8], reachM: 11 }, { at: [1.1, 7, 30], colour: [1.25, 1.05, 0.74], reachM: 11 },
    { at: [1.1, 7, 47], colour: [1.25, 1.05, 0.74], reachM: 11 }, { at: [11.2, 7.6, 24], colour: [1.1, 1.12, 1.1], reachM: 12 }, { at: [-6.6, 6.6, 24], colour: [1.1, 0.92, 0.62], reachM: 9 },
  ],
  shades: [],
  build(stage) {
    layGround(stage, {
      asphalt: 0x7b7b79, tracksX: [-4.6, -3, -1.2], far: { x0: -90, x1: 90, z0: -5, z1: 120 },
      marks: [
        { x0: 2.1, x1: 2.3, z0: 13.5, z1: 28, colour: YELLOW_PAINT, wear: 0.1 }, { x0: 2.1, x1: 11.5, z0: 13.4, z1: 13.6, colour: YELLOW_PAINT, wear: 0.1 },
        { x0: 2.1, x1: 11.5, z0: 27.9, z1: 28.1, colour: YELLOW_PAINT, wear: 0.1 }, { x0: 2.3, x1: 3, z0: 13.6, z1: 27.9, colour: YELLOW_PAINT, hatch: { width: 0.3, period: 1 }, wear: 0.3 },
        { x0: -6.1, x1: -6, z0: 0, z1: 90, colour: WHITE_PAINT, wear: 0.4 },
      ],
      pavements: [{ x0: -60, x1: -14.6, z0: -5, z1: 120, tile: 'water' }, { x0: -14.6, x1: -7.6, z0: -5, z1: 120, tile: 'slab' }],
    })
    balustrade(stage, -14.4, 0, 80)
    boat(stage, -18.5, 26, 13)
    boat(stage, -19, 50, 12)
    containers(stage, [
      { x: 12, z: 13, high: 2, colour: 0x2f5f86, along: 'z' }, { x: 12, z: 20, high: 2, colour: 0x86402f, along: 'z' }, { x: 12.2, z: 27, high: 1, colour: 0x4a6a4c, along: 'z' },
      { x: 4, z: 31, high: 2, colour: 0x2f6a72 }, { x: 10.6, z: 31, high: 2, colour: 0x7a5530 }, { x: 4.4, z: 40, high: 1, colour: 0x8a3b34 }, { x: 12, z: 42, high: 3, colour: 0x33507a },
    ])
    for (const z of [30, 47]) streetLamp(stage, { x: 1.9, z, reach: -0.8, height: 7 })
    streetLamp(stage, { x: 11.7, z: 24, reach: -0.6, height: 7.6 })
    streetLamp(stage, { x: -7.4, z: 24, reach: 0.8, height: 6.6 })
    barrier(stage, [2.2, 13.5], [4, 13.5], 0.9)
    barrier(stage, [7.6, 13.5], [9.5, 13.5], 0.9)
    skyline(stage, 110, -70, 70, stage.chance)
  },
  script,
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const enterMs = loopMs * between(chance, 0.38, 0.46)
  const depth = between(chance, 18, 22)
  const intruder = makeWalk(roll, chance, {
    startMs: enterMs, level: 0, pace: 1.25, who: { hat: 'cap', dress: false, shirt: 0xd9d6cc, trousers: 0x7b7466 },
    stops: [{ x: -5, z: 54 }, { x: -0.6, z: 33 }, { x: -0.2, z: 24 }, { x: 5.4, z: depth, restMs: 7000, facing: 1.3 }, { x: 7.6, z: depth - 2, restMs: 5000, facing: 0.5 }, { x: -0.4, z: 22.5 }, { x: -3.2, z: 30 }, { x: -5.4, z: 56 }],
  })
  const walks = [intruder]
  for (let i = 0; i < Math.round(loopMs / 20_000); i += 1) {
    const x = between(chance, -11, -8.4)
    const away = i % 2 === 0
    walks.push(makeWalk(roll, chance, { startMs: i * 20_000 + chance() * 9000, level: 0.14, stops: away ? [{ x, z: 7 }, { x, z: 60 }] : [{ x, z: 60 }, { x, z: 7 }] }))
  }
  for (let i = 0; i < Math.round(loopMs / 40_000); i += 1) walks.push(makeWalk(roll, chance, { startMs: i * 40_000 + chance() * 10_000, level: 0, stops: [{ x: -2 + chance(), z: 62 }, { x: -1.4, z: 30 }, { x: -2.6, z: 8 }] }))
  const rides = Array.from({ length: Math.round(loopMs / 15_000) }, (_, i) => makeRide(roll, chance, { kind: i % 4 === 1 ? 'truck' : 'motorbike', path: i % 2 ? 'away' : 'towards', lateral: i % 2 ? 1.6 : 1.2, speed: between(chance, 4.5, 6), arriveMs: i * 15_000 + chance() * 9000 }))
  return {
    phases: () => 'green', rides, walks,
    paths: [
      { id: 'away', group: 'away', points: [[-4.2, -10], [-4.2, 90]] },
      { id: 'towards', group: 'towards', points: [[-4.2, 90], [-4.2, -10]] },
    ],
    acts: [{ kind: 'intrusion', object: intruder.id, zone: 'closed_yard', note: 'one person leaves the lane, walks into the closed yard, looks about for some seconds and goes back' }],
  }
}
