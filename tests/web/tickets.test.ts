import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TICKET_HEADER } from '../../server/contract/tickets.js'
import { soundOf } from '../../server/domain/camera.js'
import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { route, type Route } from '../../server/web/route.js'
import { makePackets } from '../media/pictures.js'
import { makeStillClock } from '../support/still-clock.js'
import { openMediaHouse, type MediaHouse, type Viewer } from '../support/media-house.js'
import { openSmallHouse } from './small-house.js'

/** Every kind of media address × every way to come without a right to it (S2, S4, S5). */
const [GATE, OTHER] = [asId<StreamId>('gate'), asId<StreamId>('other')]
const START_MS = Date.UTC(2026, 10, 20, 9, 0, 0)

let clock: ReturnType<typeof makeStillClock>
let house: MediaHouse
let folder: string
let hub: ReturnType<typeof openMemoryPacketHub>
let sequence: number

/** A file of the past, declared as its routes declare theirs: one word more than any other route. */
const past = (): Route =>
  route({ method: 'get', path: '/playback/:cameraId/:span/:file', needs: 'camera.view', scope: { kind: 'camera', param: 'cameraId' }, ticket: true, act: async ({ params }) => ({ kind: 'file', path: join(folder, params['file']!), headers: { 'content-type': 'video/mp4' } }) })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vonglau-past-'))
  writeFileSync(join(folder, 'run-1.mp4'), '0123456789abc')
  clock = makeStillClock(START_MS)
  hub = openMemoryPacketHub()
  house = await openMediaHouse({ hub, clock, streams: [GATE, OTHER], routes: [past()] })
  await house.store.cameras.change(camera(0), { sound: true })
  film(63)
  sequence = START_MS / 1000 + 3 // numbers begin with the second in which somebody first asks; this one is the second, and grows
})
afterEach(async () => {
  await house.close()
  rmSync(folder, { recursive: true, force: true })
})

let filmed = 0
function film(pictures: number): void {
  if (pictures === 63) filmed = 0
  for (let index = 0; index < pictures; index += 1) {
    const [packet] = makePackets({ count: 1, fromMs: clock.wallMs(), fromTicks: filmed * 3_600 })
    for (const stream of [GATE, OTHER, soundOf(camera(0))]) hub.publish(stream, { ...packet!, key: filmed % 50 === 0 })
    filmed += 1
    clock.move(40)
  }
}

const camera = (index: 0 | 1) => house.cameras[index]!.cameraId
const paths = (): Readonly<Record<string, string>> => ({
  'the master list': `/live/${GATE}/index.m3u8`,
  'the live list': `/live/${GATE}/media.m3u8`,
  'a list from a part on': `/live/${GATE}/media.m3u8?_HLS_msn=${sequence}&_HLS_part=0`,
  'an init segment': `/live/${GATE}/init-0.mp4`,
  'a segment': `/live/${GATE}/seg-${sequence - 1}.m4s`,
  'a part': `/live/${GATE}/part-${sequence}-1.m4s`,
  'a camera’s sound': `/sound/${camera(0)}/index.m3u8`,
  'a recorded file': `/playback/${camera(0)}/1-2/run-1.mp4`,
})
const KINDS = ['the master list', 'the live list', 'a list from a part on', 'an init segment', 'a segment', 'a part', 'a camera’s sound', 'a recorded file'] as const

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${house.url}${path}`, { headers })
const flip = (text: string, at: number): string => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`

