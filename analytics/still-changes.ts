import { CELLS, cellsUnder, countOf } from './cells.js'
import { COLUMNS, ROWS, type Plane } from './gate.js'
import { touches, type Box } from './geometry/box.js'
import { middleOf } from './rules/median.js'
import { boxOfCells, patchesOf, readPatch, type Patch } from './still-patches.js'

/**
 * What differs from the usual picture and has been still since: a bag that was put down, a plant that was carried away. Told from
 * the gate's small plane of brightness, because no detector has a word for everything.
 */
export interface StillChange {
  readonly box: Box
  /** When it was first seen so. */
  readonly sinceMs: number
  /** `appeared`: an outline came that the usual picture has not. `gone`: an outline went, and the place became like what is around it. */
  readonly kind: 'appeared' | 'gone'
}

interface Listed extends StillChange {
  readonly cells: readonly number[]
  readonly listedMs: number
  /** When most of it was last seen to differ; while somebody hides it nothing is known. */
  readonly seenMs: number
}

export interface ChangesState {
  readonly atMs: number | null
  /** When the usual picture began to be learned: at first it shows whoever happens to be there. */
  readonly fromMs: number | null
  /** The usual brightness of each cell; NaN where a track has stood ever since the watching began. */
  readonly usual: Float32Array
  /** The newest brightness, slowly followed: whether a cell is still. */
  readonly lately: Float32Array
  /** Since when a cell differs and is still; Infinity where it is usual, moves or is covered. */
  readonly sinceMs: Float64Array
  /** Since when too much of the picture differs at once to be things. */
  readonly upheavalMs: number | null
  readonly listed: readonly Listed[]
}

export const NO_CHANGES: ChangesState = { atMs: null, fromMs: null, usual: new Float32Array(CELLS).fill(NaN), lately: new Float32Array(CELLS), sinceMs: new Float64Array(CELLS).fill(Infinity), upheavalMs: null, listed: [] }

/** So long the usual picture is learned, quickly, before anything is said: a street full of traffic has vehicles in it that leave. */
const FIRST_MS = 40_000
const FIRST_LEARN_MS = 6_000
/** What takes seconds need not be asked five times a second. */
const LEARN_EVERY_MS = 400
/** The usual picture follows a change in about a minute: two thirds of it in 25 s. A change that is listed is not learned. */
const LEARN_MS = 25_000
const LATELY_MS = 1_500
/** So long still before it is a change: who waits undetected for a moment is none. */
const STILL_MS_MIN = 8_000
/** Steps of 255, as for the gate: encoding alone stays below 6. In deviations of the noise that the quieter half of the picture tells. */
const DIFFERS_MIN = 12
const DIFFERS_MAX = 36
const DIFFERS_SIGMAS = 5
/** More of the picture than this differs: light, rain on the lens or a camera that moved. After so long it is the new usual. */
const UPHEAVAL_SHARE = 0.2
const UPHEAVAL_MS_MAX = 30_000
/** It is told when it was seen so for this long after it was listed: of a shadow whose owner walks off a piece is left for a moment that looks like a thing. */
const TOLD_MS_MIN = 3_000
/** A listed change is over when so little of it differs for so long; and after two hours it belongs to the place. */
const DIFFERS_SHARE_MIN = 0.4
const OVER_MS = 3_000
const LISTED_MS_MAX = 2 * 3_600_000

