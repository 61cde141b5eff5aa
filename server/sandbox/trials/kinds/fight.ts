import { makeRoll, makeWalk, type Roll } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { quangTruong } from '../../scenes/places/quang-truong.js'
import type { Script } from '../../scenes/scene.js'
import { STEP_PHASES } from '../../scenes/people.js'
import { PAVEMENT_LEVEL, TIMELINE_MS_MIN } from '../../scenes/show.js'
import { walkAt, type Walk } from '../../scenes/walks.js'
import { groupsOf, isIn, whoever } from '../conduct.js'
import type { Trial } from '../trial.js'

/** Part of a square near the camera: farther off nobody could tell a fight from an embrace. */
const ZONE = [[-6, 14.5], [6, 14.5], [7, 23], [-7, 23]] as const
const HOLD_MS = 3000

export const fight: Trial = {
  id: 'fight',
  kind: 'fight',
  sentence: 'Two people fight, later three; two who talk, two who embrace, one who waves his arms alone and who walks together stay silent.',
  lengthMs: 46_000,
  scene: { ...quangTruong, id: 'trial-fight', marks: { zones: [] }, script, lanterns: [...quangTruong.lanterns, { at: [0, 10, 12], colour: [1.1, 0.95, 0.75], reachM: 11 }] },
  rule: (ground) => ({ zone: ground.zone(ZONE, PAVEMENT_LEVEL), holdMsMin: HOLD_MS }),
  happenings(played) {
    const inZone = isIn(played.ground.zone(ZONE, PAVEMENT_LEVEL))
    const walks = new Map(played.show.script.walks.map((walk) => [walk.id, walk]))
    const struggles = whoever(played, HOLD_MS, (seen, frame) => {
      const walk = walks.get(seen.id)
      return walk !== undefined && inZone(seen) && (walkAt(walk, frame * played.frameMs, TIMELINE_MS_MIN)?.phase ?? 0) >= STEP_PHASES
    })
    return groupsOf(played, struggles, { least: 2, nearM: 1.6, holdMs: HOLD_MS }).map(({ ids, span }) => ({ ...span, objects: ids, note: `${ids.length} fight` }))
  },
}

interface Meeting {
  readonly at: { readonly x: number; readonly z: number }
  readonly startMs: number
  readonly restMs: number
  readonly people: number
  readonly apartM: number
  readonly struggles?: boolean
}

/** They come from the left, are together for a while and leave to the right. */
function meet(roll: Roll, chance: Chance, { at, startMs, restMs, people, apartM, struggles = false }: Meeting): Walk[] {
  return Array.from({ length: people }, (_, i) => {
    const x = at.x + (i - (people - 1) / 2) * apartM
    return makeWalk(roll, chance, { startMs: startMs + i * 300, level: PAVEMENT_LEVEL, pace: 1.4, stops: [{ x: x - 7, z: at.z + 1.5 }, { x, z: at.z, restMs, facing: i < people / 2 ? Math.PI / 2 : -Math.PI / 2, struggles }, { x: x + 9, z: at.z + 3 }] })
  })
}

function script(chance: () => number): Script {
  const roll = makeRoll()
  const z = (): number => between(chance, 15.6, 17)
  const walks = [
    ...meet(roll, chance, { at: { x: between(chance, -0.5, 0.5), z: z() }, startMs: 2000, restMs: 9000, people: 2, apartM: 1.3, struggles: true }),
    ...meet(roll, chance, { at: { x: -3.4, z: 21 }, startMs: 500, restMs: 18_000, people: 2, apartM: 0.8 }),
    ...meet(roll, chance, { at: { x: 2.5, z: 20.5 }, startMs: 16_000, restMs: 2500, people: 2, apartM: 0.4 }),
    ...meet(roll, chance, { at: { x: -2, z: 17 }, startMs: 20_000, restMs: 5000, people: 1, apartM: 0, struggles: true }),
    ...meet(roll, chance, { at: { x: between(chance, 0, 1), z: z() }, startMs: 29_000, restMs: 8000, people: 3, apartM: 0.95, struggles: true }),
  ]
  const together = [0, 1].map((i) => makeWalk(roll, chance, { startMs: 18_000 + i * 200, level: PAVEMENT_LEVEL, pace: 1.3, stops: [{ x: 14, z: 15.6 + i * 0.7 }, { x: -14, z: 15.8 + i * 0.7 }] }))
  return { phases: () => 'green', rides: [], walks: [...walks, ...together], paths: [], acts: [] }
}
