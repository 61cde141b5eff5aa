import { checkClaim, checkClassCount, checkDims, gridCells, notANumber, planes, type Claim, type Decoder } from './decoder.js'
import { ModelFault } from './detector.js'
import type { Size } from './letterbox.js'
import type { FloatTensor } from './onnx-session.js'

const LEVELS = [8, 16, 32, 64] as const
/** Mean and deviation of ImageNet's red, green and blue, in 0..255. */
const MEAN = [123.675, 116.28, 103.53] as const
const DEVIATION = [58.395, 57.12, 57.375] as const

/**
 * PicoDet as exported without its post-processing: stretched RGB by ImageNet's mean and deviation; for each of four grids a
 * table of class scores [1,n,C] (sigmoid taken) and one of box sides [1,n,4·bins]: each side is a distribution over whole
 * strides whose expectation is its distance from the cell's centre. Models differ in the order of their eight outputs, so
 * each is known by its shape: the number of rows tells the grid, and a table of sides has as many columns on every grid.
 */
export const picodetDecoder: Decoder = {
  format: 'picodet',
  placing: 'stretch',
  sizeFree: { width: 416, height: 416 },
  pack(pictures, size) {
    const scale = DEVIATION.map((deviation) => 1 / deviation) as [number, number, number]
    const shift = MEAN.map((mean, at) => -mean / DEVIATION[at]!) as [number, number, number]
    return { type: 'float32', dims: [1, 3, size.height, size.width], values: planes(pictures[0]!, size, [0, 1, 2], scale, shift) }
  },
  countClasses(outputs, size) {
    return checkClassCount(pairUp(outputs, size)[0]!.scores.dims[2]!)
  },
  read(outputs, size, pictures, scoreMins) {
    const classes = this.countClasses(outputs, size, pictures)
    const claims: Claim[] = []
    for (const { stride, scores, sides } of pairUp(outputs, size)) {
      const bins = sides.dims[2]! / 4
      gridCells(size, [stride]).forEach((cell, at) => {
        let reach: readonly [number, number, number, number] | null = null
        for (let classAt = 0; classAt < classes; classAt += 1) {
          const score = scores.values[at * classes + classAt]!
          if (score < scoreMins[classAt]!) continue
          if (Number.isNaN(score)) throw notANumber()
          const side = (k: number): number => expectation(sides.values, (at * 4 + k) * bins, bins) * stride
          reach ??= [side(0), side(1), side(2), side(3)]
          const x = (cell.column + 0.5) * stride
          const y = (cell.row + 0.5) * stride
          claims.push(checkClaim({ classAt, score, x1: x - reach[0], y1: y - reach[1], x2: x + reach[2], y2: y + reach[3] }))
        }
      })
    }
    return [claims]
  },
}

/** Mean of 0, 1, 2 … under the softmax of the numbers at `from`. The largest is taken off first, or exp overflows. */
function expectation(values: Float32Array, from: number, bins: number): number {
  let largest = -Infinity
  for (let i = 0; i < bins; i += 1) largest = Math.max(largest, values[from + i]!)
  let sum = 0
  let weighted = 0
  for (let i = 0; i < bins; i += 1) {
    const share = Math.exp(values[from + i]! - largest)
    sum += share
    weighted += share * i
  }
  return weighted / sum
}

interface Level {
  readonly stride: number
  readonly scores: FloatTensor
  readonly sides: FloatTensor
}

/** Bins of 8 (reg_max 7) are PaddleDetection's default for PicoDet. */
const SIDE_COLUMNS = 32

function pairUp(outputs: readonly FloatTensor[], size: Size): readonly Level[] {
  if (outputs.length !== LEVELS.length * 2) throw new ModelFault('model.outputs', `${outputs.length} outputs; PicoDet without post-processing has ${LEVELS.length * 2}`, 'Export PicoDet with export.benchmark=True (no post-processing, no NMS).')
  return LEVELS.map((stride) => {
    const rows = gridCells(size, [stride]).length
    const ofGrid = outputs.filter((output) => output.dims[1] === rows)
    const sides = checkDims(`box sides of the ${stride} px grid`, ofGrid.find((output) => output.dims[2] === SIDE_COLUMNS), [1, rows, SIDE_COLUMNS])
    const scores = checkDims(`class scores of the ${stride} px grid`, ofGrid.find((output) => output !== sides), [1, rows, null])
    return { stride, scores, sides }
  })
}
