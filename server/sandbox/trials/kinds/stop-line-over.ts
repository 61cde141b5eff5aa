import { LIGHT_MIX, makeFlow, makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { ngaTu } from '../../scenes/places/nga-tu.js'
import type { CastRide, Script } from '../../scenes/scene.js'
import { CROSS_PATHS, lampFields, LINE_Z, OWN_PATH, REACH, redForMs, shortPhases } from '../junction.js'
import { groundSpeed, stretches } from '../drives.js'
import type { Happening, Played, Trial } from '../trial.js'

/** Of a minute's round, the clip shows the end of green, yellow, red, and the first of green. */
const ROUND = { ms: 60_000, yellowMs: 10_000, redMs: 13_000, greenMs: 40_000 } as const
const HOLD_MS = 3000
/** Its rear is so far beyond the middle of the line: no part of it is over the paint any more. */
const OVER_M = 0.6

export const stopLineOver: Trial = {
  id: 'stop_line_over',
  kind: 'stop_line_over',
  sentence: 'Two motorbikes wait for green on the zebra, wholly beyond the stop line; who waits before it, who only rolls to a stop there for a second, who was there before red, and who drives through stays silent.',
  lengthMs: 44_000,
  scene: { ...ngaTu, id: 'trial-stop-line-over', marks: { zones: [] }, script },
  rule: (ground) => ({ ...lampFields(ground, ngaTu.signal!), holdMsMin: HOLD_MS }),
  happenings: (played) => played.show.script.rides.filter((ride) => ride.path !== 'rightward' && ride.path !== 'leftward').flatMap((ride) => standsOver(played, ride)),
}

/** Stands beyond the line on red, and was before it when that red began. */
function standsOver(played: Played, ride: CastRide): readonly Happening[] {
  const { show, frameMs } = played
  const rear = (frame: number) => (show.poseAt(frame, ride.id)?.z ?? -Infinity) - ride.halfLength
  const stands = (frame: number) => redForMs(ROUND, frame * frameMs) !== null && rear(frame) > LINE_Z + OVER_M && rear(frame) < LINE_Z + 6 && (groundSpeed(played, ride.id, frame) ?? 9) < 0.1
  return stretches(played, stands, HOLD_MS).flatMap(({ fromMs, toMs }) => {
    const redBeganMs = fromMs - (redForMs(ROUND, fromMs) ?? 0)
    const wasBefore = redBeganMs < 0 || rear(Math.round(redBeganMs / frameMs)) < LINE_Z
    // The rule counts what stood so before green might have come, for as long as a lamp needs to be believed.
    return wasBefore ? [{ fromMs, toMs, objects: [ride.id], note: `stands ${(rear(Math.round(toMs / frameMs)) - LINE_Z).toFixed(1)} m beyond the line`, unsure: toMs - fromMs < HOLD_MS + 2500 }] : []
  })
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const waits = (path: string, lateral: number, arriveMs: number) => makeRide(roll, chance, { kind: 'motorbike', path, lateral, speed: between(chance, 6.5, 8), arriveMs })
  const over = [waits('over-near', 6.3, between(chance, 11_500, 14_000)), waits('over-far', 4.2, between(chance, 15_000, 17_500))]
  // A second's stop on the zebra, then through: red_light's matter.
  const brief = makeRide(roll, chance, { kind: 'motorbike', path: 'through', lateral: 5.25, speed: 7, arriveMs: 21_500, runsRed: true, halt: { at: REACH + 2.2, dwellMs: 700, lateral: 5.25 } })
  // Held up over the line while it was still green; traffic keeps it there into red.
  const held = makeRide(roll, chance, { kind: 'motorbike', path: 'through', lateral: 0.9, speed: 7, arriveMs: 3500, runsRed: true, halt: { at: REACH + 2.6, dwellMs: 11_000, lateral: 0.9 } })
  const own = makeFlow(roll, chance, { path: 'own', count: Math.round(loopMs / 4500), windows: [0, 1].map((round) => [round * ROUND.ms, round * ROUND.ms + 34_000] as const), bikes: [1.8, 2.6], lanes: [2.2], speed: [7, 8.5], mix: LIGHT_MIX })
  const cross = CROSS_PATHS.flatMap(({ id }) => makeFlow(roll, chance, { path: id, count: Math.round(loopMs / 12_000), windows: [0, 1].map((round) => [round * ROUND.ms + 9000, round * ROUND.ms + 26_000] as const), bikes: [0.6, 3], lanes: [1.6], speed: [7, 8.5] }))
  const beyond = (metres: number) => ({ ...OWN_PATH, stop: { at: REACH + metres, approach: 'own' as const } })
  return {
    phases: shortPhases(ROUND), rides: [...over, brief, held, ...own, ...cross], walks: [], acts: [],
    paths: [OWN_PATH, ...CROSS_PATHS, { ...beyond(4.3), id: 'over-near' }, { ...beyond(5.2), id: 'over-far' }, { ...OWN_PATH, id: 'through' }],
  }
}
