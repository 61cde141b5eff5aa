import { inLoop, makeFlow, makeRide, makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { camDung } from '../../scenes/places/cam-dung.js'
import type { CastRide, Script } from '../../scenes/scene.js'
import { PAVEMENT_LEVEL } from '../../scenes/show.js'
import { whileStanding } from '../drives.js'
import type { Trial } from '../trial.js'

const START_Z = -10
const ZONE = [[4.5, 16.5], [7, 16.5], [7, 29], [4.5, 29]] as const
/** Somebody would set minutes; shortened to fit the clip. */
const DWELL_MS = 10_000
const KERB = 5.75

export const illegalStop: Trial = {
  id: 'illegal_stop',
  kind: 'illegal_stop',
  sentence: 'A car, then a motorbike stop at a no-stopping kerb for a quarter of a minute; a taxi that stops there for five seconds, and a car that stands across the road, stay silent.',
  lengthMs: 54_000,
  scene: { ...camDung, id: 'trial-illegal-stop', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), dwellMsMin: DWELL_MS }),
  happenings(played) {
    const zone = played.ground.zone(ZONE)
    return played.show.script.rides.flatMap(({ id, kind }) => {
      const span = whileStanding(played, id, zone)
      // Between five and eleven seconds a camera of five frames a second could say one thing or the other.
      return span && span.toMs - span.fromMs >= DWELL_MS - 3000 ? [{ ...span, objects: [id], note: `a ${kind} stands ${Math.round((span.toMs - span.fromMs) / 1000)} s at the kerb`, unsure: span.toMs - span.fromMs < DWELL_MS + 1500 }] : []
    })
  },
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  /** Comes to stand with its middle about there, from about then. */
  const stops = (kind: CastRide['kind'], path: string, along: number, fromMs: number, dwellMs: number) => makeRide(roll, chance, { kind, path, lateral: 4.2, speed: 7.5, arriveMs: inLoop(fromMs - (along / 7.5 + 2) * 1000, loopMs), halt: { at: along, dwellMs, lateral: KERB } })
  const rides = [
    stops(chance() < 0.5 ? 'hatch' : 'sedan', 'own', 22 - START_Z + between(chance, -1, 1), between(chance, 6000, 7000), 15_500), stops('taxi', 'own', 20 - START_Z, 27_500, 5000),
    stops('motorbike', 'own', 21 - START_Z + between(chance, -1, 1), 36_500, 14_000), stops('suv', 'oncoming', 120 - 45, 8000, 20_000),
  ]
  const own = makeFlow(roll, chance, { path: 'own', count: Math.round(loopMs / 4600), windows: [[0, loopMs - 500]], bikes: [0.9, 2.9], lanes: [1.7], speed: [7, 9] })
  const oncoming = makeFlow(roll, chance, { path: 'oncoming', count: Math.round(loopMs / 5600), windows: [[0, loopMs - 500]], bikes: [1.3, 2.9], lanes: [2.1], speed: [7, 9] })
  const walks = Array.from({ length: Math.round(loopMs / 20_000) }, (_, i) => {
    const x = between(chance, 8.4, 9.4)
    const stops = [{ x, z: 70 }, { x, z: 9 }]
    return makeWalk(roll, chance, { startMs: i * 20_000 + chance() * 9000, level: PAVEMENT_LEVEL, stops: i % 2 ? stops : stops.toReversed() })
  })
  return {
    phases: () => 'green', rides: [...rides, ...own, ...oncoming], walks, acts: [],
    paths: [
      { id: 'own', group: 'own', points: [[0, START_Z], [0, 120]] },
      { id: 'oncoming', group: 'oncoming', points: [[0, 120], [0, START_Z]] },
    ],
  }
}
