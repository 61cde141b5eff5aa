import { checkClassCount, checkDims, gridCells, STRIDES, type Decoder } from './decoder.js'
import type { Size } from './letterbox.js'
import { yolov8Decoder } from './decode-yolov8.js'
import { classesOfRow, readObjectnessRows } from './objectness-rows.js'

/** YOLOv5 looks at each cell of its grids through three boxes of fixed shapes. */
const ANCHORS = 3

/**
 * YOLOv5 as its own exporter writes it: RGB 0..1, grey on both sides, output [1,3A,5+C] decoded: centre, width and height in
 * input pixels, objectness, class scores. No family of the detectors that a person may choose (FORMATS): pairs that read
 * plates speak it.
 */
export const yolov5Decoder: Omit<Decoder, 'format'> = {
  placing: 'centre',
  sizeFree: { width: 640, height: 640 },
  pack: (pictures, size) => yolov8Decoder.pack(pictures, size),
  countClasses(outputs, size) {
    return checkClassCount(classesOfRow(checkDims('the output', outputs[0], [1, gridCells(size, STRIDES).length * ANCHORS, null]).dims[2]!))
  },
  read(outputs, size, pictures, scoreMins) {
    this.countClasses(outputs, size, pictures)
    const { values } = outputs[0]!
    return [readObjectnessRows(outputs[0]!, scoreMins, (_, from) => ({ x: values[from]!, y: values[from + 1]!, width: values[from + 2]!, height: values[from + 3]! }))]
  },
}

/** Which of the two an output of this shape is: YOLOv5 has three rows for each cell of its grids, YOLOv8 a column. Null: neither. */
export function yoloFamily(dims: readonly number[], size: Size): Omit<Decoder, 'format'> | null {
  const cells = gridCells(size, STRIDES).length
  if (dims.length !== 3 || dims[0] !== 1) return null
  if (dims[1] === cells * ANCHORS && classesOfRow(dims[2]!) > 0) return yolov5Decoder
  return dims[2] === cells && dims[1]! > 4 ? yolov8Decoder : null
}
