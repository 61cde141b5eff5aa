import { checkClassCount, checkDims, gridCells, planes, STRIDES, type Decoder } from './decoder.js'
import { classesOfRow, readObjectnessRows, type CentredBox } from './objectness-rows.js'

/**
 * YOLOX as its own exporter writes it: BGR 0..255, grey to the right and below, output [1,A,5+C] undecoded. Each row is
 * dx, dy, log w, log h in strides of its cell, then objectness and class scores, the sigmoid already taken.
 */
export const yoloxDecoder: Decoder = {
  format: 'yolox',
  placing: 'corner',
  sizeFree: { width: 416, height: 416 },
  pack(pictures, size) {
    return { type: 'float32', dims: [1, 3, size.height, size.width], values: planes(pictures[0]!, size, [2, 1, 0], [1, 1, 1], [0, 0, 0]) }
  },
  countClasses(outputs, size) {
    const rows = checkDims('the output', outputs[0], [1, gridCells(size, STRIDES).length, null])
    return checkClassCount(classesOfRow(rows.dims[2]!))
  },
  read(outputs, size, pictures, scoreMins) {
    this.countClasses(outputs, size, pictures)
    const { values } = outputs[0]!
    const cells = gridCells(size, STRIDES)
    const boxOf = (at: number, from: number): CentredBox => {
      const { column, row, stride } = cells[at]!
      return { x: (values[from]! + column) * stride, y: (values[from + 1]! + row) * stride, width: Math.exp(values[from + 2]!) * stride, height: Math.exp(values[from + 3]!) * stride }
    }
    return [readObjectnessRows(outputs[0]!, scoreMins, boxOf)]
  },
}
