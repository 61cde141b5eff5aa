import type { SeenBox } from './backtest.js'
import type { Box } from './seen.js'

/** What can be the same act seen twice: its time, and where its objects stood. Without boxes only its time speaks. */
export interface Sighting {
  readonly sinceMs: number
  readonly untilMs: number
  readonly boxes: readonly SeenBox[]
  /** Which run of the eyes saw it: track numbers of one run can be compared, others say nothing. */
  readonly run?: number
}

/** Two versions tell of one act within so much of each other: one waits a little longer than the other before it is sure. */
const SLACK_MS = 2_000
/** Where its number tells that it is the same vehicle, it has this long from one version's line to the other's. */
const TRACK_SLACK_MS = 10_000
/** Boxes of one act lie within half their own size of each other, and farther apart by what a fast two-wheeler covers meanwhile (60 km/h, 2 m). */
const NEAR_SIZES = 0.5
const SIZES_A_SECOND = 8
const APART_S_MAX = 2

/**
 * For each of `a` its match in `b`, or -1: nearest pairs first, each taken once. Both are in order of time (`byTime`). Pure, and the same
 * answer for the same input whatever order equal pairs would have been found in.
 */
export function matchSightings(a: readonly Sighting[], b: readonly Sighting[]): readonly number[] {
  const pairs = pairsOf(a, b).toSorted((p, q) => p.cost - q.cost || p.i - q.i || p.j - q.j)
  const matched = a.map(() => -1)
  const taken = new Set<number>()
  for (const { i, j } of pairs) {
    if (matched[i] !== -1 || taken.has(j)) continue
    matched[i] = j
    taken.add(j)
  }
  return matched
}

export function byTime(p: Pick<Sighting, 'sinceMs' | 'untilMs'>, q: Pick<Sighting, 'sinceMs' | 'untilMs'>): number {
  return p.sinceMs - q.sinceMs || p.untilMs - q.untilMs
}

interface Pair {
  readonly i: number
  readonly j: number
  readonly cost: number
}

/** Two weeks hold some ten thousand of each: what is long over is not looked at again. */
function pairsOf(a: readonly Sighting[], b: readonly Sighting[]): readonly Pair[] {
  const pairs: Pair[] = []
  const overBy: number[] = []
  for (const { untilMs } of b) overBy.push(Math.max(overBy.at(-1) ?? -Infinity, untilMs))
  let first = 0
  for (const [i, one] of a.entries()) {
    while (first < b.length && overBy[first]! < one.sinceMs - TRACK_SLACK_MS) first += 1
    for (let j = first; j < b.length && b[j]!.sinceMs <= one.untilMs + TRACK_SLACK_MS; j += 1) {
      const cost = apart(one, b[j]!)
      if (cost !== null) pairs.push({ i, j, cost })
    }
  }
  return pairs
}

/**
 * How ill two fit, in seconds and sizes; null: they cannot be the same act. Two versions of a rule are shown the same tracks, and then those
 * tell: in a full street a neighbour is nearer than a vehicle is to itself a second later.
 */
function apart(one: Sighting, other: Sighting): number | null {
  const apartMs = Math.max(one.sinceMs - other.untilMs, other.sinceMs - one.untilMs)
  const seconds = Math.abs(one.sinceMs - other.sinceMs) / 1000
  const hasBoxes = one.boxes.length > 0 && other.boxes.length > 0
  if (hasBoxes && one.run !== undefined && one.run === other.run) return apartMs <= TRACK_SLACK_MS && sharesTrack(one, other) ? seconds : null
  if (apartMs > SLACK_MS) return null
  if (!hasBoxes) return seconds
  const near = one.boxes.flatMap((box) => other.boxes.map((theirs) => sizesApart(box, theirs))).filter((sizes) => sizes !== null)
  return near.length > 0 ? seconds + Math.min(...near) : null
}

function sharesTrack(one: Sighting, other: Sighting): boolean {
  const tracks = new Set(other.boxes.map(({ track }) => track))
  return one.boxes.some(({ track }) => track !== undefined && tracks.has(track))
}

/** Of the larger box; null: too far for one object. */
export function sizesApart(one: SeenBox, other: SeenBox): number | null {
  const seconds = Math.min(APART_S_MAX, Math.abs(one.atMs - other.atMs) / 1000)
  const size = Math.max(lengthOf(one.box), lengthOf(other.box), Number.EPSILON)
  const sizes = Math.hypot(middle(one.box.x1, one.box.x2) - middle(other.box.x1, other.box.x2), middle(one.box.y1, one.box.y2) - middle(other.box.y1, other.box.y2)) / size
  return sizes <= NEAR_SIZES + SIZES_A_SECOND * seconds ? sizes : null
}

function lengthOf({ x1, y1, x2, y2 }: Box): number {
  return Math.max(x2 - x1, y2 - y1)
}

function middle(a: number, b: number): number {
  return (a + b) / 2
}
