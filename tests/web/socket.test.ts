import { io, type Socket } from 'socket.io-client'
import type { AlertChange, Resumed } from '../../server/contract/socket.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

let house: SmallHouse
const sockets: Socket[] = []
beforeAll(async () => {
  house = await openSmallHouse()
})
afterAll(async () => {
  for (const socket of sockets) socket.disconnect()
  await house.close()
})

function connect(cookie: string, headers: Record<string, string> = {}): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = io(house.app.url, { transports: ['websocket'], extraHeaders: { ...(cookie ? { cookie } : {}), ...headers }, reconnection: false, forceNew: true })
    sockets.push(socket)
    socket.on('connect', () => resolve(socket))
    socket.on('connect_error', reject)
  })
}

const resume = (socket: Socket, cursor: number): Promise<Resumed> => socket.emitWithAck('resume', { cursor }) as Promise<Resumed>
const cursorNow = async (): Promise<number> => ((await (await house.ask('/api/alerts', { cookie: house.cookie('police') })).json()) as { cursor: number }).cursor

test('an alert is pushed to those whose area and role allow it, to nobody else', async () => {
  const [police, traffic] = await Promise.all([connect(house.cookie('police')), connect(house.cookie('traffic'))])
  const heard = { police: [] as string[], traffic: [] as string[] }
  police.on('alert', (change: AlertChange) => heard.police.push(change.alert.id))
  traffic.on('alert', (change: AlertChange) => heard.traffic.push(change.alert.id))
  const intrusion = await house.raise(await house.addCamera(house.areas.own), { kind: 'intrusion', reason: { code: 'intrusion', class: 'person', dwellMs: 3000 } })
  const foreign = await house.raise(await house.addCamera(house.areas.foreign))
  const last = new Promise<void>((resolve) => traffic.on('alert', (change: AlertChange) => change.alert.kind === 'red_light' && resolve()))
  const both = await house.raise(await house.addCamera(house.areas.inner))
  await last
  await police.emitWithAck('resume', { cursor: 0 }) // an answer comes after everything that was pushed before it
  expect([heard.police.includes(intrusion), heard.police.includes(both), heard.police.includes(foreign)]).toEqual([true, true, false])
  expect([heard.traffic.includes(intrusion), heard.traffic.includes(both), heard.traffic.includes(foreign)]).toEqual([false, true, false])
})

test('after a gap the cursor brings everything that was missed, in order, and nothing foreign', async () => {
  const cursor = await cursorNow()
  const own = await house.addCamera(house.areas.own)
  const foreign = await house.addCamera(house.areas.foreign)
  const raised: string[] = []
  for (let i = 0; i < 30; i += 1) {
    raised.push(await house.raise(own))
    await house.raise(foreign)
  }
  const socket = await connect(house.cookie('police'))
  const { changes, more, reset } = await resume(socket, cursor)
  expect(changes.filter(({ what }) => what === 'raised').map(({ alert }) => alert.id)).toEqual(raised)
  expect([more, reset]).toEqual([false, false])
  expect(changes.map(({ seq }) => seq)).toEqual(changes.map(({ seq }) => seq).toSorted((a, b) => a - b))
})

test('a cursor from another life is told to begin anew', async () => {
  const socket = await connect(house.cookie('police'))
  expect((await resume(socket, 10_000_000)).reset).toBe(true)
})

test.each<[sentence: string, cookie: () => string, headers: Record<string, string>]>([
  ['without a cookie', () => '', {}],
  ['with a forged cookie', () => 'vonglau=AAAAAAAAAAAAAAAA', {}],
  ['from another origin', () => house.cookie('police'), { origin: 'https://evil.example' }],
])('nobody connects %s', async (_sentence, cookie, headers) => {
  await expect(connect(cookie(), headers)).rejects.toThrow()
})

test.each<[sentence: string, say: (socket: Socket) => void]>([
  ['a cursor that is no number', (socket) => socket.emit('resume', { cursor: 'x' }, () => undefined)],
  ['no way to answer', (socket) => socket.emit('resume', { cursor: 0 })],
])('a socket that says %s is let go', async (_sentence, say) => {
  const socket = await connect(house.cookie('police'))
  const gone = new Promise((resolve) => socket.on('disconnect', resolve))
  say(socket)
  expect(await gone).toBe('io server disconnect')
})

test('of two who claim at once, one holds it and the other hears who', async () => {
  const id = await house.raise(await house.addCamera(house.areas.own))
  const claim = (role: 'police' | 'ioc') => house.ask(`/api/alerts/${id}/deeds`, { method: 'POST', cookie: house.cookie(role), body: { do: 'claim', version: 1 } })
  const answers = await Promise.all([claim('police'), claim('ioc')])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  const problem = (await answers.find(({ status }) => status === 409)!.json()) as { code: string; title: { vi: string } }
  expect([problem.code, problem.title.vi]).toEqual(['taken', expect.stringMatching(/^Người (police|ioc) đã nhận trước$/)])
})

test('a verdict on what one has not seen is refused', async () => {
  const id = await house.raise(await house.addCamera(house.areas.own))
  const say = (body: unknown) => house.ask(`/api/alerts/${id}/deeds`, { method: 'POST', cookie: house.cookie('police'), body })
  await say({ do: 'claim', version: 1 })
  await say({ do: 'note', version: 2, note: 'xem lại' })
  const answered = await say({ do: 'confirm', version: 2 })
  expect([answered.status, ((await answered.json()) as { code: string }).code]).toEqual([409, 'changed'])
  expect((await say({ do: 'confirm', version: 3 })).status).toBe(200)
})
