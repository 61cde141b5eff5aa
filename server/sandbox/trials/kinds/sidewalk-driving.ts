import { makeFlow, makeRide, makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { motChieu } from '../../scenes/places/mot-chieu.js'
import type { Script } from '../../scenes/scene.js'
import { PAVEMENT_LEVEL } from '../../scenes/show.js'
import { feetOf, isInside } from '../../scenes/truth.js'
import { sightings } from '../measure.js'
import type { Happening, Played, Trial } from '../trial.js'

/** The left pavement, a little inside its kerb. */
const ZONE = [[-8.1, 11.5], [-5.2, 11.5], [-5.2, 44], [-8.1, 44]] as const
/** Metres along it before anybody would say that he drives on it; three sizes of a motorbike as the camera sees them are some nine. */
const ALONG_M = 12

export const sidewalkDriving: Trial = {
  id: 'sidewalk_driving',
  kind: 'sidewalk_driving',
  sentence: 'Two motorbikes ride along the pavement; one that crosses it into a house, those along the kerb on the road and people on foot stay silent.',
  lengthMs: 45_000,
  // No tree in their way.
  scene: { ...motChieu, id: 'trial-sidewalk-driving', trees: motChieu.trees.filter(({ x }) => x > 0), marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE, PAVEMENT_LEVEL), travelledMin: 3 }),
  happenings: (played) => played.show.script.rides.flatMap(({ id }) => alongPavement(played, id)),
}

function alongPavement(played: Played, id: number): readonly Happening[] {
  const zone = played.ground.zone(ZONE, PAVEMENT_LEVEL).map(({ x, y }) => [x, y] as const)
  const onIt = sightings(played, id).filter(({ seen }) => isInside(zone, feetOf(seen.box)))
  const [first, last] = [onIt[0], onIt.at(-1)]
  const z = (atMs: number) => played.show.poseAt(Math.round(atMs / played.frameMs), id)?.z ?? 0
  if (!first || !last || Math.abs(z(last.atMs) - z(first.atMs)) < ALONG_M) return []
  return [{ fromMs: first.atMs, toMs: last.atMs, objects: [id], note: `rides ${Math.abs(z(last.atMs) - z(first.atMs)).toFixed(0)} m along the pavement` }]
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const rides = (path: string, arriveMs: number, speed: number, level = PAVEMENT_LEVEL) => makeRide(roll, chance, { kind: 'motorbike', path, lateral: 0, speed, arriveMs, level, riders: 1 })
  const onPavement = [rides('pavement', between(chance, 3000, 7000), between(chance, 3.5, 4.5)), rides('pavement-back', between(chance, 14_000, 18_000), between(chance, 3.5, 4.5))]
  const home = rides('home', between(chance, 16_000, 20_000), 2.5)
  const kerb = makeFlow(roll, chance, { path: 'with', count: Math.round(loopMs / 6000), windows: [[0, loopMs - 500]], bikes: [-4.5, -3.9], lanes: [-1.5], speed: [5.5, 7], mix: [['motorbike', 1]] })
  const flow = makeFlow(roll, chance, { path: 'with', count: Math.round(loopMs / 5000), windows: [[0, loopMs - 500]], bikes: [-2, 4], lanes: [-1.5, 2.4], speed: [6, 8.5] })
  const walks = Array.from({ length: Math.round(loopMs / 12_000) }, (_, i) => {
    const x = i % 3 === 0 ? between(chance, 5.6, 6.1) : between(chance, -7.8, -6.9)
    const stops = [{ x, z: 46 }, { x, z: 8 }]
    return makeWalk(roll, chance, { startMs: i * 12_000 + chance() * 6000, level: PAVEMENT_LEVEL, stops: chance() < 0.5 ? stops : stops.toReversed() })
  })
  return {
    phases: () => 'green', rides: [...onPavement, home, ...kerb, ...flow], walks, acts: [],
    paths: [
      { id: 'with', group: 'with', points: [[0, -14], [0, 106]] },
      { id: 'pavement', group: 'pavement', points: [[-6.1, 2], [-6.1, 60]] },
      { id: 'pavement-back', group: 'pavement', points: [[-6.2, 60], [-6.2, 2]] },
      { id: 'home', group: 'home', points: [[-4.4, -10], [-4.4, 24], [-5.4, 27], [-8.6, 28.6]] },
    ],
  }
}
