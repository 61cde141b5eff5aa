import { LIGHT_MIX, makeRoll } from '../../scenes/arrivals.js'
import type { Chance } from '../../scenes/noise.js'
import { cau } from '../../scenes/places/cau.js'
import type { Script } from '../../scenes/scene.js'
import { BRIDGE_PATHS, bridgeFlow, ownAlong } from '../bridge.js'
import { groundSpeed, stretches, whoIsIn } from '../drives.js'
import type { Happening, Played, Trial } from '../trial.js'

const ZONE = [[0.2, 13], [6.9, 13], [6.9, 40], [0.2, 40]] as const
const COUNT_MIN = 8
/** Sizes a second of the picture; metres a second on the road: a walk. */
const SPEED_MAX = 0.4
const CRAWL_MAX = 1
/** Somebody would ask for minutes; shortened to fit the clip. */
const HOLD_MS = 6000
/** The bridge is let go again and again for a moment, so that the jam creeps. */
const JAM = { fromMs: 14_000, untilMs: 46_000, wave: { everyMs: 9000, goMs: 1500 } } as const

export const congestion: Trial = {
  id: 'congestion',
  kind: 'congestion',
  sentence: 'Traffic on a bridge dams up and creeps for half a minute; the same traffic before, while it flows, is no congestion.',
  lengthMs: 50_000,
  scene: { ...cau, id: 'trial-congestion', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), countMin: COUNT_MIN, speedMax: SPEED_MAX, holdMsMin: HOLD_MS }),
  happenings,
}

function happenings(played: Played): readonly Happening[] {
  const isFull = (frame: number): boolean => {
    const speeds = whoIsIn(played, frame, ZONE).flatMap((id) => groundSpeed(played, id, frame) ?? []).toSorted((a, b) => a - b)
    return speeds.length >= COUNT_MIN && speeds[Math.floor(speeds.length / 2)]! <= CRAWL_MAX
  }
  // A wave of a moment in which most of them roll does not end a jam.
  return joined(stretches(played, isFull, 400)).filter(({ fromMs, toMs }) => toMs - fromMs >= HOLD_MS - 2000).map((span) => ({ ...span, objects: [], note: 'full, and hardly moves', unsure: span.toMs - span.fromMs < HOLD_MS + 5000 }))
}

function joined(spans: ReturnType<typeof stretches>): ReturnType<typeof stretches> {
  return spans.reduce<ReturnType<typeof stretches>>((all, span) => {
    const last = all.at(-1)
    return last && span.fromMs - last.toMs <= 4000 ? [...all.slice(0, -1), { fromMs: last.fromMs, toMs: span.toMs }] : [...all, span]
  }, [])
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  // Without lorries: nobody could count who stands before one.
  const usual = { path: 'own', loopMs, bikes: [0.9, 6.2], lanes: [2, 4.9], speed: [7.5, 9], mix: LIGHT_MIX } as const
  const own = [...bridgeFlow(roll, chance, { ...usual, everyMs: loopMs / 44, windows: [[0, 44_000]] }), ...bridgeFlow(roll, chance, { ...usual, everyMs: loopMs / 16, windows: [[60_000, loopMs - 500]] })]
  const oncoming = bridgeFlow(roll, chance, { path: 'oncoming', everyMs: 5000, loopMs })
  const phases: Script['phases'] = (_, atMs) => {
    const inJam = atMs >= JAM.fromMs && atMs < JAM.untilMs
    return inJam && (atMs - JAM.fromMs) % JAM.wave.everyMs < JAM.wave.everyMs - JAM.wave.goMs ? 'red' : 'green'
  }
  const [ownPath, oncomingPath] = BRIDGE_PATHS
  return { phases, rides: [...own, ...oncoming], walks: [], acts: [], paths: [{ ...ownPath!, stop: { at: ownAlong(38), approach: 'own' } }, oncomingPath!] }
}
