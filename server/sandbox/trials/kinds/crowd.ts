import { makeRoll, makeWalk } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { quangTruong } from '../../scenes/places/quang-truong.js'
import type { Script } from '../../scenes/scene.js'
import { PAVEMENT_LEVEL } from '../../scenes/show.js'
import { isInside } from '../../scenes/truth.js'
import type { Happening, Played, Trial } from '../trial.js'

/** A square. In service the time would be longer; a group of a few friends is no crowd. */
const ZONE = [[-7, 16.5], [7, 16.5], [8, 30], [-8, 30]] as const
const PEOPLE = 10
const HOLD_MS = 5000
const GATHERED = 17

export const crowd: Trial = {
  id: 'crowd',
  kind: 'crowd',
  sentence: 'Seventeen people gather in a square for twenty seconds; a group of five who stand there before, and who cross it, stay silent.',
  lengthMs: 48_000,
  scene: { ...quangTruong, id: 'trial-crowd', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE, PAVEMENT_LEVEL), countMin: PEOPLE, holdMsMin: HOLD_MS }),
  happenings,
}

/** Feet on the ground: in a crowd others hide them. */
function happenings({ show, frames, frameMs }: Played): readonly Happening[] {
  const inside = frames.map((_, frame) => show.script.walks.map(({ id }) => id).filter((id) => {
    const pose = show.poseAt(frame, id)
    return pose !== null && isInside(ZONE, [pose.x, pose.z])
  }))
  const found: Happening[] = []
  for (let frame = 0; frame < inside.length; frame += 1) {
    if (inside[frame]!.length < PEOPLE) continue
    const next = inside.findIndex((ids, i) => i > frame && ids.length < PEOPLE)
    const to = (next < 0 ? inside.length : next) - 1
    if ((to - frame) * frameMs >= HOLD_MS) found.push({ fromMs: frame * frameMs, toMs: to * frameMs, objects: [...new Set(inside.slice(frame, to + 1).flat())], note: `at least ${PEOPLE} people in the square` })
    frame = to
  }
  return found
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const gatherMs = between(chance, 17_000, 19_000)
  const crowdWalks = Array.from({ length: GATHERED }, (_, i) => {
    const side = i % 2 ? 1 : -1
    const angle = (i / GATHERED) * Math.PI * 2
    const ring = 1.7 + (i % 3) * 0.95
    const spot = { x: Math.cos(angle) * ring, z: 21.4 + Math.sin(angle) * ring }
    const from = { x: side * between(chance, 15, 17), z: between(chance, 16, 30) }
    const pace = between(chance, 1.25, 1.6)
    const needMs = (Math.hypot(spot.x - from.x, spot.z - from.z) / pace) * 1000
    return makeWalk(roll, chance, { startMs: Math.max(0, gatherMs - needMs + between(chance, -1500, 1500)), level: PAVEMENT_LEVEL, pace, stops: [from, { ...spot, restMs: 18_000 + between(chance, 0, 2000), facing: Math.atan2(-spot.x, 21.4 - spot.z) }, { x: -side * 25, z: from.z }] })
  })
  const friends = Array.from({ length: 5 }, (_, i) => {
    const spot = { x: -3 + Math.cos(i * 1.26) * 1.1, z: 20 + Math.sin(i * 1.26) }
    return makeWalk(roll, chance, { startMs: i * 200, level: PAVEMENT_LEVEL, pace: 1.4, stops: [{ x: -9, z: 20 + i * 0.3 }, { ...spot, restMs: 6000, facing: Math.atan2(-3 - spot.x, 20 - spot.z) }, { x: -20, z: 26 + i * 0.4 }] })
  })
  const passers = Array.from({ length: Math.round(loopMs / 16_000) }, (_, i) => {
    const side = chance() < 0.5 ? 1 : -1
    return makeWalk(roll, chance, { startMs: i * 16_000 + chance() * 6000, level: PAVEMENT_LEVEL, stops: [{ x: side * 16, z: between(chance, 14, 34) }, { x: 0, z: between(chance, 15, 32) }, { x: -side * 26, z: between(chance, 14, 36) }] })
  })
  return { phases: () => 'green', rides: [], walks: [...crowdWalks, ...friends, ...passers], paths: [], acts: [] }
}
