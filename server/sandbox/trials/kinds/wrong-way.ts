import { makeFlow, makeRide, makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { motChieu } from '../../scenes/places/mot-chieu.js'
import type { Script } from '../../scenes/scene.js'
import { PAVEMENT_LEVEL } from '../../scenes/show.js'
import { isInside, feetOf } from '../../scenes/truth.js'
import { sightings } from '../measure.js'
import type { Happening, Played, Trial } from '../trial.js'

const ZONE = [[-4.9, 11], [4.9, 11], [4.9, 45], [-4.9, 45]] as const
/** So far against the traffic, in metres, before anybody would call it that. */
const AGAINST_M = 6

export const wrongWay: Trial = {
  id: 'wrong_way',
  kind: 'wrong_way',
  sentence: 'Two motorbikes come against a one-way street, one along each kerb; who drives with it, who crosses it, and people who walk towards the camera stay silent.',
  lengthMs: 45_000,
  scene: { ...motChieu, id: 'trial-wrong-way', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), allowed: ground.way([0, 24], [0, 1]), holdMsMin: 800 }),
  happenings: (played) => played.show.script.rides.flatMap(({ id, kind }) => against(played, id, kind)),
}

function against(played: Played, id: number, kind: string): readonly Happening[] {
  const zone = played.ground.zone(ZONE).map(({ x, y }) => [x, y] as const)
  const inZone = sightings(played, id).filter(({ seen }) => isInside(zone, feetOf(seen.box)))
  const [first, last] = [inZone[0], inZone.at(-1)]
  const z = (atMs: number) => played.show.poseAt(Math.round(atMs / played.frameMs), id)?.z ?? 0
  if (!first || !last || z(first.atMs) - z(last.atMs) < AGAINST_M) return []
  return [{ fromMs: first.atMs, toMs: last.atMs, objects: [id], note: `a ${kind} comes ${(z(first.atMs) - z(last.atMs)).toFixed(0)} m against the traffic` }]
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const comes = (arriveMs: number, lateral: number) => makeRide(roll, chance, { kind: 'motorbike', path: 'against', lateral, speed: between(chance, 5.4, 6.4), arriveMs, riders: 1 })
  const crosses = makeRide(roll, chance, { kind: 'motorbike', path: 'across', lateral: 0, speed: 3.5, arriveMs: between(chance, 14_000, 18_000), riders: 1 })
  const flow = makeFlow(roll, chance, { path: 'with', count: Math.round(loopMs / 3400), windows: [[0, loopMs - 500]], bikes: [-2.4, 2.8], lanes: [-1.4, 1.8], speed: [6.2, 8.5] })
  const walks = [-1, 1, 1].map((side, i) => {
    const x = side * between(chance, 5.5, 6.1)
    return makeWalk(roll, chance, { startMs: i * 12_000 + chance() * 5000, level: PAVEMENT_LEVEL, stops: [{ x, z: 48 }, { x, z: 8 }] })
  })
  return {
    phases: () => 'green', rides: [comes(between(chance, 0, 2500), 4.3), comes(between(chance, 16_000, 20_000), -4.2), crosses, ...flow], walks, acts: [],
    paths: [
      { id: 'with', group: 'with', points: [[0, -14], [0, 106]] },
      { id: 'against', group: 'against', points: [[0, 70], [0, -14]] },
      { id: 'across', group: 'across', points: [[-9, 20], [-4, 21], [4, 24], [9, 25]] },
    ],
  }
}
