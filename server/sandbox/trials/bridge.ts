import { makeFlow, makeWalk, type Flow, type Roll } from '../scenes/arrivals.js'
import { between, type Chance } from '../scenes/noise.js'
import type { CastRide } from '../scenes/scene.js'
import { PAVEMENT_LEVEL } from '../scenes/show.js'
import type { Path } from '../scenes/traffic.js'
import type { Walk } from '../scenes/walks.js'

/** The bridge `cau` for trials: own traffic leaves the camera at x 0 .. 7, oncoming comes at x -7 .. 0, footways beside them. */
const START_Z = -14
const END_Z = 118

export const BRIDGE_PATHS: readonly Path[] = [
  { id: 'own', group: 'own', points: [[0, START_Z], [0, END_Z]] },
  { id: 'oncoming', group: 'oncoming', points: [[0, END_Z], [0, START_Z]] },
]

/** How far along its path somebody of the own side is at a place of the bridge; of the oncoming side. */
export const ownAlong = (z: number): number => z - START_Z
export const oncomingAlong = (z: number): number => END_Z - z

/** Usual traffic of one side, one vehicle each so often. */
export function bridgeFlow(roll: Roll, chance: Chance, wish: { readonly path: string; readonly everyMs: number; readonly loopMs: number } & Partial<Flow>): CastRide[] {
  const { everyMs, loopMs, ...flow } = wish
  return makeFlow(roll, chance, { count: Math.round(loopMs / everyMs), windows: [[0, loopMs - 500]], bikes: [1.2, 6.1], lanes: [2.4, 5.2], speed: [7.5, 10], ...flow })
}

/** People on both footways. */
export function bridgeWalkers(roll: Roll, chance: Chance, loopMs: number): Walk[] {
  return Array.from({ length: Math.round(loopMs / 20_000) }, (_, i) => {
    const x = (i % 2 ? -1 : 1) * between(chance, 7.7, 8.2)
    return makeWalk(roll, chance, { startMs: i * 20_000 + chance() * 9000, level: PAVEMENT_LEVEL, stops: i % 4 < 2 ? [{ x, z: 70 }, { x, z: 9 }] : [{ x, z: 9 }, { x, z: 70 }] })
  })
}
