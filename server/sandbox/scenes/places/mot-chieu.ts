import { makeFlow, makeRide, makeRoll, makeWalk } from '../arrivals.js'
import { electricPole, roadSign, skyline, streetLamp, wires } from '../furniture.js'
import { layGround, WHITE_PAINT } from '../ground.js'
import { buildRow } from '../houses.js'
import { between } from '../noise.js'
import type { Scene, Script } from '../scene.js'
import { PAVEMENT_LEVEL } from '../show.js'
import { park } from '../stage.js'
import { drawnMotorbike } from '../two-wheelers.js'

/** A one-way street of shops: all traffic leaves the camera; once in a loop a motorbike comes towards it along the left kerb. */
const HALF = 5
const START_Z = -14
const END_Z = 106

export const motChieu: Scene = {
  id: 'mot-chieu',
  name: { vi: 'Nguyễn Huệ (một chiều)', en: 'Nguyễn Huệ (one way)' },
  caption: 'CAM 02 NGUYEN HUE 1 CHIEU',
  sentence: 'A one-way shopping street by day, all traffic leaves the camera (upwards).',
  tone: 'cloud',
  mount: { at: [1.2, 6.6, -1], yawDeg: -1.5, pitchDeg: 16, fovDeg: 50 },
  marks: { zones: [{ name: 'carriageway', points: [[-HALF, 11], [HALF, 11], [HALF, 48], [-HALF, 48]], allowed: [0, 1] }] },
  signal: null,
  trees: [{ x: 6.3, z: 27, height: 6.2, spread: 1.8 }, { x: -6.4, z: 38, height: 6.4, spread: 1.9 }, { x: 6.4, z: 52, height: 7, spread: 2.2 }, { x: -6.4, z: 64, height: 7, spread: 2.2 }],
  lanterns: [{ at: [4, 7.5, 14], colour: [1, 0.84, 0.58], reachM: 10 }, { at: [-4, 7.5, 32], colour: [1, 0.84, 0.58], reachM: 10 }, { at: [4, 7.5, 52], colour: [1, 0.84, 0.58], reachM: 10 }],
  shades: [{ x: 7, z: 40, halfX: 3.4, halfZ: 60, leafy: false }],
  build(stage) {
    layGround(stage, {
      asphalt: 0x6f7173, tracksX: [-3.4, -1.8, 0.2, 1.8, 3.6], far: { x0: -60, x1: 60, z0: -5, z1: 130 },
      marks: [
        { x0: -0.08, x1: 0.08, z0: -5, z1: 110, colour: WHITE_PAINT, dashZ: { length: 2.2, period: 5 } },
        { x0: -HALF + 0.18, x1: -HALF + 0.32, z0: -5, z1: 110, colour: WHITE_PAINT, wear: 0.5 },
        { x0: HALF - 0.32, x1: HALF - 0.18, z0: -5, z1: 110, colour: WHITE_PAINT, wear: 0.5 },
        { x0: -3, x1: -2, z0: 15, z1: 19, colour: WHITE_PAINT, arrow: true }, { x0: 2, x1: 3, z0: 15, z1: 19, colour: WHITE_PAINT, arrow: true },
        { x0: -3, x1: -2, z0: 44, z1: 48, colour: WHITE_PAINT, arrow: true }, { x0: 2, x1: 3, z0: 44, z1: 48, colour: WHITE_PAINT, arrow: true },
      ],
      pavements: [{ x0: HALF, x1: 8.2, z0: -5, z1: 130, tile: 'grey' }, { x0: -8.2, x1: -HALF, z0: -5, z1: 130, tile: 'grey' }],
    })
    buildRow(stage, { from: [-8.2, 2], along: [0, 1], length: 108, low: 7, high: 17, awnings: 0.85 })
    buildRow(stage, { from: [8.2, 110], along: [0, -1], length: 108, low: 7, high: 17, awnings: 0.85 })
    skyline(stage, 124, -60, 60, stage.chance)
    for (const [x, z] of [[5.5, 14], [-5.5, 32], [5.5, 52], [-5.5, 72]] as const) streetLamp(stage, { x, z, reach: x > 0 ? -1.4 : 1.4 })
    electricPole(stage, -7.4, 24)
    electricPole(stage, -7.4, 52)
    wires(stage, [[-7.4, -4], [-7.4, 24], [-7.4, 52], [-7.4, 80], [-7.4, 108]])
    roadSign(stage, 'one-way', 5.5, 20)
    for (const [x, z, n] of [[6.6, 13, 4], [-7.2, 17, 5], [6.8, 33, 4], [-7.2, 44, 5]] as const) {
      for (let i = 0; i < n; i += 1) park(stage, drawnMotorbikeParked(stage.chance), x, PAVEMENT_LEVEL, z + i * 0.85, x > 0 ? -1.5 : 1.4)
    }
  },
  script,
}

function drawnMotorbikeParked(chance: () => number) {
  return drawnMotorbike(chance, { riders: 0, load: false }).mesh
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const wrong = makeRide(roll, chance, { kind: 'motorbike', path: 'against', lateral: 4.2, speed: between(chance, 5.6, 6.4), arriveMs: loopMs * between(chance, 0.4, 0.5), riders: 1 })
  const flow = makeFlow(roll, chance, { path: 'with', count: Math.round(loopMs / 2300), windows: [[0, loopMs - 500]], bikes: [-2.6, 4.3], lanes: [-1.6, 2.4], speed: [6.2, 9] })
  const walks = Array.from({ length: Math.round(loopMs / 12_000) }, (_, i) => {
    const x = (i % 2 ? 1 : -1) * between(chance, 5.5, 6.2)
    const far = chance() < 0.5
    return makeWalk(roll, chance, { startMs: i * 12_000 + chance() * 6000, level: PAVEMENT_LEVEL, stops: far ? [{ x, z: 70 }, { x, z: 8 }] : [{ x, z: 8 }, { x, z: 70 }] })
  })
  return {
    phases: () => 'green', rides: [wrong, ...flow], walks,
    paths: [
      { id: 'with', group: 'with', points: [[0, START_Z], [0, END_Z]] },
      { id: 'against', group: 'against', points: [[0, END_Z], [0, START_Z]] },
    ],
    acts: [{ kind: 'wrong_way', object: wrong.id, zone: 'carriageway', note: 'a motorbike comes towards the camera along the left kerb, against all other traffic' }],
  }
}
