import { readdirSync, readFileSync, readlinkSync as readlink } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import type { Log } from '../../server/system/log.js'
import { hashOfPushKey, makePushKey } from '../../server/system/push-key.js'
import { closeAfterTest, closeAllOpened, hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { dial, ended, HANDSHAKE, isClosed, connectTo, play, publish, openPushHouse, PUSHED, startEncoder } from './push-stream.js'

afterEach(closeAllOpened)

const withFfmpeg = hasFfmpeg() ? test : test.skip

/** Arguments of every process of this machine that can be read, as any user may. */
function allArguments(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'latin1')
      } catch {
        return '' // it ended while we looked
      }
    })
    .join('\n')
}

withFfmpeg('a push with the right key is live in the hub, with its sound left out; the key stands in no log, answer or argument of ours', async () => {
  const lines: string[] = []
  const write = (facts: object, message: string): void => void lines.push(JSON.stringify(facts) + message)
  const log: Log = { info: write, warn: write, error: write, child: () => log }
  const house = await openPushHouse({ log })
  expect(house.news()).toMatchObject({ state: 'waiting', fault: { name: 'not_pushed' } })
  const encoder = startEncoder(house.port(), house.key, { sound: true })
  expect(await house.is('live')).toMatchObject({ codec: expect.stringMatching(/^avc1\./), width: 320, height: 180 })
  await until('two seconds of pictures are in the hub', () => house.hub.recall(PUSHED, 0, 1e15).length >= 50)
  const packets = house.hub.recall(PUSHED, 0, 1e15)
  expect(packets[0]?.key).toBe(true)
  packets.slice(1).forEach((packet, at) => expect(packet.decodeTime).toBe(packets[at]!.decodeTime + packets[at]!.durationTicks))
  const theirs = readFileSync(`/proc/${encoder.pid}/cmdline`, 'latin1')
  expect(theirs).toContain(house.key)
  expect(allArguments().replaceAll(theirs, '')).not.toContain(house.key)
  expect(lines.join('') + JSON.stringify([house.told, house.intake.sessions()])).not.toContain(house.key)
  expect(lines.join('')).toContain('an encoder pushes')
})

withFfmpeg('a wrong key takes no slot: the right one is let in after it, and a push of another app is refused', async () => {
  const house = await openPushHouse()
  const strangers = [startEncoder(house.port(), makePushKey()), startEncoder(house.port(), house.key, { app: 'other' })]
  await Promise.all(strangers.map(ended))
  expect(house.told.map(({ state }) => state)).not.toContain('connecting')
  await until('both were turned away', () => house.intake.turnedAway()?.wrongKey === 2)
  startEncoder(house.port(), house.key)
  await house.is('live')
})

withFfmpeg('a second publisher of the same camera is refused, and the first goes on', async () => {
  const house = await openPushHouse()
  const first = startEncoder(house.port(), house.key)
  await house.is('live')
  expect(await ended(startEncoder(house.port(), house.key))).not.toBe(0)
  const before = house.hub.recall(PUSHED, 0, 1e15).length
  await until('the first still brings pictures', () => house.hub.recall(PUSHED, 0, 1e15).length > before + 10)
  expect(first.exitCode).toBeNull()
  expect(house.told.map(({ state }) => state)).not.toContain('stalled')
})

withFfmpeg('an encoder that is killed leaves a stream that waits; it comes back on the same time line with a new init segment', async () => {
  const house = await openPushHouse()
  const encoder = startEncoder(house.port(), house.key)
  await house.is('live')
  encoder.kill('SIGKILL')
  await until('the stream waits again', () => house.news()?.state === 'waiting')
  expect(house.news()).toMatchObject({ fault: { name: 'not_pushed', words: 'the encoder ended the connection' } })
  const before = house.hub.recall(PUSHED, 0, 1e15)
  house.forgetNews()
  startEncoder(house.port(), house.key, { size: '480x272' })
  expect(await house.is('live')).toMatchObject({ width: 480, height: 272 })
  await until('pictures come', () => house.hub.recall(PUSHED, 0, 1e15).length > before.length + 3)
  const after = house.hub.recall(PUSHED, 0, 1e15).slice(before.length)
  expect(after[0]).toMatchObject({ key: true, decodeTime: before.at(-1)!.decodeTime + before.at(-1)!.durationTicks })
  expect(after[0]?.init).not.toBe(before[0]?.init)
})

withFfmpeg('an encoder that stands still is stalled, then waited for, and its place is free for the next', async () => {
  const house = await openPushHouse({ bounds: { stallMsMax: 700 } })
  const encoder = startEncoder(house.port(), house.key)
  await house.is('live')
  encoder.kill('SIGSTOP')
  expect(await house.is('stalled')).toMatchObject({ fault: { name: 'timed_out', words: 'no picture for 700 ms' } })
  expect(await until('the stream waits again', () => house.news()?.state === 'waiting')).toBeUndefined()
  encoder.kill('SIGKILL')
  house.forgetNews()
  startEncoder(house.port(), house.key)
  await house.is('live')
})

