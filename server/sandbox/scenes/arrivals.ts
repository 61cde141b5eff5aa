import { between, pick, type Chance } from './noise.js'
import { drawnWalker, type Walker } from './people.js'
import { SIZE_OF, type CastRide, type VehicleKind } from './scene.js'
import type { Colour, Phases } from './traffic.js'
import type { Walk, WalkStop } from './walks.js'

/** Who comes when. Each scene hands out ids from one counter, so an id names one vehicle for the whole loop. */
export interface Roll {
  next(): number
}

export function makeRoll(): Roll {
  let last = 0
  return { next: () => (last += 1) }
}

export function makeRide(roll: Roll, chance: Chance, wish: { readonly kind: VehicleKind; readonly path: string; readonly arriveMs: number; readonly lateral: number; readonly speed: number } & Partial<CastRide>): CastRide {
  const [halfWidth, halfLength] = SIZE_OF[wish.kind]
  const nimble = wish.kind === 'motorbike'
  return { id: roll.next(), halfWidth, halfLength, nimble, runsRed: false, ...(nimble ? { riders: wish.riders ?? (chance() < 0.28 ? 2 : 1) } : {}), ...wish }
}

/** An instant before the loop began is as far before its end: who enters then is already there when it begins. */
export function inLoop(atMs: number, loopMs: number): number {
  return ((atMs % loopMs) + loopMs) % loopMs
}

/** Vietnamese streets: three motorbikes for each car, few lorries and buses. */
export const USUAL_MIX: readonly (readonly [VehicleKind, number])[] = [['motorbike', 0.66], ['sedan', 0.07], ['hatch', 0.06], ['suv', 0.06], ['taxi', 0.04], ['van', 0.03], ['truck', 0.045], ['bus', 0.035]]

export const LIGHT_MIX = USUAL_MIX.filter(([kind]) => kind !== 'truck' && kind !== 'bus')

export interface Flow {
  readonly path: string
  readonly count: number
  /** Windows in which they enter, milliseconds of the loop. */
  readonly windows: readonly (readonly [fromMs: number, toMs: number])[]
  /** Where motorbikes may ride and where cars keep their lanes, metres right of the path. */
  readonly bikes: readonly [low: number, high: number]
  readonly lanes: readonly [number, ...number[]]
  readonly speed: readonly [low: number, high: number]
  readonly mix?: readonly (readonly [VehicleKind, number])[]
}

export function makeFlow(roll: Roll, chance: Chance, flow: Flow): CastRide[] {
  const total = flow.windows.reduce((sum, [a, b]) => sum + b - a, 0)
  return Array.from({ length: flow.count }, (_, i) => {
    let at = ((i + between(chance, 0.05, 0.95)) / flow.count) * total
    let arriveMs = 0
    for (const [from, to] of flow.windows) {
      if (at <= to - from) {
        arriveMs = from + at
        break
      }
      at -= to - from
    }
    const kind = drawKind(chance, flow.mix ?? USUAL_MIX)
    const lateral = kind === 'motorbike' ? between(chance, ...flow.bikes) : pick(chance, flow.lanes) + between(chance, -0.15, 0.15)
    return makeRide(roll, chance, { kind, path: flow.path, arriveMs, lateral, speed: between(chance, ...flow.speed) * (kind === 'bus' || kind === 'truck' ? 0.88 : 1) })
  })
}

function drawKind(chance: Chance, mix: readonly (readonly [VehicleKind, number])[]): VehicleKind {
  let roll = chance() * mix.reduce((sum, [, part]) => sum + part, 0)
  for (const [kind, part] of mix) {
    roll -= part
    if (roll <= 0) return kind
  }
  return 'motorbike'
}

export function makeWalk(roll: Roll, chance: Chance, wish: { readonly startMs: number; readonly stops: readonly WalkStop[]; readonly level: number; readonly pace?: number; readonly who?: Partial<Walker> }): Walk {
  return { id: roll.next(), who: drawnWalker(chance, wish.who), startMs: wish.startMs, pace: wish.pace ?? between(chance, 1.05, 1.5), stops: wish.stops, level: wish.level }
}

/** A two-phase signal: own green, yellow, all red, cross green, yellow, all red. Times are parts of a minute-long round. */
export function twoPhases(loopMs: number): { readonly phases: Phases; readonly roundMs: number; readonly rounds: number } {
  const rounds = Math.max(1, Math.round(loopMs / 60_000))
  const roundMs = loopMs / rounds
  const own = (at: number): Colour => (at < 25_000 ? 'green' : at < 28_000 ? 'yellow' : 'red')
  const cross = (at: number): Colour => (at >= 33_000 && at < 53_000 ? 'green' : at >= 53_000 && at < 56_000 ? 'yellow' : 'red')
  return { phases: (approach, atMs) => (approach === 'own' ? own : cross)(((atMs % roundMs) + roundMs) % roundMs), roundMs, rounds }
}
