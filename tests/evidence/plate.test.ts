import { createHash } from 'node:crypto'
import { readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { asId, type AlertId, type IncidentId } from '../../server/domain/ids.js'
import type { PlateAnchor, PlateAnswer, SentCrop } from '../../server/domain/plate.js'
import type { Evidence } from '../../server/evidence/evidence.js'
import type { Packet } from '../../server/media/packet.js'
import { arrivedAt, greySteps } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { alert } from '../support/small-city.js'
import { until } from '../support/until.js'
import { FIRST_MS, MAIN, MOMENT_MS, setScene, SUB, type Scene } from './scene.js'

const withFfmpeg = hasFfmpeg() ? test : test.skip
const A = asId<AlertId>('alert-1')
/** When clip and plate of the scene's moment are due, the plate's wait the last to begin. A decoder's deadline is another one. */
const CLIP_DUE_MS = MOMENT_MS + 5_700
const PLATE_DUE_MS = MOMENT_MS + 1_300
/** What an alert of the small city speaks of. */
const incidentOf = (id: string): IncidentId => asId<IncidentId>(`of-${id}`)

/** Every pixel of one colour, so that a decoded crop tells whether it was scaled or drawn on. */
const even = (width: number, height: number, rgb: readonly [number, number, number]): SentCrop => ({ width, height, base64: Buffer.from(Array.from({ length: width * height }, () => rgb).flat()).toString('base64') })
const seen = { raw: even(23, 17, [40, 90, 200]), enhanced: even(320, 68, [250, 250, 250]), atMs: MOMENT_MS + 200.4 } as const
const plate = { text: '51F12345', shown: '51F-123.45', shares: [1, 1, 0.9, 1, 1, 0.6, 1, 1], wellFormed: true, province: '51', series: 'F', number: '12345' } as const
const READ: PlateAnswer = { verdict: { kind: 'read', plate, colour: 'blue', rows: 1, agree: 5, looks: 6, best: 3 }, ...seen }
const nothing = { raw: null, enhanced: null, atMs: null }

let main: readonly Packet[] = []
let sub: readonly Packet[] = []
let scene: Scene
let asked: { readonly packets: readonly Packet[]; readonly anchor: PlateAnchor }[] = []

beforeAll(async () => {
  if (!hasFfmpeg()) return
  main = (await greySteps({ width: 320, height: 180, count: 72, gop: 5, fps: 5 })).packets
  sub = (await greySteps({ width: 160, height: 90, count: 72, gop: 5, fps: 5 })).packets
})
beforeEach(async () => {
  scene = await setScene()
  asked = []
})
afterEach(() => scene.close())

const open = (answer: () => Promise<PlateAnswer | null>, part: Parameters<Scene['open']>[0] = {}): Promise<Evidence> =>
  scene.open({
    readPlate: (packets, anchor) => {
      asked.push({ packets, anchor })
      return answer()
    },
    ...part,
  })

/** Says the alert, lets the plate's instant come, and waits until all is made that can be. */
async function follow(evidence: Evidence, id: string = A, of: Parameters<Scene['raise']>[2] = {}): Promise<void> {
  await scene.raise(id, true, of)
  await waiting({ plate: !of.witnesses })
  for (const ms of [400, 200, 6_000]) {
    await settled(evidence)
    scene.clock.move(ms)
  }
  await settled(evidence)
}

/** Clip and plate wait for their time: each for its own, or for now where both are past. */
async function waiting({ plate: alsoPlate }: { readonly plate: boolean } = { plate: true }): Promise<void> {
  const { clock } = scene
  const [clipMs, plateMs] = [Math.max(clock.wallMs(), CLIP_DUE_MS), Math.max(clock.wallMs(), PLATE_DUE_MS)]
  const plates = (): boolean => !alsoPlate || clock.pendingAt(plateMs) === (plateMs === clipMs ? 2 : 1)
  await until('clip and plate wait for their time', () => clock.pendingAt(clipMs) >= 1 && plates())
}

async function settled(evidence: Evidence): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20))
  await evidence.idle()
}

/** Long enough for what is due to stand in its queue. */
const settledTurns = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

const kindsOf = async (): Promise<readonly string[]> => (await scene.store.evidence.of(A)).map(({ kind }) => kind)
const plateFiles = async (): Promise<readonly string[]> => (await readdir(join(scene.folder, 'evidence'), { recursive: true })).map(String).filter((name) => name.includes('plate'))

