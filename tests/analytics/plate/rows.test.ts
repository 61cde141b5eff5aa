import type { Box } from '../../../analytics/geometry/box.js'
import { readInRows } from '../../../analytics/plate/rows.js'

/** Characters of 10 x 20 pixels at these middles, turned by so many degrees around the origin. */
function characters(middles: readonly (readonly [x: number, y: number])[], degrees = 0): readonly Box[] {
  const turn = (degrees * Math.PI) / 180
  return middles.map(([x, y]) => {
    const [across, down] = [x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn)]
    return { x1: across - 5, y1: down - 10, x2: across + 5, y2: down + 10 }
  })
}

const row = (count: number, y: number, from = 0, step = 14): readonly (readonly [number, number])[] => Array.from({ length: count }, (_, at) => [from + at * step, y] as const)
const LONG = row(8, 0)
const SQUARE = [...row(4, 0, 8), ...row(5, 24)]

test.each<[sentence: string, boxes: readonly Box[], above: number, below: number]>([
  ['a long plate is one row', characters(LONG), 8, 0],
  ['a long plate seen aslant climbs by more than a character, and is one row', characters(LONG, 18), 8, 0],
  ['the same the other way', characters(LONG, -18), 8, 0],
  ['a plate of two rows', characters(SQUARE), 4, 5],
  ['two rows aslant', characters(SQUARE, 15), 4, 5],
  ['two rows aslant the other way', characters(SQUARE, -15), 4, 5],
  ['two rows of which the upper lost its right half', characters([...row(2, 0, 8), ...row(5, 24)]), 2, 5],
  ['two rows of which the lower lost its left half', characters([...row(4, 0, 8), ...row(2, 24, 42)]), 4, 2],
  ['boxes of one row that tremble by a fifth of their height', characters(LONG.map(([x], at) => [x, at % 2 === 0 ? 4 : -4])), 8, 0],
  ['a stray box above a long plate makes no row', characters([...LONG, [40, -26]]), 9, 0],
  ['three characters are never two rows', characters([[0, 0], [14, 0], [0, 24]]), 3, 0],
  ['nothing is one row of nothing', [], 0, 0],
])('%s', (_sentence, boxes, above, below) => {
  const { rows, order } = readInRows(boxes)
  expect([rows, order.filter((one) => one.row === 0).length, order.filter((one) => one.row === 1).length]).toEqual([below > 0 ? 2 : 1, above, below])
})

test('the upper row comes first, each from left to right, whatever order the boxes come in', () => {
  const shuffled = [8, 3, 5, 0, 7, 2, 4, 1, 6]
  const boxes = characters(SQUARE, 10)
  expect(readInRows(shuffled.map((at) => boxes[at]!)).order.map(({ at }) => shuffled[at])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
})
