import { makeRide, makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { benKho } from '../../scenes/places/ben-kho.js'
import type { Script } from '../../scenes/scene.js'
import { isIn, whoever } from '../conduct.js'
import type { Trial } from '../trial.js'

/** A closed yard beside a lane. A post would set seconds, as here: whoever steps over the edge by mistake is out at once. */
const ZONE = [[2.2, 13.5], [9.5, 13.5], [11.5, 28], [2.2, 28]] as const
const DWELL_MS = 3000

export const intrusion: Trial = {
  id: 'intrusion',
  kind: 'intrusion',
  sentence: 'A person walks into a closed yard and looks about, later a motorbike rides in and stops; who walks along its edge, or steps over it for a moment, stays silent.',
  lengthMs: 54_000,
  scene: { ...benKho, id: 'trial-intrusion', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), dwellMsMin: DWELL_MS }),
  happenings: (played) => whoever(played, DWELL_MS, isIn(played.ground.zone(ZONE))).map(({ id, span }) => ({ ...span, objects: [id], note: 'is in the closed yard' })),
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const depth = between(chance, 18, 22)
  const intruder = makeWalk(roll, chance, {
    startMs: between(chance, 1000, 3000), level: 0, pace: 1.25,
    stops: [{ x: -3, z: 36 }, { x: -0.6, z: 30 }, { x: -0.2, z: 24 }, { x: 5.4, z: depth, restMs: 4000, facing: 1.3 }, { x: 7.6, z: depth - 2, restMs: 3000, facing: 0.5 }, { x: -0.4, z: 22.5 }, { x: -3.2, z: 30 }, { x: -5.4, z: 56 }],
  })
  const along = makeWalk(roll, chance, { startMs: between(chance, 9000, 13_000), level: 0, stops: [{ x: 0.8, z: 44 }, { x: 0.9, z: 30 }, { x: 0.9, z: 13 }, { x: -1, z: 7 }] })
  const stray = makeWalk(roll, chance, { startMs: between(chance, 30_000, 33_000), level: 0, pace: 1.4, stops: [{ x: -2, z: 8 }, { x: 0.4, z: 15 }, { x: 2.9, z: 17.5 }, { x: 0.4, z: 20 }, { x: -1, z: 42 }] })
  const rides = Array.from({ length: Math.round(loopMs / 15_000) }, (_, i) => makeRide(roll, chance, { kind: i % 4 === 1 ? 'truck' : 'motorbike', path: i % 2 ? 'away' : 'towards', lateral: i % 2 ? 1.6 : 1.2, speed: between(chance, 4.5, 6), arriveMs: i * 15_000 + chance() * 9000 }))
  const rider = makeRide(roll, chance, { kind: 'motorbike', path: 'yard', lateral: 0, speed: 4, arriveMs: between(chance, 34_500, 36_000), riders: 1, halt: { at: 34.5, dwellMs: 4000, lateral: 0 } })
  const walks = Array.from({ length: Math.round(loopMs / 20_000) }, (_, i) => {
    const x = between(chance, -11, -8.4)
    return makeWalk(roll, chance, { startMs: i * 20_000 + chance() * 9000, level: 0.14, stops: i % 2 ? [{ x, z: 60 }, { x, z: 7 }] : [{ x, z: 7 }, { x, z: 60 }] })
  })
  return {
    phases: () => 'green', rides: [...rides, rider], walks: [intruder, along, stray, ...walks], acts: [],
    paths: [
      { id: 'away', group: 'away', points: [[-4.2, -10], [-4.2, 90]] },
      { id: 'towards', group: 'towards', points: [[-4.2, 90], [-4.2, -10]] },
      { id: 'yard', group: 'yard', points: [[-1.5, -10], [-1.2, 12], [0.5, 15.5], [4.2, 18], [6, 21], [5, 24.5], [2, 26.5], [-2, 31], [-3, 36], [-3, 90]] },
    ],
  }
}
