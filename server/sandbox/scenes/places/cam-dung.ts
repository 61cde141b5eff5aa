import { makeFlow, makeRide, makeRoll, makeWalk } from '../arrivals.js'
import { electricPole, roadSign, skyline, streetLamp, wires } from '../furniture.js'
import { layGround, WHITE_PAINT, YELLOW_PAINT } from '../ground.js'
import { buildRow } from '../houses.js'
import { between } from '../noise.js'
import type { Scene, Script } from '../scene.js'
import { PAVEMENT_LEVEL } from '../show.js'

/** A no-stopping kerb in front of shops, seen through a long lens, so that the plate of whoever stops there reads. */
const HALF = 7
const START_Z = -10
const END_Z = 120

export const camDung: Scene = {
  id: 'cam-dung',
  name: { vi: 'Chợ Mỹ Bình, cổng chính', en: 'Mỹ Bình market, main gate' },
  caption: 'CAM 03 CHO MY BINH CONG CHINH',
  sentence: 'A no-stopping kerb by day through a long lens; own traffic leaves the camera on the right, oncoming traffic on the left.',
  tone: 'day',
  mount: { at: [3, 6.6, -2], yawDeg: 1.2, pitchDeg: 14.5, fovDeg: 29 },
  marks: { zones: [
    { name: 'no_stopping', points: [[4.5, 16.5], [HALF, 16.5], [HALF, 29], [4.5, 29]], limits: { dwellS: 18 } },
    { name: 'carriageway_own', points: [[0.9, 13], [HALF, 13], [HALF, 60], [0.9, 60]], allowed: [0, 1] },
  ] },
  signal: null,
  trees: [{ x: 9.8, z: 33, height: 6.6, spread: 2 }, { x: -9.6, z: 40, height: 7, spread: 2.4 }, { x: 9.6, z: 50, height: 7, spread: 2.3 }, { x: -9.6, z: 62, height: 7.4, spread: 2.6 }, { x: 9.6, z: 68, height: 7.4, spread: 2.6 }, { x: -9.6, z: 84, height: 8, spread: 3 }],
  lanterns: [{ at: [6.2, 7.5, 24], colour: [1, 0.86, 0.6], reachM: 10 }, { at: [-6.2, 7.5, 42], colour: [1, 0.86, 0.6], reachM: 10 }],
  shades: [],
  build(stage) {
    layGround(stage, {
      asphalt: 0x737476, tracksX: [1, 2.5, -1, -2.5, -4.4, 4.6], far: { x0: -60, x1: 60, z0: -5, z1: 140 },
      marks: [
        { x0: -0.16, x1: -0.06, z0: -5, z1: 130, colour: YELLOW_PAINT }, { x0: 0.06, x1: 0.16, z0: -5, z1: 130, colour: YELLOW_PAINT },
        { x0: 4.1, x1: 4.24, z0: -5, z1: 130, colour: WHITE_PAINT, dashZ: { length: 1.5, period: 3.5 } },
        { x0: -4.24, x1: -4.1, z0: -5, z1: 130, colour: WHITE_PAINT, dashZ: { length: 1.5, period: 3.5 } },
        { x0: HALF - 0.34, x1: HALF - 0.16, z0: 14, z1: 60, colour: YELLOW_PAINT, wear: 0.1 },
        { x0: 4.6, x1: HALF - 0.5, z0: 16.5, z1: 29, colour: YELLOW_PAINT, hatch: { width: 0.16, period: 1.7 }, wear: 0.45 },
      ],
      pavements: [{ x0: HALF, x1: 11.5, z0: -5, z1: 140, tile: 'red', bars: true }, { x0: -11.5, x1: -HALF, z0: -5, z1: 140, tile: 'grey' }],
    })
    buildRow(stage, { from: [-11.5, 6], along: [0, 1], length: 112, low: 7, high: 15 })
    buildRow(stage, { from: [11.5, 118], along: [0, -1], length: 112, low: 7, high: 15 })
    skyline(stage, 132, -50, 50, stage.chance)
    for (const [x, z] of [[7.6, 24], [-7.6, 42], [7.6, 60], [-7.6, 78]] as const) streetLamp(stage, { x, z, reach: x > 0 ? -1.4 : 1.4 })
    electricPole(stage, 10.6, 41)
    wires(stage, [[10.6, 10], [10.6, 41], [10.6, 72], [10.6, 102]])
    roadSign(stage, 'no-stopping', 7.7, 20.5)
    roadSign(stage, 'no-stopping', 7.7, 38)
  },
  script,
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const aim = 17.9 - START_Z
  const stopAt = loopMs * between(chance, 0.3, 0.36)
  const parker = makeRide(roll, chance, { kind: chance() < 0.5 ? 'hatch' : 'sedan', path: 'own', lateral: 4.2, speed: 8, arriveMs: stopAt - 5500, halt: { at: aim + 1.4, dwellMs: 38_000, lateral: 5.75 } })
  const brief = makeRide(roll, chance, { kind: 'taxi', path: 'own', lateral: 4.2, speed: 8, arriveMs: loopMs * between(chance, 0.86, 0.9) - 5500, halt: { at: aim + 2.6, dwellMs: 5000, lateral: 5.75 } })
  const own = makeFlow(roll, chance, { path: 'own', count: Math.round(loopMs / 4200), windows: [[0, loopMs - 500]], bikes: [0.9, 3.4], lanes: [1.9], speed: [7, 9.5] })
  const oncoming = makeFlow(roll, chance, { path: 'oncoming', count: Math.round(loopMs / 4600), windows: [[0, loopMs - 500]], bikes: [1.3, 5.6], lanes: [2.4, 5], speed: [7, 9.5] })
  const walks = Array.from({ length: Math.round(loopMs / 15_000) }, (_, i) => {
    const x = between(chance, 8.4, 10)
    const far = i % 2 === 0
    return makeWalk(roll, chance, { startMs: i * 15_000 + chance() * 8000, level: PAVEMENT_LEVEL, stops: far ? [{ x, z: 74 }, { x, z: 9 }] : [{ x, z: 9 }, { x, z: 74 }] })
  })
  return {
    phases: () => 'green', rides: [parker, brief, ...own, ...oncoming], walks,
    paths: [
      { id: 'own', group: 'own', points: [[0, START_Z], [0, END_Z]] },
      { id: 'oncoming', group: 'oncoming', points: [[0, END_Z], [0, START_Z]] },
    ],
    acts: [{ kind: 'illegal_stop', object: parker.id, zone: 'no_stopping', atLeast: { dwellMs: 20_000 }, note: 'a car stops on the hatched kerb for more than half a minute; the taxi that stops for five seconds is legal' }],
  }
}