/** How somebody comes, and what they hear. */
type Coming = (lan: Viewer) => Promise<Record<string, string>>
const CASES: readonly (readonly [sentence: string, status: number, code: string, coming: Coming])[] = [
  ['without anything', 401, 'sign_in_needed', async () => ({})],
  ['with a ticket but no sign-in', 401, 'sign_in_needed', async (lan) => ({ [TICKET_HEADER]: lan.headersFor(camera(0))[TICKET_HEADER]! })],
  ['with a sign-in but no ticket', 401, 'ticket_needed', async (lan) => ({ cookie: lan.headersFor(camera(0))['cookie']! })],
  ['with a ticket of another person', 403, 'ticket_foreign', async (lan) => ({ ...lan.headersFor(camera(0)), [TICKET_HEADER]: (await house.signIn('minh')).headersFor(camera(0))[TICKET_HEADER]! })],
  ['with a ticket of another sign-in of one’s own', 403, 'ticket_foreign', async (lan) => ({ ...lan.headersFor(camera(0)), [TICKET_HEADER]: (await house.signIn('lan')).headersFor(camera(0))[TICKET_HEADER]! })],
  ['with a ticket to another camera', 403, 'ticket_foreign', async (lan) => lan.headersFor(camera(1))],
  ['with a ticket that has ended', 401, 'ticket_expired', expired],
  ['with a changed signature', 403, 'ticket_foreign', async (lan) => changed(lan, (ticket) => flip(ticket, ticket.length - 10))],
  ['with a longer life written into it', 403, 'ticket_foreign', async (lan) => changed(lan, (ticket) => ticket.replace(/^([^.]+)\.[^.]+/, '$1.zzzzzzz'))],
  ['with the other camera written into it', 403, 'ticket_foreign', async (lan) => ({ ...lan.headersFor(camera(0)), [TICKET_HEADER]: lan.headersFor(camera(1))[TICKET_HEADER]!.replace(camera(1), camera(0)) })],
  ['with a key that was never ours', 403, 'ticket_foreign', async (lan) => changed(lan, (ticket) => ticket.replace(/^[^.]+/, '__proto__'))],
  ['with words for a ticket', 401, 'ticket_needed', async (lan) => changed(lan, () => 'constructor')],
  ['with ten thousand letters for a ticket', 401, 'ticket_needed', async (lan) => changed(lan, () => 'a.'.repeat(5_000))],
  ['after signing out', 401, 'sign_in_needed', async (lan) => after(lan, () => house.signIns.end(lan.token))],
  ['after being disabled', 401, 'sign_in_needed', async (lan) => after(lan, () => house.store.people.change(lan.personId, { disabled: true }))],
  ['after the camera moved to a foreign area', 404, 'not_found', async (lan) => after(lan, () => house.store.cameras.change(camera(0), { areaId: house.areas.foreign }))],
  ['after one’s own areas changed', 404, 'not_found', async (lan) => after(lan, () => house.store.people.change(lan.personId, { areas: [house.areas.foreign] }))],
]

async function changed(lan: Viewer, change: (ticket: string) => string): Promise<Record<string, string>> {
  const headers = lan.headersFor(camera(0))
  return { ...headers, [TICKET_HEADER]: change(headers[TICKET_HEADER]!) }
}

async function expired(lan: Viewer): Promise<Record<string, string>> {
  const headers = lan.headersFor(camera(0))
  clock.move(60_000)
  return headers
}

/** The door believes what it read for a second: by then the right is gone (S2 allows five). */
async function after(lan: Viewer, act: () => Promise<unknown>): Promise<Record<string, string>> {
  const headers = lan.headersFor(camera(0))
  expect((await ask(`/live/${GATE}/index.m3u8`, headers)).status).toBe(200)
  await act()
  clock.move(1_000)
  return headers
}

test('a camera that may not be heard has no sound, and one that is switched off again falls silent', async () => {
  const headers = (await house.signIn('lan')).headersFor(camera(0))
  await house.store.cameras.change(camera(0), { sound: false })
  expect((await ask(paths()['a camera’s sound']!, headers)).status).toBe(404)
  await house.store.cameras.change(camera(0), { sound: true })
  expect((await ask(paths()['a camera’s sound']!, headers)).status).toBe(200)
  await house.store.cameras.change(camera(0), { enabled: false })
  expect((await ask(paths()['a camera’s sound']!, headers)).status).toBe(404)
})

describe.each(KINDS)('%s', (kind) => {
  test.each(CASES)('%s is refused: %i %s', async (_sentence, status, code, coming) => {
    const headers = await coming(await house.signIn('lan'))
    const answered = await ask(paths()[kind]!, headers)
    const problem = (await answered.json()) as { code: string }
    expect([answered.status, problem.code, answered.headers.get('cache-control')]).toEqual([status, code, 'no-store'])
  })

  test('with sign-in and ticket is given, and from an address that names the ticket it is not', async () => {
    const headers = (await house.signIn('lan')).headersFor(camera(0))
    expect((await ask(paths()['the live list']!, headers)).status).toBe(200)
    expect((await ask(paths()[kind]!, headers)).status).toBe(200)
    const joint = paths()[kind]!.includes('?') ? '&' : '?'
    expect((await ask(`${paths()[kind]}${joint}${TICKET_HEADER}=${headers[TICKET_HEADER]}`, { cookie: headers['cookie']! })).status).toBe(401)
  })
})

