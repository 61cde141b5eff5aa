import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AlertList, AlertWhole } from '../../server/contract/alerts.js'
import { asId, type AlertId } from '../../server/domain/ids.js'
import type { PlateReading } from '../../server/domain/plate.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

const BYTES = { raw: Buffer.from('as the camera sent it'), enhanced: Buffer.from('for the eye') }
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

let house: SmallHouse
beforeAll(async () => void (house = await openSmallHouse({ settings: { open311: { publicReading: true } } })))
afterAll(() => house.close())

/** An alert of this area whose plate was read, with files that lie where its row says. */
async function readOne(area: 'own' | 'foreign', kind: 'red_light' | 'intrusion' = 'red_light'): Promise<string> {
  const alertId = await house.raise(await house.addCamera(house.areas[area]), kind === 'intrusion' ? { kind, reason: { code: 'intrusion', class: 'car', dwellMs: 3000 } } : {})
  const file = (which: 'raw' | 'enhanced'): string => `${alertId}-${which}.jpg`
  await mkdir(join(house.folder, 'evidence'), { recursive: true })
  for (const which of ['raw', 'enhanced'] as const) await writeFile(join(house.folder, 'evidence', file(which)), BYTES[which])
  const crop = (which: 'raw' | 'enhanced') => ({ file: file(which), sha256: hashOf(BYTES[which]) })
  const { incidentId } = (await house.app.parts.store.alerts.get(asId<AlertId>(alertId)))!
  await house.app.parts.store.plates.add({ incidentId, kind: 'read', text: '59G163188', shown: '59G1-631.88', shares: [1, 1, 0.9, 1, 1, 0.6, 1, 1, 1], wellFormed: true, province: '59', series: 'G1', number: '63188', rows: 2, colour: 'white', looks: 6, agree: 5, atMs: 1_700_000_000_000, raw: crop('raw'), enhanced: crop('enhanced'), readAtMs: 1_700_000_003_000 } satisfies PlateReading)
  return alertId
}

test('whoever may see the alert is told its plate, letter by letter, and where its pictures are', async () => {
  const alertId = await readOne('own')
  const { plate } = (await (await house.ask(`/api/alerts/${alertId}`, { cookie: house.cookie('police') })).json()) as AlertWhole
  expect(plate).toEqual({ kind: 'read', shown: '59G1-631.88', letters: Array.from('59G163188', (letter, at) => ({ letter, share: [1, 1, 0.9, 1, 1, 0.6, 1, 1, 1][at] })), wellFormed: true, rows: 2, colour: 'white', looks: 6, agree: 5, rawUrl: `/evidence/plates/${alertId}/raw`, enhancedUrl: `/evidence/plates/${alertId}/enhanced`, rawSha256: hashOf(BYTES.raw), atMs: 1_700_000_000_000 })
  for (const which of ['raw', 'enhanced'] as const) {
    const answered = await house.ask(`/evidence/plates/${alertId}/${which}`, { cookie: house.cookie('police') })
    expect([answered.status, answered.headers.get('content-type'), answered.headers.get('x-content-sha256'), answered.headers.get('etag'), answered.headers.get('cache-control')]).toEqual([200, 'image/jpeg', hashOf(BYTES[which]), `"${hashOf(BYTES[which])}"`, 'private, no-store'])
    expect(Buffer.from(await answered.arrayBuffer())).toEqual(BYTES[which])
  }
})

test('an alert whose vehicle nobody looked at says so by saying nothing', async () => {
  const alertId = await house.raise(await house.addCamera(house.areas.own))
  const { plate } = (await (await house.ask(`/api/alerts/${alertId}`, { cookie: house.cookie('police') })).json()) as AlertWhole
  expect(plate).toBeNull()
  expect((await house.ask(`/evidence/plates/${alertId}/raw`, { cookie: house.cookie('police') })).status).toBe(404)
})

