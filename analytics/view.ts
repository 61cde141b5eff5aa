import { CELLS, cellsUnder, countOf } from './cells.js'
import { COLUMNS, ROWS, type Plane } from './gate.js'
import type { Box } from './geometry/box.js'

/**
 * Whether the camera still shows what it usually shows. Told from the edges of the gate's plane: light changes their strength
 * all over, a hand before the lens takes them away, a turned camera shows others.
 */
export interface View {
  readonly state: ViewState
  /** Covered and defocused: the edges' strength now, as a share of what is usual. Turned: how far they agree with the usual ones, 1 wholly. */
  readonly share: number
}

export type ViewState = 'clear' | 'covered' | 'defocused' | 'turned'

export interface ViewMemory {
  readonly atMs: number | null
  /** The usual view, as the logarithm of brightness: at first the mean of what was seen, then slowly followed. */
  readonly usual: Float32Array
  /** How long the usual view was learned. */
  readonly learnedMs: number
  /** Since when the picture has not been clear. */
  readonly unclearMs: number | null
  /** Null until the usual view is known, and while a vehicle before the lens hides most of it. */
  readonly view: View | null
}

export const NO_VIEW: ViewMemory = { atMs: null, usual: new Float32Array(CELLS), learnedMs: 0, unclearMs: null, view: null }

const LEARN_EVERY_MS = 400
/** The usual view follows in some minutes: dusk takes twenty, a lorry that unloads before the lens must not become usual. */
const LEARN_MS = 180_000
/** Nothing is said of a view that was watched for less than a minute. */
const KNOWN_MS_MIN = 60_000
/** A camera that a person turned to another street has another usual view after half an hour; the claim ends then. */
const RELEARN_MS = 30 * 60_000
/** A gap says nothing; what was learned counts no more of it. */
const STEP_MS_MAX = 2_000

/** A lens that is covered shows one tone: so little of the usual differences of brightness, or of the usual edges, is left. */
const COVERED_SHARE_MAX = 0.18
/** In logarithms: what a sensor's noise makes of one dark tone. */
const ONE_TONE_MAX = 0.06
/** In logarithms: a picture that never showed more than this was covered from the beginning, and nothing is known of its view. */
const SPREAD_MIN = 0.1
/** Painted and smeared over eleven pixels of 160, a third of the edges' strength is left, over three 0.73; dusk keeps 0.8. */
const DEFOCUSED_SHARE_MAX = 0.45
/** And what is bright and dark at large is where it was. */
const SAME_SCENE_MIN = 0.7
/** A painted street that was turned agrees by 0.11; no lamp, dusk or traffic of tests/analytics/rules/camera-tamper.test.ts comes below 0.3. */
const TURNED_AGREEMENT_MAX = 0.3
/** Edges across or along that are less than this share of all say nothing by themselves. */
const WEIGHTY_SHARE_MIN = 0.2
/** Blocks of cells in which large tones are compared. */
const BLOCK_COLUMNS = 8
const BLOCK_ROWS = 5
/** Followed objects hide this much of the picture: it says nothing of the camera. */
const HIDDEN_SHARE_MAX = 0.5
/** Brightness from which on light is told by its logarithm: below it a sensor's noise would be edges. */
const DARK = 30
const LOGARITHMS = Float32Array.from({ length: 256 }, (_, bright) => Math.log(bright + DARK))

/** The memory after this picture; `covered` are the boxes of everybody who is followed. */
export function watchView(memory: ViewMemory, plane: Plane, now: { readonly atMs: number; readonly covered: readonly Box[] }): ViewMemory {
  const goneMs = memory.atMs === null ? 0 : now.atMs - memory.atMs
  if (memory.atMs !== null && goneMs >= 0 && goneMs < LEARN_EVERY_MS) return memory
  const stepMs = Math.min(STEP_MS_MAX, Math.max(0, goneMs))
  // 1 where nobody who is followed stands.
  const open = cellsUnder(now.covered)
  for (let cell = 0; cell < CELLS; cell += 1) open[cell] = 1 - open[cell]!
  const light = new Float32Array(CELLS)
  for (let cell = 0; cell < CELLS; cell += 1) light[cell] = LOGARITHMS[plane[cell]!]!
  if (memory.atMs === null) return { ...memory, atMs: now.atMs, usual: light }
  const spread = memory.learnedMs < KNOWN_MS_MIN ? 0 : spreadOf(memory.usual, open)
  if (spread < SPREAD_MIN) return learn(memory, light, open, { atMs: now.atMs, stepMs })
  if (countOf(open) < (1 - HIDDEN_SHARE_MAX) * CELLS) return { ...memory, atMs: now.atMs, view: null }
  const view = judge(memory.usual, light, open, spread)
  if (view.state === 'clear') return { ...learn(memory, light, open, { atMs: now.atMs, stepMs }), view }
  const unclearMs = memory.unclearMs ?? now.atMs
  return now.atMs - unclearMs >= RELEARN_MS ? { ...NO_VIEW, atMs: now.atMs, usual: light } : { ...memory, atMs: now.atMs, unclearMs, view }
}

