import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { makeOnnxDetector } from '../../analytics/detect/onnx-detector.js'
import { CATALOGUE, CatalogueFault, loadModel, loadPlateModels } from '../../models/catalogue.js'

test.each(CATALOGUE)('$id is here, is the file on its card, and runs', async (card) => {
  const { bytes } = await loadModel(card.id)
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

test('an unknown model, a missing file and a changed file are told apart', async () => {
  const folder = await mkdtemp(`${tmpdir()}/models-`)
  const unknown = await faultOf(loadModel('nobody'))
  const missing = await faultOf(loadModel('eyes', folder))
  const { bytes } = await loadModel('eyes')
  const changed = Buffer.from(bytes)
  changed[changed.length - 100]! ^= 1
  await writeFile(`${folder}/eyes.onnx`, changed)
  const tampered = await faultOf(loadModel('eyes', folder))
  for (const fault of [unknown, missing, tampered]) expect(fault).toBeInstanceOf(CatalogueFault)
  expect([unknown, missing, tampered].map((fault) => (fault as CatalogueFault).field)).toEqual(['model', 'model.file', 'model.sha256'])
})

test('the pair that reads plates is loaded whole or not at all, and is no detector', async () => {
  const folder = await mkdtemp(`${tmpdir()}/plates-`)
  expect(await faultOf(loadPlateModels(folder))).toMatchObject({ field: 'model.file', message: expect.stringContaining('models/plate-finder.onnx') })
  await writeFile(`${folder}/plate-finder.onnx`, 'another file')
  expect(await faultOf(loadPlateModels(folder))).toMatchObject({ field: 'model.sha256' })
  expect(CATALOGUE.map(({ id }) => id)).toEqual(['eyes'])
  for (const id of ['plate-finder', 'plate-reader']) expect(await faultOf(loadModel(id))).toMatchObject({ field: 'model' })
})
