import type { LampReading, LampState } from './lamp.js'
import { LAMP_FAULTS, type LampFault, type LampFaultCode } from './lamp-fault.js'
import { phasesWith, type Phase } from './lamp-phases.js'
import { NO_FLOW, pauseFlow, stepFlow, type FlowLimits, type FlowState } from './signal-flow.js'

/** What one frame tells of a lamp. */
export interface SignalFrame {
  readonly atMs: number
  /** What the lamp is believed to show: by the picture, else by the controller. */
  readonly believed: LampReading
  /** What this frame alone shows; a lamp that flashes is dark in every other. */
  readonly glimpsed: LampState
  /** This frame shows red and green lit together. */
  readonly both: boolean
  /** When vehicles passed the line the way that the lamp governs. */
  readonly passed: readonly number[]
  /** So many stand before the line now, as one does on red. */
  readonly waiting: number
  /** What picture and controller say where both are asked and both know; null: one of them does not. */
  readonly pair: { readonly seen: LampState; readonly told: LampState } | null
}

export interface SignalLimits extends FlowLimits {
  readonly phaseMsMax: number
  readonly darkMsMax: number
}

export const SIGNAL_LIMITS: Omit<SignalLimits, 'phaseMsMax' | 'graceMs'> = { darkMsMax: 60_000, violateShareMax: 0.5, violatorsMin: 5, waitingMin: 1 }

interface Since {
  readonly sinceMs: number
  readonly lastMs: number
}

export interface SignalState {
  readonly fromMs: number | null
  readonly phases: readonly Phase[]
  /** The colour that is lit, while no other was seen; null: the lamp has been out of sight for long. */
  readonly lit: (Since & { readonly colour: LampState }) | null
  /** The last colour that was lit, however long ago; null: it never shone. */
  readonly shone: LampState | null
  /** When one colour last followed another: a lamp that changes is not stuck. */
  readonly changedMs: number | null
  readonly darkSeenMs: readonly number[]
  readonly both: Since | null
  readonly differ: Since | null
  readonly agreedSinceMs: number | null
  readonly flow: FlowState
  readonly faults: readonly LampFault[]
}

export const NO_SIGNAL: SignalState = { fromMs: null, phases: [], lit: null, shone: null, changedMs: null, darkSeenMs: [], both: null, differ: null, agreedSinceMs: null, flow: NO_FLOW, faults: [] }

/** Behind a bus a lamp may have gone through a round: after so long unseen, nobody knows what it showed meanwhile. */
const UNSEEN_MS_MAX = 10_000
const FLASH_MS = 10_000
const FLASHES_MIN = 3
/** A picture between two frames shows both colours for an instant. */
const BOTH_MS_MIN = 3_000
const BOTH_GAP_MS_MAX = 1_000
/** No programme gives anybody less (TCVN and the cities' own: greens from 10 s, yellow 3 s). */
const SHORT_MS_MAX = 2_500
const SHORT_COUNT_MIN = 3
/** What was wrong and has not been for so long is over. */
const CALM_MS = 60_000
const DIFFER_MS_MIN = 3_000
const AGREE_MS_MIN = 10_000
const LIT_AGAIN_MS = 5_000
const COLOURS: readonly LampState[] = ['red', 'yellow', 'green']

/** Carries what is known of one lamp on by one frame. A fault stands until the lamp was seen to be in order again, each in its own way. */
export function stepSignal(before: SignalState, frame: SignalFrame, limits: SignalLimits): SignalState {
  const { atMs, pair } = frame
  const phases = phasesWith(before.phases, { lamp: frame.believed.state, sinceMs: frame.believed.sinceMs }, atMs)
  const darkSeenMs = [...before.darkSeenMs, ...(frame.glimpsed === 'dark' ? [atMs] : [])].filter((ms) => ms > atMs - FLASH_MS)
  const carried = carryLit(before.lit, frame)
  const flashes = carried?.colour === 'yellow' && darkSeenMs.length >= FLASHES_MIN
  const lit = carried && flashes ? { ...carried, sinceMs: atMs } : carried
  const state: SignalState = {
    fromMs: before.fromMs ?? atMs,
    phases,
    lit,
    shone: lit?.colour ?? before.shone,
    changedMs: lit && before.shone && lit.colour !== before.shone ? lit.sinceMs : before.changedMs,
    darkSeenMs,
    both: frame.both ? carry(before.both, atMs, BOTH_GAP_MS_MAX) : before.both,
    differ: !pair ? before.differ : pair.seen === pair.told ? null : carry(before.differ, atMs, UNSEEN_MS_MAX),
    agreedSinceMs: !pair ? before.agreedSinceMs : pair.seen === pair.told ? (before.agreedSinceMs ?? atMs) : null,
    flow: before.faults.some(({ code }) => code !== 'flow') ? pauseFlow(before.flow) : stepFlow(before.flow, phases, frame, limits),
    faults: before.faults,
  }
  return { ...state, faults: LAMP_FAULTS.flatMap((code) => standing(code, state, frame, limits)) }
}

