import { checkClaim, notANumber, type Claim } from './decoder.js'
import type { FloatTensor } from './onnx-session.js'

/** Before the class scores: four numbers of the box, then objectness. */
const BEFORE_CLASSES = 5

/** Centre and size in pixels of the network's input. */
export interface CentredBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * YOLOv5 and YOLOX answer with a row for each place they looked at: a box, objectness, class scores; how sure they are of a
 * class is both multiplied. `boxOf` reads the box of the row at `at`, whose numbers begin at `from`.
 */
export function readObjectnessRows({ values, dims }: FloatTensor, scoreMins: readonly number[], boxOf: (at: number, from: number) => CentredBox): readonly Claim[] {
  const [, rows, width] = dims as readonly [1, number, number]
  const classes = classesOfRow(width)
  const lowest = Math.min(...scoreMins)
  const claims: Claim[] = []
  for (let at = 0; at < rows; at += 1) {
    const from = at * width
    const objectness = values[from + 4]!
    if (objectness < lowest) continue
    for (let classAt = 0; classAt < classes; classAt += 1) {
      const score = objectness * values[from + BEFORE_CLASSES + classAt]!
      if (score < scoreMins[classAt]!) continue
      if (Number.isNaN(score)) throw notANumber()
      const box = boxOf(at, from)
      const [halfWidth, halfHeight] = [box.width / 2, box.height / 2]
      claims.push(checkClaim({ classAt, score, x1: box.x - halfWidth, y1: box.y - halfHeight, x2: box.x + halfWidth, y2: box.y + halfHeight }))
    }
  }
  return claims
}

/** What a row's length says of the number of classes. */
export function classesOfRow(length: number): number {
  return length - BEFORE_CLASSES
}
