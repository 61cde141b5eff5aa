import { COLUMNS, ROWS, type Plane } from './gate.js'
import type { Box } from './geometry/box.js'

/** Cells of the gate's plane that hang together. */
export type Patch = readonly number[]

/** Fewer may be noise; more of the picture than this is a lorry, a lamp's light or a shadow. */
const CELLS_MIN = 2
const PICTURE_SHARE_MAX = 0.04
/** A thing has an outline: beside it the picture is as ever. Light fades out over many cells. */
const SHARPNESS_MIN = 0.45
/** Outlines in steps of 255, and how much stronger one picture's must be than the other's. */
const OUTLINE_MIN = 8
const OUTLINE_RATIO_MIN = 1.3
/** As bright as this it shines: a lamp that was switched on. */
const SHINES_MIN = 245

export function patchesOf(marks: Uint8Array): Patch[] {
  const free = Uint8Array.from(marks)
  const patches: Patch[] = []
  for (let first = 0; first < free.length; first += 1) {
    if (free[first] === 0) continue
    free[first] = 0
    const patch = [first]
    // Grows while it is walked.
    for (const cell of patch) {
      for (const beside of around(cell)) {
        if (free[beside] === 0) continue
        free[beside] = 0
        patch.push(beside)
      }
    }
    patches.push(patch)
  }
  return patches
}

/** What kind of change a patch shows; null where it is none: noise, light, or too large for a thing. */
export function readPatch(patch: Patch, plane: Plane, usual: Float32Array): 'appeared' | 'gone' | null {
  if (patch.length < CELLS_MIN || patch.length > PICTURE_SHARE_MAX * COLUMNS * ROWS) return null
  const inside = new Set(patch)
  const outline = patch.flatMap((cell) => [...around(cell)].filter((beside) => !inside.has(beside) && !Number.isNaN(usual[beside]!)).map((beside) => [cell, beside] as const))
  const mean = (pairs: readonly (readonly [number, number])[], valueOf: (cell: number, beside: number) => number): number => pairs.reduce((sum, [cell, beside]) => sum + valueOf(cell, beside), 0) / Math.max(1, pairs.length)
  const change = (cell: number): number => plane[cell]! - usual[cell]!
  const size = patch.reduce((sum, cell) => sum + Math.abs(change(cell)), 0) / patch.length
  const step = mean(outline, (cell, beside) => Math.abs(change(cell) - change(beside)))
  if (outline.length === 0 || step < SHARPNESS_MIN * size) return null
  const now = mean(outline, (cell, beside) => Math.abs(plane[cell]! - plane[beside]!))
  const before = mean(outline, (cell, beside) => Math.abs(usual[cell]! - usual[beside]!))
  if (now >= OUTLINE_MIN && now >= before * OUTLINE_RATIO_MIN) return patch.some((cell) => plane[cell]! >= SHINES_MIN) ? null : 'appeared'
  return before >= OUTLINE_MIN && before >= now * OUTLINE_RATIO_MIN ? 'gone' : null
}

export function boxOfCells(patch: Patch): Box {
  const columns = patch.map((cell) => cell % COLUMNS)
  const rows = patch.map((cell) => Math.floor(cell / COLUMNS))
  return { x1: Math.min(...columns) / COLUMNS, y1: Math.min(...rows) / ROWS, x2: (Math.max(...columns) + 1) / COLUMNS, y2: (Math.max(...rows) + 1) / ROWS }
}

function* around(cell: number): Generator<number> {
  const x = cell % COLUMNS
  const y = Math.floor(cell / COLUMNS)
  for (let row = Math.max(0, y - 1); row <= Math.min(ROWS - 1, y + 1); row += 1) {
    for (let column = Math.max(0, x - 1); column <= Math.min(COLUMNS - 1, x + 1); column += 1) if (column !== x || row !== y) yield row * COLUMNS + column
  }
}
