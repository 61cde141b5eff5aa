import { readdirSync, readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { guardConnection, CONNECTION_BOUNDS } from '../../server/ingest/rtmp-connection.js'
import { makePushKey } from '../../server/system/push-key.js'
import { makeHandClock } from '../support/hand-clock.js'
import { closeAfterTest, closeAllOpened, hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { connectTo, HANDSHAKE, openPushHouse, publish, PUSHED, startEncoder, type PushHouse } from './push-stream.js'
import { garbage } from './rtmp-garbage.js'

afterEach(closeAllOpened)

const withFfmpeg = hasFfmpeg() ? test : test.skip

/** All of 127/8 is this machine: a stranger of any number. */
const stranger = (number: number): string => `127.1.${(number >> 8) & 255}.${1 + (number & 127)}`

/** Says all of it from one address, and waits until the other side hangs up or has had its time. */
function say(port: number, from: string, bytes: Buffer, half = false): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, localAddress: from })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
    socket.resume()
    if (half) socket.write(bytes)
    else socket.end(bytes)
  })
}

const tries = (name: string, app = 'live'): Buffer => Buffer.concat([HANDSHAKE, connectTo(app), publish(name)])

/** Bytes that this process has given to disks since it began. */
function written(pid: number): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1])
}

async function stillTakes(house: PushHouse, from = '127.9.9.9'): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port: house.port(), localAddress: from })
  socket.on('error', () => undefined).resume()
  closeAfterTest(async () => void socket.destroy())
  socket.write(tries(house.key))
  await until('a publisher with the right key is taken', () => house.news()?.state === 'connecting')
}

withFfmpeg('a thousand wrong keys from one address: ten are looked at, the address is locked, and the camera that pushes goes on', async () => {
  const house = await openPushHouse()
  startEncoder(house.port(), house.key)
  await house.is('live')
  for (let round = 0; round < 100; round += 1) await Promise.all(Array.from({ length: 10 }, () => say(house.port(), '127.2.0.1', tries(makePushKey()), true)))
  await until('they were counted', () => (house.intake.turnedAway()?.wrongKey ?? 0) + (house.intake.turnedAway()?.locked ?? 0) >= 1_000)
  const away = house.intake.turnedAway()!
  expect([away.wrongKey <= 20, away.wrongKey + away.locked]).toEqual([true, 1_000])
  const before = house.hub.recall(PUSHED, 0, 1e15).length
  await until('pictures still come', () => house.hub.recall(PUSHED, 0, 1e15).length > before + 5)
  expect(house.told.map(({ state }) => state)).not.toContain('stalled')
})

test('a locked address is not let in with the right key either; another address is', async () => {
  const house = await openPushHouse()
  for (let count = 0; count < 10; count += 1) await say(house.port(), '127.2.0.1', tries(makePushKey()), true)
  await say(house.port(), '127.2.0.1', tries(house.key), true)
  await until('it was locked', () => house.intake.turnedAway()?.locked === 1)
  expect(house.news()?.state).toBe('waiting')
  await stillTakes(house)
})

test('a thousand tries in one packet are no thousand tries', async () => {
  const house = await openPushHouse()
  await say(house.port(), '127.2.0.1', Buffer.concat([HANDSHAKE, connectTo('live'), ...Array.from({ length: 1_000 }, () => publish(makePushKey()))]), true)
  await until('they were counted', () => (house.intake.turnedAway()?.wrongKey ?? 0) > 0)
  expect(house.intake.turnedAway()!.wrongKey).toBeLessThanOrEqual(4)
})

const NAMES = ['../../..', '../../../tmp/x', '%2e%2e%2f%2e%2e', '..', '.', '', '/', 'a!b', 'a b', 'a\0b', '\0', 'x'.repeat(300), 'x'.repeat(4_000), 'trực-ban', '😀', 'constructor', '__proto__', 'prototype', 'toString', 'hasOwnProperty', 'undefined', 'null', "' or 1=1 --", '$(touch x)', 'a.flv', 'a?sign=1-2', '?', '%00', 'con', '..\\..\\x'] as const

