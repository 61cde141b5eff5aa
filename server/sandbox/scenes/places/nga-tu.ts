import { makeFlow, makeRide, makeRoll, makeWalk, twoPhases } from '../arrivals.js'
import { barrier, electricPole, roadSign, signalPole, skyline, streetLamp, wires, type SignalSpot } from '../furniture.js'
import { layGround, WHITE_PAINT, YELLOW_PAINT, type Mark } from '../ground.js'
import { plantHedge } from '../greenery.js'
import { buildRow } from '../houses.js'
import { between } from '../noise.js'
import type { Scene, Script } from '../scene.js'
import { PAVEMENT_LEVEL } from '../show.js'
import { park } from '../stage.js'
import { drawnMotorbike } from '../two-wheelers.js'

/**
 * A junction with a signal. The camera hangs behind the approach that it watches:
 *
 *        far side, z = 35 .. 120
 *   ---- cross road z = 22 .. 34 ----
 *        zebra 18 .. 21, stop line z = 16.6
 *        own traffic x = 0 .. 7 leaves the camera, oncoming x = -7 .. 0
 */
const HALF = 7
const STOP_Z = 16.6
const SIGNAL: SignalSpot = { x: 7.9, z: 20.7, top: 4.7, arm: -0.9 }
const START_Z = -25

const marks: Mark[] = [
  { x0: -0.1, x1: 0.1, z0: -10, z1: STOP_Z, colour: YELLOW_PAINT },
  { x0: -0.1, x1: 0.1, z0: 39.5, z1: 120, colour: YELLOW_PAINT },
  { x0: 3.4, x1: 3.55, z0: -10, z1: STOP_Z - 6, colour: WHITE_PAINT, dashZ: { length: 2, period: 4.5 } },
  { x0: 3.4, x1: 3.55, z0: STOP_Z - 6, z1: STOP_Z, colour: WHITE_PAINT },
  { x0: -3.55, x1: -3.4, z0: -10, z1: 16, colour: WHITE_PAINT, dashZ: { length: 2, period: 4.5 } },
  { x0: 3.4, x1: 3.55, z0: 40, z1: 110, colour: WHITE_PAINT, dashZ: { length: 2, period: 4.5 } },
  { x0: -3.55, x1: -3.4, z0: 40, z1: 110, colour: WHITE_PAINT, dashZ: { length: 2, period: 4.5 } },
  { x0: 0.1, x1: HALF - 0.3, z0: STOP_Z, z1: STOP_Z + 0.4, colour: WHITE_PAINT, wear: 0.1 },
  { x0: -HALF + 0.3, x1: -0.1, z0: 39, z1: 39.4, colour: WHITE_PAINT, wear: 0.15 },
  { x0: -HALF + 0.4, x1: HALF - 0.4, z0: 18, z1: 21, colour: WHITE_PAINT, dashX: { length: 0.5, period: 1 }, wear: 0.2 },
  { x0: -HALF + 0.4, x1: HALF - 0.4, z0: 35, z1: 38, colour: WHITE_PAINT, dashX: { length: 0.5, period: 1 }, wear: 0.3 },
  { x0: -60, x1: -8, z0: 27.9, z1: 28.1, colour: YELLOW_PAINT },
  { x0: 8, x1: 60, z0: 27.9, z1: 28.1, colour: YELLOW_PAINT },
  { x0: 1.2, x1: 2.2, z0: 11, z1: 14.4, colour: WHITE_PAINT, arrow: true },
  { x0: 4.7, x1: 5.7, z0: 11, z1: 14.4, colour: WHITE_PAINT, arrow: true },
]

