import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EYES, loadEightBits, proofPictures } from '../../models/catalogue.js'
import { chooseWidth } from '../../server/models/eight-bits.js'
import { askChild, type ProbeOptions } from '../../server/models/probe.js'
import { cardOnDisk, compareWidths } from '../../server/models/width-comparison.js'
import { systemClock } from '../../server/system/clock.js'

// Each comparison starts a process from source, seconds on a busy machine.
import.meta.jest.setTimeout(90_000)

const folder = mkdtempSync(join(tmpdir(), 'vonglau-widths-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const options: ProbeOptions = { clock: systemClock, runId: 'test:widths' }
const float = cardOnDisk(EYES)
const eight = cardOnDisk((await loadEightBits()).card)

test('both files are shown the same pictures, and see the same in them', async () => {
  const asked = await askChild({ do: 'compare', float, eight, pictures: proofPictures() }, options, (said) => (said.says === 'pairs' ? said.pairs : null))
  if ('trouble' in asked) throw new Error(JSON.stringify(asked.trouble))
  expect(asked.answer.length % proofPictures().length).toBe(0)
  for (const pair of asked.answer) expect([pair.float.length >= 8, pair.floatMs > 0, pair.eightMs > 0]).toEqual([true, true, true])
  // Which of them is faster is this machine's own affair, and not asked here.
  expect(chooseWidth(asked.answer)).not.toMatchObject({ because: expect.stringMatching(/sees_otherwise|nothing_to_compare/) as string })
})

test.each<[sentence: string, bytes: Uint8Array, field: string]>([
  ['garbage', Buffer.from('these are no 8 bits of ours'), 'model.bytes'],
  ['nothing', new Uint8Array(0), 'model.bytes'],
])('a file of %s means float, and the reason is told', async (_sentence, bytes, field) => {
  const file = join(folder, 'eight.onnx')
  writeFileSync(file, bytes)
  expect(await compareWidths({ float, eight: { ...eight, file, sha256: createHash('sha256').update(bytes).digest('hex') } }, options)).toEqual({ use: 'float', because: 'refused', trouble: { field, message: expect.any(String) as string, next: expect.any(String) as string } })
})

test('a file that changed since it was proved means float', async () => {
  expect(await compareWidths({ float, eight: { ...eight, sha256: 'a'.repeat(64) } }, options)).toMatchObject({ use: 'float', because: 'refused', trouble: { field: 'model.sha256' } })
})

test('a proof picture that is gone means float', async () => {
  const asked = await askChild({ do: 'compare', float, eight, pictures: [join(folder, 'nowhere.jpg')] }, options, () => null)
  expect(asked).toMatchObject({ trouble: { field: 'proof.file', message: expect.stringContaining('nowhere.jpg') as string } })
})

test.each(['dies', 'says-nothing'])('a process that %s means float', async (name) => {
  expect(await compareWidths({ float, eight }, { ...options, entry: new URL(`./bad-children/${name}`, import.meta.url) })).toMatchObject({ use: 'float', because: 'refused', trouble: { field: 'model.died' } })
})

test('one that hangs is ended at its deadline, and means float', async () => {
  expect(await compareWidths({ float, eight }, { ...options, entry: new URL('./bad-children/hangs', import.meta.url), deadlineMs: 3_000 })).toMatchObject({ use: 'float', because: 'refused', trouble: { field: 'model.deadline' } })
})