function learn(memory: ViewMemory, light: Float32Array, open: Uint8Array, { atMs, stepMs }: { readonly atMs: number; readonly stepMs: number }): ViewMemory {
  const share = stepMs === 0 ? 0 : Math.max(1 - Math.exp(-stepMs / LEARN_MS), stepMs / (memory.learnedMs + stepMs))
  const usual = memory.usual.slice()
  for (let cell = 0; cell < CELLS; cell += 1) if (open[cell] === 1) usual[cell]! += (light[cell]! - usual[cell]!) * share
  return { atMs, usual, learnedMs: memory.learnedMs + stepMs, unclearMs: null, view: null }
}

/** How strong the edges are beside the usual ones, how far they agree, and whether the large tones do. */
function judge(usual: Float32Array, light: Float32Array, open: Uint8Array, usualSpread: number): View {
  const across = compareEdges(usual, light, open, 1)
  const down = compareEdges(usual, light, open, COLUMNS)
  const before = across.before + down.before
  const strength = Math.sqrt((across.after + down.after) / Math.max(before, 1e-9))
  const spread = spreadOf(light, open)
  const left = Math.min(strength, spread / usualSpread)
  if (left <= COVERED_SHARE_MAX || spread <= ONE_TONE_MAX) return { state: 'covered', share: round(left) }
  if (strength <= DEFOCUSED_SHARE_MAX && largeTonesAgree(usual, light, open) >= SAME_SCENE_MIN) return { state: 'defocused', share: round(strength) }
  // Turned to the side, level lines stay where they are; nodding, upright ones do.
  const agreement = Math.min(...[across, down].filter((one) => one.before >= WEIGHTY_SHARE_MIN * before).map((one) => one.both / Math.max(Math.sqrt(one.before * one.after), 1e-9)))
  return agreement <= TURNED_AGREEMENT_MAX ? { state: 'turned', share: round(Math.max(0, agreement)) } : { state: 'clear', share: round(Math.min(1, strength)) }
}

interface Compared {
  readonly both: number
  readonly before: number
  readonly after: number
}

/** Steps of the logarithm of brightness to the next cell: light that grows by a factor leaves them as they are. */
function compareEdges(usual: Float32Array, light: Float32Array, open: Uint8Array, stride: number): Compared {
  let [both, before, after] = [0, 0, 0]
  for (let cell = 0; cell + stride < CELLS; cell += 1) {
    if (open[cell] === 0 || open[cell + stride] === 0 || (stride === 1 && cell % COLUMNS === COLUMNS - 1)) continue
    const then = usual[cell + stride]! - usual[cell]!
    const now = light[cell + stride]! - light[cell]!
    both += then * now
    before += then * then
    after += now * now
  }
  return { both, before, after }
}

/** Standard deviation of what can be seen. */
function spreadOf(light: Float32Array, open: Uint8Array): number {
  let [count, sum, squares] = [0, 0, 0]
  for (let cell = 0; cell < CELLS; cell += 1) {
    if (open[cell] === 0) continue
    count += 1
    sum += light[cell]!
    squares += light[cell]! ** 2
  }
  return count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))
}

/** How far the means of large blocks go together, 1 wholly. */
function largeTonesAgree(usual: Float32Array, light: Float32Array, open: Uint8Array): number {
  const [then, now] = [blocksOf(usual, open), blocksOf(light, open)]
  const mean = (blocks: Float64Array): number => blocks.reduce((sum, one) => sum + one, 0) / blocks.length
  const [usually, lately] = [mean(then), mean(now)]
  let [both, before, after] = [0, 0, 0]
  for (let i = 0; i < then.length; i += 1) {
    both += (then[i]! - usually) * (now[i]! - lately)
    before += (then[i]! - usually) ** 2
    after += (now[i]! - lately) ** 2
  }
  return both / Math.max(Math.sqrt(before * after), 1e-9)
}

function blocksOf(light: Float32Array, open: Uint8Array): Float64Array {
  const perRow = COLUMNS / BLOCK_COLUMNS
  const sums = new Float64Array(perRow * (ROWS / BLOCK_ROWS))
  const counts = new Float64Array(sums.length)
  for (let cell = 0; cell < CELLS; cell += 1) {
    if (open[cell] === 0) continue
    const block = Math.floor(Math.floor(cell / COLUMNS) / BLOCK_ROWS) * perRow + Math.floor((cell % COLUMNS) / BLOCK_COLUMNS)
    sums[block]! += light[cell]!
    counts[block]! += 1
  }
  return sums.map((sum, block) => sum / Math.max(1, counts[block]!))
}

function round(share: number): number {
  return Math.round(share * 100) / 100
}
