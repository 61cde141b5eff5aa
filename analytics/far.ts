import type { Detection } from './detection.js'
import { mayBeOne, suppress } from './detect/suppress.js'
import { withoutRiders } from './detect/join-riders.js'
import { centre, contains, overlap, type Box } from './geometry/box.js'
import type { Point } from './geometry/point.js'
import type { Track } from './track/track.js'

/**
 * Far down a street motorbikes are a few pixels high, and scaling a large picture down to what a network takes makes them fewer.
 * Where they drive is learned for each camera, and that part is looked at once more, at its full size:
 *
 *     ┌────────────────────┐
 *     │   ┌─ far ─┐        │      half as wide as the picture, so twice as large to the network
 *     │   │ ∙ ∙∙  │ houses │
 *     │   └───────┘        │
 *     │  ▫   ▪   ▪▪        │      near vehicles: as before
 *     └────────────────────┘
 */
export interface FarState {
  /** Seconds in which something small moved in each cell of the picture; older ones fade. */
  readonly cells: readonly number[]
  readonly atMs: number | null
  readonly weighedAtMs: number | null
  /** The middle of the part to look at; null until something small has moved for long enough. */
  readonly place: Point | null
}

const COLUMNS = 32
const ROWS = 18

export const NOTHING_FAR: FarState = { cells: Array.from({ length: COLUMNS * ROWS }, () => 0), atMs: null, weighedAtMs: null, place: null }

/** The part is so wide, of the picture's width, and so high, of its own. */
export const FAR_WIDTH = 0.5
export const FAR_SHAPE = 0.3
/** 28 lines of 360. Of drawn vehicles of 10 to 14 lines our detector finds 16 of 29 in the whole picture and 25 nearer, of 20 to 28 lines 28 and 30 of 30. */
const SMALL_MAX = 28 / 360
/** What is larger than this is left to the whole picture, which shows it with its surroundings. */
const FAR_HEIGHT_MAX = 48 / 360
const LEARN_EVERY_MS = 1_000
const GAP_MS_MAX = 5_000
const WEIGH_EVERY_MS = 30_000
const HALF_LIFE_MS = 60 * 60_000
/** Ten seconds of small things in motion: two bikes that cross the picture. */
const SECONDS_MIN = 10
/** Another place must be so much better: moving the part costs the decoder a new start. */
const BETTER_MIN = 1.5
/** Windows that differ by no more hold the same. */
const NEARLY_MOST = 0.98
/** What is left of a cell after half a day is nothing. */
const FADED = 1e-3
/** Two views of one small object never agree to the pixel. */
const SAME_SMALL_OVERLAP_MIN = 0.3
/** A claim that ends this near to an inner edge of the part, in shares of the part, was cut by it. */
const CUT = 0.015

/** `movers`: who is seen now and has moved since he was first seen. `aspect`: width by height of the picture. */
export function learnFar(state: FarState, movers: readonly Track[], { atMs, aspect }: { readonly atMs: number; readonly aspect: number }): FarState {
  const goneMs = state.atMs === null ? 0 : atMs - state.atMs
  if (state.atMs !== null && goneMs >= 0 && goneMs < LEARN_EVERY_MS) return state
  const seconds = Math.min(GAP_MS_MAX, Math.max(0, goneMs)) / 1000
  const kept = 0.5 ** (Math.max(0, goneMs) / HALF_LIFE_MS)
  const cells = state.cells.map((held) => (held * kept < FADED ? 0 : held * kept))
  for (const { box } of movers) if (box.y2 - box.y1 < SMALL_MAX) cells[cellOf(centre(box))]! += seconds
  const learned = { ...state, cells, atMs }
  if (state.weighedAtMs !== null && atMs >= state.weighedAtMs && atMs - state.weighedAtMs < WEIGH_EVERY_MS) return learned
  return { ...learned, weighedAtMs: atMs, place: choosePlace(cells, state.place, aspect) }
}

/** The part around this point, pushed into the picture; `shape` is its height by its width, in pixels. */
export function farBox(at: Point, { aspect, shape = FAR_SHAPE }: { readonly aspect: number; readonly shape?: number }): Box {
  const height = Math.min(1, FAR_WIDTH * shape * aspect)
  const x1 = Math.min(1 - FAR_WIDTH, Math.max(0, at.x - FAR_WIDTH / 2))
  const y1 = Math.min(1 - height, Math.max(0, at.y - height / 2))
  return { x1, y1, x2: x1 + FAR_WIDTH, y2: y1 + height }
}

