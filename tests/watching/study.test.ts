import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadModel, loadPlateModels } from '../../models/catalogue.js'
import type { Packet } from '../../server/media/packet.js'
import type { Clock } from '../../server/system/clock.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog, type Log } from '../../server/system/log.js'
import { openStudy, type Study } from '../../server/watching/study.js'
import { childrenOfRun, type Running } from '../faults/processes.js'
import { makeHandClock } from '../support/hand-clock.js'
import { arrivedAt, greySteps } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { LETTER_NOTES, makeYolov5, makeYolov8, saying } from '../support/yolo-plates.js'

// A process that loads three models takes seconds on a busy machine; every wait inside has its own deadline.
import.meta.jest.setTimeout(120_000)

const eyes = await loadModel('eyes')
const pair = await loadPlateModels().catch(() => null)
const withFfmpeg = hasFfmpeg() ? test : test.skip
/** Named in the title of what is left out, so that nobody takes silence for success. */
const lacking = pair ? '' : ': SKIPPED, models/plate-finder.onnx and plate-reader.onnx are not those on their cards'
const withPlates = pair && hasFfmpeg() ? test : test.skip

const T0 = 1_700_000_000_000
const ANCHOR = { atMs: T0 + 2_000, box: { x1: 0.4, y1: 0.4, x2: 0.6, y2: 0.7 } }
let packets: readonly Packet[] = []
let folder: string
let study: Study | null = null
let told: { readonly facts: object; readonly message: string }[] = []
const log: Log = { ...silentLog, warn: (facts, message) => void told.push({ facts, message }) }

beforeAll(async () => {
  if (hasFfmpeg()) packets = (await greySteps({ width: 320, height: 180, count: 40, gop: 10, fps: 10 })).packets.map((packet, n) => arrivedAt(packet, T0 + n * 100))
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonglau-study-'))
  told = []
})
afterEach(async () => {
  await study?.close()
  study = null
  await rm(folder, { recursive: true, force: true })
})

/** The process that studies, and nothing that it started. */
const studying = (runId: string): readonly Running[] => childrenOfRun(runId).filter(({ parent }) => parent === process.pid)

async function open(part: { readonly finder?: Uint8Array; readonly reader?: Uint8Array; readonly clock?: Clock; readonly runId?: string; readonly ffmpeg?: string } = {}): Promise<Study> {
  const { finder = pair?.finder.bytes ?? new Uint8Array(8), reader = pair?.reader.bytes ?? new Uint8Array(8), clock = systemClock, runId = `test:${newId()}`, ffmpeg = 'ffmpeg' } = part
  const { card, bytes } = eyes
  study = await openStudy({ models: { eyes: { name: card.id, bytes, format: card.format }, plates: { name: 'plates', finder, reader, letters: null } }, folder: join(folder, 'study'), ffmpeg, runId, clock, log })
  return study
}

describe('what needs no model', () => {
  withFfmpeg('a question with no key picture, or none at all, is answered by null without starting anything', async () => {
    const runId = `test:${newId()}`
    const opened = await open({ runId })
    expect([await opened.readPlate([], ANCHOR), await opened.readPlate(packets.slice(1, 5), ANCHOR)]).toEqual([null, null])
    expect(studying(runId)).toEqual([])
    expect(opened.stats()).toEqual({ asked: 2, answered: 0, failed: 2, waiting: 0 })
  })

  withFfmpeg('models that are none of ours are refused with the reason, and no file stays', async () => {
    const opened = await open({ finder: eyes.bytes })
    expect(await opened.readPlate(packets, ANCHOR)).toBeNull()
    expect(told.map(({ message }) => message)).toEqual(['a plate could not be looked at'])
    expect(told[0]?.facts).toMatchObject({ fault: { field: 'plate-finder', message: expect.stringContaining('windows'), next: expect.stringContaining('export.py') } })
    expect(await readdir(join(folder, 'study'))).toEqual([])
    expect(opened.trouble()).toMatchObject({ field: 'plate-finder', message: expect.stringContaining('windows') })
  })

  withFfmpeg('no more than 32 questions wait; a stop answers those that do, at once', async () => {
    const opened = await open({ finder: eyes.bytes })
    const answers = Array.from({ length: 40 }, () => opened.readPlate(packets, ANCHOR))
    expect(opened.stats()).toMatchObject({ asked: 40, failed: 8, waiting: 32 })
    const sinceMs = performance.now()
    await opened.close()
    expect(await Promise.all(answers)).toEqual(answers.map(() => null))
    expect(performance.now() - sinceMs).toBeLessThan(10_000)
    expect(opened.stats().waiting).toBe(0)
    expect(await opened.readPlate(packets, ANCHOR)).toBeNull()
  })

  test('pictures that a crash left behind are removed at the next start', async () => {
    await open()
    await study?.close()
    await writeFile(join(folder, 'study', '7.mp4'), 'a street')
    await open()
    expect(await readdir(join(folder, 'study'))).toEqual([])
  })
})

