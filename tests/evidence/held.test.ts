import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { asId, type AlertId, type IncidentId, type RepairId } from '../../server/domain/ids.js'
import type { Mask } from '../../server/domain/privacy-mask.js'
import type { EvidenceItem } from '../../server/domain/evidence.js'
import type { Evidence } from '../../server/evidence/evidence.js'
import { isOriginal } from '../../server/evidence/kept-names.js'
import type { Packet } from '../../server/media/packet.js'
import { greySteps } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { alert, incident, JUNCTION } from '../support/small-city.js'
import { until } from '../support/until.js'
import { MAIN, MOMENT_MS, setScene, type Scene } from './scene.js'

const withFfmpeg = hasFfmpeg() ? test : test.skip
const HELD = asId<IncidentId>('held-1')
const REPAIR = asId<RepairId>('repair-1')
/** The upper left quarter. */
const MASK: Mask = [{ x: 0, y: 0 }, { x: 0.5, y: 0 }, { x: 0.5, y: 0.5 }, { x: 0, y: 0.5 }]
const masked = { streamsOf: async (id: string) => (id === JUNCTION ? { main: MAIN, sub: null } : null) }

let main: readonly Packet[] = []
let scene: Scene
beforeAll(async () => {
  if (hasFfmpeg()) main = (await greySteps({ width: 320, height: 180, count: 72, gop: 5, fps: 5 })).packets
})
beforeEach(async () => {
  scene = await setScene()
  await scene.store.cameras.change(JUNCTION, { masks: [{ points: MASK, preset: null }] })
})
afterEach(() => scene.close())

