/** How many pixels of a camera's picture are looked at. Half the pixels take half the time and lose the farthest objects (analytics/README.md). */
export type Sharpness = 'full' | 'small'

/** What the threads that look did since the last time they were asked. */
export interface Load {
  readonly atMs: number
  /** Share of their time spent inside the model, 0 … 1. */
  readonly busyShare: number
  /** Share of the frames that had to give way to newer ones. */
  readonly droppedShare: number
}

export interface SharpnessState {
  readonly sharpness: Sharpness
  /** Since when the machine is too full, or has room again. */
  readonly sinceMs: number | null
  /** How long there must be room before pictures grow again; doubles each time that turns out to be a mistake. */
  readonly patienceMs: number
  readonly changedAtMs: number
}

export type SharpnessVerdict = { readonly do: 'keep' } | { readonly do: 'change'; readonly to: Sharpness; readonly why: 'full_machine' | 'room_again' }

const BUSY_SHARE_MAX = 0.8
const DROPPED_SHARE_MAX = 0.05
/** Full pictures take 2.2 times as long: then the threads are busy for about half of their time. */
const ROOM_SHARE_MAX = 0.25
/** A burst of a second or two is what the lanes' dropping is for. */
const FULL_MS_MIN = 4_000
const PATIENCE_MS_MIN = 30_000
const PATIENCE_MS_MAX = 15 * 60_000
/** Back to small so soon after growing: growing was a mistake. */
const RELAPSE_MS_MAX = 120_000

export const FIRST_SHARPNESS: SharpnessState = { sharpness: 'full', sinceMs: null, patienceMs: PATIENCE_MS_MIN, changedAtMs: -Infinity }

/** A machine that cannot look at every frame looks at smaller ones, rather than at fewer: motorbikes between two looks are lost. */
export function chooseSharpness(state: SharpnessState, load: Load): [SharpnessState, SharpnessVerdict] {
  const small = state.sharpness === 'small'
  const wants = small ? load.busyShare < ROOM_SHARE_MAX && load.droppedShare === 0 : load.busyShare > BUSY_SHARE_MAX || load.droppedShare > DROPPED_SHARE_MAX
  if (!wants) return [{ ...state, sinceMs: null }, { do: 'keep' }]
  const sinceMs = state.sinceMs ?? load.atMs
  if (load.atMs - sinceMs < (small ? state.patienceMs : FULL_MS_MIN)) return [{ ...state, sinceMs }, { do: 'keep' }]
  if (small) return [{ ...state, sharpness: 'full', sinceMs: null, changedAtMs: load.atMs }, { do: 'change', to: 'full', why: 'room_again' }]
  const relapse = load.atMs - state.changedAtMs < RELAPSE_MS_MAX
  const patienceMs = relapse ? Math.min(PATIENCE_MS_MAX, state.patienceMs * 2) : PATIENCE_MS_MIN
  return [{ sharpness: 'small', sinceMs: null, patienceMs, changedAtMs: load.atMs }, { do: 'change', to: 'small', why: 'full_machine' }]
}
