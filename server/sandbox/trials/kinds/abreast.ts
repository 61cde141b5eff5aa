import { makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { cau } from '../../scenes/places/cau.js'
import type { Script } from '../../scenes/scene.js'
import { feetOf, isInside } from '../../scenes/truth.js'
import { BRIDGE_PATHS, bridgeFlow, bridgeWalkers } from '../bridge.js'
import { stretches } from '../drives.js'
import type { Played, Trial } from '../trial.js'

const ZONE = [[0.6, 13], [6.9, 13], [6.9, 50], [0.6, 50]] as const
const HOLD_MS = 4000
/** Level for a person: less than half a machine ahead or behind. */
const LEVEL_M = 1

export const abreast: Trial = {
  id: 'abreast',
  kind: 'abreast',
  sentence: 'Three motorbikes ride side by side over a bridge; two that do, three of which one rides ahead, and three that meet for a moment stay silent.',
  lengthMs: 50_000,
  scene: { ...cau, id: 'trial-abreast', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), direction: ground.way([3.6, 26], [0, 1]), countMin: 3, holdMsMin: HOLD_MS }),
  happenings(played) {
    const groups = new Map<string, number[]>()
    for (const ride of played.show.script.rides.filter(({ path }) => path.startsWith('group'))) groups.set(ride.path, [...(groups.get(ride.path) ?? []), ride.id])
    return [...groups.values()].filter((ids) => ids.length >= 3).flatMap((ids) => stretches(played, (frame) => ids.every((id) => isInZone(played, id, frame)) && isLevel(played, ids, frame), HOLD_MS).map((span) => ({ ...span, objects: ids, note: 'three ride side by side', unsure: span.toMs - span.fromMs < HOLD_MS + 1000 })))
  },
}

function isInZone({ ground, frames }: Played, id: number, frame: number): boolean {
  const seen = frames[frame]?.find((one) => one.id === id)
  return seen !== undefined && isInside(ground.zone(ZONE).map(({ x, y }) => [x, y] as const), feetOf(seen.box))
}

function isLevel({ show }: Played, ids: readonly number[], frame: number): boolean {
  const zs = ids.map((id) => show.poseAt(frame, id)?.z ?? NaN)
  return Math.max(...zs) - Math.min(...zs) < LEVEL_M
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const lateral = between(chance, 2.4, 2.9)
  const rider = (path: string, place: number, arriveMs: number, speed: number) => makeRide(roll, chance, { kind: 'motorbike', path, lateral: lateral + place * 1.25, speed, arriveMs, riders: 1 })
  const pace = between(chance, 4.9, 5.4)
  const [row, pair, wedge, meet] = [between(chance, 500, 2500), 12_500, 19_500, 28_500]
  const rides = [
    ...[0, 1, 2].map((place) => rider('group-row', place, row + between(chance, 0, 60), pace)),
    ...[0, 1].map((place) => rider('group-pair', place, pair, pace)),
    ...[0, 1, 2].map((place) => rider('group-wedge', place, wedge + (place === 1 ? 0 : 600), pace)),
    // They leave one after the other and meet at about 30 m, for a second or so.
    rider('group-meet', 0, meet, 4.4), rider('group-meet', 1, meet + 1870, 5.4), rider('group-meet', 2, meet + 3600, 6.8),
  ]
  const oncoming = bridgeFlow(roll, chance, { path: 'oncoming', everyMs: 5000, loopMs })
  return { phases: () => 'green', rides: [...rides, ...oncoming], walks: bridgeWalkers(roll, chance, loopMs), acts: [], paths: [...BRIDGE_PATHS, ...['row', 'pair', 'wedge', 'meet'].map((name) => ({ ...BRIDGE_PATHS[0]!, id: `group-${name}`, group: 'own' }))] }
}