test('one found and not readable has its pictures; one not there has none', async () => {
  const { store } = house.app.parts
  const looked = async (reading: Pick<PlateReading, 'kind' | 'looks' | 'atMs' | 'raw' | 'enhanced'>): Promise<unknown> => {
    const alertId = await house.raise(await house.addCamera(house.areas.own))
    await store.plates.add({ ...reading, incidentId: (await store.alerts.get(asId<AlertId>(alertId)))!.incidentId, readAtMs: 2 } as PlateReading)
    const { plate } = (await (await house.ask(`/api/alerts/${alertId}`, { cookie: house.cookie('police') })).json()) as AlertWhole
    return plate && [plate.kind, plate.looks, plate.shown, plate.letters.length, plate.rawUrl !== null, plate.enhancedUrl !== null]
  }
  expect(await looked({ kind: 'unreadable', looks: 3, atMs: 1, raw: { file: 'x', sha256: 'a'.repeat(64) }, enhanced: null })).toEqual(['unreadable', 3, null, 0, true, false])
  expect(await looked({ kind: 'none', looks: 7, atMs: null, raw: null, enhanced: null })).toEqual(['none', 7, null, 0, false, false])
})

test.each<[sentence: string, area: 'own' | 'foreign', kind: 'red_light' | 'intrusion', who: 'traffic' | 'police' | null, status: number]>([
  ['nobody signed in', 'own', 'red_light', null, 401],
  ['a person of another area', 'foreign', 'red_light', 'police', 404],
  ['a traffic officer, of a public-order alert', 'own', 'intrusion', 'traffic', 404],
  ['a police operator, of the same', 'own', 'intrusion', 'police', 200],
])('who may not see the alert sees neither its plate nor that there is one: %s', async (_sentence, area, kind, who, status) => {
  const alertId = await readOne(area, kind)
  const cookie = who ? house.cookie(who) : undefined
  const answers = await Promise.all([`/evidence/plates/${alertId}/raw`, `/evidence/plates/${alertId}/enhanced`, `/api/alerts/${alertId}`].map((path) => house.ask(path, { cookie })))
  expect(answers.map((answered) => answered.status)).toEqual([status, status, status])
})

test('the list of a person holds the plates of their area and no others', async () => {
  const [mine, theirs] = [await readOne('own'), await readOne('foreign')]
  const { alerts } = (await (await house.ask('/api/alerts?state=all', { cookie: house.cookie('police') })).json()) as AlertList
  expect(alerts.find(({ id }) => id === mine)?.plate?.shown).toBe('59G1-631.88')
  expect(alerts.some(({ id }) => id === theirs)).toBe(false)
})

test('a citizen is never told a plate: not with the report that the alert answers, and not where anyone may read', async () => {
  const alertId = asId<AlertId>(await readOne('own'))
  const { store } = house.app.parts
  await store.reports.add({ id: 'report-1' as never, serviceCode: 'traffic-violation', description: 'x', address: null, latitude: 10.3866, longitude: 105.4352, mediaUrl: null, requestedAtMs: Date.now(), updatedAtMs: Date.now(), status: 'open', statusNotes: null, areaId: house.areas.own, source: 'test', sourceId: '1' }, null)
  await store.links.propose({ id: 'link-1' as never, reportId: 'report-1' as never, alertId, state: 'proposed', score: 0.8, distanceM: 10, minutesApart: 3, decidedBy: null, decidedAtMs: null })
  await store.links.decide('link-1' as never, 'confirmed', (await store.people.list()).find(({ role }) => role === 'ioc')!.id, Date.now())
  const answers = await Promise.all(['/open311/v2/requests.json', '/open311/v2/requests/report-1.json', '/open311/v2/requests.xml'].map((path) => house.ask(path)))
  const texts = await Promise.all(answers.map((answered) => answered.text()))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(texts.filter((text) => /59G1|63188|plate/i.test(text))).toEqual([])
  // Nor are those who answer reports, in what they see of the report: the plate stays with its alert.
  const report = await (await house.ask('/api/reports/report-1', { cookie: house.cookie('ioc') })).text()
  expect(report).toContain(alertId)
  expect(report).not.toMatch(/59G1|63188|plate/i)
})
