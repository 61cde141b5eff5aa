import { createHash } from 'node:crypto'
import type { CameraId } from '../../server/domain/ids.js'
import { ROLES, may, type Permission } from '../../server/domain/person.js'
import { checkDeclared } from '../../server/web/http.js'
import { json, route, type Needs, type Route } from '../../server/web/route.js'
import { aBacktest } from '../support/a-backtest.js'
import { putLive } from '../support/put-rule.js'
import { redLight } from '../support/small-city.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

let house: SmallHouse
/** One of each thing a path can name, in the person's own area, in one inside it, and in a foreign one. */
let things: Record<'own' | 'inner' | 'foreign', Record<string, string>>

beforeAll(async () => {
  house = await openSmallHouse()
  const make = async (area: 'own' | 'inner' | 'foreign'): Promise<Record<string, string>> => {
    const cameraId = await house.addCamera(house.areas[area], `Camera ${area}`)
    const alertId = await house.raise(cameraId)
    const { store } = house.app.parts
    const camera = (await store.cameras.get(cameraId))!
    const alert = (await store.alerts.get(alertId as never))!
    await putLive(store, cameraId, redLight(`rule-${area}`))
    await store.backtests.add(aBacktest(`backtest-${area}`, { cameraId, ruleId: `rule-${area}` as never, by: (await store.people.list())[0]!.id, state: 'done', settledAtMs: 2 }))
    await store.repairs.add({ id: `repair-${area}` as never, cameraId, kind: 'lamp_fault', lamp: { signal: 's', approach: 'a' }, code: 'dark', facts: {}, openedAtMs: 1, closed: null })
    await store.signals.add({ id: `signal-${area}` as never, name: 'x', areaId: house.areas[area], keyHash: createHash('sha256').update(`signal-${area}`).digest('hex'), staleMs: 5_000, madeAtMs: 1 })
    const reportId = `report-${area}`
    await store.reports.add({ id: reportId as never, serviceCode: 'traffic-violation', description: 'x', address: null, latitude: null, longitude: null, mediaUrl: null, requestedAtMs: 1, updatedAtMs: 1, status: 'open', statusNotes: null, areaId: house.areas[area], source: 'test', sourceId: area }, null)
    await store.links.propose({ id: `link-${area}` as never, reportId: reportId as never, alertId: alert.id, state: 'proposed', score: 0.8, distanceM: 10, minutesApart: 3, decidedBy: null, decidedAtMs: null })
    await store.evidence.add({ id: `evidence-${area}` as never, incidentId: alert.incidentId, repairId: null, cameraId, kind: 'still', file: `nowhere-${area}.jpg`, bytes: 1, sha256: '0'.repeat(64), mediaType: 'image/jpeg', fromMs: 0, toMs: 0, madeAtMs: 0 })
    await store.exports.add({ id: `export-${area}` as never, cameraId, fromMs: 0, toMs: 1_000, reason: 'x', watermark: true, redact: false, covered: null, by: (await store.people.list()).find(({ role }) => role === 'traffic')!.id, createdAtMs: 1, state: 'failed', gaps: [], bytes: null, sha256: null, trouble: 'killed', settledAtMs: 2, removedAtMs: null })
    // Whoever answers for this person answers for their links; each area has one of its own.
    const maker = await store.people.add({ id: `maker-${area}` as never, name: `maker-${area}`, displayName: 'x', role: 'ioc', areas: [house.areas[area]], language: 'vi', passwordHash: 'x', createdAtMs: 1 })
    const nowMs = Date.now()
    await store.meetings.add({ id: `meeting-${area}` as never, by: maker.id, name: 'x', pages: [{ layout: '1', cameraIds: [cameraId] }], showing: { kind: 'page', page: 0 }, turn: 0, createdAtMs: nowMs, endsAtMs: nowMs + 3_600_000, guestHash: null, openedAtMs: null, revokedAtMs: null }, createHash('sha256').update(area).digest('hex'))
    return { cameraId, exportId: `export-${area}`, streamId: camera.streams[0]!.id, file: 'index.m3u8', alertId, evidenceId: `evidence-${area}`, reportId, linkId: `link-${area}`, meetingId: `meeting-${area}`, incidentId: alert.incidentId, ruleId: `rule-${area}`, backtestId: `backtest-${area}`, repairId: `repair-${area}`, signalId: `signal-${area}`, span: '0-1000' }
  }
  things = { own: await make('own'), inner: await make('inner'), foreign: await make('foreign') }
})
afterAll(() => house.close())

