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
  const levels = levelsAlong(middles, slantOf([middles]))
  const single: Rows = { rows: 1, order: leftToRight(middles, 0) }
  if (middles.length < 2 * ROW_MIN || spreadOf(levels) <= ONE_ROW_SPREAD_MAX * height) return single
  // Rows that reach differently far pull the one line through all aslant; the slant that both rows share is the plate's.
  const rough = split(levels)
  const { above, below, gap } = split(levelsAlong(middles, slantOf([rough.above, rough.below])))
  if (gap < GAP_MIN * height || above.length < ROW_MIN || below.length < ROW_MIN) return single
  return { rows: 2, order: [...leftToRight(above, 0), ...leftToRight(below, 1)] }
}

interface Middle {
  readonly at: number
  readonly x: number
  readonly y: number
}

type Level = Middle & { readonly level: number }

/** How much y grows with x, by least squares around each group's own middle. */
function slantOf(groups: readonly (readonly Middle[])[]): number {
  let [up, across] = [0, 0]
  for (const group of groups) {
    const x = mean(group.map((one) => one.x))
    const y = mean(group.map((one) => one.y))
    for (const one of group) {
      up += (one.x - x) * (one.y - y)
      across += (one.x - x) ** 2
    }
  }
  return across > 0 ? up / across : 0
}

function levelsAlong(middles: readonly Middle[], slant: number): readonly Level[] {
  return middles.map((one) => ({ ...one, level: one.y - slant * one.x })).toSorted((a, b) => a.level - b.level)
}

function spreadOf(levels: readonly Level[]): number {
  return levels.length === 0 ? 0 : levels.at(-1)!.level - levels[0]!.level
}

/** At the widest gap between neighbours. */
function split(levels: readonly Level[]): { readonly above: readonly Level[]; readonly below: readonly Level[]; readonly gap: number } {
  const gaps = levels.slice(1).map(({ level }, at) => level - levels[at]!.level)
  const gap = Math.max(...gaps)
  const cut = gaps.indexOf(gap) + 1
  return { above: levels.slice(0, cut), below: levels.slice(cut), gap }
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