describe('a pair that a person brought', () => {
  const plate = { x: 0.5, y: 0.5, w: 0.5, h: 0.25, classAt: 0 }
  const brought = { finder: makeYolov8({ classes: 1, said: [plate] }), reader: makeYolov5({ classes: 33, said: saying('30A33918'), notes: LETTER_NOTES }) }

  test('its fault shows before the first question, and no process stays', async () => {
    const runId = `test:${newId()}`
    const opened = await open({ ...brought, reader: brought.finder, runId })
    expect(opened.trouble()).toBeNull()
    await opened.tryModels()
    expect(opened.trouble()).toMatchObject({ field: 'plate-reader', next: expect.stringContaining('eyes.plateModels.letters') })
    expect(told.map(({ message }) => message)).toEqual(['no plate is read: its models cannot be opened'])
    expect(studying(runId)).toEqual([])
  })

  test('a good one is tried without a word', async () => {
    const opened = await open(brought)
    await opened.tryModels()
    expect([opened.trouble(), told]).toEqual([null, []])
  })

  test('a process that dies while it opens them is told; a stop meanwhile is not', async () => {
    const runId = `test:${newId()}`
    const opened = await open({ ...brought, runId })
    const trial = opened.tryModels()
    await until('the process is there', () => studying(runId).length > 0)
    for (const { pid } of studying(runId)) process.kill(pid, 'SIGKILL')
    await trial
    expect(opened.trouble()).toMatchObject({ field: 'plates', message: expect.stringContaining('ended before') })
    told = []
    const again = opened.tryModels()
    await until('the next one is there', () => studying(runId).length > 0)
    await opened.close()
    await again
    expect(told).toEqual([])
  })

  withFfmpeg('answers questions like ours', async () => {
    const opened = await open(brought)
    expect(await opened.readPlate(packets, ANCHOR)).toEqual({ verdict: { kind: 'too_few', looks: 0 }, raw: null, enhanced: null, atMs: null })
    expect(opened.stats()).toMatchObject({ answered: 1, failed: 0 })
  })
})

describe(`with the models of the catalogue${lacking}`, () => {
  withPlates('an empty street has no plate: looked at, answered, and the file is gone', async () => {
    const opened = await open()
    expect(await opened.readPlate(packets, ANCHOR)).toEqual({ verdict: { kind: 'too_few', looks: 0 }, raw: null, enhanced: null, atMs: null })
    expect(opened.stats()).toEqual({ asked: 1, answered: 1, failed: 0, waiting: 0 })
    expect(await readdir(join(folder, 'study'))).toEqual([])
    expect(told).toEqual([])
  })

  withPlates('a process that is killed costs the question it had; the next one starts another', async () => {
    const runId = `test:${newId()}`
    const opened = await open({ runId })
    const lost = opened.readPlate(packets, ANCHOR)
    await until('the process is there', () => studying(runId).length > 0)
    for (const { pid } of studying(runId)) process.kill(pid, 'SIGKILL')
    expect(await lost).toBeNull()
    expect(await opened.readPlate(packets, ANCHOR)).toMatchObject({ verdict: { kind: 'too_few' } })
    expect(opened.stats()).toMatchObject({ answered: 1, failed: 1 })
    expect(await readdir(join(folder, 'study'))).toEqual([])
  })

  withPlates('packets that no decoder understands are answered by null, and the next question by what is there', async () => {
    const opened = await open()
    const garbage = packets.map((packet) => ({ ...packet, bytes: new Uint8Array(packet.bytes.length).fill(7) }))
    expect(await opened.readPlate(garbage, ANCHOR)).toBeNull()
    expect(told.map(({ facts }) => facts)).toEqual([{ why: 'ffmpeg made no picture of the packets' }])
    expect(await opened.readPlate(packets, ANCHOR)).not.toBeNull()
  })

  withPlates('nobody asks for a minute: the process goes, with its memory, and comes back when somebody does', async () => {
    const runId = `test:${newId()}`
    const clock = makeHandClock()
    const opened = await open({ runId, clock })
    expect(await opened.readPlate(packets, ANCHOR)).not.toBeNull()
    expect(studying(runId).length).toBe(1)
    clock.move(61_000)
    await until('the process is gone', () => studying(runId).length === 0)
    expect(await opened.readPlate(packets, ANCHOR)).not.toBeNull()
  })
})
