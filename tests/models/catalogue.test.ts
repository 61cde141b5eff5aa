import { mkdtemp, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { makeOnnxDetector } from '../../analytics/detect/onnx-detector.js'
import sharp from 'sharp'
import { CATALOGUE, CatalogueFault, EYES, loadEightBits, loadModel, loadPlateModels, proofPictures } from '../../models/catalogue.js'

const loads = [...CATALOGUE.map(({ id }) => ({ name: id, load: () => loadModel(id) })), { name: 'eyes in 8 bits', load: () => loadEightBits() }]

test.each(loads)('$name is here, is the file on its card, and runs', async ({ load }) => {
  const { card, bytes } = await load()
  expect(bytes.length).toBe(card.bytes)
  expect(bytes.length).toBeLessThan(5 << 20)
  const detector = await makeOnnxDetector({ model: bytes, name: card.id, format: card.format, thresholds: card.thresholds })
  const { width, height } = card.input
  const grey = { atMs: 0, width, height, rgb: new Uint8Array(width * height * 3).fill(114) }
  // An empty grey picture holds nothing: a model that claims objects there is broken.
  expect(await detector.detect([grey, grey, grey])).toEqual([[], [], []])
  await detector.close()
})

const faultOf = (loading: Promise<unknown>): Promise<unknown> => loading.then(() => null, (error: unknown) => error)

test.each([
  { name: 'eyes', file: EYES.file, load: (folder?: string) => loadModel('eyes', folder) },
  { name: 'eyes in 8 bits', file: EYES.eightBits.file, load: loadEightBits },
])('$name: a missing file and a changed file are told apart', async ({ file, load }) => {
  const folder = await mkdtemp(`${tmpdir()}/models-`)
  const missing = await faultOf(load(folder))
  const changed = Buffer.from((await load()).bytes)
  changed[changed.length - 100]! ^= 1
  await writeFile(`${folder}/${file}`, changed)
  const tampered = await faultOf(load(folder))
  for (const fault of [missing, tampered]) expect(fault).toBeInstanceOf(CatalogueFault)
  expect([missing, tampered]).toMatchObject([{ field: 'model.file', message: expect.stringContaining(file) }, { field: 'model.sha256', message: expect.stringContaining(file) }])
})

test('an unknown model is told so', async () => expect(await faultOf(loadModel('nobody'))).toMatchObject({ name: 'CatalogueFault', field: 'model' }))

test('both files of eyes go by one card, of which only the file differs', async () => {
  const [float, eight] = [await loadModel('eyes'), await loadEightBits()]
  expect(eight.card).toEqual({ ...float.card, ...float.card.eightBits })
  expect(eight.bytes.length).toBeLessThan(float.bytes.length / 2)
})

test.each(proofPictures())('%s is small, and our detector finds a crowd in it', async (file) => {
  expect((await stat(file)).size).toBeLessThanOrEqual(80_000)
  const { card, bytes } = await loadModel('eyes')
  const detector = await makeOnnxDetector({ model: bytes, name: card.id, thresholds: card.thresholds })
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true })
  const [found] = await detector.detect([{ atMs: 0, width: info.width, height: info.height, rgb: data }])
  await detector.close()
  expect(found!.length).toBeGreaterThanOrEqual(8)
})

test('the pair that reads plates is loaded whole or not at all, and is no detector', async () => {
  const folder = await mkdtemp(`${tmpdir()}/plates-`)
  expect(await faultOf(loadPlateModels(folder))).toMatchObject({ field: 'model.file', message: expect.stringContaining('models/plate-finder.onnx') })
  await writeFile(`${folder}/plate-finder.onnx`, 'another file')
  expect(await faultOf(loadPlateModels(folder))).toMatchObject({ field: 'model.sha256' })
  expect(CATALOGUE.map(({ id }) => id)).toEqual(['eyes'])
  for (const id of ['plate-finder', 'plate-reader']) expect(await faultOf(loadModel(id))).toMatchObject({ field: 'model' })
})
