import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { runToEnd } from '../../../server/system/child.js'
import { splitNals, UnitScanner } from '../../../server/sandbox/devices/access-units.js'
import { damage } from '../../../server/sandbox/devices/fault.js'
import { openMediaFile } from '../../../server/sandbox/devices/media-file.js'
import { makeMotionSense } from '../../../server/sandbox/devices/motion.js'
import { isReceiverReport, packetBytes, packetize, senderReport, writeRtp } from '../../../server/sandbox/devices/rtp-packets.js'
import { makeRtspReader } from '../../../server/sandbox/devices/rtsp-wire.js'
import { readDurationMs } from '../../../server/sandbox/devices/soap.js'
import { makeTimeline } from '../../../server/sandbox/devices/timeline.js'
import { chooseTransport, type Transport } from '../../../server/sandbox/devices/transport-offer.js'
import { escapeXml, readXml } from '../../../server/sandbox/devices/xml-tree.js'
import { FFMPEG, FPS, LOOP_S, makeFilms, type Films } from './films.js'

const withFfmpeg = FFMPEG ? test : test.skip
let films: Films
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonglau-wire-'))
  if (FFMPEG) films = await makeFilms()
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

/** RFC 6184 backwards: what a receiver makes of our payloads. */
function reassemble(packets: readonly Buffer[]): Buffer[] {
  const nals: Buffer[] = []
  let pieces: Buffer[] = []
  for (const packet of packets) {
    const payload = packet.subarray(12)
    const type = (payload[0] ?? 0) & 0x1f
    if (type === 24) for (let at = 1; at < payload.length; at += 2 + payload.readUInt16BE(at)) nals.push(payload.subarray(at + 2, at + 2 + payload.readUInt16BE(at)))
    else if (type === 28) {
      const header = payload[1] ?? 0
      if (header & 0x80) pieces = [Buffer.from([((payload[0] ?? 0) & 0xe0) | (header & 0x1f)])]
      pieces.push(payload.subarray(2))
      if (header & 0x40) nals.push(Buffer.concat(pieces))
    } else nals.push(payload)
  }
  return nals
}

test('whatever the NAL units, packets stay within 1400 bytes and give the same units back', () => {
  const nal = fc.tuple(fc.constantFrom(0x67, 0x68, 0x65, 0x41, 0x06), fc.uint8Array({ minLength: 1, maxLength: 6000 })).map(([type, body]) => Buffer.concat([Buffer.from([type]), body]))
  fc.assert(fc.property(fc.array(nal, { minLength: 1, maxLength: 6 }), (nals) => {
    const payloads = packetize(nals)
    const packets = payloads.map((payload, index) => {
      const out = Buffer.alloc(packetBytes(payload))
      writeRtp(out, 0, payload, { sequence: 65_530 + index, timestamp: 4_294_967_295, ssrc: 7 })
      return out
    })
    expect(Math.max(...packets.map((packet) => packet.length))).toBeLessThanOrEqual(1400)
    expect(packets.map((packet) => (packet[1] ?? 0) >> 7)).toEqual(packets.map((_, index) => (index === packets.length - 1 ? 1 : 0)))
    expect(packets.map((packet) => packet.readUInt16BE(2))).toEqual(packets.map((_, index) => (65_530 + index) % 65_536))
    const order = (list: readonly Buffer[]): string[] => list.map((each) => each.toString('hex')).sort()
    expect(order(reassemble(packets))).toEqual(order(nals))
  }), { numRuns: 60 })
})

withFfmpeg('a film is cut into the same access units, however the file is read', async () => {
  const bytes = await readFile(films.sub.file)
  const scan = (sizes: () => number) => {
    const scanner = new UnitScanner()
    for (let at = 0; at < bytes.length; ) {
      const size = sizes()
      scanner.push(bytes.subarray(at, at + size))
      at += size
    }
    return scanner.end()
  }
  const whole = scan(() => bytes.length)
  expect([whole.length, whole.filter((unit) => unit.key).length]).toEqual([FPS * LOOP_S, LOOP_S])
  expect(whole.reduce((sum, unit) => sum + unit.length, 0)).toBe(bytes.length)
  let seed = 7
  expect(scan(() => 1 + ((seed = (seed * 48_271) % 2_147_483_647) % 3000))).toEqual(whole)
  expect(scan(() => 1)).toEqual(whole)
})

