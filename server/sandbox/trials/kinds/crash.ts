import { inLoop, makeFlow, makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { ngaTu } from '../../scenes/places/nga-tu.js'
import type { Script } from '../../scenes/scene.js'
import { CROSS_PATHS, OWN_PATH } from '../junction.js'
import { groundSpeed } from '../drives.js'
import type { Happening, Played, Trial } from '../trial.js'

const ZONE = [[-9, 12], [14, 12], [14, 34], [-12, 34]] as const
const STILL_MS = 5000
/** Metres a second that nobody brakes away in one frame. */
const HIT_SPEED = 4

export const crash: Trial = {
  id: 'crash',
  kind: 'crash',
  sentence: 'A motorbike runs at speed into the back of a car that stands on a junction, and both stay; who stops behind them in time, and who queues at the light, stays silent.',
  lengthMs: 40_000,
  scene: { ...ngaTu, id: 'trial-crash', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), stillMsMin: STILL_MS }),
  happenings: (played) => played.show.script.rides.filter((ride) => ride.crash).flatMap(({ id }) => collision(played, id)),
}

/** From the frame in which it lost its speed at once, with whoever it stands at. */
function collision(played: Played, id: number): readonly Happening[] {
  const { show, frames, frameMs } = played
  const hit = frames.findIndex((_, frame) => (groundSpeed(played, id, frame - 1) ?? 0) >= HIT_SPEED && groundSpeed(played, id, frame + 1) === 0)
  const at = show.poseAt(hit + 1, id)
  if (hit < 0 || !at) return []
  const gap = (other: number) => {
    const pose = show.poseAt(hit + 1, other)
    return pose ? Math.hypot(pose.x - at.x, pose.z - at.z) : Infinity
  }
  const other = show.script.rides.filter((ride) => ride.id !== id && gap(ride.id) < 5).toSorted((a, b) => gap(a.id) - gap(b.id))[0]
  const still = frames.findIndex((_, frame) => frame > hit + 1 && (groundSpeed(played, id, frame) ?? 1) > 0)
  const toMs = ((still < 0 ? frames.length : still) - 1) * frameMs
  return other ? [{ fromMs: hit * frameMs, toMs, objects: [id, other.id], note: `runs into a ${other.kind}`, unsure: toMs - hit * frameMs < STILL_MS + 3000 }] : []
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const lateral = 2.4
  const hitAt = between(chance, 12_000, 15_000)
  const car = makeRide(roll, chance, { kind: chance() < 0.5 ? 'sedan' : 'hatch', path: 'rightward', lateral, speed: 8, arriveMs: inLoop(hitAt - 20_000, loopMs), halt: { at: 65 + between(chance, -1, 2), dwellMs: 49_000, lateral } })
  const bike = makeRide(roll, chance, { kind: 'motorbike', path: 'rightward', lateral, speed: 9, arriveMs: hitAt - 6700, crash: { stayMs: 40_000 }, riders: 1 })
  // Stops behind the two in time.
  const gentle = makeRide(roll, chance, { kind: 'sedan', path: 'rightward', lateral, speed: 7, arriveMs: hitAt - 3000 })
  const rightward = makeFlow(roll, chance, { path: 'rightward', count: 12, windows: [[0, 60_000]], bikes: [3.9, 5], lanes: [4.8], speed: [7, 8.5], mix: [['motorbike', 1]] })
  const leftward = makeFlow(roll, chance, { path: 'leftward', count: 14, windows: [[0, 70_000]], bikes: [0.6, 5], lanes: [1.6, 4.4], speed: [7, 8.5] })
  const own = makeFlow(roll, chance, { path: 'own', count: 7, windows: [[0, 36_000]], bikes: [0.9, 5.8], lanes: [1.9, 4.6], speed: [7, 9] })
  // Own traffic is let through long after, when the junction is free again.
  const phases: Script['phases'] = (approach, atMs) => (approach === 'own' ? (atMs >= 92_000 && atMs < 112_000 ? 'green' : 'red') : atMs >= 84_000 && atMs < 116_000 ? 'red' : 'green')
  return { phases, rides: [car, bike, gentle, ...rightward, ...leftward, ...own], walks: [], acts: [], paths: [OWN_PATH, ...CROSS_PATHS] }
}
