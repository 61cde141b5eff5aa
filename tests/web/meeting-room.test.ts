import { TICKET_HEADER, type TicketView } from '../../server/contract/tickets.js'
import type { MeetingMade, MeetingView, RoomNow, RoomView } from '../../server/contract/meetings.js'
import type { Problem } from '../../server/contract/problem.js'
import { asId, type AreaId, type MeetingId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { makePackets } from '../media/pictures.js'
import { openMediaHouse, type MediaHouse, type Viewer } from '../support/media-house.js'
import { makeStillClock } from '../support/still-clock.js'
import { until } from '../support/until.js'

/** A meeting room by the real doors, on a clock that a test moves: when it opens, what it sees, when it ends. */
const [GATE, OTHER, THIRD] = ['gate', 'other', 'third'].map((id) => asId<StreamId>(id)) as [StreamId, StreamId, StreamId]
const START_MS = Date.UTC(2026, 10, 20, 9, 0, 0)
const HOUR_MS = 3_600_000
let clock: ReturnType<typeof makeStillClock>
let house: MediaHouse
let hub: ReturnType<typeof openMemoryPacketHub>
let lan: Viewer
let filmed: number

beforeEach(async () => {
  clock = makeStillClock(START_MS)
  hub = openMemoryPacketHub()
  filmed = 0
  house = await openMediaHouse({ hub, clock, streams: [GATE, OTHER, THIRD] })
  lan = await house.signIn('lan')
})
afterEach(() => house.close())

function film(pictures: number): void {
  for (let index = 0; index < pictures; index += 1) {
    const [packet] = makePackets({ count: 1, fromMs: clock.wallMs(), fromTicks: filmed * 3_600 })
    for (const stream of [GATE, OTHER, THIRD]) hub.publish(stream, { ...packet!, key: filmed % 50 === 0 })
    filmed += 1
    clock.move(40)
  }
}

/** A browser without a sign-in: it keeps the room's cookie, as browsers do. */
interface Browser {
  cookie: string | null
  open(token: string): Promise<Response>
  ask(path: string, part?: { readonly method?: string; readonly body?: unknown; readonly ticket?: string }): Promise<Response>
  ticketTo(index: number): Promise<Response>
}

function openBrowser(): Browser {
  const browser: Browser = {
    cookie: null,
    async open(token) {
      const answered = await browser.ask('/room/open', { method: 'POST', body: { token } })
      browser.cookie = answered.headers.get('set-cookie')?.split(';')[0] ?? browser.cookie
      return answered
    },
    ask: (path, { method = 'GET', body, ticket } = {}) =>
      fetch(`${house.url}${path}`, { method, headers: { ...(browser.cookie ? { cookie: browser.cookie } : {}), ...(method === 'GET' ? {} : { 'x-vonglau': '1', 'content-type': 'application/json' }), ...(ticket ? { [TICKET_HEADER]: ticket } : {}) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    ticketTo: (index) => browser.ask(`/room/cameras/${camera(index)}/ticket`, { method: 'POST', body: {} }),
  }
  return browser
}

const camera = (index: number) => house.cameras[index]!.cameraId
const asLan = (path: string, method = 'GET', body?: unknown, viewer = lan): Promise<Response> => fetch(`${house.url}${path}`, { method, headers: { cookie: `vonglau=${viewer.token}`, 'x-vonglau': '1', 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
const valueOf = async <T>(answered: Response | Promise<Response>): Promise<T> => (await (await answered).json()) as T
/** Two of the three cameras, on two pages. */
const pages = () => [{ layout: '2x2', cameraIds: [camera(0), null] }, { layout: '1', cameraIds: [camera(1)] }]
async function make(part: object = {}): Promise<{ readonly id: MeetingId; readonly token: string; readonly text: string }> {
  const answered = await asLan('/api/meetings', 'POST', { board: { kind: 'pages', name: 'Giao ban', pages: pages() }, ...part })
  const text = await answered.text()
  expect(answered.status).toBe(201)
  const { meeting, path } = JSON.parse(text) as MeetingMade
  return { id: asId<MeetingId>(meeting.id), token: path.replace('/meeting#', ''), text }
}
async function openRoom(): Promise<{ readonly id: MeetingId; readonly token: string; readonly room: Browser }> {
  const { id, token } = await make()
  const room = openBrowser()
  expect((await room.open(token)).status).toBe(200)
  return { id, token, room }
}
const log = async (): Promise<readonly string[]> => (await house.store.changes.of('person', lan.personId)).map(({ what }) => what)
const listOf = async (room: Browser, index = 0): Promise<Response> => room.ask(`/room/live/${house.cameras[index]!.streamId}/media.m3u8`, { ticket: (await valueOf<TicketView>(room.ticketTo(index))).ticket })

test('a link opens once: its browser sees the cameras in it, live and by name, with its end and its presenter', async () => {
  const { token, text } = await make({ minutes: 45 })
  const room = openBrowser()
  const opened = await room.open(token)
  expect(opened.headers.get('set-cookie')).toMatch(/^vonglau_room=[A-Za-z0-9_-]{43}; Max-Age=2700; Path=\/room; .*HttpOnly; SameSite=Strict$/)
  const view = (await opened.json()) as RoomView
  expect(view).toMatchObject({ name: 'Giao ban', by: 'lan', nowMs: START_MS, endsAtMs: START_MS + 45 * 60_000, showing: { kind: 'page', page: 0 }, turn: 0 })
  expect(view.pages).toEqual([{ layout: '2x2', cameraIds: [camera(0), null], locked: [] }, { layout: '1', cameraIds: [camera(1)], locked: [] }])
  expect(view.cameras.map((one) => [Object.keys(one).sort(), one.name, one.streams[0]?.playlist])).toEqual([[['enabled', 'id', 'name', 'streams'], 'Camera 0', `/room/live/${GATE}/index.m3u8`], [['enabled', 'id', 'name', 'streams'], 'Camera 1', `/room/live/${OTHER}/index.m3u8`]])
  film(63)
  expect([(await listOf(room, 0)).status, (await listOf(room, 1)).status, (await room.ticketTo(2)).status]).toEqual([200, 200, 404])
  // Told once: not in the list, not in the log.
  expect(text).toContain(token)
  const told = `${await (await asLan('/api/meetings')).text()} ${JSON.stringify(await house.store.changes.since(0, 100))} ${JSON.stringify(await house.store.meetings.running(START_MS))}`
  expect(told.includes(token) || told.includes(room.cookie!.slice('vonglau_room='.length))).toBe(false)
})

test('a copied link in another browser gets nothing but the word that it is in use; every opening is on record', async () => {
  const { id, token, room } = await openRoom()
  const other = openBrowser()
  const refused = await other.open(token)
  expect([refused.status, (await valueOf<Problem>(refused)).code, other.cookie]).toEqual([409, 'meeting_in_use', null])
  expect([(await other.ask('/room/board')).status, (await other.ticketTo(0)).status]).toEqual([401, 401])
  expect((await room.open(token)).status).toBe(200)
  expect((await room.ask('/room/now')).status).toBe(200)
  clock.move(HOUR_MS)
  expect((await room.open(token)).status).toBe(410)
  expect(await log()).toEqual(['meeting_made', 'meeting_opened', 'meeting_refused', 'meeting_opened_again', 'meeting_opened_late'])
  expect((await house.store.changes.of('person', lan.personId)).at(-1)).toMatchObject({ by: null, facts: { meetingId: id, name: 'Giao ban' } })
})

test('of two browsers that come at once, one is let in', async () => {
  const { token } = await make()
  const came = await Promise.all([openBrowser().open(token), openBrowser().open(token)])
  expect(came.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
})

test('it ends by itself at the second: lists, tickets, the board, and what is told at the door', async () => {
  const { token, room } = await openRoom()
  film(63)
  clock.move(START_MS + HOUR_MS - 1 - clock.wallMs())
  const { ticket } = await valueOf<TicketView>(room.ticketTo(0))
  expect((await room.ask('/room/now')).status).toBe(200)
  clock.move(1)
  expect(await Promise.all([room.ask('/room/now'), room.ask('/room/board'), room.ticketTo(0), room.ask(`/room/live/${GATE}/init-0.mp4`, { ticket })].map(async (asked) => (await asked).status))).toEqual([401, 401, 401, 401])
  const late = await valueOf<Problem>(room.open(token))
  expect([late.status, late.code, late.faults]).toEqual([410, 'meeting_expired', [{ field: 'ended_at_ms', reason: String(START_MS + HOUR_MS) }]])
  expect(await valueOf<{ meetings: unknown[] }>(asLan('/api/meetings', 'GET', undefined, await house.signIn('lan')))).toEqual({ meetings: [] })
})

test('a list that is held over the end is ended within four seconds, picture or not', async () => {
  const { room } = await openRoom()
  clock.move(START_MS + HOUR_MS - 4_000 - clock.wallMs())
  film(63)
  const { ticket } = await valueOf<TicketView>(room.ticketTo(0))
  expect((await room.ask(`/room/live/${GATE}/media.m3u8`, { ticket })).status).toBe(200)
  const held = room.ask(`/room/live/${GATE}/media.m3u8?_HLS_msn=${Math.floor(clock.wallMs() / 1000) + 3}&_HLS_part=0`, { ticket })
  await until('it is held', () => house.live.counters().held === 1)
  clock.move(4_000)
  expect([(await held).status, clock.wallMs() < START_MS + HOUR_MS + 4_000]).toEqual([401, true])
})

test.each<[sentence: string, status: number, code: string, act: (id: MeetingId) => Promise<unknown>]>([
  ['its maker revokes it', 401, 'meeting_revoked', (id) => asLan(`/api/meetings/${id}`, 'DELETE')],
  ['its maker is disabled', 401, 'meeting_revoked', () => house.store.people.change(lan.personId, { disabled: true })],
  ['its maker gets a role without the right', 401, 'meeting_revoked', () => house.store.people.change(lan.personId, { role: 'traffic' })],
  ['the presenter blanks it', 404, 'open', (id) => asLan(`/api/meetings/${id}/showing`, 'PUT', { showing: { kind: 'blank' } })],
  ['the camera moves where its maker may not see', 404, 'open', () => house.store.cameras.change(camera(0), { areaId: house.areas.foreign })],
  ['its maker loses the area', 404, 'open', () => house.store.people.change(lan.personId, { areas: [house.areas.foreign] })],
])('a list that is held when %s is answered %i within four seconds', async (_sentence, status, code, act) => {
  const { id, token, room } = await openRoom()
  film(63)
  const { ticket } = await valueOf<TicketView>(room.ticketTo(0))
  expect((await room.ask(`/room/live/${GATE}/media.m3u8`, { ticket })).status).toBe(200)
  const held = room.ask(`/room/live/${GATE}/media.m3u8?_HLS_msn=${START_MS / 1000 + 5}&_HLS_part=0`, { ticket })
  await until('it is held', () => house.live.counters().held === 1)
  await act(id)
  clock.move(4_000)
  expect((await held).status).toBe(status)
  expect(house.live.counters().held).toBe(0)
  const again = await room.open(token)
  expect(again.status === 200 ? 'open' : (await valueOf<Problem>(again)).code).toBe(code)
})

test('the presenter moves the room; what is not the meeting’s cannot be shown, and nobody else presents', async () => {
  const { id, room } = await openRoom()
  const show = (showing: object, viewer = lan) => asLan(`/api/meetings/${id}/showing`, 'PUT', { showing }, viewer)
  const now = () => valueOf<RoomNow>(room.ask('/room/now'))
  expect(await valueOf<MeetingView>(show({ kind: 'page', page: 1 }))).toMatchObject({ turn: 1, mine: true, openedAtMs: START_MS })
  expect(await now()).toMatchObject({ showing: { kind: 'page', page: 1 }, turn: 1 })
  await show({ kind: 'camera', cameraId: camera(1) })
  expect(await now()).toMatchObject({ showing: { kind: 'camera', cameraId: camera(1) }, turn: 2 })
  await show({ kind: 'blank' })
  expect([(await now()).showing, (await room.ticketTo(0)).status, (await valueOf<RoomView>(room.ask('/room/board'))).cameras]).toEqual([{ kind: 'blank' }, 404, []])
  await show({ kind: 'page', page: 0 })
  expect((await room.ticketTo(0)).status).toBe(200)
  expect(await Promise.all([show({ kind: 'page', page: 2 }), show({ kind: 'camera', cameraId: camera(2) }), show({ kind: 'camera', cameraId: 'no-such' })].map(async (asked) => (await asked).status))).toEqual([400, 400, 400])
  expect((await show({ kind: 'blank' }, await house.signIn('minh'))).status).toBe(404)
  expect((await now()).turn).toBe(4)
})

test('tickets of the room and of a sign-in do not open each other’s doors', async () => {
  const { room } = await openRoom()
  film(63)
  const { ticket } = await valueOf<TicketView>(room.ticketTo(0))
  const mine = lan.headersFor(camera(0))[TICKET_HEADER]!
  const codeOf = async (asked: Promise<Response>) => (await valueOf<Problem>(asked)).code
  const live = (path: string, headers: Record<string, string>) => codeOf(fetch(`${house.url}${path}`, { headers }))
  expect(await live(`/live/${GATE}/media.m3u8`, { cookie: `vonglau=${lan.token}`, [TICKET_HEADER]: ticket })).toBe('ticket_foreign')
  expect(await live(`/room/live/${GATE}/media.m3u8`, { cookie: room.cookie!, [TICKET_HEADER]: mine })).toBe('ticket_foreign')
  expect(await live(`/room/live/${OTHER}/media.m3u8`, { cookie: room.cookie!, [TICKET_HEADER]: ticket })).toBe('ticket_foreign')
  expect(await live(`/live/${GATE}/media.m3u8`, { cookie: room.cookie!, [TICKET_HEADER]: ticket })).toBe('sign_in_needed')
  expect(await live(`/room/live/${GATE}/media.m3u8`, { cookie: `vonglau=${lan.token}`, [TICKET_HEADER]: mine })).toBe('sign_in_needed')
  expect(await live(`/live/${GATE}/media.m3u8`, { cookie: room.cookie!.replace('vonglau_room', 'vonglau'), [TICKET_HEADER]: ticket })).toBe('sign_in_needed')
})

test('what is changed on the wall afterwards changes no link', async () => {
  const wall = { id: 'w' as never, ownerId: lan.personId, name: 'Trung tâm', pages: [{ layout: '2x2' as const, cameraIds: [camera(0), camera(1)] }], dwellS: 20, shared: false }
  await house.store.walls.add(wall, START_MS)
  const { token } = await make({ board: { kind: 'wall', wallId: 'w' } })
  await house.store.walls.change(wall.id, { ...wall, pages: [{ layout: '2x2', cameraIds: [camera(2)] }] })
  const room = openBrowser()
  expect(((await (await room.open(token)).json()) as RoomView).cameras.map(({ id }) => id)).toEqual([camera(0), camera(1)])
})

test.each<[sentence: string, part: () => object, field: string]>([
  ['a camera of a foreign ward', () => ({ board: { kind: 'pages', name: 'x', pages: [{ layout: '1', cameraIds: ['no-such'] }] } }), 'board.pages.0.cameraIds.0'],
  ['no camera at all', () => ({ board: { kind: 'pages', name: 'x', pages: [{ layout: '2x2', cameraIds: [null] }] } }), 'board'],
  ['a wall that is not theirs', () => ({ board: { kind: 'wall', wallId: 'no-such' } }), 'board.wallId'],
  ['fourteen minutes', () => ({ minutes: 14 }), 'minutes'],
  ['four hours and a minute', () => ({ minutes: 241 }), 'minutes'],
])('no link is made for %s', async (_sentence, part, field) => {
  const { status, faults } = await valueOf<Problem>(asLan('/api/meetings', 'POST', { board: { kind: 'pages', name: 'x', pages: pages() }, ...part() }))
  expect([status, faults.map((one) => one.field)]).toEqual([400, [field]])
})

test('who tries links is told to wait, and who is in the room is not', async () => {
  const { token, room } = await openRoom()
  const stranger = openBrowser()
  for (let tried = 0; tried < 30; tried += 1) expect((await stranger.open(`${'A'.repeat(20)}${String(tried).padStart(2, '0')}`)).status).toBe(404)
  expect([(await stranger.open(token)).status, (await room.open(token)).status]).toEqual([429, 200])
  expect((await stranger.open('short')).status).toBe(400)
})

test('a person has ten links at most, and sees and revokes no one else’s; who answers for people does both', async () => {
  for (let count = 0; count < 10; count += 1) await make()
  expect((await valueOf<Problem>(asLan('/api/meetings', 'POST', { board: { kind: 'pages', name: 'x', pages: pages() } }))).code).toBe('too_many_meetings')
  const minh = await house.signIn('minh')
  const [first] = (await valueOf<{ meetings: MeetingView[] }>(asLan('/api/meetings'))).meetings
  expect([(await valueOf<{ meetings: MeetingView[] }>(asLan('/api/meetings', 'GET', undefined, minh))).meetings, (await asLan(`/api/meetings/${first!.id}`, 'DELETE', undefined, minh)).status]).toEqual([[], 404])
  const admin = async (areas: readonly AreaId[]) => {
    await house.store.people.change(minh.personId, { role: 'admin', areas })
    clock.move(1_001)
    return [(await valueOf<{ meetings: MeetingView[] }>(asLan('/api/meetings', 'GET', undefined, minh))).meetings.length, (await asLan(`/api/meetings/${first!.id}`, 'DELETE', undefined, minh)).status]
  }
  expect(await admin([house.areas.foreign])).toEqual([0, 404])
  expect(await admin([house.areas.own])).toEqual([10, 200])
  expect((await house.store.changes.of('person', lan.personId)).at(-1)).toMatchObject({ what: 'meeting_revoked', by: minh.personId, facts: { meetingId: first!.id } })
})