/** Open to a permission: not to anybody, to another system, or to a meeting room (tests/web/meetings.test.ts). */
const forPeople = (needs: Needs): needs is Permission => needs !== 'anyone' && needs !== 'api_key' && needs !== 'guest'
const fill = (path: string, ids: Record<string, string>): string => path.replace(/:(\w+)/g, (_all, name: string) => ids[name] ?? 'no-such-thing')
const scoped = (): readonly Route[] => house.app.routes.filter(({ scope }) => scope !== 'none')

test('without sign-in, every route but the door answers 401', async () => {
  const open: string[] = []
  for (const { method, path, needs } of house.app.routes) {
    if (needs === 'anyone' || needs === 'api_key') continue
    const answered = await house.ask(fill(path, things.own), { method: method.toUpperCase(), body: method === 'get' ? undefined : {} })
    if (answered.status !== 401) open.push(`${method} ${path}: ${answered.status}`)
  }
  expect(open).toEqual([])
})

test.each(ROLES)('%s gets 403 wherever the role lacks the right, never an answer', async (role) => {
  const wrong: string[] = []
  for (const { method, path, needs } of house.app.routes) {
    if (!forPeople(needs) || may({ role, disabled: false }, needs)) continue
    const answered = await house.ask(fill(path, things.own), { method: method.toUpperCase(), cookie: house.cookie(role), body: method === 'get' ? undefined : {} })
    if (answered.status !== 403) wrong.push(`${method} ${path}: ${answered.status}`)
  }
  expect(wrong).toEqual([])
})

test.each(ROLES)('%s meets the same 404 for a foreign thing and for one that does not exist', async (role) => {
  const wrong: string[] = []
  for (const { method, path, needs } of scoped()) {
    if (!forPeople(needs) || !may({ role, disabled: false }, needs)) continue
    for (const ids of [things.foreign, { ...things.foreign, cameraId: 'no-such', streamId: 'no-such', alertId: 'no-such', incidentId: 'no-such', evidenceId: 'no-such', reportId: 'no-such', linkId: 'no-such', exportId: 'no-such', meetingId: 'no-such', repairId: 'no-such', signalId: 'no-such' }, { cameraId: '../../etc', streamId: 'constructor', alertId: '__proto__', incidentId: '__proto__', evidenceId: 'toString', reportId: 'hasOwnProperty', linkId: 'a b', exportId: '__proto__', meetingId: 'constructor', repairId: '__proto__', signalId: 'toString' }]) {
      const answered = await house.ask(fill(path, ids), { method: method.toUpperCase(), cookie: house.cookie(role), body: method === 'get' ? undefined : {} })
      if (answered.status !== 404) wrong.push(`${method} ${path}: ${answered.status}`)
    }
  }
  expect(wrong).toEqual([])
})

