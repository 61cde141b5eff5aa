import { connect, type Socket } from 'node:net'
import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { systemClock } from '../../server/system/clock.js'
import { openFilesMax } from '../../server/system/open-files.js'
import { openMediaHouse, type MediaHouse } from '../support/media-house.js'

/** Clients who trickle, or say nothing at all (T21). The limits are the door's own, only shorter: Node keeps this time itself. */
const STREAM = asId<StreamId>('gate')
const SHORT = { headersMs: 300, requestMs: 600, silentMs: 900, lookMs: 50 }
let house: MediaHouse
const sockets = new Set<Socket>()

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await house.close()
})

interface Slow {
  readonly closed: Promise<string>
}

function come(start: string): Promise<Slow> {
  const socket = connect(Number(new URL(house.url).port), '127.0.0.1')
  sockets.add(socket)
  let heard = ''
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text)).on('error', () => undefined)
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)))
  return new Promise((resolve) => socket.once('connect', () => (start === '' ? resolve({ closed }) : socket.write(start, () => resolve({ closed })))))
}

test.each<[sentence: string, count: number, start: string, heard: RegExp]>([
  ['two thousand who begin a request and never end its head', 2_000, 'GET /live/gate/index.m3u8 HTTP/1.1\r\nhost: x\r\nx-slow: ', /^HTTP\/1\.1 408/],
  ['those who promise a body and send one letter of it', 200, 'POST /api/sign-in HTTP/1.1\r\nhost: x\r\nx-vonglau: 1\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{', /^HTTP\/1\.1 408/],
  ['those who connect and say nothing', 200, '', /^(HTTP\/1\.1 408|$)/],
  ['those who were answered and stay for nothing', 200, 'GET /readyz-not HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1\.1 404/],
])('%s are let go, and others are served meanwhile', async (_sentence, count, start, heard) => {
  house = await openMediaHouse({ hub: openMemoryPacketHub(), clock: systemClock, streams: [STREAM], patience: SHORT })
  const slow = await Promise.all(Array.from({ length: count }, () => come(start)))
  expect((await fetch(`${house.url}/live/${STREAM}/index.m3u8`)).status).toBe(401)
  const all = await Promise.all(slow.map(({ closed }) => closed))
  expect(all.filter((text) => !heard.test(text))).toEqual([])
}, 60_000)

test('the door’s own limits are those that were promised', async () => {
  house = await openMediaHouse({ hub: openMemoryPacketHub(), clock: systemClock, streams: [STREAM] })
  const { headersTimeout, requestTimeout, maxConnections } = house.server
  expect([headersTimeout, requestTimeout]).toEqual([10_000, 30_000])
  expect(openFilesMax() - maxConnections).toBeGreaterThanOrEqual(200)
})
