import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Box } from '../../analytics/geometry/box.js'
import { loadModel, loadPlateFinder } from '../../models/catalogue.js'
import type { Alert } from '../../server/domain/alert.js'
import type { EvidenceItem } from '../../server/domain/evidence.js'
import { COPY_TROUBLES, type CopyTrouble, type LookForPrivate } from '../../server/domain/redaction.js'
import { layBlocks } from '../../server/evidence/cover-picture.js'
import { lastWord, openRedactedCopies, type RedactedCopies, type RedactedCopiesOptions } from '../../server/evidence/redacted-copies.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import type { Store } from '../../server/storage/store.js'
import { runToEnd } from '../../server/system/child.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { MASK_RATE, MASK_SLOT_S, MASK_WIDTH, maskHeight, writeMasks } from '../../server/watching/redaction-masks.js'
import { makeLookForPrivate } from '../../server/watching/redaction.js'
import { coversOf } from '../support/covers.js'
import { clipFrames } from '../support/clip-frames.js'
import { makeHandClock, type HandClock } from '../support/hand-clock.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { JUNCTION, LAN, raise, T0 } from '../support/small-city.js'
import { makeCityStores } from '../support/small-city-store.js'
import { apartIn, detailIn, detailLeft } from './covered.js'
import { keepItem, pixelsOf } from './kept-item.js'

// Drawing a street, loading a model and encoding take minutes on a busy machine.
import.meta.jest.setTimeout(400_000)

