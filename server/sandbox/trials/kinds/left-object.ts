import { makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between, pick } from '../../scenes/noise.js'
import { quangTruong } from '../../scenes/places/quang-truong.js'
import type { Script } from '../../scenes/scene.js'
import { PAVEMENT_LEVEL } from '../../scenes/show.js'
import { thingsIn } from '../conduct.js'
import { bag } from '../props.js'
import type { Trial } from '../trial.js'

/**
 * A square. Before anything is said of things the eyes look at a place for forty seconds, so it happens after that; in service the time
 * would be a minute or more. Bags are as large as travellers have them and lie within twenty metres.
 */
const ZONE = [[-6, 14.5], [6, 14.5], [7, 24], [-7, 24]] as const
const DWELL_MS = 15_000

export const leftObject: Trial = {
  id: 'left_object',
  kind: 'left_object',
  sentence: 'Somebody puts a bag down in a square and goes; one who takes it up again after seven seconds, one who stands there, and who passes stay silent.',
  lengthMs: 74_000,
  scene: { ...quangTruong, id: 'trial-left-object', marks: { zones: [] }, script, lanterns: [...quangTruong.lanterns, { at: [0, 10, 12], colour: [1.1, 0.95, 0.75], reachM: 11 }] },
  rule: (ground) => ({ zone: ground.zone(ZONE, PAVEMENT_LEVEL), dwellMsMin: DWELL_MS }),
  happenings: (played) => thingsIn(played, ZONE).filter(({ span }) => span.toMs - span.fromMs >= DWELL_MS).map(({ span, box }) => ({ ...span, objects: [], place: box, note: 'a bag is left in the square' })),
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const put = { x: between(chance, -3.5, 3.5), z: between(chance, 15.5, 18) }
  const comeMs = between(chance, 39_000, 41_000)
  const pace = 1.4
  const putMs = comeMs + (Math.hypot(put.x + 11, put.z - 18) / pace) * 1000 + 600
  const leaver = makeWalk(roll, chance, { startMs: comeMs, level: PAVEMENT_LEVEL, pace, stops: [{ x: -11, z: 18 }, { ...put, z: put.z + 0.45, restMs: 1500 }, { x: 16, z: 21 }] })
  const other = { x: put.x > 0 ? -3.4 : 3.4, z: 20.5 }
  const taker = makeWalk(roll, chance, { startMs: comeMs - 2000, level: PAVEMENT_LEVEL, pace, stops: [{ x: -10, z: 24 }, { x: other.x - 0.2, z: other.z + 0.5, restMs: 8000 }, { x: 14, z: 24 }] })
  const takeMs = comeMs - 2000 + (Math.hypot(other.x + 9.8, other.z - 23.5) / pace) * 1000
  const stander = makeWalk(roll, chance, { startMs: comeMs + 4000, level: PAVEMENT_LEVEL, pace, stops: [{ x: 12, z: 22 }, { x: between(chance, -1, 1), z: 22, restMs: 12_000, facing: 3 }, { x: -16, z: 23 }] })
  const passers = Array.from({ length: Math.round(loopMs / 12_000) }, (_, i) => {
    const side = chance() < 0.5 ? 1 : -1
    return makeWalk(roll, chance, { startMs: i * 12_000 + chance() * 5000, level: PAVEMENT_LEVEL, stops: [{ x: side * 20, z: between(chance, 19, 30) }, { x: -side * 20, z: between(chance, 19, 30) }] })
  })
  const lies = (at: { readonly x: number; readonly z: number }, fromMs: number, untilMs: number) => ({ id: roll.next(), mesh: bag(pick(chance, [0x26282c, 0x2a3550, 0x5a1f22] as const)), ...at, level: PAVEMENT_LEVEL, heading: between(chance, -0.4, 0.4), fromMs, untilMs })
  return { phases: () => 'green', rides: [], walks: [leaver, taker, stander, ...passers], things: [lies(put, putMs, loopMs), lies(other, takeMs + 500, takeMs + 7500)], paths: [], acts: [] }
}