const kept = (): Promise<readonly EvidenceItem[]> => scene.store.evidence.ofIncident(HELD)
const lines = async (topic: 'incident' | 'camera' | 'alert', id: string) => (await scene.store.changes.of(topic, id)).filter(({ what }) => what.startsWith('evidence_')).map(({ what, facts }) => [what, facts['kind'], facts['why'] ?? null])
async function idleFor(evidence: Evidence): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  await evidence.idle()
}
/** The still at once, and the clip when its last second has come. */
async function ripen(evidence: Evidence): Promise<void> {
  await until('the clip waits for its time', () => scene.clock.pending() > 0)
  await idleFor(evidence)
  scene.clock.move(6_000)
  await idleFor(evidence)
}
const openRepair = (closed = false): Promise<void> => scene.store.repairs.add({ id: REPAIR, cameraId: JUNCTION, kind: 'lamp_fault', lamp: { signal: 's', approach: 'a' }, code: 'dark', facts: {}, openedAtMs: MOMENT_MS, closed: closed ? { by: null, atMs: MOMENT_MS, note: 'x' } : null })
const brightness = async ({ file }: EvidenceItem, x: number, y: number): Promise<number> => {
  const { data, info } = await sharp(await readFile(join(scene.folder, 'evidence', file))).greyscale().raw().toBuffer({ resolveWithObject: true })
  return data[(Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels]!
}

withFfmpeg('what is held gets stills and a clip while nobody is called yet, with the camera’s masks covered, told in its own history', async () => {
  const evidence = await scene.open(masked)
  scene.play(MAIN, main)
  await scene.hold(HELD)
  await ripen(evidence)
  const items = await kept()
  expect(items.map(({ kind, incidentId, repairId, cameraId }) => [kind, incidentId, repairId, cameraId])).toEqual([['still', HELD, null, JUNCTION], ['still', HELD, null, JUNCTION], ['clip', HELD, null, JUNCTION]])
  for (const still of items.filter(({ kind }) => kind === 'still')) expect([await brightness(still, 0.25, 0.25) < 40, await brightness(still, 0.9, 0.5) > 60]).toEqual([true, true])
  for (const item of items) expect((await evidence.verify(item)).ok).toBe(true)
  expect([await lines('incident', HELD), await scene.store.alerts.ofIncident(HELD)]).toEqual([[['evidence_added', 'still', null], ['evidence_added', 'still', null], ['evidence_added', 'clip', null]], null])
})

withFfmpeg('released, it is the alert’s evidence; the same moment is not kept twice, though it is released while the clip waits', async () => {
  const evidence = await scene.open()
  scene.play(MAIN, main)
  await scene.hold(HELD)
  await until('the clip waits for its time', () => scene.clock.pending() > 0)
  await idleFor(evidence)
  await scene.store.alerts.add(alert('released', { incidentId: HELD, cameraId: JUNCTION, raisedAtMs: MOMENT_MS + 2_000, changedAtMs: MOMENT_MS + 2_000 }))
  scene.bus.publish('alert.raised', { alertId: asId('released'), incidentId: HELD, cameraId: JUNCTION })
  await idleFor(evidence)
  scene.clock.move(6_000)
  await idleFor(evidence)
  const items = await kept()
  expect([items.map(({ kind }) => kind), await scene.store.evidence.of(asId<AlertId>('released'))]).toEqual([['still', 'still', 'clip'], items])
})

withFfmpeg('a suspected act of a version on trial is nothing that pictures are kept for', async () => {
  const evidence = await scene.open()
  scene.play(MAIN, main)
  await scene.store.incidents.save(incident(HELD, { mode: 'shadow', openedAtMs: MOMENT_MS }))
  scene.bus.publish('incident.changed', { incidentId: HELD, cameraId: JUNCTION, opened: true, ended: false })
  await idleFor(evidence)
  expect([await kept(), scene.clock.pending()]).toEqual([[], 0])
})

withFfmpeg('what was held when the server stopped is taken up at the next start; what somebody dismissed is not', async () => {
  scene.play(MAIN, main)
  await scene.hold(HELD, false)
  await scene.hold('held-2', false)
  await scene.store.held.settle(asId('held-2'), { is: 'dismissed', by: asId('lan'), atMs: MOMENT_MS, reason: 'x' })
  await ripen(await scene.open())
  expect([(await kept()).map(({ kind }) => kind), await scene.store.evidence.ofIncident(asId('held-2'))]).toEqual([['still', 'still', 'clip'], []])
})

test('without a picture it is said once why there is none, and the next start says nothing', async () => {
  await scene.hold(HELD, false)
  await openRepair()
  scene.clock.move(60_000)
  for (let starts = 0; starts < 2; starts += 1) await (await scene.open()).idle()
  const told = async (topic: 'incident' | 'camera', id: string) => (await lines(topic, id)).map((one) => one.join(' ')).toSorted()
  expect([await told('incident', HELD), await told('camera', JUNCTION)]).toEqual([['evidence_missing clip no_packets', 'evidence_missing still no_packets'], ['evidence_missing still no_packets']])
})

withFfmpeg('a repair keeps the picture in which the lamp was found to err: plain, covered, and no clip', async () => {
  const evidence = await scene.open(masked)
  scene.play(MAIN, main)
  await openRepair()
  scene.bus.publish('repair.opened', { repairId: REPAIR, cameraId: JUNCTION })
  await idleFor(evidence)
  const items = await scene.store.evidence.ofRepair(REPAIR)
  expect(items.map(({ kind, incidentId, repairId, fromMs }) => [kind, incidentId, repairId, fromMs])).toEqual([['still', null, REPAIR, MOMENT_MS]])
  expect([isOriginal(items[0]!), await brightness(items[0]!, 0.25, 0.25) < 40, scene.clock.pending()]).toEqual([true, true, 0])
  expect((await scene.store.changes.of('camera', JUNCTION)).at(-1)).toMatchObject({ what: 'evidence_added', facts: { kind: 'still', repairId: REPAIR, evidenceId: items[0]!.id } })
})

withFfmpeg('a lamp that is stuck holds everybody: of so many some go without, and the alert beside them does not', async () => {
  const evidence = await scene.open()
  scene.play(MAIN, main)
  for (let n = 0; n < 40; n += 1) await scene.hold(`flood-${n}`)
  await scene.raise('alert-1')
  await until('everybody’s clip waits', () => scene.clock.pending() >= 41)
  await idleFor(evidence)
  const told = (await Promise.all(Array.from({ length: 40 }, (_, n) => lines('incident', `flood-${n}`)))).flat()
  const missing = told.filter(([what]) => what === 'evidence_missing')
  expect([missing.length > 0, missing.length < 40, missing.every(([, kind, why]) => kind === 'still' && why === 'too_many')]).toEqual([true, true, true])
  expect((await scene.store.evidence.of(asId('alert-1'))).map(({ kind }) => kind)).toEqual(['still', 'still'])
})
