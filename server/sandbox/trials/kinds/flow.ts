import { makeRoll } from '../../scenes/arrivals.js'
import type { Chance } from '../../scenes/noise.js'
import { cau } from '../../scenes/places/cau.js'
import type { Script } from '../../scenes/scene.js'
import { BRIDGE_PATHS, bridgeFlow, bridgeWalkers } from '../bridge.js'
import { passing, type Passing } from '../drives.js'
import type { Happening, Played, Trial } from '../trial.js'

const LINE = [[-6.8, 22], [6.8, 22]] as const
/** The shortest interval that the rule takes; planners would ask for a quarter of an hour. */
const EVERY_MS = 10_000
/** Who passes nearer to the end of an interval may be counted in either. */
const DOUBT_MS = 400

export const flow: Trial = {
  id: 'flow',
  kind: 'flow',
  sentence: 'Every ten seconds it is told how many passed a line over a bridge to each side: the right numbers, or it is none of these.',
  lengthMs: 41_000,
  scene: { ...cau, id: 'trial-flow', marks: { zones: [] }, script },
  rule: (ground) => ({ line: ground.line(...LINE), everyMs: EVERY_MS, use: 'statistics' }),
  happenings,
}

/** The first interval is joined in its middle and is not told, by the rule's own law. */
function happenings(played: Played): readonly Happening[] {
  const line = played.ground.line(...LINE)
  const passed = [...played.show.script.rides, ...played.show.script.walks].flatMap(({ id }) => passing(played, id, line) ?? [])
  const count = (side: Passing['side'], fromMs: number, toMs: number) => passed.filter((one) => one.side === side && one.atMs >= fromMs && one.atMs < toMs).length
  const between = (side: Passing['side'], fromMs: number, toMs: number) => [count(side, fromMs + DOUBT_MS, toMs - DOUBT_MS), count(side, fromMs - DOUBT_MS, toMs + DOUBT_MS)] as const
  const told = Math.floor(((played.frames.length - 1) * played.frameMs) / EVERY_MS) - 1
  return Array.from({ length: told }, (_, i) => {
    const [fromMs, toMs] = [(i + 1) * EVERY_MS, (i + 2) * EVERY_MS]
    // Intervals touch, and a claim may be early or late by a moment: the middle belongs to one alone.
    return { fromMs: fromMs + 4000, toMs: toMs - 4000, objects: [], note: 'an interval is told', tells: { left: between('left', fromMs, toMs), right: between('right', fromMs, toMs) } }
  })
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const flows = ['own', 'oncoming'].flatMap((path) => bridgeFlow(roll, chance, { path, everyMs: 3500, loopMs, bikes: [1.2, 6], lanes: [2.4, 5] }))
  return { phases: () => 'green', rides: flows, walks: bridgeWalkers(roll, chance, loopMs), acts: [], paths: BRIDGE_PATHS }
}
