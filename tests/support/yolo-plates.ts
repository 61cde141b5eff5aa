import { ALPHABET } from '../../analytics/plate/plate.js'
import { makeOnnx } from './make-onnx.js'

/** The smallest picture with whole cells of 32: 64 + 16 + 4 cells. */
const SIDE = 64
const CELLS = 84

/** A box that the network answers to any picture: middle and size in parts of its input, and how sure it is of its class. */
export interface Said {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly classAt: number
  readonly score?: number
}

const input = { name: 'images', type: 'float32', dims: [1, 3, SIDE, SIDE] } as const

interface Network {
  readonly classes: number
  readonly said: readonly Said[]
  readonly notes?: Readonly<Record<string, string>>
}

/** A YOLOv5 export that sees the same in every picture. */
export function makeYolov5({ classes, said, notes = {} }: Network): Uint8Array {
  const wide = 5 + classes
  const values = new Float32Array(CELLS * 3 * wide)
  said.forEach(({ x, y, w, h, classAt, score = 0.9 }, at) => {
    values.set([x * SIDE, y * SIDE, w * SIDE, h * SIDE, 1], at * wide)
    values[at * wide + 5 + classAt] = score
  })
  return makeOnnx({ inputs: [input], answers: [{ name: 'output', dims: [1, CELLS * 3, wide], values }], notes })
}

/** The same of the family YOLOv8. */
export function makeYolov8({ classes, said, notes = {} }: Network): Uint8Array {
  const values = new Float32Array(CELLS * (4 + classes))
  said.forEach(({ x, y, w, h, classAt, score = 0.9 }, at) => {
    for (const [row, value] of [x * SIDE, y * SIDE, w * SIDE, h * SIDE].entries()) values[row * CELLS + at] = value
    values[(4 + classAt) * CELLS + at] = score
  })
  return makeOnnx({ inputs: [input], answers: [{ name: 'output0', dims: [1, 4 + classes, CELLS], values }], notes })
}

/** The notes by which Ultralytics tells the letters of a reader. */
export const LETTER_NOTES = { names: `{${Array.from(ALPHABET, (letter, at) => `${at}: '${letter}'`).join(', ')}}` }

/** A reader's boxes for a text; "/" begins the second row. Given from right to left: their order is not told by the network. */
export function saying(text: string): readonly Said[] {
  const rows = text.split('/')
  return rows.flatMap((row, at) => Array.from(row, (letter, place) => ({ x: (place + 1) / (row.length + 1), y: rows.length === 1 ? 0.5 : at === 0 ? 0.4 : 0.6, w: 0.08, h: 0.14, classAt: ALPHABET.indexOf(letter) }))).toReversed()
}