withFfmpeg('the vehicle is looked at a second after its instant, in the main stream from the key picture before', async () => {
  const evidence = await open(async () => READ)
  scene.play(MAIN, main)
  scene.play(SUB, sub)
  await scene.raise(A)
  await settled(evidence)
  scene.clock.move(400)
  await settled(evidence)
  expect(asked).toEqual([])
  scene.clock.move(100)
  await until('it was asked', () => asked.length === 1)
  const [{ packets, anchor }] = asked as [{ packets: readonly Packet[]; anchor: PlateAnchor }]
  expect(anchor).toEqual({ atMs: MOMENT_MS, box: { x1: 0.4, y1: 0.5, x2: 0.45, y2: 0.6 } })
  // Pictures come 200 ms apart and every fifth is a key: 1.2 s before is picture 37, 1 s after is picture 48.
  expect([packets[0]?.key, packets[0]?.atMs, packets.at(-1)?.atMs, packets[0]?.init.width]).toEqual([true, FIRST_MS + 35 * 200, FIRST_MS + 48 * 200, 320])
})

withFfmpeg('what was read is a row with both crops; the crop that proves is not scaled, and its hash is that of the file', async () => {
  const evidence = await open(async () => READ)
  const nudges: number[] = []
  scene.bus.subscribe('changes.appended', ({ seq }) => void nudges.push(seq))
  scene.play(MAIN, main)
  await follow(evidence)
  const reading = (await scene.store.plates.of(incidentOf(A)))!
  expect(reading).toMatchObject({ kind: 'read', ...plate, rows: 1, colour: 'blue', looks: 6, agree: 5, atMs: MOMENT_MS + 200 })
  const crops = await Promise.all((['raw', 'enhanced'] as const).map(async (which) => (await evidence.openPlate(incidentOf(A), which))!))
  expect(crops.map(({ file }) => file.slice(file.lastIndexOf('/') + 1))).toEqual([`plate-${MOMENT_MS + 200}.jpg`, `plate-${MOMENT_MS + 200}-enhanced.jpg`])
  for (const { file, crop } of crops) expect(createHash('sha256').update(await readFile(file)).digest('hex')).toBe(crop.sha256)
  const { data, info } = await sharp(crops[0]!.file).raw().toBuffer({ resolveWithObject: true })
  expect([info.width, info.height]).toEqual([23, 17])
  expect([0, 1, 2].map((k) => Math.abs(data[k]! - [40, 90, 200][k]!) <= 2)).toEqual([true, true, true])
  const line = (await scene.log(A)).find(({ what }) => what === 'plate_read')!
  expect(line.facts).toEqual({ kind: 'read', looks: 6, agree: 5 })
  expect(nudges).toContain(line.seq)
  // The log is told widely: what the plate says is not in it.
  expect(JSON.stringify(await scene.log(A))).not.toMatch(/51F|123/)
})

withFfmpeg('a plate is neither still nor clip: the alert has the same evidence with and without it, also after a restart that finds its files', async () => {
  const evidence = await open(async () => READ)
  scene.play(MAIN, main)
  await scene.raise(A)
  await waiting()
  scene.clock.move(600)
  await settled(evidence)
  expect(await kindsOf()).toEqual(['still', 'still'])
  await evidence.close()
  expect((await plateFiles()).length).toBe(2)
  scene.clock.move(6_000)
  const again = await open(async () => READ)
  await settled(again)
  await until('the clip is taken up', async () => (await kindsOf()).length === 3)
  expect(await kindsOf()).toEqual(['still', 'still', 'clip'])
  expect(asked.length).toBe(1)
})

withFfmpeg('its files alone are no evidence: with their row lost, the still is still missed and nothing is made of them', async () => {
  const evidence = await open(async () => READ)
  scene.play(MAIN, main)
  await follow(evidence)
  await evidence.close()
  for (const { file } of await scene.store.evidence.of(A)) await unlink(join(scene.folder, 'evidence', file))
  // The same folder, a store that remembers only the alert: as after a crash before any row.
  const other = await setScene()
  await other.raise(A, false)
  const next = await other.open({ folder: join(scene.folder, 'evidence') })
  await settled(next)
  expect(await other.store.evidence.of(A)).toEqual([])
  expect((await other.log(A)).filter(({ what }) => what === 'evidence_missing').map(({ facts }) => facts['kind'])).toContain('still')
  await other.close()
})

