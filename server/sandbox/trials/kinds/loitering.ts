import { makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { quangTruong } from '../../scenes/places/quang-truong.js'
import type { Script } from '../../scenes/scene.js'
import { PAVEMENT_LEVEL } from '../../scenes/show.js'
import { whileIn } from '../measure.js'
import type { Trial } from '../trial.js'

/** A square: one person walks up and down in it for half a minute, others cross it. */
const ZONE = [[-6, 15], [6, 15], [7, 27], [-7, 27]] as const
const DWELL_MS = 15_000

export const loitering: Trial = {
  id: 'loitering',
  kind: 'loitering',
  sentence: 'A person walks up and down in a square for half a minute; others who cross it stay silent.',
  lengthMs: 50_000,
  scene: { ...quangTruong, id: 'trial-loitering', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE, PAVEMENT_LEVEL), dwellMsMin: DWELL_MS }),
  happenings(played) {
    const stays = played.show.script.walks[0]
    const span = stays && whileIn(played, stays.id, played.ground.zone(ZONE, PAVEMENT_LEVEL))
    return span && span.toMs - span.fromMs >= DWELL_MS ? [{ ...span, objects: [stays.id], note: 'walks up and down' }] : []
  },
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const z = between(chance, 17, 21)
  const up = [{ x: -4.5, z }, { x: 3.5, z: z + between(chance, 0, 2), restMs: 2000 }, { x: -3, z: z + 2, restMs: 1500 }, { x: 4, z: z + 1, restMs: 2500 }, { x: -2, z }]
  const stays = makeWalk(roll, chance, { startMs: between(chance, 1000, 3000), level: PAVEMENT_LEVEL, pace: 1.05, stops: [{ x: -22, z }, ...up, { x: 22, z }] })
  const passers = Array.from({ length: Math.round(loopMs / 9000) }, (_, i) => {
    const side = chance() < 0.5 ? 1 : -1
    const row = between(chance, 16, 26)
    return makeWalk(roll, chance, { startMs: i * 9000 + chance() * 4000, level: PAVEMENT_LEVEL, stops: [{ x: side * 24, z: row }, { x: -side * 24, z: row + between(chance, -2, 2) }] })
  })
  return { phases: () => 'green', rides: [], walks: [stays, ...passers], paths: [], acts: [] }
}
