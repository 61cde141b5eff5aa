import type { Walker } from './people.js'
import { STEP_PHASES, STRUGGLE_PHASES } from './people.js'

/** A person's way: from point to point at a steady pace, with rests, once in each loop. */
export interface Walk {
  readonly id: number
  readonly who: Walker
  readonly startMs: number
  /** Metres a second. */
  readonly pace: number
  readonly stops: readonly WalkStop[]
  /** Level of the floor. */
  readonly level: number
}

export interface WalkStop {
  readonly x: number
  readonly z: number
  readonly restMs?: number
  /** Where to look while resting, radians. */
  readonly facing?: number
  /** While resting he struggles with whoever is beside him: pushes, is pushed, throws his arms about. */
  readonly struggles?: boolean
}

export interface WalkPose {
  readonly x: number
  readonly z: number
  readonly heading: number
  /** -1 stands; from STEP_PHASES on he struggles. */
  readonly phase: number
}

const STRIDE_M = 1.4

/** Where the walker is, or null while away. */
export function walkAt(walk: Walk, atMs: number, loopMs: number): WalkPose | null {
  let left = (((atMs - walk.startMs) % loopMs) + loopMs) % loopMs
  let walked = 0
  for (let i = 0; i < walk.stops.length; i += 1) {
    const here = walk.stops[i]!
    const rest = here.restMs ?? 0
    const before = walk.stops[i - 1] ?? here
    if (left < rest && here.struggles) return struggleAt(here, left / 1000, walk.id)
    if (left < rest) return { x: here.x, z: here.z, heading: here.facing ?? Math.atan2(here.x - before.x, here.z - before.z), phase: -1 }
    left -= rest
    const next = walk.stops[i + 1]
    if (!next) return null
    const distance = Math.hypot(next.x - here.x, next.z - here.z)
    const needMs = (distance / walk.pace) * 1000
    if (left < needMs) {
      const t = left / needMs
      const gone = walked + distance * t
      return { x: here.x + (next.x - here.x) * t, z: here.z + (next.z - here.z) * t, heading: Math.atan2(next.x - here.x, next.z - here.z), phase: Math.floor((gone / STRIDE_M) * STEP_PHASES) % STEP_PHASES }
    }
    left -= needMs
    walked += distance
  }
  return null
}

/** Pushed to and fro about once a second, no two people alike. */
function struggleAt({ x, z, facing = 0 }: WalkStop, seconds: number, id: number): WalkPose {
  const turn = (perSecond: number, part: number): number => Math.sin(2 * Math.PI * (perSecond * seconds + part * id))
  return { x: x + 0.22 * turn(0.9, 0.37), z: z + 0.16 * turn(0.7, 0.61), heading: facing + 0.5 * turn(0.8, 0.29), phase: STEP_PHASES + Math.floor((1.2 * seconds + 0.43 * id) * STRUGGLE_PHASES) % STRUGGLE_PHASES }
}

/** How long the whole way takes; must be under a loop, or the seam would show. */
export function walkMs(walk: Walk): number {
  return walk.stops.reduce((sum, stop, i) => {
    const next = walk.stops[i + 1]
    return sum + (stop.restMs ?? 0) + (next ? (Math.hypot(next.x - stop.x, next.z - stop.z) / walk.pace) * 1000 : 0)
  }, 0)
}