withFfmpeg.each<[sentence: string, answer: PlateAnswer, row: object, files: number]>([
  ['unreadable: its crops are kept all the same', { verdict: { kind: 'unreadable', looks: 4, widthPxMax: 14 }, ...seen }, { kind: 'unreadable', looks: 4, atMs: MOMENT_MS + 200 }, 2],
  ['none there', { verdict: { kind: 'none', looks: 7 }, ...nothing }, { kind: 'none', looks: 7, raw: null, enhanced: null }, 0],
  ['too few looks', { verdict: { kind: 'too_few', looks: 1 }, ...nothing }, { kind: 'too_few', looks: 1, raw: null, enhanced: null }, 0],
])('a vehicle without a text has a row too: %s', async (_sentence, answer, row, files) => {
  const evidence = await open(async () => answer)
  scene.play(MAIN, main)
  await follow(evidence)
  expect(await scene.store.plates.of(incidentOf(A))).toMatchObject(row)
  expect((await plateFiles()).length).toBe(files)
  expect((await scene.log(A)).find(({ what }) => what === 'plate_read')?.facts['agree']).toBeNull()
})

withFfmpeg.each<[sentence: string, answer: () => Promise<PlateAnswer | null>]>([
  ['could not be looked at', async () => null],
  ['failed', () => Promise.reject(new Error('the process died'))],
  ['failed at once', () => { throw new Error('not even asked') }],
  ['came without its picture', async () => ({ ...READ, raw: null })],
  ['came with half its pixels', async () => ({ ...READ, raw: { width: 23, height: 18, base64: seen.raw.base64 } })],
])('an answer that %s leaves no row and no word, and all other evidence', async (_sentence, answer) => {
  const evidence = await open(answer)
  scene.play(MAIN, main)
  await follow(evidence)
  expect(asked.length).toBe(1)
  expect(await scene.store.plates.of(incidentOf(A))).toBeNull()
  expect(await evidence.openPlate(incidentOf(A), 'raw')).toBeNull()
  expect((await scene.log(A)).map(({ what }) => what)).toEqual(['evidence_added', 'evidence_added', 'evidence_added'])
})

withFfmpeg('a slow answer holds no still and no clip up, and a stop does not wait for it', async () => {
  const evidence = await open(() => new Promise(() => undefined))
  scene.play(MAIN, main)
  for (const id of ['alert-1', 'alert-2', 'alert-3']) await scene.raise(id)
  await until('three stills are there', async () => (await Promise.all(['alert-1', 'alert-2', 'alert-3'].map((id) => scene.store.evidence.of(asId<AlertId>(id))))).every((items) => items.length === 2))
  scene.clock.move(600)
  await until('the first plate is asked for', () => asked.length === 1)
  scene.clock.move(6_000)
  await until('three clips are there', async () => (await Promise.all(['alert-1', 'alert-2', 'alert-3'].map((id) => scene.store.evidence.of(asId<AlertId>(id))))).every((items) => items.length === 3))
  expect(asked.length).toBe(1)
  await evidence.close()
})

withFfmpeg('the vehicle of what is held is looked at too, told in its own history, and once: released, its alert has the same reading', async () => {
  const evidence = await open(async () => READ)
  scene.play(MAIN, main)
  const held = asId<IncidentId>('held-1')
  await scene.hold(held)
  await waiting()
  for (const ms of [400, 200, 6_000]) {
    await settled(evidence)
    scene.clock.move(ms)
  }
  await settled(evidence)
  expect(await scene.store.plates.of(held)).toMatchObject({ incidentId: held, kind: 'read', ...plate })
  expect((await evidence.openPlate(held, 'raw'))?.crop.file).toContain('/held-1/plate-')
  const line = (await scene.store.changes.of('incident', held)).find(({ what }) => what === 'plate_read')
  expect(line?.facts).toEqual({ kind: 'read', looks: 6, agree: 5 })
  // A person releases it: it calls somebody now.
  await scene.store.incidents.setMode(held, { mode: 'live', heldWhy: null })
  await scene.store.alerts.add({ ...alert('released'), incidentId: held })
  scene.bus.publish('alert.raised', { alertId: asId('released'), incidentId: held, cameraId: asId('junction') })
  await settled(evidence)
  scene.clock.move(7_000)
  await settled(evidence)
  expect(asked.length).toBe(1)
})

