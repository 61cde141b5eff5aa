import { connect, type Socket } from 'node:net'
import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { HELD_PER_SIGN_IN_MAX } from '../../server/web/media-door.js'
import { makePackets } from '../media/pictures.js'
import { openMediaHouse, type MediaHouse, type Viewer } from '../support/media-house.js'
import { makeStillClock } from '../support/still-clock.js'
import { until } from '../support/until.js'

/** Requests that are held: bounded, released together, never longer than the right to them lasts (T20, T21, S2, S5, S23). */
const [GATE, QUIET] = [asId<StreamId>('gate'), asId<StreamId>('quiet')]
const START_MS = Date.UTC(2026, 10, 20, 9, 0, 0)
let clock: ReturnType<typeof makeStillClock>
let house: MediaHouse
let hub: ReturnType<typeof openMemoryPacketHub>
let filmed: number
let connections: number
const sockets = new Set<Socket>()

beforeEach(async () => {
  clock = makeStillClock(START_MS)
  hub = openMemoryPacketHub()
  filmed = 0
  house = await openMediaHouse({ hub, clock, streams: [GATE, QUIET] })
  connections = 0
  house.server.on('connection', (socket) => {
    connections += 1
    socket.once('close', () => (connections -= 1))
  })
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await house.close()
})

function film(pictures: number): void {
  for (let index = 0; index < pictures; index += 1) {
    const [packet] = makePackets({ count: 1, fromMs: clock.wallMs(), fromTicks: filmed * 3_600 })
    hub.publish(GATE, { ...packet!, key: filmed % 50 === 0 })
    filmed += 1
    clock.move(40)
  }
}

/** Says one request on a socket of its own; what came back grows in `heard`. */
interface Said {
  readonly socket: Socket
  heard: string
  status(): number | null
}

function say(path: string, headers: Record<string, string>): Promise<Said> {
  const said: Said = { socket: connect(Number(new URL(house.url).port), '127.0.0.1'), heard: '', status: () => (/^HTTP\/1\.1 (\d{3})/.exec(said.heard) ? Number(said.heard.slice(9, 12)) : null) }
  sockets.add(said.socket)
  said.socket.setEncoding('latin1').on('data', (text: string) => (said.heard += text)).on('error', () => undefined)
  return new Promise((resolve) => said.socket.once('connect', () => said.socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, () => resolve(said))))
}

const camera = () => house.cameras[0]!.cameraId
const held = () => house.live.counters().held
/** The list that has the next part: not there yet. */
const nextList = (): string => `/live/${GATE}/media.m3u8?_HLS_msn=${START_MS / 1000 + 3}&_HLS_part=0`

async function hold(viewer: Viewer, count: number): Promise<readonly Said[]> {
  const before = held()
  const headers = viewer.headersFor(camera())
  const said = await Promise.all(Array.from({ length: count }, () => say(nextList(), headers)))
  await until('all are held', () => held() === before + count)
  return said
}

async function warm(viewer: Viewer): Promise<void> {
  film(50)
  expect((await fetch(`${house.url}/live/${GATE}/media.m3u8`, { headers: viewer.headersFor(camera()) })).status).toBe(200)
}

test('two thousand held lists of one camera are all answered by its next part; one more is told at once to come again, and a viewer of another list goes on', async () => {
  const viewers = await Promise.all(Array.from({ length: 20 }, (_, index) => house.signIn(`nguoi-${index}`)))
  await warm(viewers[0]!)
  const said: Said[] = []
  for (const viewer of viewers) said.push(...(await hold(viewer, 100)))
  expect(held()).toBe(2_000)
  const late = await say(nextList(), (await house.signIn('nguoi-muon')).headersFor(camera()))
  await until('it is answered', () => late.status() !== null)
  expect([late.status(), late.heard.includes('retry-after: 1')]).toEqual([503, true])
  expect((await fetch(`${house.url}/live/${GATE}/media.m3u8`, { headers: (await house.signIn('nguoi-khac')).headersFor(camera()) })).status).toBe(200)
  film(6)
  await until('all are answered', () => said.every((one) => one.status() !== null))
  expect(new Set(said.map((one) => one.status()))).toEqual(new Set([200]))
  expect(held()).toBe(0)
  for (const { socket } of said) socket.destroy()
  await until('the server has let go of all 2,000 connections', () => connections <= 3)
}, 60_000)

