import { makeFlow, makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { ngaTu } from '../../scenes/places/nga-tu.js'
import type { CastRide, Script } from '../../scenes/scene.js'
import { CROSS_PATHS, lampFields, OWN_PATH, REACH, redForMs, shortPhases, stopLineOn } from '../junction.js'
import { isCut, passing } from '../drives.js'
import type { Happening, Played, Trial } from '../trial.js'

/** Of a minute's round, the clip shows the end of green, yellow, a red shortened to 21 s, and green again. */
const ROUND = { ms: 60_000, yellowMs: 14_000, redMs: 17_000, greenMs: 38_000 } as const
const GRACE_MS = 1000
/** A passage nearer to the grace than this nobody could tell from frames 0.2 s apart. */
const DOUBT_MS = 500

export const redLight: Trial = {
  id: 'red_light',
  kind: 'red_light',
  sentence: 'A motorbike in the middle of red and a car two seconds after it began pass the stop line; who passes on green and on yellow, and who waits, stays silent.',
  lengthMs: 44_000,
  scene: { ...ngaTu, id: 'trial-red-light', marks: { zones: [] }, script },
  rule: (ground) => ({ ...lampFields(ground, ngaTu.signal!), graceMs: GRACE_MS }),
  happenings: (played) => played.show.script.rides.filter((ride) => ride.path === 'own').flatMap((ride) => passageOnRed(played, ride)),
}

function passageOnRed(played: Played, ride: CastRide): readonly Happening[] {
  const passed = passing(played, ride.id, stopLineOn(played.ground))
  const redMs = passed?.side === 'left' ? redForMs(ROUND, passed.atMs) : null
  if (!passed || redMs === null || redMs < GRACE_MS - DOUBT_MS) return []
  const unsure = redMs < GRACE_MS + DOUBT_MS || isCut(played, passed.atMs)
  return [{ fromMs: passed.atMs, toMs: passed.atMs, objects: [ride.id], note: `a ${ride.kind} passes ${(redMs / 1000).toFixed(1)} s after red began`, unsure }]
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  /** So that its rear wheels are on the line at that moment, if nobody is before it. */
  const onLineAt = (atMs: number, wish: Pick<CastRide, 'kind' | 'lateral' | 'speed'>) => makeRide(roll, chance, { ...wish, path: 'own', runsRed: true, arriveMs: atMs - (REACH / wish.speed) * 1000 })
  const rider = onLineAt(between(chance, 24_000, 31_000), { kind: 'motorbike', lateral: 6.45, speed: between(chance, 7.5, 8.6) })
  const driver = onLineAt(ROUND.redMs + between(chance, 2400, 3000), { kind: chance() < 0.5 ? 'sedan' : 'suv', lateral: 1.9, speed: 10 })
  const late = onLineAt(ROUND.yellowMs + between(chance, 1000, 2000), { kind: 'motorbike', lateral: 5.3, speed: 8 })
  const own = makeFlow(roll, chance, { path: 'own', count: Math.round(loopMs / 3600), windows: [[0, loopMs - 500]], bikes: [0.9, 4.4], lanes: [1.9, 4.2], speed: [7, 9] })
  const freeLane = own.filter((ride) => ride.arriveMs < driver.arriveMs - 9000 || ride.arriveMs > driver.arriveMs + 1500 || Math.abs(ride.lateral - driver.lateral) > ride.halfWidth + 1.3)
  const cross = CROSS_PATHS.flatMap(({ id }) => makeFlow(roll, chance, { path: id, count: Math.round(loopMs / 10_000), windows: [0, 1].map((round) => [round * ROUND.ms + 13_000, round * ROUND.ms + 26_000] as const), bikes: [0.6, 5], lanes: [1.6, 4.4], speed: [7, 8.5] }))
  return { phases: shortPhases(ROUND), rides: [rider, driver, late, ...freeLane, ...cross], walks: [], acts: [], paths: [OWN_PATH, ...CROSS_PATHS] }
}