const BAD_FILMS: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
  ['that does not exist', () => Promise.resolve(join(folder, 'none.h264')), /cannot open the media file .*none\.h264/],
  ['that is empty', () => put('empty.h264', Buffer.alloc(0)), /holds no H\.264 picture/],
  ['of random bytes', () => put('noise.h264', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 73 + 11) & 0xff))), /holds no H\.264 picture/],
  ['without its first key picture', async () => put('headless.h264', (await readFile(films.sub.file)).subarray((await firstKeyBytes()))), /does not begin with an IDR/],
  ['with B-frames', () => encode('b.h264', ['-bf', '2', '-profile:v', 'main']), /B-frames.*-bf 0/],
]
withFfmpeg.each(BAD_FILMS)('a film %s is refused by name and reason', async (_name, make, expected) => {
  await expect(openMediaFile(await make())).rejects.toThrow(expected)
})

async function put(name: string, bytes: Buffer): Promise<string> {
  await writeFile(join(folder, name), bytes)
  return join(folder, name)
}
async function firstKeyBytes(): Promise<number> {
  const film = await openMediaFile(films.sub.file)
  await film.close()
  return film.units[0]?.length ?? 0
}
async function encode(name: string, options: readonly string[]): Promise<string> {
  await runToEnd(FFMPEG ?? 'ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x180:r=25', '-t', '1', '-c:v', 'libx264', '-preset', 'fast', ...options, '-f', 'h264', '-y', join(folder, name)], { timeoutMs: 10_000 })
  return join(folder, name)
}

withFfmpeg('what is sent names no encoder and no delimiter, and each key picture carries its parameter sets', async () => {
  const film = await openMediaFile(films.main.file)
  for (const index of [0, 1, FPS]) {
    const { nals, key } = await film.readUnit(index)
    const types = nals.map((nal) => (nal[0] ?? 0) & 0x1f)
    expect(types).not.toContain(9)
    expect(Buffer.concat(nals).includes('x264')).toBe(false)
    expect([key, types.includes(7) && types.includes(8)]).toEqual([index !== 1, index !== 1])
  }
  await film.close()
})

test('damage keeps the NAL header and the length, changes bytes, and is the same for everybody', () => {
  const body = Buffer.alloc(1000, 5)
  const damaged = damage(body, 42)
  expect([damaged[0], damaged.length, damaged.equals(damage(body, 42)), damaged.equals(damage(body, 43))]).toEqual([5, 1000, true, false])
  expect(damaged.filter((byte) => byte !== 5).length).toBeGreaterThan(10)
  expect(body.every((byte) => byte === 5)).toBe(true)
})

const OFFERS: readonly (readonly [string, string, Transport | null])[] = [
  ['interleaved channels', 'RTP/AVP/TCP;unicast;interleaved=2-3', { kind: 'interleaved', rtpChannel: 2, rtcpChannel: 3 }],
  ['interleaved without channels', 'RTP/AVP/TCP;unicast', { kind: 'interleaved', rtpChannel: 8, rtcpChannel: 9 }],
  ['UDP ports', 'RTP/AVP;unicast;client_port=5000-5001', { kind: 'udp', rtpPort: 5000, rtcpPort: 5001 }],
  ['one UDP port', 'RTP/AVP/UDP;unicast;client_port=5000', { kind: 'udp', rtpPort: 5000, rtcpPort: 5001 }],
  ['a destination, which is not followed', 'RTP/AVP;unicast;destination=10.0.0.9;client_port=5000-5001', { kind: 'udp', rtpPort: 5000, rtcpPort: 5001 }],
  ['multicast first, TCP second', 'RTP/AVP;multicast;port=5000-5001,RTP/AVP/TCP;interleaved=0-1', { kind: 'interleaved', rtpChannel: 0, rtcpChannel: 1 }],
  ['a system port', 'RTP/AVP;unicast;client_port=22-23', null],
  ['a port out of range', 'RTP/AVP;unicast;client_port=70000-70001', null],
  ['a channel out of range', 'RTP/AVP/TCP;interleaved=300-301', null],
  ['recording', 'RTP/AVP/TCP;interleaved=0-1;mode=record', null],
  ['nothing', '', null],
]
test.each(OFFERS)('Transport: %s', (_name, header, expected) => {
  expect(chooseTransport(header, () => 8)).toEqual(expected)
})