withFfmpeg('a new key ends who pushes with the old one, at once and for good', async () => {
  const house = await openPushHouse()
  const encoder = startEncoder(house.port(), house.key)
  await house.is('live')
  house.forgetNews()
  const next = makePushKey()
  house.intake.setPush(PUSHED, { keyHash: hashOfPushKey(next), networks: [] })
  await ended(encoder)
  await house.is('waiting')
  await ended(startEncoder(house.port(), house.key))
  expect(house.told.map(({ state }) => state)).not.toContain('live')
  startEncoder(house.port(), next)
  await house.is('live')
})

withFfmpeg('a right key from outside of the camera’s networks is refused', async () => {
  const house = await openPushHouse({ networks: ['10.20.0.0/16'] })
  expect(await ended(startEncoder(house.port(), house.key))).not.toBe(0)
  await until('it was turned away', () => house.intake.turnedAway()?.wrongKey === 1)
  house.intake.setPush(PUSHED, { keyHash: hashOfPushKey(house.key), networks: ['10.20.0.0/16', '127.0.0.0/8'] })
  startEncoder(house.port(), house.key)
  await house.is('live')
})

withFfmpeg('a codec that cannot be shown is named, and stays on screen while the encoder tries again', async () => {
  const house = await openPushHouse()
  startEncoder(house.port(), house.key, { codec: ['-c:v', 'flv1'] })
  await until('the fault is named', () => house.news()?.fault?.name === 'codec_unsupported')
  expect(house.news()).toMatchObject({ state: 'waiting', fault: { words: 'the encoder pushes H.263; H.264 can be shown' } })
})

withFfmpeg('the process that takes RTMP is killed: the camera waits, another process opens the port, the encoder comes again', async () => {
  const house = await openPushHouse()
  startEncoder(house.port(), house.key)
  await house.is('live')
  const before = house.intake.pid()
  house.forgetNews()
  process.kill(before!, 'SIGKILL')
  expect(await house.is('waiting')).toMatchObject({ fault: { name: 'intake_closed' } })
  await until('the port is open again', () => house.intake.port() !== null)
  expect(house.intake.pid()).not.toBe(before)
  startEncoder(house.port(), house.key)
  await house.is('live')
})

test('a port that another program holds ends nothing: it is told on the camera, and taken when it is free', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  closeAfterTest(async () => void other.close())
  const { port } = other.address() as AddressInfo
  const house = await openPushHouse({ port, opens: false })
  await until('the camera was told', () => house.news()?.fault?.words === `port ${port} is used by another program`)
  expect(house.news()).toMatchObject({ state: 'waiting', fault: { name: 'intake_closed' } })
  other.close()
  await until('the port is ours', () => house.port() === port)
  expect(house.news()).toMatchObject({ state: 'waiting', fault: { name: 'not_pushed' } })
})

test('nobody may play, not with the right key either', async () => {
  const house = await openPushHouse()
  const socket = await dial(house.port())
  let answered = 0
  socket.on('data', (chunk: Buffer) => (answered += chunk.length))
  socket.write(Buffer.concat([HANDSHAKE, connectTo('live'), play(house.key)]))
  await isClosed(socket)
  await until('it counts as a wrong try', () => house.intake.turnedAway()?.wrongKey === 1)
  // The handshake and the answers to two commands; no media was there to be sent, nor would be.
  expect(answered).toBeLessThan(5_000)
})

test('the process listens on the one port and on nothing else, and writes no file', async () => {
  const house = await openPushHouse()
  const pid = house.intake.pid()!
  const socket = await dial(house.port())
  socket.write(Buffer.concat([HANDSHAKE, connectTo('live'), publish(house.key)]))
  await until('the publisher was taken', () => house.news()?.state === 'connecting')
  const sockets = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => { try { return [/socket:\[(\d+)\]/.exec(readlink(`/proc/${pid}/fd/${fd}`))?.[1] ?? ''] } catch { return [] } }))
  const listening = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((kind) => readFileSync(`/proc/${pid}/net/${kind}`, 'latin1').split('\n').slice(1).map((line) => line.trim().split(/\s+/)).filter((cells) => sockets.has(cells[9] ?? 'none') && (kind.startsWith('udp') || cells[3] === '0A')).map((cells) => `${kind} ${Number.parseInt(cells[1]?.split(':')[1] ?? '', 16)}`))
  expect(listening).toEqual([`tcp ${house.port()}`])
  const files = readdirSync(`/proc/${pid}/fd`).map((fd) => { try { return readlink(`/proc/${pid}/fd/${fd}`) } catch { return '' } }).filter((path) => path.startsWith('/') && !path.startsWith('/dev/') && !/\.(log|txt)$/.test(path))
  expect(files.filter((path) => path.includes('/data'))).toEqual([])
  expect(readdirSync(process.cwd())).not.toContain('data')
})