/** The state after this picture; `covered` are the boxes of everybody who is followed. */
export function learnChanges(state: ChangesState, plane: Plane, now: { readonly atMs: number; readonly covered: readonly Box[] }): ChangesState {
  if (state.atMs !== null && now.atMs - state.atMs < LEARN_EVERY_MS && now.atMs >= state.atMs) return state
  const fromMs = state.fromMs ?? now.atMs
  const first = now.atMs - fromMs < FIRST_MS
  const hidden = cellsUnder(now.covered)
  const goneMs = state.atMs === null ? 0 : Math.max(0, now.atMs - state.atMs)
  const light = lightOf(plane, state.usual)
  const bar = Math.min(DIFFERS_MAX, Math.max(DIFFERS_MIN, DIFFERS_SIGMAS * 1.48 * light.noise))
  const unusual = new Uint8Array(CELLS)
  for (let cell = 0; cell < CELLS; cell += 1) if (hidden[cell] === 0 && Math.abs(plane[cell]! - light.gain * state.usual[cell]! - light.shift) > bar) unusual[cell] = 1
  const upheaval = countOf(unusual) > UPHEAVAL_SHARE * CELLS
  if (upheaval && !first) {
    const sinceMs = state.upheavalMs ?? now.atMs
    return now.atMs - sinceMs < UPHEAVAL_MS_MAX ? { ...state, atMs: now.atMs, upheavalMs: sinceMs } : { ...NO_CHANGES, atMs: now.atMs, fromMs: now.atMs, usual: Float32Array.from(plane, (bright, cell) => (hidden[cell] === 1 ? NaN : bright)), lately: Float32Array.from(plane) }
  }
  const cells = followCells(state, plane, { atMs: now.atMs, unusual, goneMs, bar })
  const kept = state.listed.flatMap((one) => carryOn(one, unusual, hidden, now.atMs))
  const listed = first ? kept : listNew(kept, newlyStill(kept, cells.sinceMs, now.atMs), { plane, usual: state.usual, light, sinceMs: cells.sinceMs, atMs: now.atMs })
  const frozen = first ? new Uint8Array(CELLS) : frozenCells(listed, cells.sinceMs, now.atMs)
  return { atMs: now.atMs, fromMs, ...cells, usual: learnUsualCells(state, plane, { hidden, frozen, light, goneMs, learnMs: first ? FIRST_LEARN_MS : LEARN_MS }), upheavalMs: null, listed }
}

/** After a gap or a jump of the clock: the usual picture holds, what was timed does not. */
export function afterGap({ usual, fromMs }: ChangesState): ChangesState {
  // Milliseconds of a clock that jumped say nothing, but what was learned for long enough is known.
  return { ...NO_CHANGES, usual, fromMs: fromMs === null ? null : -Infinity }
}

/** The changes of this state that are sure, oldest first. */
export function changesOf(state: ChangesState): readonly StillChange[] {
  return state.listed.filter(({ listedMs, seenMs }) => seenMs - listedMs >= TOLD_MS_MIN).map(({ box, sinceMs, kind }) => ({ box, sinceMs, kind }))
}

/** Cells that differ and have been still for long enough, and are of nothing that is listed. */
function newlyStill(listed: readonly Listed[], sinceMs: Float64Array, atMs: number): readonly Patch[] {
  const ripe = new Uint8Array(CELLS)
  for (let cell = 0; cell < CELLS; cell += 1) if (atMs - sinceMs[cell]! >= STILL_MS_MIN) ripe[cell] = 1
  for (const { cells } of listed) for (const cell of cells) ripe[cell] = 0
  return patchesOf(ripe)
}

function listNew(listed: readonly Listed[], patches: readonly Patch[], seen: { readonly plane: Plane; readonly usual: Float32Array; readonly light: Light; readonly sinceMs: Float64Array; readonly atMs: number }): readonly Listed[] {
  if (patches.length === 0) return listed
  const { gain, shift } = seen.light
  const expected = seen.usual.map((usual) => gain * usual + shift)
  return patches.flatMap((patch) => listedOf(patch, seen.plane, expected, seen.sinceMs, seen.atMs)).reduce(joinNear, listed)
}

interface Light {
  readonly gain: number
  readonly shift: number
  /** The middle difference that is left. */
  readonly noise: number
}

/** One cell in seven tells the light as well as all do, and 7 shares no factor with the grid's width. */
const LIGHT_STEP = 7

/** A cloud or the camera's exposure: all of it brighter by a factor, or by an amount, whichever explains more. */
function lightOf(plane: Plane, usual: Float32Array): Light {
  const known: number[] = []
  for (let cell = 0; cell < CELLS; cell += LIGHT_STEP) if (!Number.isNaN(usual[cell]!)) known.push(cell)
  const values = new Float64Array(known.length)
  const middle = (valueOf: (cell: number) => number): number => {
    for (let i = 0; i < known.length; i += 1) values[i] = valueOf(known[i]!)
    return middleOf(values)
  }
  const gain = middle((cell) => (plane[cell]! + 1) / (usual[cell]! + 1)) || 1
  const shift = middle((cell) => plane[cell]! - usual[cell]!)
  const byGain = middle((cell) => Math.abs(plane[cell]! - gain * usual[cell]!))
  const byShift = middle((cell) => Math.abs(plane[cell]! - usual[cell]! - shift))
  return byGain <= byShift ? { gain, shift: 0, noise: byGain } : { gain: 1, shift, noise: byShift }
}

