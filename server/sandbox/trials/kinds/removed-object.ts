import { makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { quangTruong } from '../../scenes/places/quang-truong.js'
import type { Script } from '../../scenes/scene.js'
import { PAVEMENT_LEVEL } from '../../scenes/show.js'
import { thingsIn } from '../conduct.js'
import { planter } from '../props.js'
import type { Trial } from '../trial.js'

/**
 * Two planters before a square. The eyes learn for forty seconds what stands there, so it happens after that; in service the time would
 * be a minute or more.
 */
const ZONE = [[-4.5, 14.5], [4.5, 14.5], [5, 21], [-5, 21]] as const
const HOLD_MS = 12_000

export const removedObject: Trial = {
  id: 'removed_object',
  kind: 'removed_object',
  sentence: 'One of two planters is carried off; the other, before which somebody stands for a while, and who passes stay silent.',
  lengthMs: 70_000,
  scene: { ...quangTruong, id: 'trial-removed-object', marks: { zones: [] }, script, lanterns: [...quangTruong.lanterns, { at: [0, 10, 12], colour: [1.1, 0.95, 0.75], reachM: 11 }] },
  rule: (ground) => ({ zone: ground.zone(ZONE, PAVEMENT_LEVEL), holdMsMin: HOLD_MS }),
  happenings(played) {
    const endMs = (played.frames.length - 1) * played.frameMs
    return thingsIn(played, ZONE).filter(({ span }) => endMs - span.toMs >= HOLD_MS).map(({ span, box }) => ({ fromMs: span.toMs, toMs: endMs, objects: [], place: box, note: 'a planter is no longer there' }))
  },
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const side = chance() < 0.5 ? 1 : -1
  const taken = { x: side * between(chance, 2, 3), z: between(chance, 16.5, 18.5) }
  const kept = { x: -side * between(chance, 2, 3), z: between(chance, 17, 18.5) }
  const comeMs = between(chance, 39_500, 41_500)
  const pace = 1.4
  const takeMs = comeMs + (Math.hypot(taken.x + 11, taken.z - 20) / pace) * 1000 + 1500
  const thief = makeWalk(roll, chance, { startMs: comeMs, level: PAVEMENT_LEVEL, pace, stops: [{ x: -11, z: 20.5 }, { ...taken, z: taken.z + 0.5, restMs: 2500 }, { x: 16, z: 21 }] })
  const stander = makeWalk(roll, chance, { startMs: comeMs + 1000, level: PAVEMENT_LEVEL, pace, stops: [{ x: -13, z: 15.5 }, { x: kept.x, z: kept.z - 0.6, restMs: 14_000, facing: 3 }, { x: 16, z: 15.5 }] })
  const passers = Array.from({ length: Math.round(loopMs / 12_000) }, (_, i) => {
    const from = chance() < 0.5 ? 1 : -1
    return makeWalk(roll, chance, { startMs: i * 12_000 + chance() * 5000, level: PAVEMENT_LEVEL, stops: [{ x: from * 20, z: between(chance, 19, 30) }, { x: -from * 20, z: between(chance, 19, 30) }] })
  })
  const stands = (at: { readonly x: number; readonly z: number }, untilMs: number) => ({ id: roll.next(), mesh: planter(), ...at, level: PAVEMENT_LEVEL, heading: 0.2, fromMs: 0, untilMs })
  return { phases: () => 'green', rides: [], walks: [thief, stander, ...passers], things: [stands(taken, takeMs), stands(kept, loopMs)], paths: [], acts: [] }
}
