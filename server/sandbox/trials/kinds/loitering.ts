import { makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { quangTruong } from '../../scenes/places/quang-truong.js'
import type { Script } from '../../scenes/scene.js'
import { PAVEMENT_LEVEL } from '../../scenes/show.js'
import { isIn, whoever } from '../conduct.js'
import type { Trial } from '../trial.js'

/** A square. In service the time would be minutes; who crosses it, even with a halt on his way, needs less than this. */
const ZONE = [[-6, 15], [6, 15], [7, 27], [-7, 27]] as const
const DWELL_MS = 20_000

export const loitering: Trial = {
  id: 'loitering',
  kind: 'loitering',
  sentence: 'A person walks up and down in a square for half a minute, another stands about in it; others who cross it, one with a halt, stay silent.',
  lengthMs: 50_000,
  scene: { ...quangTruong, id: 'trial-loitering', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE, PAVEMENT_LEVEL), dwellMsMin: DWELL_MS }),
  happenings: (played) => whoever(played, DWELL_MS, isIn(played.ground.zone(ZONE, PAVEMENT_LEVEL))).map(({ id, span }) => ({ ...span, objects: [id], note: 'stays about in the square' })),
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const z = between(chance, 17, 20)
  const up = [{ x: -4.5, z }, { x: 3.5, z: z + between(chance, 0, 2), restMs: 2000 }, { x: -3, z: z + 2, restMs: 1500 }, { x: 4, z: z + 1, restMs: 2500 }, { x: -2, z, restMs: 1500 }]
  const walker = makeWalk(roll, chance, { startMs: between(chance, 500, 2000), level: PAVEMENT_LEVEL, pace: 1.05, stops: [{ x: -10, z }, ...up, { x: 22, z }] })
  const place = { x: between(chance, -3, 3), z: between(chance, 23, 25) }
  const stander = makeWalk(roll, chance, { startMs: between(chance, 3000, 6000), level: PAVEMENT_LEVEL, stops: [{ x: 10, z: 25 }, { ...place, restMs: 12_000, facing: 3 }, { x: place.x - 1, z: place.z, restMs: 12_000, facing: 2 }, { x: -20, z: 26 }] })
  const halting = makeWalk(roll, chance, { startMs: between(chance, 18_000, 22_000), level: PAVEMENT_LEVEL, pace: 1.4, stops: [{ x: 14, z: 16.5 }, { x: 1, z: 16.2, restMs: 5000, facing: 3 }, { x: -20, z: 16.5 }] })
  const passers = Array.from({ length: Math.round(loopMs / 9000) }, (_, i) => {
    const side = chance() < 0.5 ? 1 : -1
    const row = between(chance, 16, 26)
    return makeWalk(roll, chance, { startMs: i * 9000 + chance() * 4000, level: PAVEMENT_LEVEL, stops: [{ x: side * 24, z: row }, { x: -side * 24, z: row + between(chance, -2, 2) }] })
  })
  return { phases: () => 'green', rides: [], walks: [walker, stander, halting, ...passers], paths: [], acts: [] }
}