const describeMedia = hasFfmpeg() ? describe : describe.skip
const stores = makeCityStores()
let folder: string
let store: Store
let clock: HandClock
let alert: Alert
const opened: RedactedCopies[] = []
afterAll(() => stores.remove())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vonglau-copies-'))
  clock = makeHandClock(T0)
  store = await stores.open(clock)
  alert = await raise(store, 'alert-1')
})
afterEach(async () => {
  for (const copies of opened.splice(0)) await copies.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function open(part: Partial<RedactedCopiesOptions> = {}): Promise<RedactedCopies> {
  const copies = await openRedactedCopies({ store, bus: makeLocalBus(silentLog), clock, log: silentLog, folder, ffmpeg: 'ffmpeg', runId: 'test', masksDuring: coversOf(store).during, lookForPrivate: null, ...part })
  opened.push(copies)
  return copies
}
const keep = (kept: 'still' | 'original' | 'clip', bytes: Uint8Array): Promise<EvidenceItem> => keepItem({ store, folder, alert, kept, bytes })
/** Asks and waits until it is made, or is not. */
async function made(copies: RedactedCopies, item: EvidenceItem): Promise<Awaited<ReturnType<RedactedCopies['of']>>> {
  await copies.ask(item, LAN)
  await copies.idle()
  return copies.of(item)
}
const wordsOf = async (): Promise<readonly string[]> => (await store.changes.of('alert', alert.id)).map(({ what }) => what)
const filesBeside = (): readonly string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('redacted') || /\.redacting\/./.test(name))

const SIZE = { width: 320, height: 180 }
const FPS = 20
const PRIVATE: Box = { x1: 0.3, x2: 0.5, y1: 0.3, y2: 0.6 }
const INSIDE: Box = { x1: 0.32, x2: 0.48, y1: 0.33, y2: 0.57 }
const BESIDE: Box = { x1: 0.6, x2: 0.9, y1: 0.1, y2: 0.8 }

/** Tells where the private part is instead of looking; everything after it is real. */
const knows: LookForPrivate = async ({ picture, seconds, maskFile }) => {
  const slots = await writeMasks(() => [PRIVATE], { ...picture, seconds, file: maskFile })
  return { is: 'looked', cover: 'heads_and_plates', masks: { file: maskFile, width: MASK_WIDTH, height: maskHeight(picture), rate: MASK_RATE, slotS: MASK_SLOT_S, slots } }
}

/** Fine grain everywhere: wherever it is gone, it was covered. */
const GRAIN = `nullsrc=s=${SIZE.width}x${SIZE.height}:r=${FPS},geq=lum='64+128*random(1)':cb=128:cr=128,format=yuv420p`
async function drawn(name: string, args: readonly string[]): Promise<Uint8Array> {
  const file = join(folder, name)
  const { code, stderr } = await runToEnd('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', GRAIN, ...args, file], { timeoutMs: 120_000 })
  if (code !== 0) throw new Error(stderr)
  const bytes = readFileSync(file)
  unlinkSync(file)
  return bytes
}
const grainyClip = (): Promise<Uint8Array> => drawn('clip.mp4', ['-t', '2', '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '20', '-bf', '0', '-g', '20', '-movflags', '+faststart'])
const grainyPicture = (): Promise<Uint8Array> => drawn('still.jpg', ['-frames:v', '1', '-q:v', '2'])

describeMedia('what is private is covered, and the rest is as it was', () => {
  test('in each picture of a clip; the copy lies beside the original with its hash, and the original is untouched', async () => {
    const bytes = await grainyClip()
    const clip = await keep('clip', bytes)
    const state = await made(await open({ lookForPrivate: knows }), clip)
    if (state.is !== 'ready') throw new Error(JSON.stringify(state))
    const { copy } = state
    const file = join(folder, copy.file)
    expect([copy.file, copy.covered]).toEqual([clip.file.replace('.mp4', '-redacted.mp4'), 'heads_and_plates'])
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(copy.sha256)
    const frames = await clipFrames({ file, ...SIZE, indexes: Array.from({ length: 2 * FPS }, (_, at) => at) })
    frames.forEach((frame, at) => expect([at, detailIn(frame, INSIDE) < 4, detailIn(frame, BESIDE) > 12]).toEqual([at, true, true]))
    expect(readFileSync(join(folder, clip.file)).equals(bytes)).toBe(true)
    expect([await wordsOf(), filesBeside().length]).toEqual([['redacted_asked', 'redacted_ready'], 1])
  })

  test('in a still as the camera sent it, and in the one with boxes, which are drawn anew on top', async () => {
    const plain = await keep('original', await grainyPicture())
    // Drawn on already: what was burned in must not reach the copy, which is made of the plain one.
    const marked = await keep('still', await sharp({ create: { ...SIZE, channels: 3, background: '#00ff00' } }).jpeg().toBuffer())
    const copies = await open({ lookForPrivate: knows })
    const [ofPlain, ofMarked] = [await made(copies, plain), await made(copies, marked)]
    if (ofPlain.is !== 'ready' || ofMarked.is !== 'ready') throw new Error(JSON.stringify([ofPlain, ofMarked]))
    const [real, bare, boxed] = await Promise.all([plain.file, ofPlain.copy.file, ofMarked.copy.file].map((file) => pixelsOf(join(folder, file))))
    for (const shown of [bare!, boxed!]) expect([detailLeft(real!, shown, INSIDE) < 0.1, detailLeft(real!, shown, BESIDE) > 0.9, apartIn(real!, shown, BESIDE) < 8]).toEqual([true, true, true])
    // The witness stands from 0.4, 0.5 to 0.45, 0.6, within the cover: its corners are drawn over it, in the colour of marks.
    const orange = ({ rgb, width, height }: typeof real & object): boolean => {
      const at = (Math.round(0.5 * height - 1) * width + Math.round(0.4 * width + 1)) * 3
      return rgb[at]! > 180 && rgb[at + 2]! < 120
    }
    expect([orange(bare!), orange(boxed!)]).toEqual([false, true])
  })

  test('a still of which only the picture with boxes was kept has no copy: who looks would look at boxes', async () => {
    expect(await made(await open({ lookForPrivate: knows }), await keep('still', await grainyPicture()))).toEqual({ is: 'failed', trouble: 'original_gone' })
  })
})

describe('laying blocks over a picture', () => {
  test('each pixel is a block’s or its own, and nothing between', () => {
    const picture = { width: 4, height: 2, rgb: Uint8Array.from({ length: 24 }, (_, at) => at) }
    const blocks = { width: 2, height: 1, bytes: Uint8Array.of(200, 201, 202, 210, 211, 212) }
    const { rgb } = layBlocks(picture, blocks, { width: 4, height: 2, bytes: Uint8Array.of(1, 0, 0, 1, 0, 0, 1, 0) })
    expect([...rgb]).toEqual([200, 201, 202, 3, 4, 5, 6, 7, 8, 210, 211, 212, 12, 13, 14, 15, 16, 17, 210, 211, 212, 21, 22, 23])
    expect(picture.rgb[0]).toBe(0)
  })
})

describeMedia('one that could not be covered is none', () => {
  const cut: LookForPrivate = async (task) => {
    const answer = await knows(task)
    truncateSync(task.maskFile, 100)
    return answer
  }
  test.each<[sentence: string, kept: 'original' | 'clip', part: Partial<RedactedCopiesOptions>, spoil: ((file: string) => void) | null, trouble: CopyTrouble]>([
    ['nobody can look at a still', 'original', {}, null, 'no_looker'],
    ['nobody can look at a clip', 'clip', {}, null, 'no_looker'],
    ['there is no ffmpeg', 'original', { ffmpeg: null }, null, 'tools_missing'],
    ['who looks at a still fails', 'original', { lookForPrivate: async () => ({ is: 'failed', why: 'gone' }) }, null, 'not_looked_at'],
    ['who looks at a clip fails', 'clip', { lookForPrivate: async () => ({ is: 'failed', why: 'gone' }) }, null, 'not_looked_at'],
    ['who looks throws', 'original', { lookForPrivate: async () => { throw new Error('a broken invariant') } }, null, 'internal'],
    ['the mask of a still is cut off', 'original', { lookForPrivate: cut }, null, 'not_looked_at'],
    ['the masks of a clip are cut off', 'clip', { lookForPrivate: cut }, null, 'not_looked_at'],
    ['the original is gone', 'clip', { lookForPrivate: knows }, (file) => unlinkSync(file), 'original_gone'],
    ['the original is another than was kept', 'clip', { lookForPrivate: knows }, (file) => writeFileSync(file, 'another'), 'original_changed'],
    ['the original of a still is another than was kept', 'original', { lookForPrivate: knows }, (file) => truncateSync(file, 500), 'original_changed'],
  ])('%s', async (_sentence, kept, part, spoil, trouble) => {
    const item = await keep(kept, kept === 'clip' ? await grainyClip() : await grainyPicture())
    spoil?.(join(folder, item.file))
    const copies = await open(part)
    expect(await made(copies, item)).toEqual({ is: 'failed', trouble })
    expect([await copies.open(item), await store.redactedCopies.list(), filesBeside(), await wordsOf()]).toEqual([null, [], [], ['redacted_asked', 'redacted_failed']])
  })

  test('a clip that no decoder understands has no copy', async () => {
    const item = await keep('clip', Buffer.from('no film at all, but kept with its hash'))
    expect(await made(await open({ lookForPrivate: knows }), item)).toMatchObject({ is: 'failed' })
    expect(filesBeside()).toEqual([])
  })

  test('after a failure it is asked for again, and made', async () => {
    const item = await keep('original', await grainyPicture())
    expect(await made(await open(), item)).toEqual({ is: 'failed', trouble: 'no_looker' })
    expect(await made(await open({ lookForPrivate: knows }), item)).toMatchObject({ is: 'ready' })
  })
})

describeMedia('one copy an item, made once', () => {
  /** Looks only when it is let: what happens meanwhile can be seen. */
  function held(): { readonly look: LookForPrivate; readonly looks: () => number; readonly begun: Promise<void>; letGo(): void } {
    let [letGo, begin, looks] = [(): void => undefined, (): void => undefined, 0]
    const gate = new Promise<void>((go) => (letGo = go))
    const begun = new Promise<void>((go) => (begin = go))
    const look: LookForPrivate = async (task) => {
      looks += 1
      task.onProgress(0.4)
      begin()
      await Promise.race([gate, new Promise<void>((go) => task.signal.addEventListener('abort', () => go()))])
      return task.signal.aborted ? { is: 'failed', why: 'cancelled' } : knows(task)
    }
    return { look, looks: () => looks, begun, letGo: () => letGo() }
  }

  test('two who ask at once are told of the same work and how far it is; who asks later gets what was made', async () => {
    const item = await keep('original', await grainyPicture())
    const { look, looks, begun, letGo } = held()
    const copies = await open({ lookForPrivate: look })
    const states = await Promise.all([copies.ask(item, LAN), copies.ask(item, LAN)])
    expect(states.map(({ is }) => is)).toEqual(['making', 'making'])
    await begun
    expect(await copies.of(item)).toEqual({ is: 'making', progress: 0.4 })
    letGo()
    await copies.idle()
    const [first, again] = [await copies.of(item), await copies.ask(item, LAN)]
    expect([first.is, again, looks(), await wordsOf()]).toEqual(['ready', first, 1, ['redacted_asked', 'redacted_ready']])
  })

  test('a stop of the server ends what is being made, says so, and leaves nothing; the next start can make it', async () => {
    const item = await keep('original', await grainyPicture())
    const { look, begun } = held()
    const copies = await open({ lookForPrivate: look })
    await copies.ask(item, LAN)
    await begun
    await copies.close()
    expect([await (await open()).of(item), filesBeside()]).toEqual([{ is: 'failed', trouble: 'server_stopped' }, []])
    expect(await made(await open({ lookForPrivate: knows }), item)).toMatchObject({ is: 'ready' })
  })

  test('it outlives a restart', async () => {
    const item = await keep('original', await grainyPicture())
    const state = await made(await open({ lookForPrivate: knows }), item)
    const after = await open()
    expect(await after.of(item)).toEqual(state)
    expect((await after.open(item))?.file).toBe(join(folder, item.file.replace('.jpg', '-redacted.jpg')))
  })

  test('who takes it away is told by the log', async () => {
    const item = await keep('original', await grainyPicture())
    const copies = await open({ lookForPrivate: knows })
    await made(copies, item)
    const { copy } = (await copies.open(item))!
    await copies.noteTaken(item, copy, LAN)
    expect((await store.changes.of('alert', alert.id)).at(-1)).toMatchObject({ what: 'redacted_taken', by: LAN, facts: { evidenceId: item.id, kind: 'still', sha256: copy.sha256 } })
  })
})

describeMedia('a copy is kept no longer than its original', () => {
  async function keptCopy(): Promise<{ readonly item: EvidenceItem; readonly copies: RedactedCopies; readonly file: string }> {
    const item = await keep('original', await grainyPicture())
    const copies = await open({ lookForPrivate: knows })
    await made(copies, item)
    return { item, copies, file: join(folder, item.file.replace('.jpg', '-redacted.jpg')) }
  }

  test('whoever asks for it when its original is gone gets nothing, and it goes', async () => {
    const { item, copies, file } = await keptCopy()
    unlinkSync(join(folder, item.file))
    expect([await copies.open(item), await copies.of(item), existsSync(file), await store.redactedCopies.list(), (await wordsOf()).at(-1)]).toEqual([null, { is: 'none' }, false, [], 'redacted_removed'])
  })

  test.each<[sentence: string, wait: () => Promise<void>]>([
    ['within the hour', async () => clock.move(61 * 60_000)],
    ['at the next start', async () => void (await open())],
  ])('though nobody asks, it goes %s', async (_sentence, wait) => {
    const { item, copies, file } = await keptCopy()
    unlinkSync(join(folder, item.file))
    await wait()
    while ((await store.redactedCopies.list()).length > 0) await new Promise((resolve) => setImmediate(resolve))
    expect([existsSync(file), await copies.of(item)]).toEqual([false, { is: 'none' }])
  })

  test('while the disk is away nothing is handed out, and nothing is forgotten', async () => {
    const { item, copies } = await keptCopy()
    const day = item.file.split('/')[0]!
    renameSync(join(folder, day), join(folder, 'away'))
    expect([await copies.open(item), (await copies.of(item)).is, (await store.redactedCopies.list()).length]).toEqual([null, 'none', 1])
    renameSync(join(folder, 'away'), join(folder, day))
    expect((await copies.of(item)).is).toBe('ready')
  })

  test('one whose own file is gone is made anew', async () => {
    const { item, copies, file } = await keptCopy()
    unlinkSync(file)
    expect(await copies.of(item)).toEqual({ is: 'none' })
    expect([(await made(copies, item)).is, existsSync(file)]).toEqual(['ready', true])
  })
})

describe('what was last said of a copy', () => {
  const line = (what: string, facts: Record<string, string> = {}) => ({ what, facts: { evidenceId: 'one', ...facts } })
  test.each([
    ['nobody asked', [{ what: 'evidence_added', facts: { evidenceId: 'one' } }], { is: 'none' }],
    ['asked, and no end: the server went down', [line('redacted_asked')], { is: 'failed', trouble: 'server_stopped' }],
    ['it failed', [line('redacted_asked'), line('redacted_failed', { why: 'no_looker' })], { is: 'failed', trouble: 'no_looker' }],
    ['it failed for a reason of a newer server', [line('redacted_failed', { why: 'eclipse' })], { is: 'failed', trouble: 'internal' }],
    ['another item failed', [line('redacted_failed', { evidenceId: 'two', why: 'killed' })], { is: 'none' }],
    ['it was there, and went with its original', [line('redacted_ready'), line('redacted_removed')], { is: 'none' }],
  ])('%s', (_sentence, lines, state) => expect(lastWord(lines, 'one' as never)).toEqual(state))

  test('every trouble is told by name', () => {
    for (const why of COPY_TROUBLES) expect(lastWord([line('redacted_failed', { why })], 'one' as never)).toEqual({ is: 'failed', trouble: why })
  })
})

describeMedia('stills whose heads and plates we know, seen by the models that the server came with', () => {
  interface Known { readonly kind: string; readonly box: Box; readonly visible: number }
  async function looker(): Promise<LookForPrivate> {
    const [eyes, finder] = [await loadModel('eyes'), await loadPlateFinder()]
    return makeLookForPrivate({ models: { eyes: { name: eyes.card.id, bytes: eyes.bytes, format: eyes.card.format }, finder: { name: finder.card.id, bytes: finder.bytes } }, ffmpeg: 'ffmpeg', runId: `test:${newId()}`, clock: systemClock })
  }
  /** Another picture over it: little is left of its own detail, and it is not the same. */
  const hidden = (real: Awaited<ReturnType<typeof pixelsOf>>, shown: typeof real, box: Box): boolean => apartIn(real, shown, box) > 4 && Math.abs(detailLeft(real, shown, box)) < 0.35

  test('each head of 40 pixels and more on a drawn street is covered, and cars stay as they were', async () => {
    const street = await runToEnd(process.execPath, ['--import', 'tsx', 'tests/evidence/street-program.ts', folder, 'mot-chieu', '315', '1'], { timeoutMs: 300_000 })
    expect([street.code, street.stderr]).toEqual([0, ''])
    await runToEnd('ffmpeg', ['-v', 'error', '-i', join(folder, 'main.h264'), '-frames:v', '1', '-q:v', '2', join(folder, 'street.jpg')], { timeoutMs: 60_000 })
    const [known] = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as readonly (readonly Known[])[]
    const item = await keep('original', readFileSync(join(folder, 'street.jpg')))
    const parts: number[] = []
    const look = await looker()
    const state = await made(await open({ lookForPrivate: (task) => look({ ...task, onProgress: (part) => { parts.push(part); task.onProgress(part) } }) }), item)
    if (state.is !== 'ready') throw new Error(JSON.stringify(state))
    const [real, shown] = await Promise.all([item.file, state.copy.file].map((file) => pixelsOf(join(folder, file))))
    const heads = known!.filter(({ kind, box, visible }) => (kind === 'person' || kind === 'two_wheeler') && visible > 0.7 && (box.y2 - box.y1) * 720 >= 40).map(({ box: { x1, x2, y1, y2 } }) => ({ x1: x1 + (x2 - x1) * 0.3, x2: x2 - (x2 - x1) * 0.3, y1: y1 + (y2 - y1) * 0.01, y2: y1 + (y2 - y1) * 0.18 }))
    expect(heads.length).toBeGreaterThan(2)
    for (const head of heads) expect([head, hidden(real!, shown!, head)]).toEqual([head, true])
    const cars = known!.filter(({ kind, box: { y1, y2 }, visible }) => kind === 'car' && visible > 0.9 && (y2 - y1) * 720 > 60)
    // Their roof and windows: the plate below is covered.
    for (const { box: { x1, x2, y1, y2 } } of cars) expect(detailLeft(real!, shown!, { x1: x1 + (x2 - x1) * 0.3, x2: x2 - (x2 - x1) * 0.2, y1: y1 + (y2 - y1) * 0.1, y2: y1 + (y2 - y1) * 0.6 })).toBeGreaterThan(0.6)
    expect(cars.length).toBeGreaterThan(0)
    expect([state.copy.covered, parts.length > 3, parts]).toEqual(['heads_and_plates', true, parts.toSorted((a, b) => a - b)])
  })

  test('each plate of 40 pixels and more is covered', async () => {
    const streets = join(folder, 'streets')
    const drawing = await runToEnd(process.execPath, ['--import', 'tsx', 'server/sandbox/scenes/plate-streets.ts', streets, '3', '7'], { timeoutMs: 300_000 })
    expect(drawing.code).toBe(0)
    const copies = await open({ lookForPrivate: await looker() })
    let plates = 0
    for (const name of readdirSync(streets).filter((one) => one.endsWith('.jpg'))) {
      alert = await raise(store, name.replaceAll('.', '-'), { cameraId: JUNCTION })
      const item = await keep('original', readFileSync(join(streets, name)))
      const state = await made(copies, item)
      if (state.is !== 'ready') throw new Error(JSON.stringify(state))
      const [real, shown] = await Promise.all([item.file, state.copy.file].map((file) => pixelsOf(join(folder, file))))
      for (const line of readFileSync(join(streets, name.replace(/jpg$/, 'txt')), 'utf8').split('\n').filter((one) => one !== '' && !one.startsWith('-'))) {
        const [text, ...corners] = line.split(' ')
        const xs = corners.filter((_, at) => at % 2 === 0).map((x) => Number(x) / real!.width)
        const ys = corners.filter((_, at) => at % 2 === 1).map((y) => Number(y) / real!.height)
        const box = { x1: Math.min(...xs), x2: Math.max(...xs), y1: Math.min(...ys), y2: Math.max(...ys) }
        if ((box.x2 - box.x1) * real!.width < 40) continue
        plates += 1
        expect([text, hidden(real!, shown!, box)]).toEqual([text, true])
      }
    }
    expect(plates).toBeGreaterThan(2)
  })
})
