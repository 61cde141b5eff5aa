import type { Crop, Size } from './crop.js'
import type { Detection } from './detection.js'
import type { Frame } from './frame.js'
import type { Box } from './geometry/box.js'

/**
 * Is there anything new to see? A frame that shows what the last *judged* frame showed is not judged again. Compared with the
 * judged one, not with the frame before: what creeps adds up until it is seen. Whatever the gate thinks, every
 * two to four seconds the picture is looked at; so a mistake here costs a moment, never an object.
 */
export interface GateState {
  /** Cell by cell as it was when the cell was judged: a look may have been at a crop only (crop.ts). */
  readonly judged: Plane | null
  /** When the whole picture was judged last, and how long that holds while nothing changes. */
  readonly judgedAtMs: number
  readonly lookEveryMs: number
  /** What moved may move on: some frames after a change are looked at without asking. */
  readonly openUntilMs: number
  /** The cells that moved lately, and until when: where those looks are at. */
  readonly moved: readonly Moved[]
  /** For each cell: how often it opened the gate lately and nothing was found there (a lamp, a leaf, a trembling edge). */
  readonly idle: Uint8Array
}

interface Moved {
  readonly cells: readonly number[]
  readonly untilMs: number
}

/** Brightness on a grid, coarser than the picture and finer than anything the detector can find. */
export type Plane = Uint8Array

export type Glance =
  | { readonly do: 'look'; readonly why: 'first' | 'due' | 'restless' | 'after_change' | 'light' }
  | { readonly do: 'look'; readonly why: 'moved'; readonly cells: readonly number[] }
  | { readonly do: 'skip' }

export const COLUMNS = 80
export const ROWS = 45
const CELLS = COLUMNS * ROWS

/**
 * The whole picture is looked at this often: who was overlooked is found this late. Where nothing changed and that look found nobody new
 * either, the gate has shown that it can be trusted here, and the next one may wait as long as a key picture may (watching/rest.ts).
 */
export const LOOK_EVERY_MS = 2_000
export const LOOK_EVERY_MS_MAX = 4_000
/** Three frames at 5 a second: a newcomer needs as many to be believed. */
const AFTER_CHANGE_MS = 700
/** Steps of 255. What encoding alone does to a standing picture stays below 6 (measured on the sandbox's and on real clips). */
const CHANGE_MIN = 8
const CHANGE_MIN_IN_NOISE = 30
/** In standard deviations of the noise, which the quieter half of the picture tells. */
const CHANGE_SIGMAS = 5
/** One cell alone must change more: it may be a spark of noise, and no object that the detector finds is smaller. */
const LONE_CELL_FACTOR = 2.5
/** The whole picture brighter or darker by more than this may look different to the detector. */
const LIGHT_MAX = 24
/** A cell that opened the gate so often for nothing does so no more, until something is found there or it has been calm. */
const IDLE_MIN = 10
const IDLE_MAX = 40

export const GATE_OPEN: GateState = { judged: null, judgedAtMs: -Infinity, lookEveryMs: LOOK_EVERY_MS, openUntilMs: -Infinity, moved: [], idle: new Uint8Array(CELLS) }

/** Filled anew by each glance, and read by nobody after it: memory for thousands of cells, asked for and collected at each frame of each camera, cost more than what is reckoned in it. */
const changes = new Int16Array(CELLS)
/** With a row and a cell more on either side, so that each cell has eight neighbours. */
const MARGIN = COLUMNS + 1
const marks = new Uint8Array(CELLS + 2 * MARGIN)
const tally = new Uint16Array(766)

/** Four samples of green to a cell: green carries most of the brightness, and the other pixels are not touched. */
export function planeOf(frame: Frame): Plane {
  const { rgb } = frame
  const at = samplePlaces(frame.width, frame.height)
  const plane = new Uint8Array(CELLS)
  for (let cell = 0, k = 0; cell < CELLS; cell += 1, k += 4) plane[cell] = (rgb[at[k]!]! + rgb[at[k + 1]!]! + rgb[at[k + 2]!]! + rgb[at[k + 3]!]!) >> 2
  return plane
}

