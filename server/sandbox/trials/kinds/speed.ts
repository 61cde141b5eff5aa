import { makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { cau } from '../../scenes/places/cau.js'
import type { CastRide, Script } from '../../scenes/scene.js'
import { BRIDGE_PATHS, bridgeFlow } from '../bridge.js'
import { whoIsIn } from '../drives.js'
import type { Happening, Played, Trial } from '../trial.js'

const ZONE = [[0.2, 13], [6.9, 13], [6.9, 48], [0.2, 48]] as const
/** Between two marks of the road, measured on the spot: the lane lines and two joints of the deck. */
const RECTANGLE = [[0, 15], [7, 15], [7, 35], [0, 35]] as const
const KMH_MIN = 50
/** A camera of five frames a second tells 60 km/h within some 3: between these nobody is asked. */
const SURE_KMH = { slow: 46, fast: 55 } as const

export const speed: Trial = {
  id: 'speed',
  kind: 'speed',
  sentence: 'A car and a motorbike cross a bridge at 62 to 70 km/h; those at 25 to 43 stay silent.',
  lengthMs: 40_000,
  scene: { ...cau, id: 'trial-speed', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), ground: { corners: ground.corners(RECTANGLE), widthM: 7, lengthM: 20 }, kmhMin: KMH_MIN, use: 'statistics' }),
  happenings: (played) => played.show.script.rides.filter(({ path }) => path === 'own').flatMap((ride) => tooFast(played, ride)),
}

/** By the way on the ground from entering to leaving the zone. */
function tooFast(played: Played, { id, kind }: CastRide): readonly Happening[] {
  const inZone = played.frames.map((_, frame) => frame).filter((frame) => whoIsIn(played, frame, ZONE).includes(id))
  const [first, last] = [inZone[0], inZone.at(-1)]
  if (first === undefined || last === undefined || last - first < 5) return []
  const [a, b] = [played.show.poseAt(first, id), played.show.poseAt(last, id)]
  const kmh = a && b ? ((b.z - a.z) / ((last - first) * played.frameMs)) * 3600 : 0
  return kmh >= SURE_KMH.slow ? [{ fromMs: first * played.frameMs, toMs: last * played.frameMs, objects: [id], note: `a ${kind} at ${Math.round(kmh)} km/h`, unsure: kmh < SURE_KMH.fast }] : []
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const drives = (kind: CastRide['kind'], kmh: number, lateral: number, arriveMs: number) => makeRide(roll, chance, { kind, path: 'own', lateral, speed: kmh / 3.6, arriveMs })
  const rides = [
    drives('sedan', between(chance, 63, 70), 2, between(chance, 5000, 9000)), drives('motorbike', between(chance, 62, 66), 3.6, between(chance, 22_000, 26_000)),
    drives('suv', 42, 2, between(chance, 15_000, 18_000)), drives('motorbike', 43, 3.6, between(chance, 30_000, 33_000)),
  ]
  const own = bridgeFlow(roll, chance, { path: 'own', everyMs: 6000, loopMs, bikes: [4.7, 6.2], lanes: [5.3], speed: [7, 10] })
  const oncoming = bridgeFlow(roll, chance, { path: 'oncoming', everyMs: 5000, loopMs })
  return { phases: () => 'green', rides: [...rides, ...own, ...oncoming], walks: [], acts: [], paths: BRIDGE_PATHS }
}
