import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ModelFault } from '../../analytics/detect/detector.js'
import { loadEightBits, loadModel } from '../../models/catalogue.js'
import { fetchedFile, type ShelfModel } from '../../models/shelf.js'
import { asId, type ModelId, type PersonId, type UploadId } from '../../server/domain/ids.js'
import type { Mask } from '../../server/domain/privacy-mask.js'
import { writeCover } from '../../server/evidence/lay-cover.js'
import type { Packet } from '../../server/media/packet.js'
import { openModels, type Begun, type Models, type ModelsOptions, type ModelToWatch } from '../../server/models/open-models.js'
import type { Trial } from '../../server/models/trials.js'
import { PIECE_BYTES_MAX, type UploadKind } from '../../server/models/uploads.js'
import { openStore } from '../../server/storage/open.js'
import type { Store } from '../../server/storage/store.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { makeFragments, readAll } from '../media/pictures.js'
import { renamedEyes } from '../support/renamed-eyes.js'
import { LAN, settle } from '../support/small-city.js'
import { until } from '../support/until.js'

// Each model is opened in a process started from source, seconds on a busy machine.
import.meta.jest.setTimeout(120_000)

const builtIn = await loadModel('eyes')
const eightBits = await loadEightBits()
const theirs = await renamedEyes('of the test')
const theirHash = createHash('sha256').update(theirs).digest('hex')
const ffmpeg = existsSync('/usr/bin/ffmpeg') ? '/usr/bin/ffmpeg' : null
const withFfmpeg = ffmpeg ? test : test.skip