/** `restless`: the tracker has newcomers to believe, or somebody who stood is hidden, so the picture is needed. */
export function glance(state: GateState, plane: Plane, now: { readonly atMs: number; readonly restless: boolean }): Glance {
  const { judged } = state
  if (!judged || now.atMs < state.judgedAtMs) return { do: 'look', why: 'first' }
  for (let cell = 0; cell < CELLS; cell += 1) changes[cell] = plane[cell]! - judged[cell]!
  const light = medianOf(changes)
  if (Math.abs(light) > LIGHT_MAX) return { do: 'look', why: 'light' }
  for (let cell = 0; cell < CELLS; cell += 1) changes[cell] = Math.abs(changes[cell]! - light)
  const bar = Math.min(CHANGE_MIN_IN_NOISE, Math.max(CHANGE_MIN, CHANGE_SIGMAS * 1.48 * medianOf(changes)))
  const cells = changedCells(bar, state.idle)
  if (cells.length > 0) return { do: 'look', why: 'moved', cells }
  if (isDue(state, now.atMs)) return { do: 'look', why: 'due' }
  if (now.restless) return { do: 'look', why: 'restless' }
  return now.atMs < state.openUntilMs ? { do: 'look', why: 'after_change' } : { do: 'skip' }
}

/** On a busy street a look is due and something moves at once: then `moved` is said, and the whole picture is looked at. */
export function isDue(state: GateState, atMs: number): boolean {
  return atMs - state.judgedAtMs >= state.lookEveryMs
}

/**
 * Where this look must be at: a box around the cells in which something moved now, or else, a moment ago; null: nowhere. While
 * something moves, cells that stand again would show what they showed when they were judged.
 */
export function openBox(state: GateState, glanced: Glance, atMs: number): Box | null {
  if (glanced.do === 'look' && glanced.why === 'moved') return boxAround(glanced.cells)
  return boxAround(state.moved.flatMap(({ cells, untilMs }) => (atMs < untilMs ? cells : [])))
}

function boxAround(cells: readonly number[]): Box | null {
  if (cells.length === 0) return null
  let [left, right, top, bottom] = [COLUMNS, 0, ROWS, 0]
  for (const cell of cells) {
    const x = cell % COLUMNS
    const y = Math.floor(cell / COLUMNS)
    left = Math.min(left, x)
    right = Math.max(right, x + 1)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y + 1)
  }
  return { x1: left / COLUMNS, y1: top / ROWS, x2: right / COLUMNS, y2: bottom / ROWS }
}

export interface Looked {
  readonly atMs: number
  readonly glance: Glance
  /** Of the whole picture. */
  readonly detections: readonly Detection[]
  /** It found somebody new, or one who stood is hidden. */
  readonly restless: boolean
  /** The part that was looked at of a picture of this size; absent: all of it. */
  readonly part?: { readonly crop: Crop; readonly picture: Size }
}

/** After a look: what is compared with from now on, and which cells opened the gate for nothing. */
export function learn(state: GateState, plane: Plane, looked: Looked): GateState {
  const { glance: why, part } = looked
  const moved = why.do === 'look' && why.why === 'moved' ? why.cells : []
  const idle = state.idle.slice()
  for (const cell of moved) idle[cell] = Math.min(IDLE_MAX, idle[cell]! + 1)
  // Half a minute to a minute of calm and a cell is trusted again.
  const calm = why.do === 'look' && why.why === 'due' ? Math.round(state.lookEveryMs / LOOK_EVERY_MS) : 0
  if (calm > 0) for (let cell = 0; cell < CELLS; cell += 1) if (idle[cell]! > 0) idle[cell] = Math.max(0, idle[cell]! - calm)
  for (const { box } of looked.detections) clear(idle, box)
  const openUntilMs = looked.atMs + AFTER_CHANGE_MS
  const lately = state.moved.filter(({ untilMs }) => looked.atMs < untilMs)
  return {
    judged: part ? judgedIn(state.judged, plane, part) : plane,
    judgedAtMs: part ? state.judgedAtMs : looked.atMs,
    lookEveryMs: nextDue(state, looked),
    openUntilMs: moved.length > 0 ? openUntilMs : state.openUntilMs,
    moved: moved.length > 0 ? [...lately, { cells: moved, untilMs: openUntilMs }] : lately,
    idle,
  }
}