/** Of which faults the lamp has been seen to be free; of the others nobody knows yet. */
export function soundOf(state: SignalState, frame: Pick<SignalFrame, 'atMs' | 'believed'>): readonly LampFaultCode[] {
  return LAMP_FAULTS.filter((code) => !state.faults.some((fault) => fault.code === code) && isSound(code, state, frame, null))
}

/** What stands of one kind now: found anew, still there, or over. A fault that is found keeps its beginning. */
function standing(code: LampFaultCode, state: SignalState, frame: SignalFrame, limits: SignalLimits): readonly LampFault[] {
  const known = state.faults.find((fault) => fault.code === code)
  const found = find(code, state, frame, limits)
  if (found) return [known ? { ...found, sinceMs: known.sinceMs } : found]
  return known && !isSound(code, state, frame, known) ? [known] : []
}

function find(code: LampFaultCode, state: SignalState, { atMs, believed, pair }: SignalFrame, { phaseMsMax, darkMsMax }: SignalLimits): LampFault | null {
  const { lit, both, differ, flow, shone } = state
  switch (code) {
    case 'stuck':
      return lit && lit.lastMs - lit.sinceMs > phaseMsMax ? { code, sinceMs: lit.sinceMs, colour: lit.colour, lastedMs: lasted(lit), limitMs: phaseMsMax } : null
    case 'dark':
      return believed.state === 'dark' && shone && atMs - believed.sinceMs > darkMsMax ? { code, sinceMs: believed.sinceMs, lastedMs: Math.round(atMs - believed.sinceMs), limitMs: darkMsMax } : null
    case 'two_colours':
      return both && atMs - both.lastMs <= BOTH_GAP_MS_MAX && both.lastMs - both.sinceMs >= BOTH_MS_MIN ? { code, sinceMs: both.sinceMs, lastedMs: lasted(both) } : null
    case 'too_fast': {
      const short = shortPhases(state.phases, atMs)
      const first = short[0]
      return first && short.length >= SHORT_COUNT_MIN ? { code, sinceMs: first.sinceMs, phases: short.length, spanMs: Math.round((short.at(-1)?.untilMs ?? atMs) - first.sinceMs) } : null
    }
    case 'flow':
      return flow.fault
    case 'feed_differs':
      return differ && pair && differ.lastMs - differ.sinceMs > DIFFER_MS_MIN ? { code, sinceMs: differ.sinceMs, lastedMs: lasted(differ), ...pair } : null
  }
}

function isSound(code: LampFaultCode, state: SignalState, { atMs, believed }: Pick<SignalFrame, 'atMs' | 'believed'>, known: LampFault | null): boolean {
  const watchedMs = atMs - (state.fromMs ?? atMs)
  switch (code) {
    case 'stuck':
      return state.changedMs !== null && state.changedMs > (known?.sinceMs ?? -Infinity)
    case 'dark':
      return COLOURS.includes(believed.state) && atMs - believed.sinceMs >= LIT_AGAIN_MS
    case 'two_colours':
      return watchedMs >= CALM_MS && atMs - (state.both?.lastMs ?? -Infinity) >= CALM_MS
    case 'too_fast':
      return watchedMs >= CALM_MS && shortPhases(state.phases, atMs).length === 0
    case 'flow':
      return state.flow.agreed
    case 'feed_differs':
      return state.agreedSinceMs !== null && atMs - state.agreedSinceMs >= AGREE_MS_MIN
  }
}

function carryLit(lit: SignalState['lit'], { atMs, believed: { state, sinceMs } }: SignalFrame): SignalState['lit'] {
  const isLit = COLOURS.includes(state)
  if (lit && atMs - lit.lastMs > UNSEEN_MS_MAX) return isLit ? { colour: state, sinceMs: atMs, lastMs: atMs } : null
  if (!isLit) return lit
  return lit?.colour === state ? { ...lit, lastMs: atMs } : { colour: state, sinceMs, lastMs: atMs }
}

function carry(known: Since | null, atMs: number, gapMsMax: number): Since {
  return known && atMs - known.lastMs <= gapMsMax ? { ...known, lastMs: atMs } : { sinceMs: atMs, lastMs: atMs }
}

const lasted = ({ sinceMs, lastMs }: Since): number => Math.round(lastMs - sinceMs)

/** Reds and greens between two other colours that lasted next to nothing; what the lamp showed before and after must have been seen. */
function shortPhases(phases: readonly Phase[], atMs: number): readonly { readonly sinceMs: number; readonly untilMs: number }[] {
  return phases.flatMap(({ lamp, sinceMs }, at) => {
    const [earlier, later] = [phases[at - 1], phases[at + 1]]
    if ((lamp !== 'red' && lamp !== 'green') || !earlier || !later || !COLOURS.includes(earlier.lamp) || !COLOURS.includes(later.lamp)) return []
    return later.sinceMs - sinceMs < SHORT_MS_MAX && later.sinceMs > atMs - CALM_MS ? [{ sinceMs, untilMs: later.sinceMs }] : []
  })
}