let folder: string
let store: Store
const open = new Set<Models>()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vonglau-models-'))
  store = await openStore({ url: `sqlite:${join(folder, 'store.db')}`, log: silentLog, clock: systemClock })
  await settle(store)
})
afterEach(async () => {
  for (const models of open) await models.close()
  open.clear()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Stand {
  readonly models: Models
  /** What was given to the watching stage, in order. */
  readonly watched: ModelToWatch[]
}
async function stand(part: Partial<ModelsOptions> = {}): Promise<Stand> {
  const watched: ModelToWatch[] = []
  const models = await openModels({ store, clock: systemClock, log: silentLog, folder: join(folder, 'models'), runId: 'test:models', ffmpeg, builtIn, watch: async (model) => void watched.push(model), recall: async () => [], writeCover: async () => false, ...part })
  open.add(models)
  return { models, watched }
}
async function upload(models: Models, kind: UploadKind, bytes: Uint8Array, name = 'tệp'): Promise<UploadId> {
  const begun = await models.uploads.begin({ kind, name, bytes: bytes.length, by: LAN })
  if (typeof begun === 'string') throw new Error(begun)
  for (let at = 0; at < bytes.length; at += PIECE_BYTES_MAX) expect(await models.uploads.put(begun.id, LAN, at, bytes.subarray(at, at + PIECE_BYTES_MAX))).toMatchObject({ ok: true })
  return begun.id
}
const bring = async (models: Models, bytes: Uint8Array) => models.add({ uploadId: await upload(models, 'model', bytes), name: 'Của phường', licence: 'Apache-2.0', attribution: '', by: LAN })
const lines = async (): Promise<readonly string[]> => (await store.changes.of('person', LAN)).map(({ what }) => what)
const files = (): readonly string[] => readdirSync(join(folder, 'models')).filter((name) => name.endsWith('.onnx'))

test('a model is uploaded in pieces, proved, taken in under its hash, used, and left again', async () => {
  const { models, watched } = await stand()
  const added = await bring(models, theirs)
  if (added.is !== 'added') throw new Error(JSON.stringify(added))
  expect(added.model).toMatchObject({ sha256: theirHash, format: 'eyes', input: { width: 640, height: 384 }, addedBy: LAN, broken: null })
  expect(files()).toEqual([`${theirHash}.onnx`])
  expect(await bring(models, theirs)).toEqual({ is: 'known', name: 'Của phường' })

  expect(await models.use(added.model.id, LAN)).toEqual({ is: 'used' })
  expect(watched.map(({ name, bytes }) => [name, bytes.length])).toEqual([['Của phường', theirs.length]])
  expect(await models.state()).toEqual({ inUse: added.model.id, chosen: added.model.id, notice: null })
  expect(await models.remove(added.model.id, LAN)).toBe('in_use')

  // Who looks at hours of recordings is told the file that watches, and finds it by its bytes when another does.
  expect(await models.watchingFile()).toMatchObject({ id: added.model.id, sha256: theirHash, format: 'eyes', input: { width: 640, height: 384 } })
  expect(await models.use(asId('eyes'), LAN)).toEqual({ is: 'used' })
  expect([await models.watchingFile(), await models.fileOf(theirHash), await models.fileOf(builtIn.card.sha256), await models.fileOf('0'.repeat(64))]).toMatchObject([{ id: 'eyes', sha256: builtIn.card.sha256 }, { file: expect.stringContaining(theirHash) }, { id: 'eyes' }, null])
  expect(await (await stand({ watch: null, folder: join(folder, 'blind') })).models.watchingFile()).toBeNull()
  expect([await models.remove(asId('eyes'), LAN), await models.remove(added.model.id, LAN), await models.remove(added.model.id, LAN)]).toEqual(['built_in', 'removed', 'unknown'])
  expect([files(), await store.models.list()]).toEqual([[], []])
  expect(await lines()).toEqual(['model_added', 'model_chosen', 'model_chosen', 'model_removed'])
})

test('what was decided holds after a restart', async () => {
  const first = await stand()
  const added = await bring(first.models, theirs)
  const id = added.is === 'added' ? added.model.id : asId<ModelId>('x')
  await first.models.use(id, LAN)
  await first.models.close()
  const { models, watched } = await stand()
  expect(await models.state()).toMatchObject({ inUse: 'eyes', chosen: id })
  await models.resume()
  expect([watched.length, await models.state()]).toEqual([1, { inUse: id, chosen: id, notice: null }])
})

test.each<[sentence: string, spoil: (file: string) => void, says: RegExp]>([
  ['gone', (file) => rmSync(file), /không còn/],
  ['changed', (file) => writeFileSync(file, 'x'), /thay đổi/],
])('a chosen model whose file is %s leaves our own watching, and says so', async (_sentence, spoil, says) => {
  const first = await stand()
  const added = await bring(first.models, theirs)
  const id = added.is === 'added' ? added.model.id : asId<ModelId>('x')
  await first.models.use(id, LAN)
  await first.models.close()
  spoil(join(folder, 'models', `${theirHash}.onnx`))
  const { models, watched } = await stand()
  await models.resume()
  const { inUse, chosen, notice } = await models.state()
  expect([watched, inUse, chosen, notice?.said.vi]).toEqual([[], 'eyes', id, expect.stringMatching(says)])
  expect((await store.models.get(id))?.broken?.field).toMatch(/^model\.(file|sha256)$/)
  // The same file, brought again, mends it.
  expect(await bring(models, theirs)).toMatchObject({ is: 'added', model: { id } })
  expect(await models.use(id, LAN)).toEqual({ is: 'used' })
  expect((await models.state()).notice).toBeNull()
})

test('a model with which the server died at once is not taken up again by itself, but may be chosen again', async () => {
  const first = await stand()
  const added = await bring(first.models, theirs)
  const id = added.is === 'added' ? added.model.id : asId<ModelId>('x')
  await first.models.use(id, LAN)
  // Dead without a close: what a crash in native code looks like to the next start.
  open.delete(first.models)
  const { models, watched } = await stand()
  await models.resume()
  expect([watched, (await models.state()).inUse, (await models.state()).notice?.said.en]).toEqual([[], 'eyes', expect.stringContaining('ended suddenly')])
  expect(await models.use(id, LAN)).toEqual({ is: 'used' })
  await models.close()
  const after = await stand()
  await after.models.resume()
  expect(await after.models.state()).toMatchObject({ inUse: id, notice: null })
  await first.models.close()
})

/** A machine on which 8 bits win: what this one is like, no test may know. */
const winning = { entry: new URL('./bad-children/sees-eight-bits-win', import.meta.url) }
const seen = ({ watched }: Stand): readonly Uint8Array[] => watched.map(({ bytes }) => bytes)

test('where 8 bits win, our model watches with them from the start, and again when it is taken back', async () => {
  const one = await stand({ eightBits, probing: winning })
  expect([one.models.width(), seen(one)]).toEqual([{ use: 'float', because: 'not_compared' }, []])
  await one.models.resume()
  expect(one.models.width()).toEqual({ use: 'eight_bits', gain: 2, agreement: 1 })
  expect(one.watched).toEqual([{ name: 'eyes', bytes: eightBits.bytes, format: 'eyes', inputWidth: 640, inputHeight: 384 }])
  expect(await one.models.watchingFile()).toMatchObject({ id: 'eyes', sha256: eightBits.card.sha256 })
  await one.models.use(asId('eyes'), LAN)
  expect(seen(one)).toEqual([eightBits.bytes, eightBits.bytes])
  expect(await one.models.state()).toEqual({ inUse: 'eyes', chosen: 'eyes', notice: null })
})

test.each<[sentence: string, part: Partial<ModelsOptions>, because: string]>([
  ['is not there', { eightBits: null, probing: winning }, 'no_file'],
  ['is not the one on its card', { eightBits: { ...eightBits, card: { ...eightBits.card, sha256: 'a'.repeat(64) } } }, 'refused'],
  ['kills the process that compares', { eightBits, probing: { entry: new URL('./bad-children/dies', import.meta.url) } }, 'refused'],
  ['is refused by the watching stage', { eightBits, probing: winning, watch: async () => Promise.reject(new ModelFault('model.graph', 'no', 'Use another.')) }, 'refused'],
])('where the 8-bit file %s, the float one goes on watching, and the reason is kept', async (_sentence, part, because) => {
  const one = await stand(part)
  await one.models.resume()
  expect([one.models.width(), seen(one), (await one.models.state()).inUse]).toEqual([expect.objectContaining({ use: 'float', because }), [], 'eyes'])
})

test('a brought model that was chosen stays: nothing is compared beside it; ours comes back in float, and in 8 bits once they have won', async () => {
  const first = await stand()
  const added = await bring(first.models, theirs)
  const id = added.is === 'added' ? added.model.id : asId<ModelId>('x')
  await first.models.use(id, LAN)
  await first.models.close()
  const one = await stand({ eightBits, probing: winning })
  await one.models.resume()
  expect([one.models.width(), one.watched.map(({ name }) => name)]).toEqual([{ use: 'float', because: 'not_compared' }, ['Của phường']])
  await one.models.use(asId('eyes'), LAN)
  expect(seen(one)[1]).toEqual(builtIn.bytes)
  await until('both files were compared', () => one.models.width().use === 'eight_bits')
  expect(seen(one).slice(2)).toEqual([eightBits.bytes])
})

test('a model that the watching stage refuses leaves the one before in use, on record too', async () => {
  const { models } = await stand({ watch: async () => Promise.reject(new ModelFault('model.graph', 'no', 'Use another.')) })
  const added = await bring(models, theirs)
  const id = added.is === 'added' ? added.model.id : asId<ModelId>('x')
  expect(await models.use(id, LAN)).toEqual({ is: 'refused', trouble: { field: 'model.graph', message: 'no', next: 'Use another.' } })
  expect(await models.state()).toMatchObject({ inUse: 'eyes', chosen: 'eyes' })
  expect(await lines()).toEqual(['model_added'])
})

test('a file that is no model, and a process that dies of one, leave nothing behind', async () => {
  const good = await stand()
  expect(await bring(good.models, theirs.subarray(0, 1_000_000))).toMatchObject({ is: 'refused', trouble: { field: 'model.bytes' } })
  await good.models.close()
  const bad = await stand({ probing: { entry: new URL('./bad-children/says-nothing', import.meta.url) } })
  expect(await bring(bad.models, theirs)).toMatchObject({ is: 'refused', trouble: { field: 'model.died' } })
  expect([files(), readdirSync(join(folder, 'models/incoming')), await store.models.list(), await lines()]).toEqual([[], [], [], []])
})

test('pieces that come twice, early, too many or from somebody else are told where the file stands', async () => {
  const { models } = await stand()
  const begun = await models.uploads.begin({ kind: 'model', name: 'x', bytes: 10, by: LAN })
  if (typeof begun === 'string') throw new Error(begun)
  const put = (at: number, length: number, by = LAN) => models.uploads.put(begun.id, by, at, new Uint8Array(length))
  expect([await put(0, 4), await put(0, 4), await put(6, 2), await put(4, 7), await put(4, 4, asId<PersonId>('other'))]).toEqual([
    { ok: true, received: 4 },
    { ok: false, why: 'elsewhere', received: 4 },
    { ok: false, why: 'elsewhere', received: 4 },
    { ok: false, why: 'too_much', received: 4 },
    { ok: false, why: 'unknown', received: 0 },
  ])
  expect(await models.add({ uploadId: begun.id, name: 'x', licence: 'x', attribution: '', by: LAN })).toEqual({ is: 'not_whole' })
  expect(await models.uploads.begin({ kind: 'model', name: 'x', bytes: 2 ** 40, by: LAN })).toBe('too_large')
  expect([await models.uploads.drop(begun.id, LAN), readdirSync(join(folder, 'models/incoming'))]).toEqual([true, []])
})

test('a model that was fetched onto the machine is offered, taken in by name, and offered no more', async () => {
  const offer: ShelfModel = { name: 'thu', title: 'Thử', url: 'https://example.invalid/x.onnx', sha256: theirHash, bytes: theirs.length, licence: 'MIT', attribution: 'người làm' }
  const { models } = await stand({ shelf: [offer] })
  expect([await models.offers(), await models.takeOffer('thu', LAN)]).toEqual([[], null])
  mkdirSync(join(folder, 'models/fetched'))
  writeFileSync(fetchedFile(join(folder, 'models'), offer), theirs)
  expect(await models.offers()).toEqual([offer])
  expect(await models.takeOffer('thu', LAN)).toMatchObject({ is: 'added', model: { name: 'Thử', licence: 'MIT', attribution: 'người làm', sha256: theirHash, bytes: theirs.length } })
  expect([await models.offers(), files(), readdirSync(join(folder, 'models/incoming'))]).toEqual([[], [`${theirHash}.onnx`], []])
})

const ended = async (models: Models, id: Trial['id']): Promise<Trial> => {
  await until('the trial ended', () => ['done', 'failed'].includes(models.trials.get(id, LAN)?.state.is ?? ''), 90_000)
  return models.trials.get(id, LAN)!
}
async function tryOn(models: Models, bytes: Uint8Array, modelIds: readonly ModelId[]): Promise<Trial> {
  const begun = await models.tryOnUpload({ uploadId: await upload(models, 'clip', bytes, 'ngã tư.mp4'), modelIds, by: LAN })
  if (begun.is !== 'begun') throw new Error(begun.is)
  return ended(models, begun.trial.id)
}

withFfmpeg('two models see the same frames of an uploaded clip; what they saw stays with them', async () => {
  const { models } = await stand()
  const added = await bring(models, theirs)
  const id = added.is === 'added' ? added.model.id : asId<ModelId>('x')
  const clip = join(folder, 'clip.mkv')
  execFileSync(ffmpeg!, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=10:duration=2', '-pix_fmt', 'yuv420p', clip])
  const trial = await tryOn(models, readFileSync(clip), [asId('eyes'), id])
  if (trial.state.is !== 'done') throw new Error(JSON.stringify(trial.state))
  const { frames, evaluations, size } = trial.state
  expect([size, frames.map(({ atMs }) => atMs)]).toEqual([{ width: 320, height: 240 }, [0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800]])
  expect(frames.every(({ found }) => found.length === 2)).toBe(true)
  expect(evaluations.map(({ modelId, frames: count, clip: name, frameMs }) => [modelId, count, name, frameMs > 0])).toEqual([['eyes', 10, 'ngã tư.mp4', true], [id, 10, 'ngã tư.mp4', true]])
  expect((await store.models.evaluations(9)).map(({ modelId }) => modelId).toSorted()).toEqual(['eyes', id].toSorted())
  expect(readFileSync(models.trials.clipPath(trial)).subarray(4, 8).toString()).toBe('ftyp')
  expect(models.trials.get(trial.id, asId<PersonId>('other'))).toBeNull()
  expect([await models.trials.remove(trial.id, LAN), readdirSync(join(folder, 'models/trials'))]).toEqual([true, []])
  expect(await lines()).toEqual(['model_added', 'model_tried'])
})

/** Every picture of a clip: how far its left half is from the cover's tone at most, and whether its right half shows something. */
function halvesOf(file: string, { width, height }: { readonly width: number; readonly height: number }): readonly (readonly [fromTone: number, shows: boolean])[] {
  const rgb = execFileSync(ffmpeg!, ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'], { maxBuffer: 1e9 })
  return Array.from({ length: rgb.length / (width * height * 3) }, (_, frame) => {
    const [tone, other] = [[24, 28, 32], new Set<number>()]
    let apart = 0
    for (let at = 0; at < width * height; at += 1) {
      const [x, from] = [at % width, (frame * width * height + at) * 3]
      if (x < width / 2 - 8) for (let part = 0; part < 3; part += 1) apart = Math.max(apart, Math.abs(rgb[from + part]! - tone[part]!))
      if (x > width / 2 + 8) other.add(rgb[from]! >> 4)
    }
    return [apart, other.size > 3]
  })
}

withFfmpeg.each<[sentence: string, begin: (models: Models, packets: readonly Packet[]) => Promise<Begun>]>([
  ['of what a camera recorded', (models) => models.tryOnCamera({ cameraId: asId('junction'), clip: 'x', seconds: 10, modelIds: [asId('eyes')], by: LAN })],
  ['kept with an alert', (models, packets) => {
    const kept = join(folder, 'kept.mp4')
    writeFileSync(join(folder, 'kept.fmp4'), Buffer.concat([packets[0]!.init.bytes, ...packets.map(({ bytes }) => bytes)]))
    execFileSync(ffmpeg!, ['-v', 'error', '-i', join(folder, 'kept.fmp4'), '-c', 'copy', '-movflags', '+faststart', kept])
    return models.tryOnFile({ file: kept, cameraId: asId('junction'), clip: 'x', modelIds: [asId('eyes')], by: LAN })
  }],
])('a clip %s has the camera’s masks covered in every picture, for the models as for the page', async (_sentence, begin) => {
  const size = { width: 320, height: 180 }
  // Not from the film's beginning on: its pictures have times of their own.
  const packets = readAll(makeFragments({ seconds: 2, gop: 10, size: '320x180' })).packets.slice(10)
  const left: Mask = [{ x: 0, y: 0 }, { x: 0.5, y: 0 }, { x: 0.5, y: 1 }, { x: 0, y: 1 }]
  const asked: unknown[] = []
  const { models } = await stand({ recall: async () => packets, writeCover: async (cameraId, file, { width, height }) => (asked.push([cameraId, width, height]), (await writeCover(file, { width, height }, [left])) !== null) })
  const begun = await begin(models, packets)
  if (begun.is !== 'begun') throw new Error(begun.is)
  const trial = await ended(models, begun.trial.id)
  expect([trial.state.is, asked]).toEqual(['done', [['junction', 320, 180]]])
  const halves = halvesOf(models.trials.clipPath(trial), size)
  expect([halves.length, Math.max(...halves.map(([apart]) => apart)) < 12, halves.every(([, shows]) => shows)]).toEqual([packets.length, true, true])
  expect(readdirSync(join(folder, 'models/trials'))).toEqual([`${trial.id}.mp4`])
})

withFfmpeg('a camera’s clip whose head tells no size is not shown: nobody could cover it', async () => {
  const { models } = await stand({ writeCover: async () => true })
  writeFileSync(join(folder, 'odd.mp4'), 'this is not a video')
  const begun = await models.tryOnFile({ file: join(folder, 'odd.mp4'), cameraId: asId('junction'), clip: 'x', modelIds: [asId('eyes')], by: LAN })
  const trial = begun.is === 'begun' ? await ended(models, begun.trial.id) : null
  expect([trial?.state, readdirSync(join(folder, 'models/trials'))]).toMatchObject([{ is: 'failed', trouble: { field: 'clip' } }, []])
})

withFfmpeg.each([
  ['words', 'this is not a video'],
  ['a list that names a file of the machine', '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'],
  ['a list for joining files', "ffconcat version 1.0\nfile '/etc/passwd'\n"],
])('a clip that is %s is refused, and nothing of it stays', async (_sentence, text) => {
  const { models } = await stand()
  const trial = await tryOn(models, Buffer.from(text), [asId('eyes')])
  expect(trial.state).toMatchObject({ is: 'failed', trouble: { field: 'clip' } })
  expect(readdirSync(join(folder, 'models/trials'))).toEqual([])
})

withFfmpeg.each([
  ['dies', 'dies', 'model.died'],
  ['leaves without a word', 'says-nothing', 'clip'],
])('a trial whose process %s fails with its reason, and the next one is not kept waiting', async (_sentence, name, field) => {
  const { models } = await stand({ probing: { entry: new URL(`./bad-children/${name}`, import.meta.url) } })
  const clip = join(folder, 'clip.mp4')
  execFileSync(ffmpeg!, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=5:duration=1', '-pix_fmt', 'yuv420p', clip])
  for (const _turn of [1, 2]) expect((await tryOn(models, readFileSync(clip), [asId('eyes')])).state).toMatchObject({ is: 'failed', trouble: { field } })
  expect(await store.models.evaluations(9)).toEqual([])
})

test('a camera of which nothing was recorded, and a model that nobody knows, are told apart', async () => {
  const { models } = await stand({ ffmpeg: '/bin/true' })
  expect(await models.tryOnCamera({ cameraId: asId('junction'), clip: 'x', seconds: 10, modelIds: [asId('eyes')], by: LAN })).toEqual({ is: 'no_clip' })
  expect(await models.tryOnUpload({ uploadId: await upload(models, 'clip', Buffer.from('x')), modelIds: [asId('nobody')], by: LAN })).toEqual({ is: 'unknown_model' })
})
