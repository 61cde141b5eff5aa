import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { RedactedView } from '../../server/contract/alerts.js'
import { asId, type AlertId } from '../../server/domain/ids.js'
import type { EvidenceItem } from '../../server/domain/evidence.js'
import { openRedactedCopies, type RedactedCopies } from '../../server/evidence/redacted-copies.js'
import { silentLog } from '../../server/system/log.js'
import { systemClock } from '../../server/system/clock.js'
import { keepItem } from '../evidence/kept-item.js'
import { coversOf } from '../support/covers.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

/** Who may ask for the redacted copy of a still, what they are told, and what the log says of it. Whether it covers is shown in tests/evidence/redacted-copies.test.ts. */
let house: SmallHouse
beforeAll(async () => void (house = await openSmallHouse()))
afterAll(() => house.close())

async function still(area: 'own' | 'foreign' = 'own', kind: 'red_light' | 'intrusion' = 'red_light'): Promise<EvidenceItem> {
  const alertId = await house.raise(await house.addCamera(house.areas[area]), kind === 'intrusion' ? { kind, reason: { code: 'intrusion', class: 'car', dwellMs: 3000 } } : {})
  const { store } = house.app.parts
  const alert = (await store.alerts.get(asId<AlertId>(alertId)))!
  const bytes = await sharp({ create: { width: 320, height: 180, channels: 3, background: '#808080' } }).jpeg().toBuffer()
  return keepItem({ store, folder: join(house.folder, 'evidence'), alert, kept: 'original', bytes })
}

type Who = 'police' | 'traffic' | 'ioc' | null
const ask = (path: string, who: Who, method = 'GET'): Promise<Response> => house.ask(path, { method, cookie: who ? house.cookie(who) : undefined, ...(method === 'GET' ? {} : { body: {} }) })
const viewOf = async (answered: Response): Promise<RedactedView> => (await answered.json()) as RedactedView

/** A finished copy, as a server with a model would have made it: nothing was there to be covered. */
async function copied(item: EvidenceItem): Promise<void> {
  const { store, bus } = house.app.parts
  const copies: RedactedCopies = await openRedactedCopies({
    store, bus, clock: systemClock, log: silentLog, folder: join(house.folder, 'evidence'), ffmpeg: 'never run for a still', runId: 'test',
    masksDuring: coversOf(store).during,
    lookForPrivate: async ({ maskFile }) => {
      await writeFile(maskFile, new Uint8Array((320 * 180) / 8))
      return { is: 'looked', cover: 'heads', masks: { file: maskFile, width: 320, height: 180, rate: '25/2', slotS: 0.08, slots: 1 } }
    },
  })
  await copies.ask(item, (await store.people.list())[0]!.id)
  await copies.idle()
  await copies.close()
}

test('nobody asked: none; asked where nobody can look: no copy, and why, with the next step, in both languages', async () => {
  const { id } = await still()
  expect(await viewOf(await ask(`/api/evidence/${id}/redacted`, 'ioc'))).toEqual({ state: 'none' })
  expect(['making', 'failed']).toContain((await viewOf(await ask(`/api/evidence/${id}/redacted`, 'ioc', 'POST'))).state)
  await house.app.parts.copies.idle()
  const view = await viewOf(await ask(`/api/evidence/${id}/redacted`, 'ioc'))
  expect(view).toEqual({ state: 'failed', said: { vi: expect.stringContaining('apt-get install ffmpeg'), en: expect.stringContaining('apt-get install ffmpeg') } })
  expect([(await ask(`/evidence/${id}/redacted`, 'ioc')).status, (await ask(`/evidence/${id}/redacted/file`, 'ioc')).status]).toEqual([404, 404])
})

test('one that is there is shown, and handed over under a name that says what it is; the log tells who asked and who took it, with its hash', async () => {
  const item = await still()
  await copied(item)
  const view = await viewOf(await ask(`/api/evidence/${item.id}/redacted`, 'ioc'))
  if (view.state !== 'ready') throw new Error(JSON.stringify(view))
  expect(view).toMatchObject({ url: `/evidence/${item.id}/redacted`, covered: 'heads', said: { vi: expect.stringContaining('Xem lại trước khi gửi đi') } })
  const [shown, taken] = [await ask(view.url, 'ioc'), await ask(view.fileUrl, 'ioc')]
  expect([shown, taken].map((answered) => [answered.status, answered.headers.get('content-type'), answered.headers.get('x-content-sha256'), answered.headers.get('cache-control')])).toEqual([[200, 'image/jpeg', view.sha256, 'private, no-store'], [200, 'image/jpeg', view.sha256, 'private, no-store']])
  const name = `vonglau-redacted-still-${item.fromMs}-${item.id}.jpg`
  expect([shown, taken].map((answered) => answered.headers.get('content-disposition'))).toEqual([`inline; filename="${name}"`, `attachment; filename="${name}"`])
  const kept = readFileSync(join(house.folder, 'evidence', item.file.replace('.jpg', '-redacted.jpg')))
  expect(Buffer.from(await taken.arrayBuffer()).equals(kept)).toBe(true)
  const { store } = house.app.parts
  const lines = (await store.changes.of('alert', (await store.alerts.ofIncident(item.incidentId!))!.id)).filter(({ what }) => what.startsWith('redacted_'))
  const ioc = (await store.people.list()).find(({ role }) => role === 'ioc')!.id
  expect(lines.map(({ what, by, facts }) => [what, by === ioc, facts['sha256'] ?? null])).toEqual([['redacted_asked', false, null], ['redacted_ready', false, view.sha256], ['redacted_taken', true, view.sha256]])
})

test.each<[sentence: string, area: 'own' | 'foreign', kind: 'red_light' | 'intrusion', who: Who, status: number]>([
  ['nobody signed in', 'own', 'red_light', null, 401],
  ['a person of another area', 'foreign', 'red_light', 'police', 404],
  ['a traffic officer, of a public-order alert', 'own', 'intrusion', 'traffic', 404],
])('who may not see the original may neither have a copy made nor see that there is one: %s', async (_sentence, area, kind, who, status) => {
  const item = await still(area, kind)
  await copied(item)
  const answers = [await ask(`/api/evidence/${item.id}/redacted`, who), await ask(`/api/evidence/${item.id}/redacted`, who, 'POST'), await ask(`/evidence/${item.id}/redacted`, who), await ask(`/evidence/${item.id}/redacted/file`, who)]
  expect(answers.map((answered) => answered.status)).toEqual([status, status, status, status])
})

test('another site cannot have one made', async () => {
  const { id } = await still()
  expect((await house.ask(`/api/evidence/${id}/redacted`, { method: 'POST', cookie: house.cookie('ioc'), body: {}, headers: { 'x-vonglau': '0' } })).status).toBe(403)
})
