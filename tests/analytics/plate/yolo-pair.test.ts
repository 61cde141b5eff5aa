import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { ModelFault } from '../../../analytics/detect/detector.js'
import { settle } from '../../../analytics/plate/grammar.js'
import { openPlateReader, type PlateModels } from '../../../analytics/plate/open-plate-reader.js'
import { openPlateFinder } from '../../../analytics/plate/own-plate-reader.js'
import type { PlateReader, Still } from '../../../analytics/plate/plate.js'
import { loadModel, loadPlateModels } from '../../../models/catalogue.js'
import { makeOnnx } from '../../support/make-onnx.js'
import { LETTER_NOTES, makeYolov5, makeYolov8, saying } from '../../support/yolo-plates.js'

import.meta.jest.setTimeout(120_000)

const LETTERS = 33
const WHOLE: Still = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(200) }
const ONE_PLATE = [{ x: 0.5, y: 0.5, w: 0.5, h: 0.25, classAt: 0 }]
const finder = makeYolov8({ classes: 1, said: ONE_PLATE })
const reader = makeYolov5({ classes: LETTERS, said: saying('59G1/63188'), notes: LETTER_NOTES })
const ours = await loadPlateModels().catch(() => null)
const withOurs = ours ? test : test.skip

async function textsOf(models: Omit<PlateModels, 'name'>, frame: Still = WHOLE, boxes: Parameters<PlateReader['read']>[1] = 'all'): Promise<readonly string[]> {
  const opened = await openPlateReader({ name: 'test', ...models })
  try {
    return (await opened.read(frame, boxes)).map(({ letters, rows }) => settle(letters, rows).shown)
  } finally {
    await opened.close()
  }
}

describe('a pair of YOLO detectors', () => {
  test.each([
    ['YOLOv8 finds, YOLOv5 reads, two rows', finder, reader, '59G1-631.88'],
    ['YOLOv5 finds, YOLOv8 reads, one row', makeYolov5({ classes: 2, said: [{ ...ONE_PLATE[0]!, classAt: 1 }] }), makeYolov8({ classes: LETTERS, said: saying('30A33918'), notes: LETTER_NOTES }), '30A-339.18'],
    ['several boxes of one plate are one', makeYolov8({ classes: 1, said: [ONE_PLATE[0]!, { ...ONE_PLATE[0]!, x: 0.52, score: 0.8 }] }), reader, '59G1-631.88'],
  ])('%s', async (_sentence, finds, reads, shown) => {
    expect(await textsOf({ finder: finds, reader: reads })).toEqual([shown])
  })

  test('letters may be told beside the file, and win over its notes', async () => {
    const swapped = Array.from('0128456739ABCDĐEFGHKLMNPQRSTUVXYZ')
    expect(await textsOf({ finder, reader, letters: swapped })).toEqual(['59G1-681.33'])
  })

  test('what it tells of a plate is of the frame: corners, width, how sure each letter is, the ground', async () => {
    const opened = await openPlateReader({ name: 'test', finder, reader })
    const [plate] = await opened.read(WHOLE, 'all')
    await opened.close()
    expect(plate).toMatchObject({ rows: 2, widthPx: 32, colour: 'white', colourShare: 1 })
    expect(plate!.score).toBeCloseTo(0.9)
    expect(plate!.corners.map(({ x, y }) => [x, y])).toEqual([[0.25, 0.375], [0.75, 0.375], [0.75, 0.625], [0.25, 0.625]])
    expect(plate!.letters.map(({ shares }) => Math.max(...shares).toFixed(1))).toEqual(Array.from({ length: 9 }, () => '0.9'))
  })

  test('a vehicle’s window is looked at alone; half a plate at a rim inside the frame is none', async () => {
    const frame: Still = { width: 256, height: 128, rgb: new Uint8Array(256 * 128 * 3).fill(200) }
    expect(await textsOf({ finder, reader }, frame, [{ x1: 0.3, y1: 0.2, x2: 0.6, y2: 0.8 }])).toEqual(['59G1-631.88'])
    const atRim = makeYolov8({ classes: 1, said: [{ x: 0.1, y: 0.5, w: 0.2, h: 0.2, classAt: 0 }] })
    expect(await textsOf({ finder: atRim, reader }, frame, [{ x1: 0.4, y1: 0.3, x2: 0.6, y2: 0.7 }])).toEqual([])
    expect(await textsOf({ finder: atRim, reader }, WHOLE)).toEqual(['59G1-631.88'])
    expect(await textsOf({ finder, reader }, frame, [])).toEqual([])
  })

  test('a picture with fewer bytes than it says is the caller’s fault', async () => {
    await expect(textsOf({ finder, reader }, { ...WHOLE, width: 65 })).rejects.toThrow(RangeError)
  })
})

