import { makeFlow, makeRoll, makeWalk } from '../arrivals.js'
import { balustrade, skyline, streetLamp } from '../furniture.js'
import { layGround, WHITE_PAINT, YELLOW_PAINT } from '../ground.js'
import { between } from '../noise.js'
import type { Scene, Script } from '../scene.js'
import { PAVEMENT_LEVEL } from '../show.js'

/** A bridge where everybody behaves: the scene that must stay silent. */
const HALF = 7

export const cau: Scene = {
  id: 'cau',
  name: { vi: 'Cầu Hoàng Diệu', en: 'Hoàng Diệu bridge' },
  caption: 'CAM 06 CAU HOANG DIEU',
  sentence: 'A river bridge by day, nothing forbidden happens; own traffic leaves the camera on the right, oncoming traffic on the left.',
  tone: 'day',
  mount: { at: [1, 7.6, 0], yawDeg: -2, pitchDeg: 14, fovDeg: 52 },
  marks: { zones: [
    { name: 'carriageway_own', points: [[0.9, 12.5], [HALF, 12.5], [HALF, 60], [0.9, 60]], allowed: [0, 1] },
    { name: 'carriageway_oncoming', points: [[-HALF, 12.5], [-0.9, 12.5], [-0.9, 60], [-HALF, 60]], allowed: [0, -1] },
    { name: 'footway_right', points: [[HALF, 12.5], [8.8, 12.5], [8.8, 60], [HALF, 60]] },
  ] },
  signal: null,
  trees: [{ x: -40, z: 112, height: 9, spread: 4 }, { x: -26, z: 114, height: 9, spread: 4 }, { x: 30, z: 114, height: 9, spread: 4 }, { x: 44, z: 112, height: 10, spread: 4.5 }, { x: -12, z: 112, height: 8, spread: 3, kind: 'palm' }, { x: 13, z: 112, height: 8, spread: 3, kind: 'palm' }],
  lanterns: [{ at: [6.6, 8, 20], colour: [1, 0.86, 0.6], reachM: 10 }, { at: [-6.6, 8, 34], colour: [1, 0.86, 0.6], reachM: 10 }, { at: [6.6, 8, 48], colour: [1, 0.86, 0.6], reachM: 10 }],
  shades: [],
  build(stage) {
    layGround(stage, {
      asphalt: 0x6d6f72, tracksX: [1, 2.6, 4.4, 5.9, -1, -2.6, -4.4, -5.9], far: { x0: -8.9, x1: 8.9, z0: -5, z1: 112 },
      marks: [
        { x0: -0.18, x1: -0.06, z0: -5, z1: 112, colour: YELLOW_PAINT }, { x0: 0.06, x1: 0.18, z0: -5, z1: 112, colour: YELLOW_PAINT },
        { x0: 3.5, x1: 3.64, z0: -5, z1: 112, colour: WHITE_PAINT, dashZ: { length: 2, period: 5 } }, { x0: -3.64, x1: -3.5, z0: -5, z1: 112, colour: WHITE_PAINT, dashZ: { length: 2, period: 5 } },
        { x0: -7, x1: 7, z0: 29.9, z1: 30.1, colour: 0x3a3b3d, wear: 0 }, { x0: -7, x1: 7, z0: 59.9, z1: 60.2, colour: 0x3a3b3d, wear: 0 },
      ],
      pavements: [
        { x0: HALF, x1: 8.9, z0: -5, z1: 112, tile: 'grey' }, { x0: -8.9, x1: -HALF, z0: -5, z1: 112, tile: 'grey' },
        { x0: 8.9, x1: 120, z0: -5, z1: 106, tile: 'water' }, { x0: -120, x1: -8.9, z0: -5, z1: 106, tile: 'water' },
        { x0: -120, x1: 120, z0: 112, z1: 130, tile: 'grass' }, { x0: 8.9, x1: 120, z0: 106, z1: 112, tile: 'grass' }, { x0: -120, x1: -8.9, z0: 106, z1: 112, tile: 'grass' },
      ],
    })
    balustrade(stage, -8.8, 2, 110)
    balustrade(stage, 8.8, 2, 110)
    for (const [x, z] of [[8.3, 20], [-8.3, 34], [8.3, 48], [-8.3, 62], [8.3, 76], [-8.3, 90]] as const) streetLamp(stage, { x, z, reach: x > 0 ? -1.7 : 1.7, height: 8 })
    skyline(stage, 128, -110, 110, stage.chance)
  },
  script,
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const rides = [
    ...makeFlow(roll, chance, { path: 'own', count: Math.round(loopMs / 2400), windows: [[0, loopMs - 500]], bikes: [1.2, 6.1], lanes: [2.4, 5.2], speed: [7.5, 10.5] }),
    ...makeFlow(roll, chance, { path: 'oncoming', count: Math.round(loopMs / 2400), windows: [[0, loopMs - 500]], bikes: [1.2, 6.1], lanes: [2.4, 5.2], speed: [7.5, 10.5] }),
  ]
  const walks = Array.from({ length: Math.round(loopMs / 20_000) }, (_, i) => {
    const x = (i % 2 ? -1 : 1) * between(chance, 7.6, 8.2)
    return makeWalk(roll, chance, { startMs: i * 20_000 + chance() * 9000, level: PAVEMENT_LEVEL, stops: i % 4 < 2 ? [{ x, z: 76 }, { x, z: 9 }] : [{ x, z: 9 }, { x, z: 76 }] })
  })
  return {
    phases: () => 'green', rides, walks, acts: [],
    paths: [
      { id: 'own', group: 'own', points: [[0, -14], [0, 118]] },
      { id: 'oncoming', group: 'oncoming', points: [[0, 118], [0, -14]] },
    ],
  }
}
