import { COCO_NAMES } from './coco-classes.js'
import { checkClaim, checkClassCount, checkDims, notANumber, planes, type Claim, type Decoder } from './decoder.js'
import { ModelFault } from './detector.js'
import type { Size } from './letterbox.js'

/**
 * RT-DETR and its kin (RT-DETRv2, D-FINE): RGB 0..1, stretched. Each query is one object, so nothing has to be suppressed; each
 * class has a sigmoid of its own. Two exports are about. Neither was proved on a published file (models/README.md).
 */
const pack: Decoder['pack'] = (pictures, size) => ({ type: 'float32', dims: [1, 3, size.height, size.width], values: planes(pictures[0]!, size, [0, 1, 2], [1 / 255, 1 / 255, 1 / 255], [0, 0, 0]) })
const SIZE_FREE: Size = { width: 640, height: 640 }

/** As Hugging Face exports it: `logits` [1,Q,C] and `pred_boxes` [1,Q,4], centre and size in 0..1. */
export const rtdetrDecoder: Decoder = {
  format: 'rtdetr',
  placing: 'stretch',
  wants: ['logits', 'pred_boxes'],
  sizeFree: SIZE_FREE,
  pack,
  countClasses([logits, boxes]) {
    const { dims } = checkDims('logits', logits, [1, null, null])
    checkDims('pred_boxes', boxes, [1, dims[1]!, 4])
    return checkClassCount(dims[2]!)
  },
  read(outputs, size, pictures, scoreMins) {
    const classes = this.countClasses(outputs, size, pictures)
    const [{ values: logits, dims }, { values: boxes }] = outputs as [(typeof outputs)[0], (typeof outputs)[0]]
    const claims: Claim[] = []
    for (let query = 0; query < dims[1]!; query += 1) {
      for (let classAt = 0; classAt < classes; classAt += 1) {
        const score = 1 / (1 + Math.exp(-logits[query * classes + classAt]!))
        if (score < scoreMins[classAt]!) continue
        if (Number.isNaN(score)) throw notANumber()
        const at = query * 4
        const [x, y] = [boxes[at]! * size.width, boxes[at + 1]! * size.height]
        const [halfWidth, halfHeight] = [(boxes[at + 2]! * size.width) / 2, (boxes[at + 3]! * size.height) / 2]
        claims.push(checkClaim({ classAt, score, x1: x - halfWidth, y1: y - halfHeight, x2: x + halfWidth, y2: y + halfHeight }))
      }
    }
    return [claims]
  },
}

/** As its own exporter writes it, decoded inside: `labels` [1,Q], `boxes` [1,Q,4] in pixels of the size it is told, `scores` [1,Q]. */
export const rtdetrExportDecoder: Decoder = {
  format: 'rtdetr',
  placing: 'stretch',
  wants: ['labels', 'boxes', 'scores'],
  classesUntold: true,
  sizeFree: SIZE_FREE,
  pack,
  /** Told its own input's size, its boxes come in pixels of that. Width first. */
  sizeTensor: ({ width, height }) => ({ type: 'int64', dims: [1, 2], values: BigInt64Array.of(BigInt(width), BigInt(height)) }),
  countClasses([labels, boxes, scores]) {
    const { dims } = checkDims('labels', labels, [1, null])
    checkDims('boxes', boxes, [1, dims[1]!, 4])
    checkDims('scores', scores, [1, dims[1]!])
    return COCO_NAMES.length
  },
  read(outputs, size, pictures, scoreMins) {
    this.countClasses(outputs, size, pictures)
    const [labels, boxes, scores] = outputs.map(({ values }) => values) as [Float32Array, Float32Array, Float32Array]
    const claims: Claim[] = []
    labels.forEach((classAt, query) => {
      const scoreMin = scoreMins[classAt]
      if (scoreMin === undefined) throw new ModelFault('model.outputs', `an object has label ${classAt}; the model has ${scoreMins.length} classes`, 'Write the names of its classes into the model’s notes (metadata “classes”, separated by commas).')
      const score = scores[query]!
      if (score < scoreMin) return
      if (Number.isNaN(score)) throw notANumber()
      const at = query * 4
      claims.push(checkClaim({ classAt, score, x1: boxes[at]!, y1: boxes[at + 1]!, x2: boxes[at + 2]!, y2: boxes[at + 3]! }))
    })
    return [claims]
  },
}