describe('a pair that cannot be used', () => {
  const NOTHING = { name: 'output0', dims: [1], values: new Float32Array(1) }
  const grid = { name: 'images', type: 'float32', dims: [1, 3, 64, 64] } as const
  const refusals: readonly (readonly [sentence: string, models: Omit<PlateModels, 'name'>, field: string, says: string])[] = [
    ['a finder that is no ONNX file', { finder: new Uint8Array(8).fill(255), reader }, 'plate-finder', 'not a whole ONNX model'],
    ['a reader that is empty', { finder, reader: new Uint8Array(0) }, 'plate-reader', 'empty'],
    ['finder and reader in each other’s place', { finder: reader, reader: finder }, 'plate-finder', '33 classes'],
    ['a finder twice', { finder, reader: finder }, 'plate-reader', '1 classes'],
    ['a reader whose letters nobody tells', { finder, reader: makeYolov5({ classes: LETTERS, said: [] }) }, 'plate-reader', 'none'],
    ['a finder with its suppression inside', { finder: makeOnnx({ inputs: [grid], answers: [{ name: 'output0', dims: [1, 300, 6], values: new Float32Array(1800) }] }), reader }, 'plate-finder', '1x300x6'],
    ['a finder of odd size', { finder: makeOnnx({ inputs: [{ ...grid, dims: [1, 3, 60, 64] }], answers: [NOTHING] }), reader }, 'plate-finder', '64x60'],
    ['a finder that answers no numbers', { finder: makeYolov8({ classes: 1, said: [{ x: 0.5, y: 0.5, w: 0.1, h: 0.1, classAt: 0, score: NaN }] }), reader }, 'plate-finder', 'NaN'],
    ['a reader whose sigmoid is missing', { finder, reader: makeYolov5({ classes: LETTERS, said: [{ ...saying('1')[0]!, score: 7 }], notes: LETTER_NOTES }) }, 'plate-reader', 'scores are 0..1'],
    ['a finder that takes bytes', { finder: makeOnnx({ inputs: [{ name: 'frames', type: 'uint8', dims: [1, 64, 64, 3] }], answers: [NOTHING] }), reader }, 'plate-finder', 'frame, windows'],
  ]
  test.each(refusals)('%s: the half is named, with the reason and the next step', async (_sentence, models, field, says) => {
    const fault = await openPlateReader({ name: 'test', ...models }).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(ModelFault)
    expect(fault).toMatchObject({ field, message: expect.stringContaining(says), next: expect.stringMatching(/\w/) })
  })

  test('a detector of vehicles in the finder’s place', async () => {
    const { bytes } = await loadModel('eyes')
    await expect(openPlateReader({ name: 'test', finder: bytes, reader })).rejects.toMatchObject({ field: 'plate-finder', message: expect.stringContaining('frame, windows') })
  })

  withOurs('one half ours, the other a YOLO detector: both must be of one form', async () => {
    await expect(openPlateReader({ name: 'test', finder: ours!.finder.bytes, reader })).rejects.toMatchObject({ field: 'plate-reader', message: expect.stringContaining('both must be of one form') })
    await expect(openPlateReader({ name: 'test', finder, reader: ours!.reader.bytes })).rejects.toMatchObject({ field: 'plate-reader' })
  })

  withOurs('ours is told as ours through the same door; copies are covered by ours alone', async () => {
    expect(await textsOf({ finder: ours!.finder.bytes, reader: ours!.reader.bytes })).toEqual([])
    await expect(openPlateFinder({ name: 'test', finder })).rejects.toMatchObject({ field: 'plate-finder', message: expect.stringContaining('own form') })
  })
})

const SHARED = new URL('../../../../shared/data/', import.meta.url).pathname
const PAIR = { finder: `${SHARED}models/LP_detector_nano_61.onnx`, reader: `${SHARED}models/LP_ocr_nano_62.onnx`, letters: `${SHARED}models/LP_ocr_nano_62.onnx.names.json` }
const withMaterial = Object.values(PAIR).every((file) => existsSync(file)) ? test : test.skip

// A published Vietnamese pair of YOLOv5n on pictures of real streets: one row, two rows, a taxi's yellow ground.
withMaterial('a pair as people have them reads the plates of real streets', async () => {
  const opened = await openPlateReader({ name: 'test', finder: readFileSync(PAIR.finder), reader: readFileSync(PAIR.reader), letters: JSON.parse(readFileSync(PAIR.letters, 'utf8')) as readonly string[] })
  const read = async (file: string, size: Pick<Still, 'width' | 'height'>) => {
    const rgb = execFileSync('ffmpeg', ['-v', 'error', '-i', `${SHARED}plates/${file}`, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'], { maxBuffer: 1 << 28 })
    return (await opened.read({ ...size, rgb }, 'all')).map(({ letters, rows, colour }) => ({ shown: settle(letters, rows).shown, rows, colour }))
  }
  try {
    expect(await read('3.jpg', { width: 1200, height: 768 })).toEqual([{ shown: '30A-339.18', rows: 1, colour: 'white' }])
    expect(await read('4.jpg', { width: 889, height: 563 })).toEqual(expect.arrayContaining([{ shown: '30G-705.16', rows: 2, colour: 'white' }, { shown: '30F-217.17', rows: 2, colour: 'yellow' }]))
  } finally {
    await opened.close()
  }
})
