import { ModelFault } from '../../analytics/detect/detector.js'
import { loadModel } from '../../models/catalogue.js'
import { silentLog } from '../../server/system/log.js'
import { systemClock, type Clock } from '../../server/system/clock.js'
import type { FrameOnLoan, WatchingModel } from '../../server/watching/inference-messages.js'
import { chooseBatch } from '../../server/watching/inference-pace.js'
import { openInferencePool, workersFor, type InferencePool, type Judged } from '../../server/watching/inference-pool.js'
import { makeHandClock } from '../support/hand-clock.js'
import { until } from '../support/until.js'

// Starting ffmpeg and loading a model take seconds on a busy machine; every wait inside has its own deadline.
import.meta.jest.setTimeout(90_000)

const { bytes } = await loadModel('eyes')
const model: WatchingModel = { name: 'eyes', bytes }
const open = new Set<InferencePool>()
afterEach(async () => {
  for (const pool of open) await pool.close()
  open.clear()
})

/** Loading a model costs a second; tests that break nothing share one pool. */
let shared: InferencePool
beforeAll(async () => {
  shared = openInferencePool({ model, clock: systemClock, log: silentLog, workers: 1 })
  await shared.ready
})
afterAll(() => shared.close())

function pool(options: { readonly workers?: number; readonly model?: WatchingModel; readonly clock?: Clock } = {}): InferencePool {
  const opened = openInferencePool({ model, clock: systemClock, log: silentLog, workers: 1, ...options })
  open.add(opened)
  return opened
}

const grey = (atMs = 0, width = 320, height = 192): FrameOnLoan => ({ atMs, width, height, rgb: new Uint8Array(width * height * 3).fill(114) })
/** A frame that lies about its size: our own code throws on it inside the thread, and the thread dies. */
const deadly = (): FrameOnLoan => ({ ...grey(), rgb: new Uint8Array(9) })

test('a frame goes to a thread and its memory comes back, the pixels untouched', async () => {
  const frame = grey()
  frame.rgb[100] = 77
  const judged = await shared.judge(frame)
  expect(frame.rgb.length).toBe(0) // handed over, not copied
  if (judged.kind !== 'judged') throw new Error(judged.why)
  expect([judged.rgb.length, judged.rgb[100], judged.detections]).toEqual([320 * 192 * 3, 77, []])
})

test('a worker that dies loses only the frame it held; another worker takes its place', async () => {
  const tested = pool()
  await tested.ready
  const dying = tested.judge(deadly())
  const waiting = [tested.judge(grey(1)), tested.judge(grey(2))]
  expect(await dying).toEqual({ kind: 'lost', why: 'worker_died' })
  expect((await Promise.all(waiting)).map((judged) => judged.kind)).toEqual(['judged', 'judged'])
  expect(tested.stats()).toMatchObject({ deaths: 1, lost: 1, judged: 2, workers: 1, model: { kind: 'ready' } })
})

test('while one worker is gone the other goes on', async () => {
  const tested = pool({ workers: 2 })
  await until('both workers were ready', () => tested.stats().workers === 2 && tested.stats().model.kind === 'ready')
  const judgeds = await Promise.all([tested.judge(deadly()), ...Array.from({ length: 10 }, (_, at) => tested.judge(grey(at)))])
  expect(judgeds.map((judged) => judged.kind)).toEqual(['lost', ...Array.from({ length: 10 }, () => 'judged')])
})

test('a camera that always has a frame ready gets no second turn before every other had its first', async () => {
  const order: string[] = []
  const turn = (name: string, size: number): Promise<Judged> => shared.judge(grey(0, size, 192)).finally(() => order.push(name))
  // Different sizes, so that no two share a call. The greedy one asks again the moment it is answered.
  const greedy = turn('greedy', 320).then(() => turn('greedy', 320)).then(() => turn('greedy', 320))
  await Promise.all([greedy, turn('patient a', 256), turn('patient b', 224)])
  expect(order).toEqual(['greedy', 'patient a', 'patient b', 'greedy', 'greedy'])
})

