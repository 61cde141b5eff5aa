import { COLUMNS, ROWS, type Plane } from '../../analytics/gate.js'
import { changesOf, learnChanges, NO_CHANGES } from '../../analytics/still-changes.js'

/** The gate's plane of a square with a flower tub in it; a lorry parks, and its shadow falls over the tub's own. Columns and rows of cells. */
const GROUND = 165
const TUB = { columns: [40, 46], rows: [18, 22], bright: 84 } as const
const ITS_SHADOW = { columns: [40, 46], rows: [23, 23], bright: 105 } as const
const LORRY_SHADOW = { columns: [36, 56], rows: [23, 32] } as const
const PIECE = { columns: [40, 41], rows: [23, 23] } as const
const DARK = 70
/** As often as changes are asked for. */
const STEP_S = 0.4

type Place = { readonly columns: readonly [number, number]; readonly rows: readonly [number, number] }
const isIn = ({ columns, rows }: Place, column: number, row: number): boolean => column >= columns[0] && column <= columns[1] && row >= rows[0] && row <= rows[1]

/** The shadow lies still from second 45 on, and draws away over two seconds from `leavesS` on; a piece of it lies there until `pieceUntilS`. */
function planeAt(second: number, { leavesS, pieceUntilS }: { readonly leavesS: number; readonly pieceUntilS: number }): Plane {
  const drawsAway = Math.round(second / STEP_S) % 2 === 0 ? DARK : DARK + 60
  return Uint8Array.from({ length: COLUMNS * ROWS }, (_, cell) => {
    const [column, row] = [cell % COLUMNS, Math.floor(cell / COLUMNS)]
    if (isIn(TUB, column, row)) return TUB.bright
    if (second >= 45 && second < pieceUntilS && isIn(PIECE, column, row)) return DARK
    if (second >= 45 && second < leavesS && isIn(LORRY_SHADOW, column, row)) return DARK
    if (second >= leavesS && second < leavesS + 2 && isIn(LORRY_SHADOW, column, row)) return drawsAway
    return isIn(ITS_SHADOW, column, row) ? ITS_SHADOW.bright : GROUND
  })
}

test.each<[sentence: string, when: { readonly leavesS: number; readonly pieceUntilS: number }, told: readonly string[]]>([
  ['a shadow that lies still for a while is no thing', { leavesS: 99, pieceUntilS: 99 }, []],
  ['nor is what is left of it for a moment, as it draws away', { leavesS: 58, pieceUntilS: 60 }, []],
  ['nor when that begins just as it ripens', { leavesS: 53, pieceUntilS: 55 }, []],
  ['what stays so is told: nobody knows it from something that went', { leavesS: 58, pieceUntilS: 99 }, ['gone']],
])('%s', (_, when, told) => {
  const seen = new Set<string>()
  let state = NO_CHANGES
  for (let atMs = 0; atMs < 75_000; atMs += STEP_S * 1000) {
    state = learnChanges(state, planeAt(atMs / 1000, when), { atMs, covered: [] })
    for (const { kind } of changesOf(state)) seen.add(kind)
  }
  expect([...seen]).toEqual(told)
})
