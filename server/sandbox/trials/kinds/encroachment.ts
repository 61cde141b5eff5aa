import { makeFlow, makeRide, makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { camDung } from '../../scenes/places/cam-dung.js'
import type { Script } from '../../scenes/scene.js'
import { PAVEMENT_LEVEL } from '../../scenes/show.js'
import { groupsOf, isIn, whoever } from '../conduct.js'
import { groundSpeed } from '../drives.js'
import { vendorTable } from '../props.js'
import type { Trial } from '../trial.js'

/** A pavement before shops. In service the time would be minutes. The model has no word for a table of goods: the seller beside it is found. */
const ZONE = [[7.2, 16], [11, 16], [11, 34.5], [7.2, 34.5]] as const
const DWELL_MS = 15_000
const STILL_MPS = 0.3

export const encroachment: Trial = {
  id: 'encroachment',
  kind: 'encroachment',
  sentence: 'A seller sets up a table of goods on the pavement, farther on a motorbike is parked on it; who walks along, stops for some seconds, or stops at the kerb stays silent.',
  lengthMs: 46_000,
  scene: {
    ...camDung, id: 'trial-encroachment', marks: { zones: [] }, script,
    mount: { at: [3, 6.2, 4], yawDeg: 10, pitchDeg: 15, fovDeg: 42 },
    trees: camDung.trees.filter(({ x, z }) => x < 0 || z > 45),
    lanterns: [...camDung.lanterns, { at: [9, 8, 12], colour: [1.1, 0.95, 0.7], reachM: 10 }, { at: [8, 8, 30], colour: [1.2, 1.05, 0.8], reachM: 11 }],
  },
  rule: (ground) => ({ zone: ground.zone(ZONE, PAVEMENT_LEVEL), countMin: 1, dwellMsMin: DWELL_MS }),
  happenings(played) {
    const inZone = isIn(played.ground.zone(ZONE, PAVEMENT_LEVEL))
    const stands = whoever(played, DWELL_MS, (seen, frame) => (seen.class === 'person' || seen.class === 'two_wheeler') && inZone(seen) && (groundSpeed(played, seen.id, frame) ?? 0) < STILL_MPS)
    return groupsOf(played, stands, { least: 1, nearM: 2.5, holdMs: DWELL_MS }).map(({ ids, span }) => ({ ...span, objects: ids, note: 'takes a place on the pavement' }))
  },
}

const START_Z = -10

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const z = between(chance, 20, 21.5)
  const comeMs = between(chance, 500, 2500)
  const seller = makeWalk(roll, chance, { startMs: comeMs, level: PAVEMENT_LEVEL, pace: 1.3, stops: [{ x: 9.4, z: 13 }, { x: 8.7, z, restMs: 30_000, facing: -1.4 }, { x: 9, z: 60 }] })
  const parker = makeRide(roll, chance, { kind: 'motorbike', path: 'up', lateral: 0, speed: 5, arriveMs: comeMs + 500, riders: 1, halt: { at: 41.5, dwellMs: 26_000, lateral: 0 } })
  const kerb = makeRide(roll, chance, { kind: 'motorbike', path: 'own', lateral: 5.9, speed: 6, arriveMs: between(chance, 2000, 5000), riders: 1, halt: { at: 27 - START_Z, dwellMs: 20_000, lateral: 5.9 } })
  const own = makeFlow(roll, chance, { path: 'own', count: Math.round(loopMs / 5000), windows: [[0, loopMs - 500]], bikes: [0.9, 3.4], lanes: [1.9], speed: [7, 9.5] })
  const looks = makeWalk(roll, chance, { startMs: between(chance, 14_000, 18_000), level: PAVEMENT_LEVEL, pace: 1.4, stops: [{ x: 8, z: 44 }, { x: 9.6, z: 27, restMs: 6000, facing: 1.5 }, { x: 8.2, z: 8 }] })
  const walks = Array.from({ length: Math.round(loopMs / 14_000) }, (_, i) => {
    const x = between(chance, 7.6, 8)
    return makeWalk(roll, chance, { startMs: i * 14_000 + chance() * 7000, level: PAVEMENT_LEVEL, stops: i % 2 ? [{ x, z: 60 }, { x, z: 9 }] : [{ x, z: 9 }, { x, z: 60 }] })
  })
  return {
    phases: () => 'green', rides: [parker, kerb, ...own], walks: [seller, looks, ...walks], acts: [],
    things: [{ id: roll.next(), mesh: vendorTable(), x: 9.9, z: z + 0.8, level: PAVEMENT_LEVEL, heading: 1.3, fromMs: comeMs + 9000, untilMs: comeMs + 34_000 }],
    paths: [
      { id: 'own', group: 'own', points: [[0, START_Z], [0, 120]] },
      { id: 'up', group: 'up', points: [[5.5, START_Z], [5.7, 20], [8.4, 26], [8.6, 38], [5.5, 46], [5.5, 120]] },
    ],
  }
}