withFfmpeg('a lamp that holds everybody who passes keeps an alert’s plate waiting for one of them alone', async () => {
  const answers: (() => void)[] = []
  const evidence = await open(() => new Promise((answered) => answers.push(() => answered(READ))))
  scene.play(MAIN, main)
  for (let at = 0; at < 6; at += 1) await scene.hold(`held-${at}`)
  await until('all wait for their time', () => scene.clock.pendingAt(PLATE_DUE_MS) === 6)
  scene.clock.move(600)
  await until('the first is looked at', () => answers.length === 1)
  await scene.raise(A)
  await until('the alert’s plate, whose time has come, waits', () => scene.clock.pendingAt(scene.clock.wallMs()) === 1)
  scene.clock.move(600)
  await settledTurns()
  for (let turn = 0; turn < 2; turn += 1) {
    answers[turn]!()
    await until('the next is looked at', () => answers.length === turn + 2)
  }
  await until('the alert is read', async () => (await scene.store.plates.of(incidentOf(A))) !== null)
  const readings = (): Promise<readonly (object | null)[]> => Promise.all(Array.from({ length: 6 }, (_, at) => scene.store.plates.of(asId<IncidentId>(`held-${at}`))))
  await until('so is one that is held', async () => (await readings()).filter((one) => one !== null).length === 1)
  await evidence.close()
})

withFfmpeg('one that never answers is given up, and the next alert’s turn comes', async () => {
  let first = true
  const evidence = await open(() => {
    const answer = first ? new Promise<null>(() => undefined) : Promise.resolve(READ)
    first = false
    return answer
  })
  scene.play(MAIN, main)
  await scene.raise(A)
  await scene.raise('alert-2')
  await until('both wait for their time', () => scene.clock.pendingAt(PLATE_DUE_MS) === 2)
  scene.clock.move(600)
  await until('the first is asked for', () => asked.length === 1)
  scene.clock.move(131_000)
  await until('the second was read', async () => (await scene.store.plates.of(incidentOf('alert-2'))) !== null)
  expect(await scene.store.plates.of(incidentOf(A))).toBeNull()
  await evidence.close()
})

const witness = { trackId: 7, class: 'two_wheeler', score: 0.83, box: { x1: 0.4, y1: 0.5, x2: 0.45, y2: 0.6 }, atMs: MOMENT_MS } as const
withFfmpeg.each<[sentence: string, of: Parameters<Scene['raise']>[2]]>([
  ['somebody on foot', { witnesses: [{ ...witness, class: 'person' }] }],
  ['many', { witnesses: [witness, { ...witness, trackId: 8 }] }],
  ['nobody', { witnesses: [] }],
])('an alert about %s is not asked about', async (_sentence, of) => {
  const evidence = await open(async () => READ)
  scene.play(MAIN, main)
  await follow(evidence, A, of)
  expect(asked).toEqual([])
  expect(await kindsOf()).toEqual(['still', 'still', 'clip'])
})

withFfmpeg('what the hub forgot comes from the recording; where nobody has it, nothing is asked', async () => {
  const packets = main.map((packet, n) => arrivedAt(packet, FIRST_MS + n * 200))
  const evidence = await open(async () => READ, { recall: async (stream, fromMs, toMs) => (stream === MAIN ? packets.filter(({ atMs }) => atMs >= fromMs - 1_000 && atMs <= toMs) : []) })
  // Only what came after the moment is remembered, as when a rule speaks late.
  scene.play(MAIN, main, 45)
  await follow(evidence)
  expect(asked.map(({ packets: [head] }) => [head?.key, (head?.atMs ?? 0) <= MOMENT_MS])).toEqual([[true, true]])
  expect(await scene.store.plates.of(incidentOf(A))).not.toBeNull()
  // Both would hear of the second alert, and the first still has its recording.
  await evidence.close()
  scene.hub.forget(MAIN)
  const without = await scene.open({ readPlate: () => Promise.reject(new Error('was asked')) })
  await follow(without, 'alert-2')
  expect(await scene.store.plates.of(incidentOf('alert-2'))).toBeNull()
})

withFfmpeg('a crop whose file is gone is told as gone', async () => {
  const evidence = await open(async () => READ)
  scene.play(MAIN, main)
  await follow(evidence)
  await unlink((await evidence.openPlate(incidentOf(A), 'raw'))!.file)
  expect([await evidence.openPlate(incidentOf(A), 'raw'), (await evidence.openPlate(incidentOf(A), 'enhanced')) !== null]).toEqual([null, true])
})
