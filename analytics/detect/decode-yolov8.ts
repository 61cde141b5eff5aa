import { checkClaim, checkClassCount, checkDims, gridCells, notANumber, planes, STRIDES, type Claim, type Decoder } from './decoder.js'

const PER_255 = 1 / 255

/**
 * YOLOv8 and its successors with the same head: RGB 0..1, grey on both sides, output [1,4+C,A] decoded: centre, width and
 * height in input pixels, then class scores. Row by row a quantity, not an anchor: the table lies on its side.
 */
export const yolov8Decoder: Decoder = {
  format: 'yolov8',
  placing: 'centre',
  sizeFree: { width: 640, height: 640 },
  pack(pictures, size) {
    return { type: 'float32', dims: [1, 3, size.height, size.width], values: planes(pictures[0]!, size, [0, 1, 2], [PER_255, PER_255, PER_255], [0, 0, 0]) }
  },
  countClasses(outputs, size) {
    const rows = checkDims('the output', outputs[0], [1, null, gridCells(size, STRIDES).length])
    return checkClassCount(rows.dims[1]! - 4)
  },
  read(outputs, size, pictures, scoreMins) {
    const classes = this.countClasses(outputs, size, pictures)
    const { values, dims } = outputs[0]!
    const anchors = dims[2]!
    const claims: Claim[] = []
    for (let classAt = 0; classAt < classes; classAt += 1) {
      for (let anchor = 0; anchor < anchors; anchor += 1) {
        const score = values[(4 + classAt) * anchors + anchor]!
        if (score < scoreMins[classAt]!) continue
        if (Number.isNaN(score)) throw notANumber()
        const x = values[anchor]!
        const y = values[anchors + anchor]!
        const halfWidth = values[2 * anchors + anchor]! / 2
        const halfHeight = values[3 * anchors + anchor]! / 2
        claims.push(checkClaim({ classAt, score, x1: x - halfWidth, y1: y - halfHeight, x2: x + halfWidth, y2: y + halfHeight }))
      }
    }
    return [claims]
  },
}
