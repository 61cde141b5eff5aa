import { yoloFamily } from '../detect/decode-yolov5.js'
import type { Claim } from '../detect/decoder.js'
import { ModelFault } from '../detect/detector.js'
import { fitInto, letterbox, PAD_GREY, toPicture, type Size } from '../detect/letterbox.js'
import type { FloatTensor, Graph } from '../detect/onnx-session.js'
import { yolov8Decoder } from '../detect/decode-yolov8.js'
import { blaming, inputSizeOf, type Half } from './plate-form.js'
import type { Still } from './plate.js'

/** One YOLO detector of a pair, opened and tried. */
export interface YoloHalf {
  /** The size of picture it looks at; others are fitted into it. */
  readonly size: Size
  readonly classes: number
  /** What it claims from `scoreMin` up, boxes in pixels of the picture and clipped to it, nothing suppressed. Rejects with a ModelFault that names the half. */
  see(picture: Still, scoreMin: number): Promise<readonly Claim[]>
}

/** From a grey picture nothing is claimed; from here on numbers are checked all the same. */
const GREY_SCORE_MIN = 0.5

/** Shows the network a grey picture, tells its family by the shape of the answer, and checks its numbers. Rejects with a ModelFault that names the half. */
export async function openYoloHalf(half: Half, graph: Graph): Promise<YoloHalf> {
  return blaming(half, async () => {
    const input = graph.inputs[0]!
    const size = inputSizeOf(half, input, yolov8Decoder.sizeFree)
    // Both families want the same picture, so it can be shown before the answer tells which it was. Some exports give their raw grids beside the answer.
    const ask = async (pixels: Uint8Array): Promise<FloatTensor | undefined> => {
      const answer = await graph.run({ [input.name]: yolov8Decoder.pack([pixels], size) })
      return graph.outputs.map(({ name }) => answer[name]!).find(({ dims }) => dims.length === 3)
    }
    const first = await ask(new Uint8Array(size.width * size.height * 3).fill(PAD_GREY))
    const decoder = first && yoloFamily(first.dims, size)
    if (!first || !decoder) throw new ModelFault(half, `the ${half} answers ${first?.dims.join('x') ?? graph.outputs.map(({ name }) => name).join(', ')}; YOLOv5 answers 1x3Ax(5+C) and YOLOv8 1x(4+C)xA, A cells at ${size.width}x${size.height}`, 'Export it as YOLOv5 and YOLOv8 export to ONNX by default: no suppression inside, batch 1.')
    const classes = decoder.countClasses([first], size, 1)
    const mins = (score: number): readonly number[] => Array.from({ length: classes }, () => score)
    decoder.read([first], size, 1, mins(GREY_SCORE_MIN))
    return {
      size,
      classes,
      see: (picture, scoreMin) =>
        blaming(half, async () => {
          const fit = fitInto(picture, size, decoder.placing)
          const answer = await ask(letterbox(picture.rgb, fit))
          const claims = decoder.read(answer ? [answer] : [], size, 1, mins(scoreMin))[0] ?? []
          return claims.flatMap((claim) => {
            const box = toPicture(fit, claim.x1, claim.y1, claim.x2, claim.y2)
            return box ? [{ ...claim, x1: box.x1 * picture.width, y1: box.y1 * picture.height, x2: box.x2 * picture.width, y2: box.y2 * picture.height }] : []
          })
        }),
    }
  })
}
