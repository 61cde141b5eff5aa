import { checkClaim, checkClassCount, checkDims, gridCells, notANumber, STRIDES, type Claim, type Decoder } from './decoder.js'
import type { Size } from './letterbox.js'
import { yolov8Decoder } from './decode-yolov8.js'

/** YOLOv5 looks at each cell of its grids through three boxes of fixed shapes. */
const ANCHORS = 3

/**
 * YOLOv5 as its own exporter writes it: RGB 0..1, grey on both sides, output [1,3A,5+C] decoded: centre, width and height in
 * input pixels, objectness, class scores; how sure it is of a class is both multiplied. No family of the detectors that a
 * person may choose (FORMATS): pairs that read plates speak it.
 */
export const yolov5Decoder: Omit<Decoder, 'format'> = {
  placing: 'centre',
  sizeFree: { width: 640, height: 640 },
  pack: (pictures, size) => yolov8Decoder.pack(pictures, size),
  countClasses(outputs, size) {
    return checkClassCount(checkDims('the output', outputs[0], [1, gridCells(size, STRIDES).length * ANCHORS, null]).dims[2]! - 5)
  },
  read(outputs, size, pictures, scoreMins) {
    const classes = this.countClasses(outputs, size, pictures)
    const { values, dims } = outputs[0]!
    const width = classes + 5
    const lowest = Math.min(...scoreMins)
    const claims: Claim[] = []
    for (let row = 0; row < dims[1]! * width; row += width) {
      const objectness = values[row + 4]!
      if (objectness < lowest) continue
      for (let classAt = 0; classAt < classes; classAt += 1) {
        const score = objectness * values[row + 5 + classAt]!
        if (score < scoreMins[classAt]!) continue
        if (Number.isNaN(score)) throw notANumber()
        const [x, y, halfWidth, halfHeight] = [values[row]!, values[row + 1]!, values[row + 2]! / 2, values[row + 3]! / 2]
        claims.push(checkClaim({ classAt, score, x1: x - halfWidth, y1: y - halfHeight, x2: x + halfWidth, y2: y + halfHeight }))
      }
    }
    return [claims]
  },
}

/** Which of the two an output of this shape is: YOLOv5 has three rows for each cell of its grids, YOLOv8 a column. Null: neither. */
export function yoloFamily(dims: readonly number[], size: Size): Omit<Decoder, 'format'> | null {
  const cells = gridCells(size, STRIDES).length
  if (dims.length !== 3 || dims[0] !== 1) return null
  if (dims[1] === cells * ANCHORS && dims[2]! > 5) return yolov5Decoder
  return dims[2] === cells && dims[1]! > 4 ? yolov8Decoder : null
}