test('one sign-in holds what two walls of 5 × 5 need, and no more; another sign-in is not the worse for it', async () => {
  expect(HELD_PER_SIGN_IN_MAX).toBeGreaterThanOrEqual(2 * 25 * 2)
  const [greedy, modest] = [await house.signIn('tham'), await house.signIn('vua')]
  await warm(greedy)
  await hold(greedy, HELD_PER_SIGN_IN_MAX)
  const more = await say(nextList(), greedy.headersFor(camera()))
  await until('the door says that it is too many', () => more.heard.includes('too_many_held'))
  expect([more.status(), more.heard.includes('retry-after: 1')]).toEqual([503, true])
  await hold(modest, 1)
})

test('who leaves is not held for, and makes room', async () => {
  const viewer = await house.signIn('lan')
  await warm(viewer)
  const said = await hold(viewer, HELD_PER_SIGN_IN_MAX)
  for (const { socket } of said) socket.destroy()
  await until('nothing is held', () => held() === 0)
  await hold(viewer, HELD_PER_SIGN_IN_MAX)
})

test.each<[sentence: string, status: number, act: (lan: Viewer) => Promise<unknown>]>([
  ['signs out', 401, (lan) => house.signIns.end(lan.token)],
  ['is disabled', 401, (lan) => house.store.people.change(lan.personId, { disabled: true })],
  ['loses the camera, which moved to another area', 404, () => house.store.cameras.change(camera(), { areaId: house.areas.foreign })],
])('who %s while a list is held hears %i within 5 s, picture or not', async (_sentence, status, act) => {
  const [lan, minh] = [await house.signIn('lan'), await house.signIn('minh')]
  await warm(lan)
  const [mine] = await hold(lan, 1)
  const [other] = await hold(minh, 1)
  await act(lan)
  clock.move(4_000)
  await until('it is answered', () => mine!.status() !== null)
  expect(mine!.status()).toBe(status)
  // Nobody else hears of it, unless they lost the camera too.
  if (status === 401) expect([other!.status(), held()]).toEqual([null, 1])
})

test('a picture that comes after the right has gone is not given', async () => {
  const lan = await house.signIn('lan')
  await warm(lan)
  const [mine] = await hold(lan, 1)
  await house.store.people.change(lan.personId, { disabled: true })
  clock.move(1_100)
  film(6)
  await until('it is answered', () => mine!.status() !== null)
  expect(mine!.status()).toBe(401)
})

test('a ticket that ends while its list is held: the list is given, and the next needs a new ticket', async () => {
  const lan = await house.signIn('lan')
  await warm(lan)
  const headers = lan.headersFor(camera())
  clock.move(57_000)
  film(50)
  const said = await say(`/live/${GATE}/media.m3u8?_HLS_msn=${START_MS / 1000 + 4}&_HLS_part=0`, headers)
  await until('one is held', () => held() === 1)
  clock.move(1_100)
  film(50)
  await until('it is answered', () => said.status() !== null)
  expect(said.status()).toBe(200)
  expect((await fetch(`${house.url}/live/${GATE}/media.m3u8`, { headers })).status).toBe(401)
})

test('nothing is held past three target durations, and a wish for the far future not at all', async () => {
  const lan = await house.signIn('lan')
  await warm(lan)
  const [mine] = await hold(lan, 1)
  const far = await say(`/live/${GATE}/media.m3u8?_HLS_msn=${START_MS / 1000 + 99}`, lan.headersFor(camera()))
  await until('it is answered', () => far.status() !== null)
  expect(far.status()).toBe(400)
  clock.move(6_000)
  await until('it is answered', () => mine!.status() !== null)
  expect([mine!.status(), mine!.heard.includes('retry-after: 1')]).toEqual([503, true])
})

test('who asks and asks and never reads fills no memory: the door stops listening to them', async () => {
  const lan = await house.signIn('lan')
  await warm(lan)
  const headers = lan.headersFor(camera())
  const said = await say(`/live/${GATE}/media.m3u8`, headers)
  said.socket.pause()
  const request = `GET /live/${GATE}/media.m3u8 HTTP/1.1\r\nhost: x\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  let stuck = false
  for (let index = 0; index < 200 && !stuck; index += 1) stuck = !said.socket.write(request.repeat(200)) && (await drained(said.socket)) === 'stuck'
  expect(stuck).toBe(true)
  expect((await fetch(`${house.url}/live/${GATE}/media.m3u8`, { headers })).status).toBe(200)
})

/** Whether the other side still takes what we write: its window opens again, or does not for as long as 50 turns of both loops. */
async function drained(socket: Socket): Promise<'drained' | 'stuck'> {
  let open = false
  socket.once('drain', () => (open = true))
  for (let turn = 0; turn < 50 && !open; turn += 1) await fetch(`${house.url}/live/none/x`)
  return open ? 'drained' : 'stuck'
}
