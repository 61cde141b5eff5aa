import { inLoop, LIGHT_MIX, makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { cau } from '../../scenes/places/cau.js'
import type { CastRide, Script } from '../../scenes/scene.js'
import { BRIDGE_PATHS, bridgeFlow, bridgeWalkers, oncomingAlong, ownAlong } from '../bridge.js'
import { groundSpeed, whileStanding } from '../drives.js'
import type { Happening, Played, Trial } from '../trial.js'

const ZONE = [[-6.9, 13], [6.9, 13], [6.9, 45], [-6.9, 45]] as const
/** Somebody would set minutes and ten passers; shortened to fit the clip. */
const DWELL_MS = 12_000
const PASSERS_MIN = 3

export const stalledVehicle: Trial = {
  id: 'stalled_vehicle',
  kind: 'stalled_vehicle',
  sentence: 'A car stands in a running lane of a bridge and is passed for half a minute; two cars that stand one behind the other as in a queue, and one that stops for five seconds, stay silent.',
  lengthMs: 52_000,
  scene: { ...cau, id: 'trial-stalled-vehicle', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), dwellMsMin: DWELL_MS, passersMin: PASSERS_MIN }),
  happenings: (played) => played.show.script.rides.flatMap((ride) => stalled(played, ride)),
}

function stalled(played: Played, ride: CastRide): readonly Happening[] {
  const { show, ground, frameMs } = played
  const span = whileStanding(played, ride.id, ground.zone(ZONE))
  const frame = (atMs: number) => Math.round(atMs / frameMs)
  const place = span ? show.poseAt(frame(span.fromMs), ride.id)?.z : undefined
  if (!span || place === undefined || span.toMs - span.fromMs < DWELL_MS - 3000) return []
  const others = show.script.rides.filter(({ id, path }) => id !== ride.id && path === ride.path)
  const meanwhile = (id: number) => Array.from({ length: frame(span.toMs) - frame(span.fromMs) + 1 }, (_, i) => show.poseAt(frame(span.fromMs) + i, id)?.z).filter((z) => z !== undefined)
  const passers = others.filter(({ id }) => meanwhile(id).some((z) => z < place - 3) && meanwhile(id).some((z) => z > place + 3))
  const standsWithIt = ({ id }: CastRide) => played.frames.some((_, at) => at > frame(span.fromMs) + 25 && at < frame(span.toMs) - 25 && Math.abs((show.poseAt(at, id)?.z ?? 1e9) - place) < 8 && (groundSpeed(played, id, at) ?? 1) < 0.1)
  if (others.some(standsWithIt)) return []
  return [{ ...span, objects: [ride.id], note: `a ${ride.kind} stands ${Math.round((span.toMs - span.fromMs) / 1000)} s in its lane`, unsure: span.toMs - span.fromMs < DWELL_MS + 3000 || passers.length <= PASSERS_MIN + 1 }]
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const stops = (kind: CastRide['kind'], path: string, lateral: number, along: number, fromMs: number, dwellMs: number) => makeRide(roll, chance, { kind, path, lateral, speed: 8, arriveMs: inLoop(fromMs - (along / 8 + 2) * 1000, loopMs), halt: { at: along, dwellMs, lateral } })
  const queueAt = between(chance, 9000, 11_000)
  const rides = [
    stops(chance() < 0.5 ? 'sedan' : 'suv', 'own', 2.2, ownAlong(25 + between(chance, -2, 2)), between(chance, 7000, 10_000), 32_000),
    // One behind the other along the far kerb: they wait for something.
    stops('hatch', 'oncoming', 5.6, oncomingAlong(22), queueAt, 22_000), stops('sedan', 'oncoming', 5.6, oncomingAlong(28), queueAt + 600, 22_500),
    stops('taxi', 'oncoming', 1.4, oncomingAlong(26), 36_000, 4500),
  ]
  const flows = [
    ...bridgeFlow(roll, chance, { path: 'own', everyMs: 3500, loopMs, bikes: [3.9, 6.2], lanes: [5.2], speed: [7, 9] }),
    ...bridgeFlow(roll, chance, { path: 'oncoming', everyMs: 4500, loopMs, bikes: [2.6, 4.3], lanes: [3.4], speed: [7, 9], mix: LIGHT_MIX }),
  ]
  return { phases: () => 'green', rides: [...rides, ...flows], walks: bridgeWalkers(roll, chance, loopMs), acts: [], paths: BRIDGE_PATHS }
}