test.each(['own', 'inner'] as const)('what lies in the person’s own area, or inside it, is found (%s)', async (area) => {
  const missing: string[] = []
  for (const { method, path, needs, ticket } of scoped().filter((one) => one.method === 'get')) {
    if (!forPeople(needs) || /(still(\.jpg)?|\/lamp)$/.test(path) || path.includes('/evidence/') || path.endsWith('/file') || /^\/(live|sound)\//.test(path)) continue
    const filled = fill(path, things[area])
    const answered = ticket ? await house.watch(things[area]['cameraId'] as CameraId, filled, 'admin') : await house.ask(filled, { method, cookie: house.cookie('admin') })
    if (answered.status !== 200) missing.push(`${method} ${path}: ${answered.status}`)
  }
  expect(missing).toEqual([])
})

test('lists hold nothing foreign', async () => {
  const texts = await Promise.all(['/api/cameras', '/api/exports', '/api/alerts?state=all', '/api/reports', '/api/areas', '/api/people', '/api/meetings'].map(async (path) => (await house.ask(path, { cookie: house.cookie('admin') })).text()))
  const foreign = [...Object.values(things.foreign).filter((id) => id.length > 20), house.areas.foreign, 'report-foreign', 'Camera foreign', 'meeting-foreign']
  expect(texts.flatMap((text) => foreign.filter((id) => text.includes(id)))).toEqual([])
  expect(texts[0]).toContain(things.inner['cameraId'])
  expect(texts[1]).toContain('export-inner')
  expect(texts[6]).toContain('meeting-inner')
})

test('a copy is seen by whoever made it and by who answers for people, by nobody else', async () => {
  const asked = await Promise.all((['traffic', 'admin', 'police'] as const).map((role) => house.ask('/api/exports/export-own', { cookie: house.cookie(role) })))
  expect(asked.map(({ status }) => status)).toEqual([200, 200, 404])
  expect(await (await house.ask('/api/exports', { cookie: house.cookie('police') })).json()).toEqual({ exports: [] })
})

test('traffic officers are not called for public-order alerts', async () => {
  const cameraId = await house.addCamera(house.areas.own)
  const id = await house.raise(cameraId, { kind: 'intrusion', reason: { code: 'intrusion', class: 'person', dwellMs: 3000 } })
  expect((await house.ask(`/api/alerts/${id}`, { cookie: house.cookie('traffic') })).status).toBe(404)
  expect((await house.ask(`/api/alerts/${id}`, { cookie: house.cookie('police') })).status).toBe(200)
  expect(await (await house.ask('/api/alerts?state=all', { cookie: house.cookie('traffic') })).text()).not.toContain(id)
})

test('no answer, anywhere, carries a camera’s password', async () => {
  const paths = house.app.routes.filter(({ method, needs }) => method === 'get' && needs !== 'api_key').map(({ path }) => fill(path, things.own))
  const texts = await Promise.all(paths.map(async (path) => (await house.ask(path, { cookie: house.cookie('admin') })).text()))
  expect(texts.filter((text) => text.includes('bí-mật-camera')).length).toBe(0)
})

test.each<[sentence: string, declared: Partial<Route>, fault: RegExp]>([
  ['no permission', { needs: undefined as never }, /declares no permission/],
  ['a permission that does not exist', { needs: 'camera.watch' as never }, /declares no permission/],
  ['a thing without a scope', { path: '/api/cameras/:cameraId', scope: 'none' }, /does not say whose area/],
  ['media that asks for no ticket', { path: '/playback/:cameraId/:span/:file', scope: { kind: 'camera', param: 'cameraId' } }, /asks for no ticket/],
  ['a room that a sign-in opens', { path: '/room/board', needs: 'camera.view' }, /for a meeting room's guest or lies below/],
  ['a guest outside the room', { path: '/api/board', needs: 'guest' }, /for a meeting room's guest or lies below/],
  ['a guest who names an alert', { path: '/room/alerts/:alertId', needs: 'guest', scope: { kind: 'alert', param: 'alertId' } }, /guests see cameras alone/],
  ['media of a room that asks for no ticket', { path: '/room/live/:streamId/:file', needs: 'guest', scope: { kind: 'stream', param: 'streamId' } }, /asks for no ticket/],
  ['a ticket to nothing in particular', { ticket: true }, /must be a get that needs a permission and is scoped/],
  ['a ticket that anyone may use', { path: '/live/:streamId/:file', needs: 'anyone', scope: { kind: 'stream', param: 'streamId' }, ticket: true }, /must be a get that needs a permission/],
  ['a scope its path does not have', { path: '/api/x', scope: { kind: 'camera', param: 'cameraId' } }, /which its path does not have/],
])('the server does not start with a route of %s', (_sentence, part, fault) => {
  const good = route({ method: 'get', path: '/api/y', needs: 'camera.view', scope: 'none', act: async () => json({}) })
  expect(() => checkDeclared([{ ...good, ...part } as Route])).toThrow(fault)
})
