import { makeFlow, makeRide, makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { motChieu } from '../../scenes/places/mot-chieu.js'
import type { CastRide, Script } from '../../scenes/scene.js'
import { groupsOf, isIn, whoever } from '../conduct.js'
import { groundSpeed } from '../drives.js'
import { STREET_LAMPS } from '../lamps.js'
import type { Trial } from '../trial.js'

/** A carriageway. In service the time would be longer than the longest red of the place; here there is no signal. */
const ZONE = [[-4.9, 12], [4.9, 12], [4.9, 40], [-4.9, 40]] as const
const HOLD_MS = 15_000
const STILL_MPS = 0.3

export const roadGathering: Trial = {
  id: 'road_gathering',
  kind: 'road_gathering',
  sentence: 'Three riders and two people stand together on a carriageway for half a minute; two who stop, three who stop for some seconds, who crosses and who passes stay silent.',
  lengthMs: 52_000,
  scene: { ...motChieu, id: 'trial-road-gathering', marks: { zones: [] }, lanterns: [...motChieu.lanterns, ...STREET_LAMPS], script },
  rule: (ground) => ({ zone: ground.zone(ZONE), countMin: 3, holdMsMin: HOLD_MS }),
  happenings(played) {
    const inZone = isIn(played.ground.zone(ZONE))
    const stands = whoever(played, 3000, (seen, frame) => (seen.class === 'person' || seen.class === 'two_wheeler') && inZone(seen) && (groundSpeed(played, seen.id, frame) ?? 0) < STILL_MPS)
    return groupsOf(played, stands, { least: 3, nearM: 5, holdMs: HOLD_MS }).map(({ ids, span }) => ({ ...span, objects: ids, note: `${ids.length} stand together on the carriageway` }))
  },
}

const START_Z = -14

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const stop = (x: number, z: number, arriveMs: number, dwellMs: number): CastRide => makeRide(roll, chance, { kind: 'motorbike', path: 'with', lateral: x, speed: 6, arriveMs, riders: 1, halt: { at: z - START_Z, dwellMs, lateral: x } })
  const z = between(chance, 17.5, 19.5)
  const come = between(chance, 500, 2000)
  const group = [stop(2.4, z, come, 28_000), stop(3.4, z - 0.7, come + 900, 27_500), stop(4.4, z + 0.4, come + 1800, 26_500)]
  const pair = [stop(-4.3, 34, come + 3000, 22_000), stop(-4.3, 31, come + 6000, 20_000)]
  const brief = [stop(2.4, 24, 36_500, 4500), stop(3.4, 23.6, 37_000, 4500), stop(4.4, 24.2, 37_400, 4500)]
  const flow = makeFlow(roll, chance, { path: 'with', count: Math.round(loopMs / 3500), windows: [[0, loopMs - 500]], bikes: [-2.9, -0.4], lanes: [-1.8], speed: [6.2, 8.5] })
  const talks = [0, 1].map((i) => makeWalk(roll, chance, { startMs: 3000 + i * 700, level: 0, stops: [{ x: 6.6, z: z + 4 }, { x: 3 + i * 0.9, z: z + 2, restMs: 22_000, facing: Math.PI }, { x: 6.6, z: z + 6 }] }))
  const crosses = makeWalk(roll, chance, { startMs: between(chance, 12_000, 20_000), level: 0, pace: 1.4, stops: [{ x: 7, z: 27 }, { x: -7, z: 27.5 }] })
  return { phases: () => 'green', rides: [...group, ...pair, ...brief, ...flow], walks: [...talks, crosses], acts: [], paths: [{ id: 'with', group: 'with', points: [[0, START_Z], [0, 106]] }] }
}