test('an RTSP stream is understood however TCP cuts it', () => {
  const bytes = Buffer.concat([Buffer.from('\r\nOPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'), Buffer.from([0x24, 1, 0, 3, 9, 8, 7]), Buffer.from('SET_PARAMETER rtsp://x/a RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 4\r\n\r\na: b'), Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 9\r\n\r\n')])
  fc.assert(fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
    const read = makeRtspReader()
    const ends = [...cuts, bytes.length].sort((a, b) => a - b)
    const news = ends.flatMap((end, index) => read(bytes.subarray(ends[index - 1] ?? 0, end)))
    expect(news.map((each) => (each.kind === 'request' ? `${each.request.method} ${each.request.body}` : each.kind === 'interleaved' ? [...each.bytes].join() : 'broken'))).toEqual(['OPTIONS ', '9,8,7', 'SET_PARAMETER a: b'])
  }), { numRuns: 100 })
})

test.each([['PT60S', 60_000], ['PT1M', 60_000], ['P1DT2H3M4.5S', 93_784_500], ['PT0S', 0], ['P', null], ['PT', null], ['60', null], ['-PT5S', null], ['P1Y', null]])('the duration %s is %s ms', (text, expected) => {
  expect(readDurationMs(text)).toBe(expected)
})

test('the time line counts from its epoch, in frames and in RTP time, whatever the wall clock does', () => {
  let monotonic = 1000
  let wall = 1_700_000_000_000
  const clock = { wallMs: () => wall, monotonicMs: () => monotonic, after: () => () => undefined, every: () => () => undefined }
  const timeline = makeTimeline({ clock, fps: 12.5, epochMs: wall - 8000 })
  expect([timeline.frameNow(), timeline.rtpTime(100), timeline.msUntil(101)]).toEqual([100, 720_000, 80])
  wall += 3_600_000 // somebody sets the clock
  expect([timeline.frameNow(), timeline.elapsedAt(wall)]).toEqual([100, 8000])
  monotonic += 79
  expect(timeline.frameNow()).toBe(100)
  monotonic += 1
  expect(timeline.frameNow()).toBe(101)
  expect(timeline.rtpTime(2 ** 32)).toBe((2 ** 32 * 7200) % 2 ** 32)
})

test('a sender report tells NTP time, RTP time and counts, with the name behind it', () => {
  const report = senderReport({ ssrc: 1, deviceWallMs: 500, timestamp: 90, packets: 3, octets: 4, name: 'cam' })
  expect([report.readUInt16BE(0), report.readUInt32BE(8), report.readUInt32BE(12), report.readUInt32BE(16), report.readUInt32BE(20), report.readUInt32BE(24)]).toEqual([0x80c8, 2_208_988_800, 2 ** 31, 90, 3, 4])
  expect([report[29], report.length % 4, report.includes('cam')]).toEqual([202, 0, true])
  expect([isReceiverReport(Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1])), isReceiverReport(Buffer.from('hello world'))]).toEqual([true, false])
})

test('seconds in which the encoder needs many bytes are in motion, calm ones are not', () => {
  const units = Array.from({ length: 100 }, (_, index) => ({ offset: 0, length: index % 25 === 0 ? 9000 : index >= 50 && index < 75 ? 4000 : 300, key: index % 25 === 0 }))
  const inMotion = makeMotionSense(units, 25)
  expect([24, 49, 74, 99, 174].map(inMotion)).toEqual([false, false, true, false, true])
})

test('names are read by their namespace, text with its entities, and written text cannot become markup', () => {
  const read = readXml('<a:x xmlns:a="urn:1" xmlns="urn:2"><y k="&lt;1&gt;">tr&#225; &amp; b&#xE1;nh</y></a:x>')
  expect(read.ok && [read.root.namespace, read.root.children[0]?.namespace, read.root.children[0]?.attributes.get('k'), read.root.children[0]?.text]).toEqual(['urn:1', 'urn:2', '<1>', 'trá & bánh'])
  fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => {
    const back = readXml(`<a t="${escapeXml(text)}">x</a>`)
    // oxlint-disable-next-line no-control-regex
    expect(back.ok && back.root.attributes.get('t')?.replace(/\s/g, ' ').trim()).toBe(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').replace(/\s/g, ' ').trim())
  }), { numRuns: 200 })
})

test('NAL units lose their start codes and trailing zeros, nothing else', () => {
  expect(splitNals(Buffer.from([0, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68, 2, 0, 0, 1, 0x65, 0, 3])).map((nal) => [...nal])).toEqual([[0x67, 1], [0x68, 2], [0x65, 0, 3]])
})
