import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadModel } from '../../models/catalogue.js'
import { startModelProcess, type ChildEnd } from '../../server/models/model-process.js'
import { probeModel, type ProbeOptions, type Probed } from '../../server/models/probe.js'
import { systemClock } from '../../server/system/clock.js'
import { makeHandClock } from '../support/hand-clock.js'
import { makeOnnx, type Answer, type Port } from '../support/make-onnx.js'

// Each probe starts a process from source, seconds on a busy machine.
import.meta.jest.setTimeout(90_000)

const folder = mkdtempSync(join(tmpdir(), 'vonglau-probe-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SIDE = 64
const CELLS = 64 + 16 + 4
const picture: Port = { name: 'images', type: 'float32', dims: [1, 3, SIDE, SIDE] }
const answer = (dims: readonly number[], fill = 0): Answer => ({ name: 'output', dims, values: new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(fill) })
const yolox = (one: Answer): Uint8Array => makeOnnx({ inputs: [picture], answers: [one] })
const ours = (await loadModel('eyes')).bytes

let count = 0
function probe(bytes: Uint8Array, part: Partial<ProbeOptions> = {}, sha256 = createHash('sha256').update(bytes).digest('hex')): Promise<Probed> {
  const file = join(folder, `${(count += 1)}.onnx`)
  writeFileSync(file, bytes)
  return probeModel({ name: 'thử', file, sha256 }, { clock: systemClock, runId: 'test:probe', ...part })
}
const child = (name: string): URL => new URL(`./bad-children/${name}`, import.meta.url)

test('our own model is opened: its family, classes, size and speed are told', async () => {
  expect(await probe(ours)).toEqual({ facts: { format: 'eyes', classes: ['person', 'two_wheeler', 'car', 'bus', 'truck'], input: { width: 640, height: 384 }, runsOn: 'cpu', frameMs: expect.any(Number) as number } })
})

const shared = new URL('../../../shared/data/models/', import.meta.url)
const real = (name: string): string => new URL(name, shared).pathname
const there = existsSync(real('yolox_nano.onnx'))
const testReal = there ? test : test.skip
testReal.each([
  ['yolox_nano.onnx', '695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14', { format: 'yolox', input: { width: 416, height: 416 } }],
  ['picodet_s_416.onnx', 'cdab77bdde16e4f76bec734c4e5791801d1739e4c7ec1995e0e110e04300d0c2', { format: 'picodet', input: { width: 416, height: 416 } }],
])('a published model is opened: %s', async (name, sha256, facts) => {
  const probed = await probeModel({ name, file: real(name), sha256 }, { clock: systemClock, runId: 'test:probe' })
  expect(probed).toMatchObject({ facts })
  expect('facts' in probed ? probed.facts.classes.length : 0).toBe(80)
})

test.each<[sentence: string, bytes: Uint8Array, field: string, says: RegExp]>([
  ['an empty file', new Uint8Array(0), 'model.bytes', /empty/],
  ['a file cut short', ours.subarray(0, ours.length / 3), 'model.bytes', /cut short/],
  ['a video for a model', Buffer.from('0000002066747970697361', 'hex'), 'model.bytes', /not a whole ONNX model/],
  ['answers of another shape', yolox(answer([1, 99, 85])), 'model.outputs', /1x99x85/],
  ['answers that are no numbers', yolox(answer([1, CELLS, 85], Number.NaN)), 'model.outputs', /NaN/],
  ['a hundred thousand classes', yolox(answer([1, CELLS, 100_005])), 'model.outputs', /100000 classes/],
  ['weights in another file', yolox({ ...answer([1, CELLS, 85]), elsewhere: '/etc/passwd' }), 'model.external_data', /another file/],
])('%s is refused with its reason', async (_sentence, bytes, field, says) => {
  const probed = await probe(bytes)
  if (!('trouble' in probed)) throw new Error('was taken')
  expect([probed.trouble.field, probed.trouble.message, probed.trouble.next]).toEqual([field, expect.stringMatching(says), expect.stringMatching(/\w{3,}.*\.$/)])
})

test('a file that changed since it was taken in is refused', async () => {
  expect(await probe(ours, {}, 'a'.repeat(64))).toMatchObject({ trouble: { field: 'model.sha256' } })
  expect(await probeModel({ name: 'x', file: join(folder, 'nowhere.onnx'), sha256: 'a'.repeat(64) }, { clock: systemClock, runId: 'test:probe' })).toMatchObject({ trouble: { field: 'model.file' } })
})

test.each([
  ['a process that dies', 'dies', /SIGABRT|code/],
  ['one that answers and then dies', 'answers-and-dies', /SIGSEGV/],
  ['one that says nothing', 'says-nothing', /without a word/],
])('%s means a refusal', async (_sentence, name, says) => {
  expect(await probe(ours, { entry: child(name) })).toEqual({ trouble: { field: 'model.died', message: expect.stringMatching(says) as string, next: expect.any(String) as string } })
})

test('a process that hangs is ended at its deadline', async () => {
  const clock = makeHandClock()
  const probing = new Promise<ChildEnd>((resolve) => {
    const started = startModelProcess({ do: 'probe', model: { name: 'x', file: 'x', sha256: 'x' } }, { clock, runId: 'test:probe', deadlineMs: 5_000, memoryMb: 9_000, entry: child('hangs'), onSays: () => clock.move(5_001) })
    void started.ended.then(resolve)
  })
  expect(await probing).toEqual({ how: 'late', afterMs: 5_000 })
})

test('one that takes too much memory is ended, and the reason is memory', async () => {
  // Node alone holds more than this.
  expect(await probe(ours, { memoryMb: 8 })).toMatchObject({ trouble: { field: 'model.memory', message: 'the model took more than 8 MB' } })
})