function followCells(state: ChangesState, plane: Plane, seen: { readonly unusual: Uint8Array; readonly goneMs: number; readonly atMs: number; readonly bar: number }): Pick<ChangesState, 'lately' | 'sinceMs'> {
  const lately = state.lately.slice()
  const sinceMs = state.sinceMs.slice()
  const share = 1 - Math.exp(-seen.goneMs / LATELY_MS)
  for (let cell = 0; cell < CELLS; cell += 1) {
    const moves = Math.abs(plane[cell]! - lately[cell]!) > seen.bar
    lately[cell] = moves ? plane[cell]! : lately[cell]! + (plane[cell]! - lately[cell]!) * share
    if (seen.unusual[cell] === 0) sinceMs[cell] = Infinity
    else if (moves || sinceMs[cell] === Infinity) sinceMs[cell] = seen.atMs
  }
  return { lately, sinceMs }
}

/** What is listed, and what may come to be: a lamp's light, which does not, is learned after twice the time. */
function frozenCells(listed: readonly Listed[], sinceMs: Float64Array, atMs: number): Uint8Array {
  const frozen = new Uint8Array(CELLS)
  for (let cell = 0; cell < CELLS; cell += 1) if (atMs > sinceMs[cell]! && atMs - sinceMs[cell]! < 2 * STILL_MS_MIN) frozen[cell] = 1
  for (const { cells } of listed) for (const cell of cells) frozen[cell] = 1
  return frozen
}

/** A thing's cells do not all differ at once, and its middle may be as grey as the road: what is beside a change is of it. */
function joinNear(listed: readonly Listed[], found: Listed): readonly Listed[] {
  const { x1, y1, x2, y2 } = found.box
  const reach = { x1: x1 - 1 / COLUMNS, y1: y1 - 1 / ROWS, x2: x2 + 1 / COLUMNS, y2: y2 + 1 / ROWS }
  const near = listed.find((one) => one.kind === found.kind && touches(one.box, reach))
  if (!near) return [...listed, found]
  const cells = [...near.cells, ...found.cells]
  return listed.map((one) => (one === near ? { ...near, cells, box: boxOfCells(cells) } : one))
}

/** Where nobody stands the usual picture follows what is seen; where a change is listed or somebody stands, only the light. */
function learnUsualCells(state: ChangesState, plane: Plane, seen: { readonly hidden: Uint8Array; readonly frozen: Uint8Array; readonly light: Light; readonly goneMs: number; readonly learnMs: number }): Float32Array {
  const { hidden, frozen, light: { gain, shift } } = seen
  const share = 1 - Math.exp(-seen.goneMs / seen.learnMs)
  const learned = new Float32Array(CELLS)
  for (let cell = 0; cell < CELLS; cell += 1) {
    const usual = state.usual[cell]!
    const bright = plane[cell]!
    if (hidden[cell] === 1 || frozen[cell] === 1) learned[cell] = usual + ((gain - 1) * usual + shift) * share
    else learned[cell] = Number.isNaN(usual) ? bright : usual + (bright - usual) * share
  }
  return learned
}

/** What is listed stays so while most of what can be seen of it differs. */
function carryOn(one: Listed, unusual: Uint8Array, hidden: Uint8Array, atMs: number): Listed[] {
  const open = one.cells.filter((cell) => hidden[cell] === 0)
  const differing = open.filter((cell) => unusual[cell] === 1).length
  const seenMs = open.length < one.cells.length / 2 || differing >= DIFFERS_SHARE_MIN * open.length ? atMs : one.seenMs
  return atMs - seenMs >= OVER_MS || atMs - one.sinceMs >= LISTED_MS_MAX ? [] : [{ ...one, seenMs }]
}

function listedOf(patch: Patch, plane: Plane, usual: Float32Array, sinceMs: Float64Array, atMs: number): Listed[] {
  const kind = readPatch(patch, plane, usual)
  return kind ? [{ kind, box: boxOfCells(patch), cells: patch, sinceMs: Math.min(...patch.map((cell) => sinceMs[cell]!)), listedMs: atMs, seenMs: atMs }] : []
}
