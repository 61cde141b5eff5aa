import { LIGHT_MIX, makeFlow, makeRoll } from '../../scenes/arrivals.js'
import type { Chance } from '../../scenes/noise.js'
import { ngaTu } from '../../scenes/places/nga-tu.js'
import type { Script } from '../../scenes/scene.js'
import { CROSS_PATHS, OWN_PATH } from '../junction.js'
import { groundSpeed, stretches, whoIsIn } from '../drives.js'
import type { Happening, Played, Trial } from '../trial.js'

/** Two reds within the clip, then green until all have gone. */
const REDS = [[9000, 27_000], [39_000, 64_000]] as const
const ZONE = [[0.2, 0.5], [6.9, 0.5], [6.9, 16.6], [0.2, 16.6]] as const
const COUNT_MIN = 5
/** Somebody would ask for longer than a red light lasts; here the second red is the queue, to fit the clip. */
const HOLD_MS = 6000

export const queue: Trial = {
  id: 'queue',
  kind: 'queue',
  sentence: 'Nine wait at a light, which is a queue by the rule; the two or three that wait in the round before, and whoever drives through, are none.',
  lengthMs: 60_000,
  // From farther back: the whole approach is in the picture.
  scene: { ...ngaTu, id: 'trial-queue', mount: { ...ngaTu.mount, at: [2.6, 7.4, -14] }, marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), countMin: COUNT_MIN, holdMsMin: HOLD_MS }),
  happenings,
}

function happenings(played: Played): readonly Happening[] {
  const standing = (frame: number) => whoIsIn(played, frame, ZONE).filter((id) => (groundSpeed(played, id, frame) ?? 9) < 0.1)
  return stretches(played, (frame) => standing(frame).length >= COUNT_MIN, HOLD_MS - 2000).map((span) => ({ ...span, objects: [], note: `${COUNT_MIN} and more stand`, unsure: span.toMs - span.fromMs < HOLD_MS + 4000 }))
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const own = (count: number, from: number, to: number) => makeFlow(roll, chance, { path: 'own', count, windows: [[from, to]], bikes: [0.9, 5.8], lanes: [1.9, 4.6], speed: [7, 9], mix: LIGHT_MIX })
  // Without lorries, behind which nobody could count. From where they enter to the line they need some 5 s.
  const rides = [...own(2, 5000, 12_000), ...own(11, 34_000, 44_000), ...own(8, 80_000, 115_000)]
  const cross = CROSS_PATHS.flatMap(({ id }) => makeFlow(roll, chance, { path: id, count: Math.round(loopMs / 10_000), windows: REDS.map(([from, to]) => [from - 2000, to - 12_000] as const), bikes: [0.6, 5], lanes: [1.6, 4.4], speed: [7, 8.5] }))
  const phases: Script['phases'] = (approach, atMs) => {
    const red = REDS.some(([from, to]) => atMs >= from && atMs < to)
    if (approach === 'own') return red ? 'red' : REDS.some(([from]) => atMs >= from - 3000 && atMs < from) ? 'yellow' : 'green'
    return REDS.some(([from, to]) => atMs >= from + 2500 && atMs < to - 5500) ? 'green' : 'red'
  }
  return { phases, rides: [...rides, ...cross], walks: [], acts: [], paths: [OWN_PATH, ...CROSS_PATHS] }
}