test('the routes of the real server: each that gives media asks for a ticket', async () => {
  const small = await openSmallHouse()
  try {
    const media = small.app.routes.filter(({ path }) => /^\/(live|sound|playback)\//.test(path))
    expect(media.length).toBeGreaterThan(0)
    expect(media.filter(({ ticket }) => !ticket)).toEqual([])
    const cameraId = await small.addCamera(small.areas.own)
    const foreign = await small.addCamera(small.areas.foreign)
    const wanted = (id: string, cookie?: string) => small.ask(`/api/cameras/${id}/ticket`, { method: 'POST', cookie, body: {} })
    const given = await wanted(cameraId, small.cookie('police'))
    const { ticket, expiresAtMs } = (await given.json()) as { ticket: string; expiresAtMs: number }
    expect([given.status, given.headers.get('cache-control'), ticket.includes(cameraId)]).toEqual([200, 'no-store', true])
    expect(expiresAtMs - Date.now()).toBeLessThanOrEqual(60_000)
    expect([(await wanted(foreign, small.cookie('police'))).status, (await wanted(cameraId)).status]).toEqual([404, 401])
    for (const { path } of media) {
      const streamId = (await small.app.parts.store.cameras.get(cameraId))!.streams[0]!.id
      const filled = path.replace(':streamId', streamId).replace(':cameraId', cameraId).replace(':span', '1-2').replace(/:\w+/g, 'nothing.m4s')
      expect([filled, (await small.ask(filled, { cookie: small.cookie('police') })).status]).toEqual([filled, 401])
      expect([filled, [401, 403].includes((await small.ask(filled, { cookie: small.cookie('police'), headers: { [TICKET_HEADER]: ticket } })).status)]).toEqual([filled, false])
    }
  } finally {
    await small.close()
  }
})

test('what is said with a picture, as we read it in review', async () => {
  const headers = (await house.signIn('lan')).headersFor(camera(0))
  const told = async (path: string): Promise<readonly string[]> => {
    const answered = await ask(path, headers)
    await answered.arrayBuffer()
    return [...answered.headers].filter(([name]) => name !== 'date').map(([name, value]) => `${name}: ${value}`)
  }
  const guarded = ["content-security-policy: default-src 'none'; frame-ancestors 'none'", 'cross-origin-resource-policy: same-origin', 'referrer-policy: no-referrer', 'x-content-type-options: nosniff']
  const sorted = (...more: readonly string[]): readonly string[] => [...guarded, 'cache-control: no-store', 'connection: keep-alive', ...more].toSorted()
  expect(await told(`/live/${GATE}/index.m3u8`)).toEqual(sorted('content-length: 109', 'content-type: application/vnd.apple.mpegurl'))
  expect(await told(`/live/${GATE}/part-${sequence}-1.m4s`)).toEqual(sorted('content-length: 50', 'content-type: video/iso.segment'))
  expect(await told(`/live/${GATE}/part-1-1.m4s`)).toEqual(sorted('content-length: 23', 'content-type: text/plain; charset=utf-8'))
  expect(await told(`/playback/${camera(0)}/1-2/run-1.mp4`)).toEqual(sorted('accept-ranges: bytes', 'content-length: 13', 'content-type: video/mp4'))
})

test.each([
  ['the first bytes', 'bytes=0-3', 206, 'bytes 0-3/13', '0123'],
  ['the last bytes', 'bytes=-4', 206, 'bytes 9-12/13', '9abc'],
  ['from a byte on', 'bytes=9-', 206, 'bytes 9-12/13', '9abc'],
  ['past the end', 'bytes=13-', 416, 'bytes */13', ''],
  ['nothing that is a range', 'bytes=x', 200, null, '0123456789abc'],
  ['backwards', 'bytes=5-2', 200, null, '0123456789abc'],
  ['several spans: all of it', 'bytes=0-1,3-4', 200, null, '0123456789abc'],
])('of a recorded file, %s', async (_sentence, range, status, told, text) => {
  const headers = (await house.signIn('lan')).headersFor(camera(0))
  const answered = await ask(`/playback/${camera(0)}/1-2/run-1.mp4`, { ...headers, range })
  expect([answered.status, answered.headers.get('content-range'), await answered.text()]).toEqual([status, told, text])
})

test('a recorded file that is gone is not found', async () => {
  const headers = (await house.signIn('lan')).headersFor(camera(0))
  expect((await ask(`/playback/${camera(0)}/1-2/run-9.mp4`, headers)).status).toBe(404)
})
