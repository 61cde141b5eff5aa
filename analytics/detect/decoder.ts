import { ModelFault } from './detector.js'
import type { Placing, Size } from './letterbox.js'
import type { FloatTensor, Tensor } from './onnx-session.js'

export const FORMATS = ['eyes', 'yolox', 'yolov8', 'picodet', 'rtdetr'] as const
/** A family of models that take pictures and give boxes in the same way. */
export type Format = (typeof FORMATS)[number]

/** A box in pixels of the network's input, claimed for the class at `classAt` of the model's own list. */
export interface Claim {
  readonly classAt: number
  readonly score: number
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** How to speak with one family: pixels in, claims out. Pure; knows no session. */
export interface Decoder {
  readonly format: Format
  readonly placing: Placing
  /** Names of the outputs that `countClasses` and `read` are given, in this order; absent: all of them, as the model has them. */
  readonly wants?: readonly string[]
  /** What the second input is told, where the model has one. */
  sizeTensor?(size: Size): Tensor
  /** The outputs do not tell how many classes there are: the notes of its author do, or it was trained on COCO. */
  readonly classesUntold?: true
  /** Input size where the model leaves it free. */
  readonly sizeFree: Size
  /** Pixels (already of the input's size, RGB) as the tensor this family wants. */
  pack(pictures: readonly Uint8Array[], size: Size): Tensor
  /** How many classes these outputs speak of; a ModelFault when they are not of this family at all. */
  countClasses(outputs: readonly FloatTensor[], size: Size, pictures: number): number
  /** Claims of each picture that reach `scoreMins` (one for each class). A ModelFault when numbers are no numbers. */
  read(outputs: readonly FloatTensor[], size: Size, pictures: number, scoreMins: readonly number[]): readonly (readonly Claim[])[]
}

/** Every family here looks at the picture through grids of 8, 16 and 32 pixels (PicoDet also 64). */
export const STRIDES = [8, 16, 32] as const

export interface GridCell {
  readonly column: number
  readonly row: number
  readonly stride: number
}

/** The cells in the order in which these networks answer: finest grid first, row by row. */
export function gridCells(size: Size, strides: readonly number[]): readonly GridCell[] {
  const cells: GridCell[] = []
  for (const stride of strides) {
    const columns = Math.ceil(size.width / stride)
    const rows = Math.ceil(size.height / stride)
    for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) cells.push({ column, row, stride })
  }
  return cells
}

/** A thousand is more than any street needs; an absurd count means that a dimension was taken for another. */
const CLASSES_MAX = 1000

export function checkClassCount(count: number): number {
  if (!Number.isInteger(count) || count < 1 || count > CLASSES_MAX) throw new ModelFault('model.outputs', `the outputs speak of ${count} classes; 1 to ${CLASSES_MAX} are believable`, `Name the right format for this model: ${FORMATS.join(', ')}.`)
  return count
}

export function checkDims(what: string, tensor: FloatTensor | undefined, wanted: readonly (number | null)[]): FloatTensor {
  const fits = tensor?.dims.length === wanted.length && wanted.every((dim, at) => dim === null || tensor.dims[at] === dim)
  if (!tensor || !fits) throw new ModelFault('model.outputs', `${what} has shape ${tensor?.dims.join('x') ?? 'none'}; ${wanted.map((dim) => dim ?? 'any').join('x')} is wanted`, 'Name the right format for this model, or export it again with its own tool’s defaults.')
  return tensor
}

/** Scores must be 0..1 and boxes finite: anything else is a broken model, and a broken model must not look like an empty street. */
export function checkClaim(claim: Claim): Claim {
  if (claim.score > 1.001) throw new ModelFault('model.outputs', `a score is ${claim.score}; scores are 0..1`, 'Export the model with its sigmoid inside.')
  if (!Number.isFinite(claim.x1 + claim.y1 + claim.x2 + claim.y2)) throw new ModelFault('model.outputs', 'a box holds a number that is not finite', 'Export the model again in float32; its weights may be damaged.')
  return claim
}

export function notANumber(): ModelFault {
  return new ModelFault('model.outputs', 'a score is not a number (NaN)', 'Export the model again in float32; its weights may be damaged.')
}

/** Red, green and blue planes one after the other, as most networks want; `order` [2, 1, 0] is BGR. */
export function planes(picture: Uint8Array, size: Size, order: readonly [number, number, number], scale: readonly [number, number, number], shift: readonly [number, number, number]): Float32Array {
  const count = size.width * size.height
  const out = new Float32Array(count * 3)
  for (let plane = 0; plane < 3; plane += 1) {
    const from = order[plane]!
    const times = scale[plane]!
    const plus = shift[plane]!
    for (let i = 0; i < count; i += 1) out[plane * count + i] = picture[i * 3 + from]! * times + plus
  }
  return out
}
