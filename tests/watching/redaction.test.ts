import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadModel } from '../../models/catalogue.js'
import type { LookTask } from '../../server/domain/redaction.js'
import type { Clock } from '../../server/system/clock.js'
import { runToEnd } from '../../server/system/child.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { closeSizes, lookSize, unseenSpan } from '../../server/watching/redaction-frames.js'
import type { RedactionModels } from '../../server/watching/redaction-messages.js'
import { makeLookForPrivate } from '../../server/watching/redaction.js'
import { childrenOfRun } from '../faults/processes.js'
import { makeHandClock } from '../support/hand-clock.js'
import { greySteps } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'

// A process that loads a model takes seconds, and minutes on a full machine: it gives way to everybody.
import.meta.jest.setTimeout(400_000)

const { card, bytes } = await loadModel('eyes')
const withFfmpeg = hasFfmpeg() ? test : test.skip
const SIZE = { width: 320, height: 180 }
let pieces: readonly Uint8Array[] = []
let folder: string
beforeAll(async () => {
  if (!hasFfmpeg()) return
  const { packets } = await greySteps({ ...SIZE, count: 40, gop: 10, fps: 10 })
  pieces = [packets[0]!.init.bytes, ...packets.map((packet) => packet.bytes)]
})
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'vonglau-look-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Four seconds of ten grey pictures each, as one piece. */
async function task(part: Partial<LookTask> = {}, parts: readonly Uint8Array[] = pieces): Promise<LookTask> {
  await writeFile(join(folder, 'piece-0.mp4'), Buffer.concat(parts))
  await writeFile(join(folder, 'pieces.ffconcat'), 'ffconcat version 1.0\nfile piece-0.mp4\nduration 4.000000\n')
  return { list: join(folder, 'pieces.ffconcat'), picture: SIZE, seconds: 4, pictureSMax: 0.1, maskFile: join(folder, 'masks.raw'), signal: new AbortController().signal, onProgress: () => undefined, still: false, ...part }
}

const look = (part: { readonly models?: Partial<RedactionModels>; readonly clock?: Clock; readonly runId?: string } = {}): ReturnType<typeof makeLookForPrivate> => makeLookForPrivate({ models: { eyes: { name: card.id, bytes, format: card.format }, finder: null, ...part.models }, ffmpeg: 'ffmpeg', runId: part.runId ?? `test:${newId()}`, clock: part.clock ?? systemClock })

