import { lampPlace, type SignalSpot } from '../scenes/furniture.js'
import type { Colour, Path, Phases } from '../scenes/traffic.js'
import type { Ground, Spot } from './ground.js'

/** The junction `nga-tu` for trials, with a signal whose round is so short that a clip of a minute holds it. */
export const STOP_Z = 16.6
const START_Z = -25
/** Along the own path, the stop line. */
export const REACH = STOP_Z - START_Z
/** The line as painted is 0.4 m wide; it is drawn along its middle. */
export const LINE_Z = STOP_Z + 0.2

export const OWN_PATH: Path = { id: 'own', group: 'own', points: [[0, START_Z], [0, 118]], stop: { at: REACH, approach: 'own' } }
export const CROSS_PATHS: readonly Path[] = [
  { id: 'rightward', group: 'rightward', points: [[-62, 28], [62, 28]], stop: { at: 62 - 9, approach: 'cross' } },
  { id: 'leftward', group: 'leftward', points: [[62, 28], [-62, 28]], stop: { at: 62 - 9, approach: 'cross' } },
]

/** Milliseconds of a round: green from its begin, yellow, red, and green again to its end; the cross road is green within that red. */
export interface Round {
  readonly ms: number
  readonly yellowMs: number
  readonly redMs: number
  readonly greenMs: number
}

export function shortPhases({ ms, yellowMs, redMs, greenMs }: Round): Phases {
  const own = (at: number): Colour => (at < yellowMs || at >= greenMs ? 'green' : at < redMs ? 'yellow' : 'red')
  const cross = (at: number): Colour => (at >= redMs + 2500 && at < greenMs - 5500 ? 'green' : at >= greenMs - 5500 && at < greenMs - 3000 ? 'yellow' : 'red')
  return (approach, atMs) => (approach === 'own' ? own : cross)(((atMs % ms) + ms) % ms)
}

/** For how long the own signal has been red at an instant; null when it is not. */
export function redForMs({ ms, redMs, greenMs }: Round, atMs: number): number | null {
  const at = atMs % ms
  return at >= redMs && at < greenMs ? at - redMs : null
}

/** What a person draws for a rule that reads the lamp. */
export function lampFields(ground: Ground, signal: SignalSpot): { readonly stopLine: readonly [Spot, Spot]; readonly direction: Spot; readonly lamp: unknown } {
  const [x, top, z] = lampPlace(signal, 'red')
  const low = lampPlace(signal, 'green')[1]
  const [a, b] = [ground.spot(x - 0.22, top + 0.22, z), ground.spot(x + 0.22, low - 0.22, z)]
  return { stopLine: stopLineOn(ground), direction: ground.way([3.5, LINE_Z], [0, 1]), lamp: { box: { x1: a.x, y1: a.y, x2: b.x, y2: b.y }, order: 'vertical' } }
}

export function stopLineOn(ground: Ground): readonly [Spot, Spot] {
  return ground.line([0.1, LINE_Z], [6.8, LINE_Z])
}
