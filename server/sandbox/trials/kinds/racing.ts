import { makeFlow, makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { motChieu } from '../../scenes/places/mot-chieu.js'
import type { CastRide, Script } from '../../scenes/scene.js'
import { groupsOf, isIn, whoever } from '../conduct.js'
import { groundSpeed } from '../drives.js'
import { STREET_LAMPS } from '../lamps.js'
import type { Trial } from '../trial.js'

/**
 * Riders leave the camera, whose height makes a metre near it longer than one far off: the zone is short, and the speed is set by it:
 * who passes with 27 km/h goes 2.5 of his own sizes a second in its middle, who passes with 56 km/h five.
 */
const ZONE = [[-4.9, 11.5], [4.9, 11.5], [4.9, 28], [-4.9, 28]] as const
const RIDERS = 3
const FAST_MPS = 11

export const racing: Trial = {
  id: 'racing',
  kind: 'racing',
  sentence: 'Five riders race through a street, later four more; a group that rides at the speed of all others, and a single fast rider, stay silent.',
  lengthMs: 46_000,
  scene: { ...motChieu, id: 'trial-racing', marks: { zones: [] }, lanterns: [...motChieu.lanterns, ...STREET_LAMPS], script },
  rule: (ground) => ({ zone: ground.zone(ZONE), countMin: RIDERS, speedMin: 3.6, holdMsMin: 500 }),
  happenings(played) {
    const inZone = isIn(played.ground.zone(ZONE))
    const fast = whoever(played, 500, (seen, frame) => seen.class === 'two_wheeler' && inZone(seen) && (groundSpeed(played, seen.id, frame) ?? 0) >= FAST_MPS)
    // Of one race are those who follow each other within four seconds.
    const runs = fast.map(({ id, span }) => ({ id, span: { fromMs: span.fromMs, toMs: span.toMs + 4000 } }))
    return groupsOf(played, runs, { least: RIDERS, nearM: Infinity, holdMs: 0 }).map(({ ids }) => {
      const spans = fast.filter(({ id }) => ids.includes(id)).map(({ span }) => span)
      return { fromMs: Math.min(...spans.map(({ fromMs }) => fromMs)), toMs: Math.max(...spans.map(({ toMs }) => toMs)), objects: ids, note: `${ids.length} race` }
    })
  },
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const group = (count: number, fromMs: number, speed: number): CastRide[] =>
    Array.from({ length: count }, (_, i) => makeRide(roll, chance, { kind: 'motorbike', path: 'with', lateral: [2.2, 3.6, 2.9][i % 3]! + between(chance, -0.1, 0.1), speed: speed + between(chance, -0.4, 0.4), arriveMs: fromMs + i * 550 + between(chance, 0, 150), riders: 1 }))
  const start = between(chance, 6000, 8000)
  const flow = makeFlow(roll, chance, { path: 'with', count: Math.round(loopMs / 3000), windows: [[0, loopMs - 500]], bikes: [-3.6, 0.6], lanes: [-1.8], speed: [5.8, 7.4] })
  return {
    phases: () => 'green', walks: [], acts: [],
    rides: [...group(5, start, 15.5), ...group(4, start + 8000, 7), ...group(1, start + 17_000, 15.5), ...group(4, start + 27_000, 15.5), ...flow],
    paths: [{ id: 'with', group: 'with', points: [[0, -14], [0, 106]] }],
  }
}