/** What a second look found in a part of the picture; boxes are in 0..1 of the whole picture. */
export interface FarLook {
  readonly part: Box
  readonly detections: readonly Detection[]
}

/**
 * Both looks as one. Of one small object seen twice the nearer look is believed; claims that the part's edge cut, and whatever is
 * large, are left to the whole picture. `within`: only this much of the picture was looked at, so nothing is said of the rest.
 */
export function joinFar(found: readonly Detection[], { part, detections }: FarLook, within: Box | null): readonly Detection[] {
  const near = detections.filter((claim) => claim.box.y2 - claim.box.y1 < FAR_HEIGHT_MAX && !isCut(claim.box, part) && (within === null || contains(within, centre(claim.box))))
  const whole = found.filter((one) => one.box.y2 - one.box.y1 >= SMALL_MAX || !near.some((claim) => mayBeOne(claim, one) && overlap(claim.box, one.box) >= SAME_SMALL_OVERLAP_MIN))
  return withoutRiders(suppress([...near, ...whole]))
}

function isCut(box: Box, part: Box): boolean {
  const [across, down] = [CUT * (part.x2 - part.x1), CUT * (part.y2 - part.y1)]
  return (part.x1 > 0 && box.x1 < part.x1 + across) || (part.x2 < 1 && box.x2 > part.x2 - across) || (part.y1 > 0 && box.y1 < part.y1 + down) || (part.y2 < 1 && box.y2 > part.y2 - down)
}

function cellOf({ x, y }: Point): number {
  const at = (share: number, cells: number): number => Math.min(cells - 1, Math.max(0, Math.floor(share * cells)))
  return at(y, ROWS) * COLUMNS + at(x, COLUMNS)
}

/** The window that holds most, and of windows that hold as much the one in whose middle it is. */
function choosePlace(cells: readonly number[], current: Point | null, aspect: number): Point | null {
  const used = cells.flatMap((seconds, cell) => (seconds > 0 ? [{ at: middleOf(cell), seconds }] : []))
  if (sum(used, ({ seconds }) => seconds) < SECONDS_MIN) return current
  const heldAt = (at: Point): Held => heldBy(used, farBox(at, { aspect }))
  const places = middles(aspect).map((at) => ({ at, held: heldAt(at) }))
  const most = Math.max(...places.map(({ held }) => held.seconds))
  if (most < SECONDS_MIN) return current
  if (current !== null && heldAt(current).seconds * BETTER_MIN > most) return current
  const off = ({ at, held: { middle } }: (typeof places)[number]): number => Math.hypot((at.x - middle.x) * aspect, at.y - middle.y)
  return places.filter(({ held }) => held.seconds >= most * NEARLY_MOST).toSorted((a, b) => off(a) - off(b))[0]!.at
}

interface Used {
  readonly at: Point
  readonly seconds: number
}

interface Held {
  readonly seconds: number
  readonly middle: Point
}

function heldBy(used: readonly Used[], box: Box): Held {
  const inside = used.filter(({ at }) => contains(box, at))
  const seconds = sum(inside, (one) => one.seconds)
  return { seconds, middle: { x: sum(inside, (one) => one.seconds * one.at.x) / seconds, y: sum(inside, (one) => one.seconds * one.at.y) / seconds } }
}

function sum(used: readonly Used[], of: (one: Used) => number): number {
  return used.reduce((total, one) => total + of(one), 0)
}

function middleOf(cell: number): Point {
  return { x: ((cell % COLUMNS) + 0.5) / COLUMNS, y: (Math.floor(cell / COLUMNS) + 0.5) / ROWS }
}

/** Every place of the part on the grid. */
function middles(aspect: number): readonly Point[] {
  const { x2, y2 } = farBox({ x: 0, y: 0 }, { aspect })
  const down = Array.from({ length: ROWS }, (_, row) => row / ROWS).filter((top) => top + y2 <= 1)
  const across = Array.from({ length: COLUMNS }, (_, column) => column / COLUMNS).filter((left) => left + x2 <= 1)
  return down.flatMap((top) => across.map((left) => ({ x: left + x2 / 2, y: top + y2 / 2 })))
}