export const ngaTu: Scene = {
  id: 'nga-tu',
  name: { vi: 'Trần Hưng Đạo – Hùng Vương', en: 'Trần Hưng Đạo – Hùng Vương junction' },
  caption: 'CAM 01 TRAN HUNG DAO - HUNG VUONG',
  sentence: 'A signalled junction by day, camera behind the approach; own traffic leaves the camera on the right of the yellow line, oncoming traffic on the left, cross traffic beyond the zebra.',
  tone: 'day',
  mount: { at: [2.6, 7.4, -0.5], yawDeg: 1, pitchDeg: 15.5, fovDeg: 54 },
  marks: {
    stopLine: { points: [[0.1, STOP_Z + 0.2], [HALF - 0.2, STOP_Z + 0.2]], towards: [0, 1] },
    zones: [
      { name: 'carriageway_own', points: [[0.8, 11.5], [HALF - 0.2, 11.5], [HALF - 0.2, STOP_Z], [0.8, STOP_Z]], allowed: [0, 1] },
      { name: 'zebra_near', points: [[-HALF, 18], [HALF, 18], [HALF, 21], [-HALF, 21]] },
      { name: 'junction_box', points: [[-HALF, 22], [HALF, 22], [HALF, 34], [-HALF, 34]] },
    ],
  },
  signal: SIGNAL,
  trees: [{ x: 9.6, z: 15.2, height: 6.4, spread: 1.9 }, { x: -9.4, z: 41, height: 7, spread: 2.5 }, { x: 9.5, z: 46, height: 7.4, spread: 2.6 }, { x: -9.6, z: 56, height: 7, spread: 2.5 }, { x: 9.4, z: 62, height: 7, spread: 2.6 }, { x: 9.5, z: 80, height: 8, spread: 3 }, { x: -9.5, z: 76, height: 8, spread: 3 }, { x: -9.7, z: 14.5, height: 6.6, spread: 2.2 }],
  lanterns: [{ at: [6.4, 7.5, 40], colour: [1, 0.86, 0.6], reachM: 10 }, { at: [-6.4, 7.5, 20], colour: [1, 0.86, 0.6], reachM: 10 }, { at: [6.6, 7.5, 8], colour: [1, 0.86, 0.6], reachM: 10 }],
  shades: [{ x: 20, z: 9, halfX: 8, halfZ: 12, leafy: false }],
  build(stage) {
    layGround(stage, {
      asphalt: 0x77787a, tracksX: [1, 2.6, 4.4, 6, -1.4, -2.9, -4.6, -6], marks, far: { x0: -90, x1: 90, z0: -5, z1: 130 },
      pavements: [
        { x0: HALF, x1: 12, z0: -5, z1: 21, tile: 'red' }, { x0: -12, x1: -HALF, z0: -5, z1: 21, tile: 'red' },
        { x0: HALF, x1: 12, z0: 35, z1: 130, tile: 'red' }, { x0: -12, x1: -HALF, z0: 35, z1: 130, tile: 'red' },
        { x0: 12, x1: 90, z0: -5, z1: 21, tile: 'grey' }, { x0: -90, x1: -12, z0: -5, z1: 21, tile: 'grey' },
        { x0: 12, x1: 90, z0: 35, z1: 39, tile: 'grey' }, { x0: -90, x1: -12, z0: 35, z1: 39, tile: 'grey' },
      ],
    })
    buildRow(stage, { from: [-12, 39.1], along: [0, 1], length: 66, low: 7, high: 17 })
    buildRow(stage, { from: [12, 105], along: [0, -1], length: 65.9, low: 7, high: 17 })
    buildRow(stage, { from: [12.3, 39], along: [1, 0], length: 50, low: 7, high: 15 })
    buildRow(stage, { from: [-62, 39], along: [1, 0], length: 49.7, low: 7, high: 15 })
    buildRow(stage, { from: [-12.4, -4], along: [0, 1], length: 20.5, low: 7, high: 12 })
    buildRow(stage, { from: [12.4, 17], along: [0, -1], length: 20, low: 7, high: 12 })
    skyline(stage, 128, -60, 60, stage.chance)
    for (const [x, z] of [[7.7, 40.5], [-7.7, 52], [7.7, 64]] as const) streetLamp(stage, { x, z, reach: x > 0 ? -1.4 : 1.4 })
    electricPole(stage, -9.9, 36.4)
    electricPole(stage, -9.9, 66)
    wires(stage, [[-9.9, 6], [-9.9, 36.4], [-9.9, 66], [-9.9, 96]])
    wires(stage, [[-9.9, 36.4], [24, 36.6]], [7.6, 7.2])
    signalPole(stage, SIGNAL)
    roadSign(stage, 'crossing', 9.2, 19.6)
    plantHedge(stage, { x0: 9, x1: 11.6, z0: 17.2, z1: 18.2, height: 0.8 })
    barrier(stage, [7.4, 10], [7.4, 15])
    for (let i = 0; i < 7; i += 1) park(stage, drawnMotorbike(stage.chance, { riders: 0, load: false }).mesh, 13 + i * 0.9, PAVEMENT_LEVEL, 36.6, 0.3)
  },
  script,
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const { phases, roundMs, rounds } = twoPhases(loopMs)
  const reach = STOP_Z - START_Z
  const runner = makeRide(roll, chance, { kind: 'motorbike', path: 'own', lateral: 6.45, speed: 8.6, arriveMs: 41_400 - (reach / 8.6) * 1000, runsRed: true, riders: chance() < 0.5 ? 1 : 2 })
  const carSpeed = 11
  const carArriveMs = (rounds - 1) * roundMs + 29_900 - (reach / carSpeed) * 1000
  const runnerCar = makeRide(roll, chance, { kind: chance() < 0.5 ? 'sedan' : 'suv', path: 'own', lateral: 1.9, speed: carSpeed, arriveMs: carArriveMs, runsRed: true })
  const rides = [runner, runnerCar]
  const busy = (low: number, high: number) => Math.round(between(chance, low, high))
  for (let round = 0; round < rounds; round += 1) {
    const from = round * roundMs
    const at = (a: number, b: number): readonly [number, number] => [from + a * (roundMs / 60_000), from + b * (roundMs / 60_000)]
    rides.push(...makeFlow(roll, chance, { path: 'own', count: busy(15, 19), windows: [at(0, 59_500)], bikes: [0.9, 5.2], lanes: [1.9, 4.2], speed: [7, 9.5] }))
    rides.push(...makeFlow(roll, chance, { path: 'oncoming', count: busy(13, 17), windows: [at(0, 59_500)], bikes: [1.3, 6], lanes: [2.4, 5], speed: [7, 9.5] }))
    rides.push(...makeFlow(roll, chance, { path: 'rightward', count: busy(8, 10), windows: [at(14_000, 29_000), at(38_500, 43_000)], bikes: [0.6, 5], lanes: [1.6, 4.4], speed: [7, 8.5] }))
    rides.push(...makeFlow(roll, chance, { path: 'leftward', count: busy(8, 10), windows: [at(14_000, 29_000), at(38_500, 43_000)], bikes: [0.6, 5], lanes: [1.6, 4.4], speed: [7, 8.5] }))
  }
  // The runner in the car needs a free lane: nobody may stand before it when the light turns.
  const kept = rides.filter((ride) => ride === runnerCar || ride === runner || ride.path !== 'own' || ride.arriveMs < carArriveMs - 9000 || ride.arriveMs > carArriveMs + 1500 || Math.abs(ride.lateral - runnerCar.lateral) > ride.halfWidth + 1.3)
  return {
    phases, rides: kept, walks: walkers(chance, roll, { roundMs, rounds }),
    paths: [
      { id: 'own', group: 'own', points: [[0, START_Z], [0, 118]], stop: { at: reach, approach: 'own' } },
      { id: 'oncoming', group: 'oncoming', points: [[0, 116], [0, -12]], stop: { at: 116 - 39.8, approach: 'own' } },
      { id: 'rightward', group: 'rightward', points: [[-62, 28], [62, 28]], stop: { at: 62 - 9, approach: 'cross' } },
      { id: 'leftward', group: 'leftward', points: [[62, 28], [-62, 28]], stop: { at: 62 - 9, approach: 'cross' } },
    ],
    acts: [
      { kind: 'red_light', object: runner.id, note: 'a motorbike along the kerb rides past the waiting queue and over the line in the middle of red' },
      { kind: 'red_light', object: runnerCar.id, note: 'a car drives over the line about two seconds after the light turned red' },
    ],
  }
}

function walkers(chance: () => number, roll: ReturnType<typeof makeRoll>, plan: { readonly roundMs: number; readonly rounds: number }): Script['walks'] {
  const walks: Script['walks'][number][] = []
  for (let round = 0; round < plan.rounds; round += 1) {
    for (let i = 0; i < 2; i += 1) {
      const z = between(chance, 35.6, 37.4)
      const right = chance() < 0.5
      walks.push(makeWalk(roll, chance, { startMs: round * plan.roundMs + 30_000 + i * 2500, level: 0.01, pace: 1.35, stops: right ? [{ x: -15, z }, { x: 15, z }] : [{ x: 15, z }, { x: -15, z }] }))
    }
    for (const side of [-1, 1]) {
      const x = side * between(chance, 8.2, 11)
      const far = chance() < 0.5
      walks.push(makeWalk(roll, chance, { startMs: round * plan.roundMs + between(chance, 0, 30_000), level: PAVEMENT_LEVEL, stops: far ? [{ x, z: 70 }, { x, z: 39.5 }, { x: side * 40, z: 37.5 }] : [{ x: side * 40, z: 37.6 }, { x, z: 40 }, { x, z: 72 }] }))
    }
  }
  return walks
}
