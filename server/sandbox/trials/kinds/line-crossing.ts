import { makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { cau } from '../../scenes/places/cau.js'
import type { Script } from '../../scenes/scene.js'
import { BRIDGE_PATHS, bridgeFlow, bridgeWalkers, ownAlong } from '../bridge.js'
import { isCut, passing } from '../drives.js'
import type { Trial } from '../trial.js'

const LINE = [[-6.8, 22], [6.8, 22]] as const

export const lineCrossing: Trial = {
  id: 'line_crossing',
  kind: 'line_crossing',
  sentence: 'Everybody who passes a line over a bridge is one claim; who turns round before it, and who walks past its end, is none.',
  lengthMs: 40_000,
  scene: { ...cau, id: 'trial-line-crossing', marks: { zones: [] }, script },
  rule: (ground) => ({ line: ground.line(...LINE), direction: 'both' }),
  happenings(played) {
    const line = played.ground.line(...LINE)
    return [...played.show.script.rides, ...played.show.script.walks].flatMap(({ id }) => {
      const passed = passing(played, id, line)
      return passed ? [{ fromMs: passed.atMs, toMs: passed.atMs, objects: [id], note: `passes to the ${passed.side}`, unsure: isCut(played, passed.atMs) }] : []
    })
  },
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const back = makeRide(roll, chance, { kind: 'motorbike', path: 'back', lateral: 0, speed: 3.5, arriveMs: between(chance, 6000, 10_000), riders: 1 })
  // Stops a little before the line, then passes it.
  const halts = makeRide(roll, chance, { kind: 'motorbike', path: 'own', lateral: 6.1, speed: 6.5, arriveMs: between(chance, 13_000, 16_000), halt: { at: ownAlong(19), dwellMs: 4000, lateral: 6.1 } })
  const flows = ['own', 'oncoming'].flatMap((path) => bridgeFlow(roll, chance, { path, everyMs: 4000, loopMs, bikes: [1.2, 5.2], lanes: [2.4, 4.4] }))
  return {
    phases: () => 'green', rides: [back, halts, ...flows], walks: bridgeWalkers(roll, chance, loopMs), acts: [],
    paths: [...BRIDGE_PATHS, { id: 'back', group: 'back', points: [[1.6, -12], [1.6, 16], [1.2, 17.8], [0, 18.6], [-1.2, 17.8], [-1.4, 16], [-1.4, -12]] }],
  }
}