test('names that lead elsewhere, as app and as stream, are turned away: nothing is written, nothing falls over', async () => {
  const house = await openPushHouse()
  const pid = house.intake.pid()!
  const [bytes, here] = [written(pid), readdirSync(process.cwd())]
  let number = 0
  for (const name of NAMES) {
    for (const [app, stream] of [[name, house.key], ['live', name], [name, name], [`${house.key}`, '']] as const) await say(house.port(), stranger((number += 1)), tries(stream, app), true)
  }
  await until('each was counted', () => Object.values(house.intake.turnedAway() ?? {}).reduce((sum, count) => sum + count, 0) >= NAMES.length * 4)
  expect(house.told.map(({ state }) => state)).not.toContain('connecting')
  expect([house.intake.pid(), written(pid), readdirSync(process.cwd())]).toEqual([pid, bytes, here])
  await stillTakes(house)
})

/** The nightly run asks for 10,000. */
const CASES = Number(process.env['VONGLAU_GARBAGE_CASES'] ?? 2_000)
const SEED = Number(process.env['VONGLAU_SEED'] ?? 20_261_125)

test(`${CASES} strangers who speak garbage (seed ${SEED}): the server lives, the one who pushes is not disturbed, the next is let in`, async () => {
  const house = await openPushHouse({ bounds: { initMsMax: 600_000 } })
  await stillTakes(house)
  const pid = house.intake.pid()
  for (let at = 0; at < CASES; at += 20) await Promise.all(Array.from({ length: Math.min(20, CASES - at) }, (_, more) => say(house.port(), stranger(at + more), garbage(SEED + at + more, makePushKey()))))
  expect(house.intake.pid()).toBe(pid)
  expect(house.news()).toMatchObject({ state: 'connecting', attempts: 0 })
  expect(Object.values(house.intake.turnedAway() ?? {}).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(CASES / 10)
}, Math.max(240_000, CASES * 100))

test('strangers who connect and are silent are bounded, from one address and from all, and keep nobody else out', async () => {
  const house = await openPushHouse()
  const silent = (from: string): Socket => {
    const socket = connect({ host: '127.0.0.1', port: house.port(), localAddress: from })
    closeAfterTest(async () => void socket.destroy())
    return socket.on('error', () => undefined).resume()
  }
  const crowd = Array.from({ length: 200 }, () => silent('127.2.0.1'))
  await until('all but 48 were turned away', () => house.intake.turnedAway()?.crowded === 152 && crowd.filter(({ destroyed }) => destroyed).length === 152)
  await stillTakes(house)
})

test('a stranger who takes his time is shown the door after ten seconds; one who has shown a key is not', () => {
  return new Promise<void>((resolve, reject) => {
    const clock = makeHandClock()
    const server = createServer((socket) => {
      const proven = server.connectionsSeen++ === 1
      const connection = guardConnection(socket, { ip: '127.0.0.1', messages: new Map(), clock, bounds: CONNECTION_BOUNDS, onCut: () => undefined, onEnded: (one, because) => (proven ? reject(new Error('the proven one was ended')) : resolve(expect([one === connection, because]).toEqual([true, 'late']))) })
      connection.proven = proven
      if (!proven) return
      clock.move(CONNECTION_BOUNDS.provenMsMax - 1)
      expect(socket.destroyed).toBe(false)
      clock.move(1)
    }) as ReturnType<typeof createServer> & { connectionsSeen: number }
    server.connectionsSeen = 0
    closeAfterTest(async () => void server.close())
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      const first = connect(port, '127.0.0.1', () => {
        const second = connect(port, '127.0.0.1')
        closeAfterTest(async () => void second.destroy())
      }).on('error', () => undefined)
      closeAfterTest(async () => void first.destroy())
    })
  })
})
