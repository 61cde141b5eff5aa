import { makeFlow, makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { motChieu } from '../../scenes/places/mot-chieu.js'
import type { Script } from '../../scenes/scene.js'
import { whileIn } from '../measure.js'
import type { Trial } from '../trial.js'

/** A two-way street: one motorbike comes, turns round between the lanes and leaves where it came from. */
const ZONE = [[-4.9, 11], [4.9, 11], [4.9, 48], [-4.9, 48]] as const
const TURN_Z = 24

export const uTurn: Trial = {
  id: 'u_turn',
  kind: 'u_turn',
  sentence: 'A motorbike turns round in a two-way street; others pass both ways and stay silent.',
  lengthMs: 40_000,
  scene: { ...motChieu, id: 'trial-u-turn', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), turnDegMin: 150 }),
  happenings(played) {
    const turner = played.show.script.rides.find((ride) => ride.path === 'turn')
    const span = turner && whileIn(played, turner.id, played.ground.zone(ZONE))
    return span ? [{ ...span, objects: [turner.id], note: 'turns round in front of the camera' }] : []
  },
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const turnZ = TURN_Z + between(chance, -4, 4)
  const turner = makeRide(roll, chance, { kind: 'motorbike', path: 'turn', lateral: 0, speed: between(chance, 3.6, 4.6), arriveMs: between(chance, 6000, 9000), riders: 1 })
  const flow = (path: string) => makeFlow(roll, chance, { path, count: Math.round(loopMs / 6000), windows: [[0, loopMs - 500]], bikes: [2.6, 4.2], lanes: [3.4], speed: [6, 8.5] })
  return {
    phases: () => 'green', walks: [], acts: [],
    rides: [turner, ...flow('away'), ...flow('near')],
    paths: [
      { id: 'away', group: 'away', points: [[0, -14], [0, 106]] },
      { id: 'near', group: 'near', points: [[0, 106], [0, -14]] },
      { id: 'turn', group: 'turn', points: [[-1.2, 80], [-1.2, turnZ + 3], [-0.8, turnZ + 1], [0.2, turnZ], [1.2, turnZ + 1], [1.5, turnZ + 3], [1.5, 100]] },
    ],
  }
}
