import { COLUMNS, ROWS } from './gate.js'
import type { Box } from './geometry/box.js'

export const CELLS = COLUMNS * ROWS

/** 1 for each cell of the gate's plane that a box touches, and one around: boxes tremble, and shadows lie beside. */
export function cellsUnder(boxes: readonly Box[]): Uint8Array {
  const under = new Uint8Array(CELLS)
  for (const { x1, y1, x2, y2 } of boxes) {
    const from = Math.max(0, Math.floor(x1 * COLUMNS) - 1)
    const to = Math.min(COLUMNS, Math.ceil(x2 * COLUMNS) + 1)
    const bottom = Math.min(ROWS, Math.ceil(y2 * ROWS) + 1)
    for (let row = Math.max(0, Math.floor(y1 * ROWS) - 1); row < bottom; row += 1) if (to > from) under.fill(1, row * COLUMNS + from, row * COLUMNS + to)
  }
  return under
}

/** How many cells are marked with 1. */
export function countOf(marks: Uint8Array): number {
  let count = 0
  for (const mark of marks) count += mark
  return count
}
