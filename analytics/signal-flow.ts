import { LAMP_SETTLES_MS } from './lamp.js'
import type { LampFault } from './lamp-fault.js'
import { phaseAt, type Phase } from './lamp-phases.js'

/** One round of the lamp: a green and the red after it, and who passed the line in it. */
interface Round {
  readonly greenMs: number
  readonly passed: number
  readonly violators: number
  /** How many stood before the line, times how long, over so much of the red. */
  readonly waits: { readonly sum: number; readonly ms: number }
  readonly redSinceMs: number | null
}

export interface FlowState {
  readonly round: Round
  readonly settledMs: number | null
  /** Passages whose lamp is not yet certain. */
  readonly waiting: readonly number[]
  readonly fault: Extract<LampFault, { code: 'flow' }> | null
  /** The last whole round of enough vehicles agreed with the lamp. */
  readonly agreed: boolean
}

const NEW_ROUND: Round = { greenMs: 0, passed: 0, violators: 0, waits: { sum: 0, ms: 0 }, redSinceMs: null }
export const NO_FLOW: FlowState = { round: NEW_ROUND, settledMs: null, waiting: [], fault: null, agreed: false }

export interface FlowLimits {
  readonly graceMs: number
  /** Where as many stand before the line, on the average of the red, the lamp is believed. */
  readonly waitingMin: number
  readonly violateShareMax: number
  readonly violatorsMin: number
}

/** So much of the green must have been watched: else those who stand for the round's lawful part are missing from it. */
const GREEN_MS_MIN = 5_000
/** Who stood there when red began may be about to drive off: the wrong lamp was drawn, and theirs turns green. */
const WAITS_FROM_MS = 5_000
const STEP_MS_MAX = 1_000

/**
 * Does what vehicles do agree with what the lamp shows? Counted over a round, because on red alone every passage is a violation, and
 * a queue at the line believes the lamp, whatever others do: at Hanoi's clip 15 run one red of 42 s and 8 pass on the green after it, and only
 * those who stand there tell that the lamp is right. A round of which the green was not watched says nothing. A passage waits until the lamp of its instant is certain, as a claim does.
 */
export function stepFlow(state: FlowState, phases: readonly Phase[], { atMs, passed, waiting: queue }: { readonly atMs: number; readonly passed: readonly number[]; readonly waiting: number }, limits: FlowLimits): FlowState {
  const settledMs = atMs - LAMP_SETTLES_MS
  const waiting = [...state.waiting, ...passed]
  const now = phaseAt(phases, settledMs)
  const elapsedMs = settledMs - (state.settledMs ?? settledMs)
  const weighed = weighQueue(state.round, now, { queue, atMs: settledMs, elapsedMs })
  const counted = waiting.filter((ms) => ms <= settledMs).reduce((round, ms) => count(round, phaseAt(phases, ms), ms, limits.graceMs), weighed)
  const judged = judge({ ...state, round: counted, settledMs, waiting: waiting.filter((ms) => ms > settledMs) }, limits)
  return turn(judged, now, elapsedMs, limits)
}

function weighQueue(round: Round, phase: Phase | null, { queue, atMs, elapsedMs }: { readonly queue: number; readonly atMs: number; readonly elapsedMs: number }): Round {
  if (phase?.lamp !== 'red' || atMs - phase.sinceMs < WAITS_FROM_MS) return round
  const ms = Math.min(elapsedMs, STEP_MS_MAX)
  return { ...round, waits: { sum: round.waits.sum + queue * ms, ms: round.waits.ms + ms } }
}

/** While the lamp is known to err in another way, who passes it tells nothing new; afterwards a new round begins. */
export function pauseFlow(state: FlowState): FlowState {
  return { ...state, round: NEW_ROUND, waiting: [], settledMs: null }
}

function count(round: Round, phase: Phase | null, atMs: number, graceMs: number): Round {
  if (!phase || phase.lamp === 'dark' || phase.lamp === 'unknown') return round
  const violates = phase.lamp === 'red' && atMs - phase.sinceMs >= graceMs
  return { ...round, passed: round.passed + 1, violators: round.violators + (violates ? 1 : 0) }
}

function judge(state: FlowState, limits: FlowLimits): FlowState {
  const { round, fault } = state
  if (!isWhole(round) || !contradicts(round, limits)) return state
  return { ...state, agreed: false, fault: { code: 'flow', sinceMs: fault?.sinceMs ?? round.redSinceMs ?? state.settledMs ?? 0, violators: round.violators, passed: round.passed, waited: Math.round(meanWaiting(round) * 10) / 10 } }
}

/** A new round begins with green after red; the one before is then whole, and may take a fault back. */
function turn(state: FlowState, phase: Phase | null, elapsedMs: number, limits: FlowLimits): FlowState {
  const { round } = state
  if (phase?.lamp === 'red') return round.redSinceMs === null ? { ...state, round: { ...round, redSinceMs: phase.sinceMs } } : state
  if (phase?.lamp !== 'green') return state
  if (round.redSinceMs === null) return { ...state, round: { ...round, greenMs: round.greenMs + elapsedMs } }
  const isFine = isWhole(round) && round.passed >= limits.violatorsMin && !contradicts(round, limits)
  return { ...state, round: NEW_ROUND, ...(isFine ? { fault: null, agreed: true } : {}) }
}

const isWhole = (round: Round): boolean => round.greenMs >= GREEN_MS_MIN && round.redSinceMs !== null

function contradicts(round: Round, { violateShareMax, violatorsMin, waitingMin }: FlowLimits): boolean {
  const { passed, violators } = round
  return violators >= violatorsMin && violators > violateShareMax * passed && meanWaiting(round) < waitingMin
}

/** Before anybody could be counted nobody knows, and the lamp is believed. */
const meanWaiting = ({ waits }: Round): number => (waits.ms > 0 ? waits.sum / waits.ms : Infinity)