test('how many frames share a call is measured when the model is loaded, and told', () => {
  const { batch } = shared.stats()
  expect(batch?.paces.map(({ frames }) => frames)).toEqual([1, 2, 4])
  expect(batch?.paces.every(({ msPerFrame }) => msPerFrame > 0)).toBe(true)
  expect(batch?.frames).toBe(chooseBatch(batch?.paces ?? []))
})

test.each([
  { sentence: 'a larger call that saves nothing is not made', ms: [9.4, 9.4, 9.8], frames: 1 },
  { sentence: 'one that saves less than chance is not either', ms: [9.4, 9.2, 9.1], frames: 1 },
  { sentence: 'one that saves a fifth is', ms: [10, 8, 7.9], frames: 2 },
  { sentence: 'and a larger one yet, when it saves again', ms: [10, 8, 6], frames: 4 },
])('$sentence', ({ ms, frames }) => {
  expect(chooseBatch([1, 2, 4].map((count, at) => ({ frames: count, msPerFrame: ms[at]! })))).toBe(frames)
})

test('frames of one size that wait together are judged together, each answered with its own', async () => {
  const frames = Array.from({ length: 9 }, (_, at) => ({ ...grey(at), rgb: new Uint8Array(320 * 192 * 3).fill(100 + at) }))
  const judgeds = await Promise.all(frames.map((frame) => shared.judge(frame)))
  expect(judgeds.map((judged) => (judged.kind === 'judged' ? judged.rgb[0] : judged.why))).toEqual([100, 101, 102, 103, 104, 105, 106, 107, 108])
})

test.each([
  { what: 'an empty model', bytes: new Uint8Array(0), field: 'model.bytes' },
  { what: 'our model cut in half', bytes: bytes.subarray(0, bytes.length / 2), field: 'model.bytes' },
])('$what is refused with its reason, and frames are not kept waiting for it', async ({ bytes: wrong, field }) => {
  const tested = pool({ model: { name: 'wrong', bytes: wrong } })
  const early = tested.judge(grey())
  await expect(tested.ready).rejects.toThrow(ModelFault)
  await expect(tested.ready).rejects.toMatchObject({ field, next: expect.stringContaining('Copy the file again') })
  expect(await early).toEqual({ kind: 'lost', why: 'model_refused' })
  expect(await tested.judge(grey())).toEqual({ kind: 'lost', why: 'model_refused' })
  expect(tested.stats()).toMatchObject({ model: { kind: 'refused', fault: { field } }, deaths: 0 })
})

test('a worker that does not answer in ten seconds is left alone and replaced; nobody waits for it', async () => {
  const clock = makeHandClock()
  const tested = pool({ clock })
  await tested.ready
  const hanging = tested.judge(grey(0, 640, 384))
  clock.move(10_001) // no time has really passed: it is still at work
  expect(await hanging).toEqual({ kind: 'lost', why: 'worker_died' })
  const patient = tested.judge(grey())
  clock.move(200)
  expect((await patient).kind).toBe('judged')
})

test('closing in the middle of the work answers everyone, and ends', async () => {
  const tested = pool({ workers: 2 })
  await tested.ready
  const judgeds = Array.from({ length: 12 }, () => tested.judge(grey(0, 640, 384)))
  await judgeds[0]
  await tested.close()
  const kinds = (await Promise.all(judgeds)).map((judged) => (judged.kind === 'lost' ? judged.why : judged.kind))
  expect(new Set(kinds)).toEqual(new Set(['judged', 'closed']))
  expect(await tested.judge(grey())).toEqual({ kind: 'lost', why: 'closed' })
})

test('two cores are both used for looking; of many, half are left to decoding and recording', () => {
  expect([1, 2, 3, 4, 8, 64].map(workersFor)).toEqual([1, 2, 2, 2, 4, 32])
})