/** A due look that found nobody new has earned the next a longer wait; whatever moves, or changes the light, ends it. */
function nextDue({ lookEveryMs }: GateState, { glance: said, restless }: Looked): number {
  if (said.do === 'look' && said.why === 'due') return restless ? LOOK_EVERY_MS : LOOK_EVERY_MS_MAX
  return said.do === 'look' && (said.why === 'after_change' || said.why === 'restless') ? lookEveryMs : LOOK_EVERY_MS
}

/** Cells that lie wholly in the crop are as they are now; the others as they were judged. */
function judgedIn(judged: Plane | null, plane: Plane, { crop, picture }: NonNullable<Looked['part']>): Plane | null {
  if (!judged) return null
  const from = (pixel: number, side: number, cells: number): number => Math.ceil((pixel / side) * cells - ROUNDING)
  const to = (pixel: number, side: number, cells: number): number => Math.min(cells, Math.floor((pixel / side) * cells + ROUNDING))
  const left = from(crop.left, picture.width, COLUMNS)
  const right = to(crop.right, picture.width, COLUMNS)
  const merged = judged.slice()
  for (let row = from(crop.top, picture.height, ROWS); row < to(crop.bottom, picture.height, ROWS); row += 1) {
    merged.set(plane.subarray(row * COLUMNS + left, row * COLUMNS + right), row * COLUMNS + left)
  }
  return merged
}

/** The edge of a cell is not missed by the last digit of a division. */
const ROUNDING = 1e-6

function changedCells(bar: number, idle: Uint8Array): number[] {
  const changed: number[] = []
  marks.fill(0)
  for (let cell = 0; cell < CELLS; cell += 1) {
    if (changes[cell]! <= bar || idle[cell]! >= IDLE_MIN) continue
    changed.push(cell)
    marks[cell + MARGIN] = 1
  }
  return changed.filter((cell) => changes[cell]! > bar * LONE_CELL_FACTOR || hasNeighbour(cell))
}

function hasNeighbour(cell: number): boolean {
  const x = cell % COLUMNS
  const above = cell + MARGIN - COLUMNS
  const beside = cell + MARGIN
  const below = cell + MARGIN + COLUMNS
  if (marks[above]! + marks[below]! > 0) return true
  if (x > 0 && marks[above - 1]! + marks[beside - 1]! + marks[below - 1]! > 0) return true
  return x < COLUMNS - 1 && marks[above + 1]! + marks[beside + 1]! + marks[below + 1]! > 0
}

/** Where something was found, and one cell around it, any change counts. */
function clear(idle: Uint8Array, box: Box): void {
  const from = (share: number, cells: number): number => Math.max(0, Math.floor(share * cells) - 1)
  const to = (share: number, cells: number): number => Math.min(cells - 1, Math.ceil(share * cells))
  for (let y = from(box.y1, ROWS); y <= to(box.y2, ROWS); y += 1) idle.fill(0, y * COLUMNS + from(box.x1, COLUMNS), y * COLUMNS + to(box.x2, COLUMNS) + 1)
}

/** Of whole numbers from -255 to 510, by counting. */
function medianOf(values: Int16Array): number {
  tally.fill(0)
  for (let i = 0; i < values.length; i += 1) tally[values[i]! + 255]! += 1
  let passed = 0
  for (let bin = 0; bin < tally.length; bin += 1) {
    passed += tally[bin]!
    if (passed * 2 >= values.length) return bin - 255
  }
  return 0
}

/** Places of the samples in the bytes of a frame; one list for each size met, and cameras of a site have few. */
const places = new Map<string, Int32Array>()
const SIZES_KEPT = 32

function samplePlaces(width: number, height: number): Int32Array {
  const key = `${width}x${height}`
  const known = places.get(key)
  if (known) return known
  const made = new Int32Array(CELLS * 4)
  const pixel = (x: number, y: number): number => (Math.floor(y * height) * width + Math.floor(x * width)) * 3 + 1
  for (let cell = 0; cell < CELLS; cell += 1) {
    const x = cell % COLUMNS
    const y = Math.floor(cell / COLUMNS)
    const corners = [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]] as const
    corners.forEach(([dx, dy], k) => (made[cell * 4 + k] = pixel((x + dx) / COLUMNS, (y + dy) / ROWS)))
  }
  if (places.size >= SIZES_KEPT) places.clear()
  places.set(key, made)
  return made
}