describe('an export is looked at from end to end', () => {
  withFfmpeg('an empty street has a mask for each slot, to its end and beyond, with nothing covered; and without a finder the answer says heads', async () => {
    const asked = await task()
    const answer = await look()(asked)
    expect(answer).toMatchObject({ is: 'looked', cover: 'heads', masks: { file: asked.maskFile, width: 320, height: 180, rate: '25/2' } })
    if (answer.is !== 'looked') return
    expect(answer.masks.slots * answer.masks.slotS).toBeGreaterThanOrEqual(5)
    expect((await stat(asked.maskFile)).size).toBe(answer.masks.slots * 320 * 180 / 8)
    expect((await readFile(asked.maskFile)).every((byte) => byte === 0)).toBe(true)
  })

  withFfmpeg('a piece that no decoder understands after its first second fails by the span, and no mask is written', async () => {
    const broken = pieces.map((part, at) => (at > 10 ? new Uint8Array(part.length).fill(7) : part))
    const asked = await task({}, broken)
    expect(await look()(asked)).toEqual({ is: 'failed', why: expect.stringMatching(/nothing could be seen from \d+ to 4000 ms|ffmpeg ended/) })
    expect(existsSync(asked.maskFile)).toBe(false)
  })

  withFfmpeg('a file that is not there fails with the last words of ffmpeg', async () => {
    const asked = await task({ list: join(folder, 'gone.ffconcat') })
    expect(await look()(asked)).toEqual({ is: 'failed', why: expect.stringContaining('No such file') })
  })

  withFfmpeg('a single picture is a film of one, and two pictures are none', async () => {
    const still = await runToEnd('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `color=gray:s=${SIZE.width}x${SIZE.height}`, '-frames:v', '1', join(folder, 'still.jpg')], { timeoutMs: 60_000 })
    expect([still.code, still.stderr]).toEqual([0, ''])
    const asked = await task({ still: true, seconds: 0.04, pictureSMax: 0.04 })
    expect(await look()(asked)).toEqual({ is: 'failed', why: expect.stringContaining('pictures came where one was wanted') })
    await writeFile(asked.list, 'ffconcat version 1.0\nfile still.jpg\nduration 0.040000\n')
    const parts: number[] = []
    expect(await look()({ ...asked, onProgress: (part) => void parts.push(part) })).toMatchObject({ is: 'looked', cover: 'heads', masks: { width: 320, height: 180 } })
    expect([(await readFile(asked.maskFile)).subarray(0, (320 * 180) / 8).every((byte) => byte === 0), parts.length > 3]).toEqual([true, true])
  })

  withFfmpeg('a picture that no decoder understands fails, and no mask is written', async () => {
    const asked = await task({ still: true, seconds: 0.04, pictureSMax: 0.04 })
    await writeFile(join(folder, 'still.jpg'), 'no picture')
    await writeFile(asked.list, 'ffconcat version 1.0\nfile still.jpg\nduration 0.040000\n')
    expect((await look()(asked)).is).toBe('failed')
    expect(existsSync(asked.maskFile)).toBe(false)
  })

  withFfmpeg('masks are never written over others', async () => {
    const asked = await task()
    await writeFile(asked.maskFile, 'of another export')
    expect(await look()(asked)).toEqual({ is: 'failed', why: expect.stringContaining('EEXIST') })
  })
})

describe('who cannot look says so', () => {
  withFfmpeg('a model without people is refused: it would cover nobody', async () => {
    expect(await look({ models: { eyes: { name: 'cats', bytes: withNote('classes', 'cat,dog,car,bus,truck'), format: card.format } } })(await task())).toEqual({ is: 'failed', why: expect.stringContaining('knows no “person”') })
  })

  withFfmpeg('a finder that is none is refused, and no copy is made without it', async () => {
    expect(await look({ models: { finder: { name: 'theirs', bytes } } })(await task())).toEqual({ is: 'failed', why: expect.stringContaining('plate-finder') })
  })

  withFfmpeg('cancelled, its process is gone before the answer comes', async () => {
    const runId = `test:${newId()}`
    const abort = new AbortController()
    const answer = look({ runId })(await task({ signal: abort.signal }))
    abort.abort()
    expect(await answer).toEqual({ is: 'failed', why: 'cancelled' })
    expect(childrenOfRun(runId)).toEqual([])
    expect(await look({ runId })(await task({ signal: abort.signal }))).toEqual({ is: 'failed', why: 'cancelled before it began' })
  })

  withFfmpeg('one that is silent for five minutes is ended', async () => {
    const runId = `test:${newId()}`
    const clock = makeHandClock()
    const answer = look({ runId, clock })(await task())
    await until('the process is there', () => childrenOfRun(runId).length > 0)
    for (const { pid } of childrenOfRun(runId)) process.kill(pid, 'SIGSTOP')
    clock.move(301_000)
    expect(await answer).toEqual({ is: 'failed', why: expect.stringContaining('nothing was heard') })
  })
})

describe('what was not looked at is told', () => {
  const every = (stepMs: number, toMs: number): readonly number[] => Array.from({ length: Math.floor(toMs / stepMs) }, (_, at) => at * stepMs)
  test.each<[sentence: string, timesMs: readonly number[], seconds: number, pictureSMax: number, unseen: ReturnType<typeof unseenSpan>]>([
    ['looked at from end to end', every(120, 10_000), 10, 0.04, null],
    ['a slow camera has nothing between its pictures', every(2_000, 10_000), 10, 2, null],
    ['a hole', [...every(120, 3_000), ...every(120, 10_000).filter((ms) => ms > 5_000)], 10, 0.04, { fromMs: 2_880, toMs: 5_040 }],
    ['the beginning', every(120, 10_000).filter((ms) => ms > 1_000), 10, 0.04, { fromMs: 0, toMs: 1_080 }],
    ['the end', every(120, 8_000), 10, 0.04, { fromMs: 7_800, toMs: 10_000 }],
    ['all of it', [], 10, 0.04, { fromMs: 0, toMs: 10_000 }],
    ['all of a short one', [], 0.5, 0.04, { fromMs: 0, toMs: 500 }],
  ])('%s', (_sentence, timesMs, seconds, pictureSMax, unseen) => expect(unseenSpan(timesMs, seconds, pictureSMax)).toEqual(unseen))

  test('a picture is looked at as wide as two tiles, and a tiny one at twice its size', () => {
    expect([lookSize({ width: 320, height: 180 }), lookSize({ width: 640, height: 360 }), lookSize({ width: 1920, height: 1080 }), lookSize({ width: 2560, height: 1920 })]).toEqual([{ width: 640, height: 360 }, { width: 1216, height: 684 }, { width: 1216, height: 684 }, { width: 1216, height: 912 }])
  })
})

test('a single picture is looked at once more, half as large again or at its own size, and no stranger chooses how large', () => {
  expect([{ width: 320, height: 180 }, { width: 640, height: 480 }, { width: 1920, height: 1080 }, { width: 7680, height: 4320 }].map((picture) => closeSizes(picture))).toEqual([
    [{ width: 640, height: 360 }, { width: 960, height: 540 }],
    [{ width: 1216, height: 912 }, { width: 1824, height: 1368 }],
    [{ width: 1216, height: 684 }, { width: 1920, height: 1080 }],
    [{ width: 1216, height: 684 }, { width: 3840, height: 2160 }],
  ])
})

/** Our own network under other words: a protobuf message may be continued, and of two notes of one name the later holds. */
function withNote(key: string, value: string): Uint8Array {
  const field = (number: number, text: string): Buffer => Buffer.concat([Buffer.from([(number << 3) | 2, text.length]), Buffer.from(text)])
  const entry = Buffer.concat([field(1, key), field(2, value)])
  return Buffer.concat([bytes, Buffer.from([(14 << 3) | 2, entry.length]), entry])
}
