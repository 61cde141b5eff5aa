/**
 * How many pixels of a camera's picture are looked at. `small`: half of them, which take half the time and lose the farthest objects
 * (analytics/README.md). `far`: full, and where the camera sends more than that, the part where small objects move once more (analytics/far.ts).
 */
export type Sharpness = 'small' | 'full' | 'far'

/** What the threads that look did since the last time they were asked. */
export interface Load {
  readonly atMs: number
  /** Share of their time spent inside the model, 0 … 1. */
  readonly busyShare: number
  /** Share of the frames that had to give way to newer ones. */
  readonly droppedShare: number
  /** Whether any camera had its far part looked at. */
  readonly looksFar: boolean
}

export interface SharpnessState {
  readonly sharpness: Sharpness
  /** Since when the machine is too full for it, or has room for more. */
  readonly leaning: { readonly to: Sharpness; readonly sinceMs: number } | null
  /** How long there must be room before more is looked at; doubles each time that turns out to be a mistake. */
  readonly patienceMs: number
  /** When it last came to look at more; null: it came to look at less since. */
  readonly grewAtMs: number | null
}

export type SharpnessVerdict = { readonly do: 'keep' } | { readonly do: 'change'; readonly to: Sharpness; readonly why: 'full_machine' | 'room_again' }

const BUSY_SHARE_MAX = 0.8
const DROPPED_SHARE_MAX = 0.05
/** Full pictures take 2.2 times as long as small ones, far parts at most half of that again: then the threads are busy for about half, or three quarters, of their time. */
const MORE: Readonly<Record<Sharpness, { readonly to: Sharpness; readonly roomShareMax: number } | null>> = { small: { to: 'full', roomShareMax: 0.25 }, full: { to: 'far', roomShareMax: 0.5 }, far: null }
/** A burst of a second or two is what the lanes' dropping is for. */
const FULL_MS_MIN = 4_000
const PATIENCE_MS_MIN = 30_000
const PATIENCE_MS_MAX = 15 * 60_000
/** Back to less so soon after growing: growing was a mistake. */
const RELAPSE_MS_MAX = 120_000

export const FIRST_SHARPNESS: SharpnessState = { sharpness: 'far', leaning: null, patienceMs: PATIENCE_MS_MIN, grewAtMs: -Infinity }

/** A machine that cannot look at every frame looks at smaller ones, rather than at fewer: motorbikes between two looks are lost. */
export function chooseSharpness(state: SharpnessState, load: Load): [SharpnessState, SharpnessVerdict] {
  const to = wanted(state.sharpness, load)
  if (to === null) return [{ ...state, leaning: null }, { do: 'keep' }]
  const grows = to === MORE[state.sharpness]?.to
  const sinceMs = state.leaning?.to === to ? state.leaning.sinceMs : load.atMs
  if (load.atMs - sinceMs < (grows ? state.patienceMs : FULL_MS_MIN)) return [{ ...state, leaning: { to, sinceMs } }, { do: 'keep' }]
  const changed = { ...state, sharpness: to, leaning: null }
  if (grows) return [{ ...changed, grewAtMs: load.atMs }, { do: 'change', to, why: 'room_again' }]
  return [{ ...changed, grewAtMs: null, patienceMs: patienceAfter(state, load.atMs) }, { do: 'change', to, why: 'full_machine' }]
}

function patienceAfter({ grewAtMs, patienceMs }: SharpnessState, atMs: number): number {
  // From far to full to small is one step down in two.
  if (grewAtMs === null) return patienceMs
  return atMs - grewAtMs < RELAPSE_MS_MAX ? Math.min(PATIENCE_MS_MAX, patienceMs * 2) : PATIENCE_MS_MIN
}

function wanted(sharpness: Sharpness, { busyShare, droppedShare, looksFar }: Load): Sharpness | null {
  if (busyShare > BUSY_SHARE_MAX || droppedShare > DROPPED_SHARE_MAX) return sharpness === 'small' ? null : sharpness === 'far' && looksFar ? 'full' : 'small'
  const more = MORE[sharpness]
  return more && busyShare < more.roomShareMax && droppedShare === 0 ? more.to : null
}
