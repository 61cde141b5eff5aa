import { eyesDecoder } from '../../../analytics/detect/decode-eyes.js'
import { picodetDecoder } from '../../../analytics/detect/decode-picodet.js'
import { yolov8Decoder } from '../../../analytics/detect/decode-yolov8.js'
import { yoloxDecoder } from '../../../analytics/detect/decode-yolox.js'
import { gridCells, STRIDES, type Claim, type Decoder } from '../../../analytics/detect/decoder.js'
import type { FloatTensor } from '../../../analytics/detect/onnx-session.js'

/** 64x64 has 8x8 cells of 8 px, 4x4 of 16 px, 2x2 of 32 px: 84 in all. */
const SIZE = { width: 64, height: 64 }
const CELLS = 84
const zeros = (dims: readonly number[]): FloatTensor => ({ dims, values: new Float32Array(dims.reduce((a, b) => a * b, 1)) })
const round = (claims: readonly Claim[]): readonly Claim[] => claims.map((claim) => ({ classAt: claim.classAt, score: r(claim.score), x1: r(claim.x1), y1: r(claim.y1), x2: r(claim.x2), y2: r(claim.y2) }))
const r = (value: number): number => Math.round(value * 1000) / 1000

interface Case {
  readonly sentence: string
  readonly decoder: Decoder
  readonly outputs: () => readonly FloatTensor[]
  readonly claims: readonly Claim[]
}

const cases: readonly Case[] = [
  {
    sentence: 'eyes: the box stands as it is, in input pixels, beside its score',
    decoder: eyesDecoder,
    outputs: () => {
      const [boxes, scores] = [zeros([1, CELLS, 4]), zeros([1, CELLS, 2])]
      boxes.values.set([1, 2, 30, 40], 5 * 4)
      scores.values.set([0.1, 0.75], 5 * 2)
      return [boxes, scores]
    },
    claims: [{ classAt: 1, score: 0.75, x1: 1, y1: 2, x2: 30, y2: 40 }],
  },
  {
    sentence: 'yolox: cell 10 is column 2, row 1 of the 8 px grid; centre from its corner, sides by exp, score is objectness times class',
    decoder: yoloxDecoder,
    outputs: () => {
      const rows = zeros([1, CELLS, 7])
      rows.values.set([0.5, 0.25, Math.log(2), Math.log(3), 0.8, 0.1, 0.9], 10 * 7)
      return [rows]
    },
    // centre (2.5 * 8, 1.25 * 8) = (20, 10); sides 16 and 24
    claims: [{ classAt: 1, score: 0.72, x1: 12, y1: -2, x2: 28, y2: 22 }],
  },
  {
    sentence: 'yolox: cell 81 is column 1, row 0 of the 32 px grid',
    decoder: yoloxDecoder,
    outputs: () => {
      const rows = zeros([1, CELLS, 7])
      rows.values.set([0, 1, 0, 0, 1, 1, 0], 81 * 7)
      return [rows]
    },
    claims: [{ classAt: 0, score: 1, x1: 16, y1: 16, x2: 48, y2: 48 }],
  },
  {
    sentence: 'yolov8: centre and sides in pixels, the table on its side',
    decoder: yolov8Decoder,
    outputs: () => {
      const table = zeros([1, 6, CELLS])
      ;[20, 30, 8, 12, 0.2, 0.6].forEach((value, quantity) => (table.values[quantity * CELLS + 33] = value))
      return [table]
    },
    claims: [{ classAt: 1, score: 0.6, x1: 16, y1: 24, x2: 24, y2: 36 }],
  },
  {
    sentence: 'picodet: a side is the expectation of its distribution, counted from the middle of cell 3 (column 1, row 1 of the 32 px grid)',
    decoder: picodetDecoder,
    outputs: () => {
      const scores = [64, 16, 4, 1].map((rows) => zeros([1, rows, 3]))
      const sides = [64, 16, 4, 1].map((rows) => zeros([1, rows, 32]))
      scores[2]!.values[3 * 3 + 2] = 0.9
      // left: all on bin 1; top: halves on bins 0 and 1; right: all on bin 0; bottom: even over 0..7, so 3.5.
      const at = 3 * 32
      sides[2]!.values.fill(-100, at, at + 24)
      sides[2]!.values[at + 1] = 100
      sides[2]!.values[at + 8] = 50
      sides[2]!.values[at + 9] = 50
      sides[2]!.values[at + 16] = 90
      return [...sides, ...scores.toReversed()]
    },
    // centre (48, 48)
    claims: [{ classAt: 2, score: 0.9, x1: 16, y1: 32, x2: 48, y2: 160 }],
  },
]

test.each(cases)('$sentence', ({ decoder, outputs, claims }) => {
  const tensors = outputs()
  const classes = decoder.countClasses(tensors, SIZE, 1)
  expect(decoder.read(tensors, SIZE, 1, Array.from({ length: classes }, () => 0.5)).map(round)).toEqual([claims])
})

test('eyes: of three pictures in one call each keeps its own claims', () => {
  const [boxes, scores] = [zeros([3, CELLS, 4]), zeros([3, CELLS, 1])]
  for (const picture of [0, 2]) {
    boxes.values.set([picture, 0, 10, 10], picture * CELLS * 4)
    scores.values[picture * CELLS] = 0.6
  }
  const read = eyesDecoder.read([boxes, scores], SIZE, 3, [0.5])
  expect(read.map((claims) => claims.map((claim) => claim.x1))).toEqual([[0], [], [2]])
})

test('each class has its own least score', () => {
  const [boxes, scores] = [zeros([1, 1, 4]), zeros([1, 1, 2])]
  scores.values.set([0.45, 0.45])
  expect(eyesDecoder.read([boxes, scores], SIZE, 1, [0.5, 0.4])[0]!.map((claim) => claim.classAt)).toEqual([1])
})

test('grids come finest first, row by row', () => {
  const cells = gridCells({ width: 64, height: 32 }, STRIDES)
  expect(cells.length).toBe(32 + 8 + 2)
  expect([cells[0], cells[8], cells[32], cells[41]]).toEqual([{ column: 0, row: 0, stride: 8 }, { column: 0, row: 1, stride: 8 }, { column: 0, row: 0, stride: 16 }, { column: 1, row: 0, stride: 32 }])
})

test.each([
  { decoder: eyesDecoder, wanted: [255, 0, 51, 255, 0, 51] },
  { decoder: yoloxDecoder, wanted: [51, 51, 0, 0, 255, 255] },
  { decoder: yolov8Decoder, wanted: [1, 1, 0, 0, 0.2, 0.2] },
  { decoder: picodetDecoder, wanted: [2.249, 2.249, -2.036, -2.036, -0.916, -0.916] },
])('$decoder.format packs two pixels of red 255, green 0, blue 51 as it was trained to see them', ({ decoder, wanted }) => {
  const tensor = decoder.pack([Uint8Array.from([255, 0, 51, 255, 0, 51])], { width: 2, height: 1 })
  expect([...tensor.values].map((value) => r(Number(value)))).toEqual(wanted)
})
