import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadPlateModels } from '../../models/catalogue.js'
import { loadPlatePair, type PlateFiles } from '../../models/plate-pair.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonglau-pair-'))
  await writeFile(join(folder, 'f.onnx'), 'finder')
  await writeFile(join(folder, 'r.onnx'), 'reader')
  await writeFile(join(folder, 'l.json'), '["0", "1", "A"]')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const files = (part: Partial<PlateFiles> = {}): PlateFiles => {
  const { finder = 'f.onnx', reader = 'r.onnx', letters } = part
  return { finder: join(folder, finder), reader: join(folder, reader), ...(letters === undefined ? {} : { letters: join(folder, letters) }) }
}

test('the two files and the list beside them, under their own names', async () => {
  expect(await loadPlatePair(files({ letters: 'l.json' }))).toMatchObject({ name: 'f.onnx + r.onnx', brought: true, finder: Buffer.from('finder'), reader: Buffer.from('reader'), letters: ['0', '1', 'A'] })
  expect(await loadPlatePair(files())).toMatchObject({ letters: null })
})

test.each<[sentence: string, part: Partial<PlateFiles>, field: string, says: string]>([
  ['a finder that is not there', { finder: 'none.onnx' }, 'finder', 'none.onnx (eyes.plateModels.finder) is not there'],
  ['a reader that is a folder', { reader: 'folder' }, 'reader', 'is no file'],
  ['an empty reader', { reader: 'empty' }, 'reader', 'is empty'],
  ['a finder larger than a machine should hold', { finder: 'huge' }, 'finder', 'are allowed'],
  ['a list that is larger than any', { letters: 'huge' }, 'letters', 'are allowed'],
  ['a list that is no JSON', { letters: 'f.onnx' }, 'letters', 'no JSON list'],
  ['a list of something else', { letters: 'numbers.json' }, 'letters', 'no JSON list'],
])('%s: told by its setting, in both languages, without the folders of the machine', async (_sentence, part, field, says) => {
  await mkdir(join(folder, 'folder'))
  await writeFile(join(folder, 'empty'), '')
  await writeFile(join(folder, 'huge'), '')
  await truncate(join(folder, 'huge'), (48 << 20) + 1)
  await writeFile(join(folder, 'numbers.json'), '[0, 1]')
  const fault = await loadPlatePair(files(part))
  expect(fault).toEqual({ field: `eyes.plateModels.${field}`, said: { vi: expect.stringContaining(`eyes.plateModels.${field}`), en: expect.stringContaining(says) }, next: expect.stringMatching(/\w/) })
  expect(JSON.stringify(fault)).not.toContain(folder)
})

test('without the setting it is ours, or why ours is missing', async () => {
  const ours = await loadPlateModels().catch(() => null)
  expect(await loadPlatePair(undefined)).toMatchObject(ours ? { brought: false, name: 'plate-finder 1', finder: ours.finder.bytes } : { said: { vi: expect.stringContaining('plate-finder.onnx') } })
})
