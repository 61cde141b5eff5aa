import type { Box } from '../geometry/box.js'

/** Characters as one reads them: the upper row first, each row from left to right. `at`: place in the list given. */
export interface Rows {
  readonly rows: 1 | 2
  readonly order: readonly { readonly at: number; readonly row: 0 | 1 }[]
}

/** In heights of a character: middles of one row lie closer than this to its line, those of two rows (pitch about 1.2) never. */
const ONE_ROW_SPREAD_MAX = 0.6
const GAP_MIN = 0.5
/** A row of one character is a screw, or a misread edge: the law has two above at least. */
const ROW_MIN = 2

/**
 * One row or two, told by where the boxes' middles fall apart once the plate's own slant is taken away: a long plate seen
 * aslant climbs by more than a character's height. Boxes in pixels, for up must measure as across. Pure.
 */
export function readInRows(boxes: readonly Box[]): Rows {
  const middles = boxes.map(({ x1, y1, x2, y2 }, at) => ({ at, x: (x1 + x2) / 2, y: (y1 + y2) / 2 }))
  const height = median(boxes.map(({ y1, y2 }) => y2 - y1))
  const levels = levelsAlong(middles, slantOf(middles))
  const single: Rows = { rows: 1, order: leftToRight(middles, 0) }
  if (middles.length < 2 * ROW_MIN || levels.at(-1)!.level - levels[0]!.level <= ONE_ROW_SPREAD_MAX * height) return single
  const { above, below } = SLANTS.flatMap((slant) => cuts(levelsAlong(middles, slant))).reduce((best, one) => (one.within < best.within ? one : best))
  if (below[0]!.level - above.at(-1)!.level < GAP_MIN * height) return single
  return { rows: 2, order: [...leftToRight(above, 0), ...leftToRight(below, 1)] }
}

/** Down for each step across: up to 24 degrees, beyond which no reader reads. Rows that lost characters pull a line through all of them aslant, so slants are tried. */
const SLANTS = Array.from({ length: 19 }, (_, at) => (at - 9) * 0.05)

interface Middle {
  readonly at: number
  readonly x: number
  readonly y: number
}

type Level = Middle & { readonly level: number }

/** How much y grows with x, by least squares. */
function slantOf(middles: readonly Middle[]): number {
  const x = mean(middles.map((one) => one.x))
  const y = mean(middles.map((one) => one.y))
  const across = middles.reduce((sum, one) => sum + (one.x - x) ** 2, 0)
  return across > 0 ? middles.reduce((sum, one) => sum + (one.x - x) * (one.y - y), 0) / across : 0
}

function levelsAlong(middles: readonly Middle[], slant: number): readonly Level[] {
  return middles.map((one) => ({ ...one, level: one.y - slant * one.x })).toSorted((a, b) => a.level - b.level)
}

/** Every way to make two rows of these levels; `within`: how far, squared and in sum, characters lie from the middle of their row. */
function cuts(levels: readonly Level[]): readonly { readonly above: readonly Level[]; readonly below: readonly Level[]; readonly within: number }[] {
  return Array.from({ length: levels.length - 2 * ROW_MIN + 1 }, (_, at) => {
    const above = levels.slice(0, at + ROW_MIN)
    const below = levels.slice(at + ROW_MIN)
    return { above, below, within: scatterOf(above) + scatterOf(below) }
  })
}

function scatterOf(row: readonly Level[]): number {
  const middle = mean(row.map(({ level }) => level))
  return row.reduce((sum, { level }) => sum + (level - middle) ** 2, 0)
}

function leftToRight(row: readonly Middle[], number: 0 | 1): Rows['order'] {
  return row.toSorted((a, b) => a.x - b.x).map(({ at }) => ({ at, row: number }))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
