import { checkClaim, checkClassCount, checkDims, gridCells, notANumber, planes, STRIDES, type Claim, type Decoder } from './decoder.js'

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
    return checkClassCount(rows.dims[2]! - 5)
  },
  read(outputs, size, pictures, scoreMins) {
    const classes = this.countClasses(outputs, size, pictures)
    const { values } = outputs[0]!
    const width = classes + 5
    const claims: Claim[] = []
    const lowest = Math.min(...scoreMins)
    gridCells(size, STRIDES).forEach((cell, at) => {
      const row = at * width
      const objectness = values[row + 4]!
      if (objectness < lowest) return
      for (let classAt = 0; classAt < classes; classAt += 1) {
        const score = objectness * values[row + 5 + classAt]!
        if (score < scoreMins[classAt]!) continue
        if (Number.isNaN(score)) throw notANumber()
        const x = (values[row]! + cell.column) * cell.stride
        const y = (values[row + 1]! + cell.row) * cell.stride
        const halfWidth = (Math.exp(values[row + 2]!) * cell.stride) / 2
        const halfHeight = (Math.exp(values[row + 3]!) * cell.stride) / 2
        claims.push(checkClaim({ classAt, score, x1: x - halfWidth, y1: y - halfHeight, x2: x + halfWidth, y2: y + halfHeight }))
      }
    })
    return [claims]
  },
}
