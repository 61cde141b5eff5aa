import { type Answer, makeOnnx, type Port } from '../../support/make-onnx.js'
import { ModelFault } from '../../../analytics/detect/detector.js'
import { makeOnnxDetector, type OnnxDetectorOptions } from '../../../analytics/detect/onnx-detector.js'
import { MODEL_BYTES_MAX } from '../../../analytics/detect/onnx-wire.js'
import { loadModel } from '../../../models/catalogue.js'

const SIDE = 64
const CELLS = 64 + 16 + 4
const picture: Port = { name: 'images', type: 'float32', dims: [1, 3, SIDE, SIDE] }
const bytesIn: Port = { name: 'frames', type: 'uint8', dims: [null, null, null, 3] }
const answer = (dims: readonly number[], fill = 0, name = 'output'): Answer => ({ name, dims, values: new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(fill) })
const yolox = (answers: readonly Answer[], inputs: readonly Port[] = [picture]): Uint8Array => makeOnnx({ inputs, answers })
const eyes = (boxes: readonly number[], scores: readonly number[], fill = 0): Uint8Array => makeOnnx({ inputs: [bytesIn], answers: [answer(boxes, fill, 'boxes'), answer(scores, fill, 'scores')] })

const ours = (await loadModel('eyes')).bytes
/** The same bytes for ever: a linear congruence, seed 7. */
const noise = Uint8Array.from({ length: 5000 }, ((state) => () => (state = (state * 1103515245 + 12345) % 2147483648) >> 16)(7))

interface Case {
  readonly what: string
  readonly model: Uint8Array
  readonly more?: Partial<OnnxDetectorOptions>
  readonly field: string
  readonly says: RegExp
}

const cases: readonly Case[] = [
  { what: 'an empty file', model: new Uint8Array(0), field: 'model.bytes', says: /empty/ },
  { what: 'our model cut in half', model: ours.subarray(0, ours.length / 2), field: 'model.bytes', says: /cut short/ },
  { what: 'our model without its last byte', model: ours.subarray(0, ours.length - 1), field: 'model.bytes', says: /cut short/ },
  { what: 'random bytes', model: noise, field: 'model.bytes', says: /not a whole ONNX model/ },
  { what: 'a picture', model: Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), field: 'model.bytes', says: /not a whole ONNX model/ },
  { what: 'plain words', model: Buffer.from('this is not a model'), field: 'model.bytes', says: /not a whole ONNX model/ },
  { what: 'more bytes than allowed', model: new Uint8Array(MODEL_BYTES_MAX + 1), field: 'model.bytes', says: /268435456 are allowed/ },
  { what: 'weights kept in /etc/passwd', model: makeOnnx({ inputs: [picture], answers: [{ ...answer([1, CELLS, 85]), elsewhere: '/etc/passwd' }] }), field: 'model.external_data', says: /another file/ },
  { what: 'an operator nobody knows', model: makeOnnx({ inputs: [picture], answers: [answer([1, CELLS, 85])], operator: 'Guess' }), field: 'model.graph', says: /Guess/ },
  { what: 'two inputs', model: yolox([answer([1, CELLS, 85])], [picture, { ...picture, name: 'second' }]), field: 'model.inputs', says: /2 inputs/ },
  { what: 'an input that is no picture', model: yolox([answer([1, CELLS, 85])], [{ name: 'words', type: 'float32', dims: [1, 77] }]), field: 'model.inputs', says: /1x77/ },
  { what: 'a free input whose size is asked to be 100', model: eyes([1, 84, 4], [1, 84, 5]), more: { inputWidth: 100 }, field: 'model.input.width', says: /100/ },
  { what: 'rows of another grid', model: yolox([answer([1, 99, 85])]), field: 'model.outputs', says: /1x99x85/ },
  { what: 'no class at all', model: yolox([answer([1, CELLS, 5])]), field: 'model.outputs', says: /0 classes/ },
  { what: 'five thousand classes', model: yolox([answer([1, CELLS, 5005])]), field: 'model.outputs', says: /5000 classes/ },
  { what: 'a hundred thousand classes', model: yolox([answer([1, CELLS, 100_005])]), field: 'model.outputs', says: /100000 classes/ },
  { what: 'scores that are no numbers', model: yolox([answer([1, CELLS, 85], Number.NaN)]), field: 'model.outputs', says: /NaN/ },
  { what: 'scores of 9, the sigmoid forgotten', model: yolox([answer([1, CELLS, 85], 3)]), field: 'model.outputs', says: /scores are 0..1/ },
  { what: 'our format with boxes of five numbers', model: eyes([1, 84, 5], [1, 84, 5]), field: 'model.outputs', says: /boxes has shape 1x84x5/ },
  { what: 'our format with fewer scores than boxes', model: eyes([1, 84, 4], [1, 80, 5]), field: 'model.outputs', says: /scores has shape 1x80x5/ },
  { what: 'our format full of NaN', model: eyes([1, 84, 4], [1, 84, 5], Number.NaN), field: 'model.outputs', says: /NaN/ },
  { what: 'three outputs where PicoDet has eight', model: yolox([answer([1, 64, 80], 0, 'a'), answer([1, 16, 80], 0, 'b'), answer([1, 4, 80], 0, 'c')]), field: 'model.outputs', says: /3 outputs/ },
  { what: 'a format named wrongly', model: yolox([answer([1, CELLS, 85])]), more: { format: 'yolov8' }, field: 'model.outputs', says: /1xanyx84/ },
]

test.each(cases)('$what is refused: $field', async ({ model, more, field, says }) => {
  const fault: unknown = await makeOnnxDetector({ model, name: 'wrong', ...more }).then(
    () => null,
    (error: unknown) => error,
  )
  expect(fault).toBeInstanceOf(ModelFault)
  if (!(fault instanceof ModelFault)) return
  expect(fault.field).toBe(field)
  expect(fault.message).toMatch(says)
  expect(fault.next).toMatch(/\w{3,}.*\.$/)
})

test('a model that answers with an infinite box is refused', async () => {
  const rows = new Float32Array(CELLS * 85).fill(1, 4, 6).fill(Infinity, 2, 3)
  const fault: unknown = await makeOnnxDetector({ model: yolox([{ name: 'output', dims: [1, CELLS, 85], values: rows }]), name: 'wrong' }).catch((error: unknown) => error)
  expect(fault).toMatchObject({ field: 'model.outputs', message: 'a box holds a number that is not finite' })
})

test('a frame whose bytes do not match its size is refused before the model sees it', async () => {
  const detector = await makeOnnxDetector({ model: ours, name: 'eyes' })
  await expect(detector.detect([{ atMs: 0, width: 640, height: 384, rgb: new Uint8Array(10) }])).rejects.toThrow('10 bytes')
  await detector.close()
})
