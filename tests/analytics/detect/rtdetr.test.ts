import { makeOnnx, type Answer, type Port } from '../../support/make-onnx.js'
import { rtdetrDecoder } from '../../../analytics/detect/decode-rtdetr.js'
import { makeOnnxDetector, type OnnxDetector } from '../../../analytics/detect/onnx-detector.js'

/**
 * Networks of the RT-DETR family, built here: a published file was not at hand (models/README.md). Input 64 wide and 32 high, so
 * that sides that were exchanged show.
 */
const WIDTH = 64
const HEIGHT = 32
const open = new Set<OnnxDetector>()
afterAll(() => Promise.all([...open].map((detector) => detector.close())))

const picture = (name: string): Port => ({ name, type: 'float32', dims: [1, 3, HEIGHT, WIDTH] })
const floats = (name: string, dims: readonly number[], values: readonly number[]): Answer => ({ name, dims, values: Float32Array.from(values) })
const whole = (name: string, dims: readonly number[], values: readonly number[]): Answer => ({ name, dims, values: BigInt64Array.from(values.map(BigInt)) })
const logit = (score: number): number => Math.log(score / (1 - score))

/** Three queries; the second sees a bus in the left upper quarter, the others nothing. Hugging Face's names and order, and one output more. */
const huggingFace = (classes: number, notes: Readonly<Record<string, string>> = {}, part: { readonly boxes?: Answer; readonly logits?: Answer } = {}): Uint8Array => {
  const logits = Array.from({ length: 3 * classes }, () => logit(0.01))
  logits[classes + 1] = logit(0.8)
  return makeOnnx({
    inputs: [picture('pixel_values')],
    answers: [part.logits ?? floats('logits', [1, 3, classes], logits), part.boxes ?? floats('pred_boxes', [1, 3, 4], [0.5, 0.5, 1, 1, 0.25, 0.25, 0.5, 0.5, 0.5, 0.5, 1, 1]), floats('last_hidden_state', [1, 3, 2], [0, 0, 0, 0, 0, 0])],
    notes,
  })
}

/** The official export: boxes are relative ones times the size that it is told, width first. */
const official = (labels: readonly number[], notes: Readonly<Record<string, string>> = {}, scores = [0.9, 0.7, 0.1]): Uint8Array =>
  makeOnnx({
    inputs: [picture('images'), { name: 'orig_target_sizes', type: 'int64', dims: [1, 2] }],
    steps: [
      { does: 'Cast', of: ['orig_target_sizes'], gives: 'told', whole: { to: 1 } },
      { does: 'Concat', of: ['told', 'told'], gives: 'corners', whole: { axis: 1 } },
    ],
    answers: [whole('labels', [1, 3], labels), { ...floats('boxes', [1, 3, 4], [0, 0, 0.5, 0.25, 0.5, 0.5, 1, 1, 0, 0, 1, 1]), times: 'corners' }, floats('scores', [1, 3], scores)],
    notes,
  })

async function detector(model: Uint8Array): Promise<OnnxDetector> {
  const opened = await makeOnnxDetector({ model, name: 'rtdetr' })
  open.add(opened)
  return opened
}
const frame = { atMs: 0, width: 640, height: 480, rgb: new Uint8Array(640 * 480 * 3) }
const see = async (model: Uint8Array) => ((await (await detector(model)).detect([frame]))[0] ?? []).map(({ class: name, score, box }) => ({ class: name, score: Math.round(score * 100) / 100, box: Object.values(box).map((side) => Math.round(side * 1000) / 1000) }))

test('Hugging Face’s export is known by its outputs; centre and size become corners, the logit a score', async () => {
  expect(await see(huggingFace(3, { classes: 'car,bus,truck' }))).toEqual([{ class: 'bus', score: 0.8, box: [0, 0, 0.5, 0.5] }])
  const { format, input, classes } = await detector(huggingFace(80))
  expect([format, input, classes.length, classes[1]]).toEqual(['rtdetr', { width: WIDTH, height: HEIGHT }, 80, 'two_wheeler'])
})

test('the official export is told its own size, and its labels are those of COCO unless its notes name others', async () => {
  expect(await see(official([2, 5, 0]))).toEqual([
    { class: 'car', score: 0.9, box: [0, 0, 0.5, 0.25] },
    { class: 'bus', score: 0.7, box: [0.5, 0.5, 1, 1] },
  ])
  expect((await see(official([1, 0, 0], { classes: 'person,truck' }))).map(({ class: name }) => name)).toEqual(['truck', 'person'])
})

test('the whole picture is stretched over the input, red first', () => {
  const tensor = rtdetrDecoder.pack([Uint8Array.from([255, 0, 51])], { width: 1, height: 1 })
  expect([...tensor.values].map((value) => Math.round(Number(value) * 100) / 100)).toEqual([1, 0, 0.2])
})

test.each<[sentence: string, model: Uint8Array, field: string, says: RegExp]>([
  ['as many boxes as there are no queries', huggingFace(3, {}, { boxes: floats('pred_boxes', [1, 2, 4], [0, 0, 0, 0, 0, 0, 0, 0]) }), 'model.outputs', /1x2x4/],
  ['logits that are no numbers', huggingFace(3, {}, { logits: floats('logits', [1, 3, 3], Array.from({ length: 9 }, () => Number.NaN)) }), 'model.outputs', /NaN/],
  ['a label beyond its classes', official([2, 95, 0]), 'model.outputs', /label 95; the model has 80/],
  ['scores that are no numbers', official([0, 0, 0], {}, [Number.NaN, 0, 0]), 'model.outputs', /NaN/],
  ['a size to be told and answers of another family', makeOnnx({ inputs: [picture('images'), { name: 'orig_target_sizes', type: 'int64', dims: [1, 2] }], answers: [floats('output', [1, 3, 4], Array.from({ length: 12 }, () => 0))] }), 'model.inputs', /orig_target_sizes/],
])('%s: refused', async (_sentence, model, field, says) => {
  const fault: unknown = await makeOnnxDetector({ model, name: 'wrong' }).catch((error: unknown) => error)
  expect(fault).toMatchObject({ field, message: expect.stringMatching(says) as string, next: expect.stringMatching(/\.$/) as string })
})
