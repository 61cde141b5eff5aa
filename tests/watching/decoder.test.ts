import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub, type MemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import type { Fragmenter } from '../../server/media/fragmenter.js'
import type { Packet } from '../../server/media/packet.js'
import { silentLog } from '../../server/system/log.js'
import type { WatchedFrame } from '../../server/watching/decoder-session.js'
import { openDecoder, type Decoder } from '../../server/watching/decoder.js'
import type { PictureWish } from '../../server/watching/picture-plan.js'
import { makeHandClock, type HandClock } from '../support/hand-clock.js'
import { arrivedAt, greySteps, slopes, stepOf } from '../support/packets.js'
import { until } from '../support/until.js'

// Starting ffmpeg and loading a model take seconds on a busy machine; every wait inside has its own deadline.
import.meta.jest.setTimeout(90_000)

const STREAM = asId<StreamId>('sub')
const FPS = 10
const FRAME_MS = 1000 / FPS
const T0 = 1_700_000_000_000

let first: readonly Packet[]
let second: readonly Packet[]
let afterFirst: Fragmenter
beforeAll(async () => {
  const opened = await greySteps({ width: 320, height: 180, count: 40, gop: 10, fps: FPS })
  first = opened.packets
  afterFirst = opened.fragmenter
  // A reconnect to another size; the hub's time line goes on without a hole.
  second = (await greySteps({ width: 256, height: 192, count: 30, gop: 10, fps: FPS, from: 40 }, afterFirst)).packets
})

interface Bench {
  readonly hub: MemoryPacketHub
  readonly clock: HandClock
  readonly frames: WatchedFrame[]
  readonly decoder: Decoder
}

const open = new Set<Decoder>()
afterEach(async () => {
  for (const decoder of open) await decoder.close()
  open.clear()
})

function bench(ffmpeg = 'ffmpeg'): Bench {
  const hub = openMemoryPacketHub()
  const clock = makeHandClock(T0)
  const frames: WatchedFrame[] = []
  const decoder = openDecoder({ hub, clock, log: silentLog, ffmpeg, runId: 'test', fps: 5, streamId: STREAM, stallMsMax: 4_000, onFrame: (frame) => frames.push(frame) })
  open.add(decoder)
  return { hub, clock, frames, decoder }
}

/** A program that is not ffmpeg the first time it is called, and is from the second on. */
function onceBad(badLine: string): { readonly path: string; readonly called: () => boolean } {
  const folder = mkdtempSync(`${tmpdir()}/ffmpeg-`)
  writeFileSync(`${folder}/ffmpeg`, `#!/bin/sh\nif mkdir ${folder}/called 2>/dev/null; then\n${badLine}\nfi\nexec ffmpeg "$@"\n`)
  chmodSync(`${folder}/ffmpeg`, 0o755)
  return { path: `${folder}/ffmpeg`, called: () => existsSync(`${folder}/called`) }
}

/** Publishes packets as a camera would, picture N arriving at `atMsOf(N)`; answers what each frame's time should be. */
function publish(hub: MemoryPacketHub, packets: readonly Packet[], atMsOf: (at: number) => number): void {
  packets.forEach((packet, at) => hub.publish(STREAM, arrivedAt(packet, atMsOf(at))))
}

const last = (frames: readonly WatchedFrame[]): number => stepOf(frames.at(-1)?.rgb ?? new Uint8Array(31))

test('every second picture of ten a second comes out, each with the wall time of its own packet', async () => {
  const { hub, frames } = bench()
  publish(hub, first, (at) => T0 + at * FRAME_MS)
  await until('the end was decoded', () => last(frames) >= 38)
  expect(frames.map((frame) => stepOf(frame.rgb))).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38])
  for (const frame of frames) expect(Math.abs(frame.atMs - (T0 + stepOf(frame.rgb) * FRAME_MS))).toBeLessThanOrEqual(FRAME_MS)
})

test('frames have the network’s shape: the picture above, grey below', async () => {
  const { hub, frames } = bench()
  publish(hub, first, (at) => T0 + at * FRAME_MS)
  await until('a frame came', () => frames.length > 0)
  const { width, height, pictureHeight, rgb } = frames[0]!
  expect({ width, height, pictureHeight }).toEqual({ width: 320, height: 192, pictureHeight: 180 })
  expect(rgb.length).toBe(320 * 192 * 3)
  expect([...rgb.subarray(180 * 320 * 3, 180 * 320 * 3 + 6)]).toEqual([114, 114, 114, 114, 114, 114])
})

interface Story {
  readonly sentence: string
  /** Wall time at which picture N arrives. */
  readonly atMsOf: (step: number) => number
  readonly packets: () => readonly Packet[]
}

const stories: readonly Story[] = [
  { sentence: 'after a pause of a minute in which the stream’s own time stood still', packets: () => first, atMsOf: (step) => T0 + step * FRAME_MS + (step >= 20 ? 60_000 : 0) },
  { sentence: 'while packets arrive up to 90 ms late now and then', packets: () => first, atMsOf: (step) => T0 + step * FRAME_MS + ((step * 37) % 91) },
  { sentence: 'after ten pictures were lost on the way', packets: () => first.filter((_, at) => at < 10 || at >= 20), atMsOf: (step) => T0 + step * FRAME_MS },
  { sentence: 'after a reconnect with another size, five seconds later', packets: () => [...first, ...second], atMsOf: (step) => T0 + step * FRAME_MS + (step >= 40 ? 5_000 : 0) },
  {
    sentence: 'after the stream’s own time leapt an hour ahead',
    packets: () => first.map((packet, at) => (at < 20 ? packet : leapt(packet, 3600 * 90_000))),
    atMsOf: (step) => T0 + step * FRAME_MS,
  },
]

/** tfdt version 1 of a one-picture fragment, moved ahead. */
function leapt(packet: Packet, ticks: number): Packet {
  const bytes = Uint8Array.from(packet.bytes)
  const at = Buffer.from(bytes.buffer).indexOf('tfdt') + 8
  new DataView(bytes.buffer).setBigUint64(at, BigInt(packet.decodeTime + ticks))
  return { ...packet, bytes, decodeTime: packet.decodeTime + ticks }
}

test.each(stories)('times stay right to one frame $sentence', async ({ packets, atMsOf }) => {
  const { hub, frames } = bench()
  const steps = packets().map((packet) => (second.includes(packet) ? 40 + second.indexOf(packet) : Math.round((packet.decodeTime % (3600 * 90_000)) / 9000)))
  const end = steps.at(-1)!
  publish(hub, packets(), (at) => atMsOf(steps[at]!))
  await until('the end was decoded', () => last(frames) >= end - 1)
  for (const frame of frames) expect(`${stepOf(frame.rgb)}: ${Math.abs(frame.atMs - atMsOf(stepOf(frame.rgb))) <= FRAME_MS + 1}`).toBe(`${stepOf(frame.rgb)}: true`)
  const times = frames.map((frame) => frame.atMs)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

/** Keeps the containers' sizes, which our own fragmenter writes, and ruins the picture inside. */
function spoil(packet: Packet): Packet {
  const picture = Buffer.from(packet.bytes).indexOf('mdat') + 8
  return { ...packet, bytes: packet.bytes.map((byte, at) => (at > picture && at % 3 > 0 ? byte ^ 0x5a : byte)) }
}

test('garbage inside packets costs its own pictures; from the next key packet on all is well', async () => {
  const { hub, frames } = bench()
  const spoilt = first.map((packet, at) => (at < 12 || at >= 18 ? packet : spoil(packet)))
  publish(hub, spoilt, (at) => T0 + at * FRAME_MS)
  await until('the end was decoded', () => last(frames) >= 38)
  const healthy = frames.filter((frame) => stepOf(frame.rgb) >= 20)
  expect(healthy.map((frame) => stepOf(frame.rgb))).toEqual([20, 22, 24, 26, 28, 30, 32, 34, 36, 38])
  for (const frame of healthy) expect(Math.abs(frame.atMs - (T0 + stepOf(frame.rgb) * FRAME_MS))).toBeLessThanOrEqual(FRAME_MS)
})

test('an ffmpeg that dies is started again after a back-off, at the next key packet', async () => {
  const { hub, clock, frames, decoder } = bench(onceBad('echo broken pipe of ours >&2; exit 3').path)
  publish(hub, first.slice(0, 10), (at) => T0 + at * FRAME_MS)
  await until('the death was seen', () => decoder.state === 'restarting')
  publish(hub, first.slice(10, 20), (at) => T0 + (10 + at) * FRAME_MS)
  await until('these were passed over', () => decoder.counts.skippedPackets >= 10)
  clock.move(1_000)
  publish(hub, first.slice(20), (at) => T0 + (20 + at) * FRAME_MS)
  await until('frames came again', () => last(frames) >= 38)
  expect(decoder.counts.restarts).toBe(1)
  expect(stepOf(frames[0]!.rgb)).toBe(20)
})

test('an ffmpeg that hangs while packets come is killed and started again', async () => {
  const program = onceBad('exec sleep 1000')
  const { hub, clock, frames, decoder } = bench(program.path)
  publish(hub, first.slice(0, 1), () => T0)
  await until('it was started', program.called)
  for (let at = 1; at < 10; at += 1) {
    hub.publish(STREAM, arrivedAt(first[at]!, T0 + at * FRAME_MS))
    clock.move(1_000)
  }
  await until('the hanging one was killed', () => decoder.counts.restarts === 1)
  clock.move(1_000)
  publish(hub, first.slice(10), (at) => T0 + (10 + at) * FRAME_MS)
  await until('frames came again', () => last(frames) >= 38)
})

test.each([
  { what: 'one picture a second: each comes', fps: 1, count: 8, expected: 8 },
  { what: 'sixty a second: five of them come', fps: 60, count: 70, expected: 6 },
])('a camera with $what', async ({ fps, count, expected }) => {
  const { hub, frames } = bench()
  const { packets } = await greySteps({ width: 320, height: 180, count, gop: fps, fps })
  publish(hub, packets, (at) => T0 + (at * 1000) / fps)
  await until('the last came', () => frames.length >= expected)
  const slots = frames.map(({ atMs }) => Math.floor((atMs - T0 + 1) / 200))
  expect(slots).toEqual(Array.from({ length: expected }, (_, at) => at * (fps === 1 ? 5 : 1)))
})

test('smaller pictures, when they are wanted, come from the next key packet on, and no picture is lost between', async () => {
  let wish: PictureWish = { small: false, far: null }
  const hub = openMemoryPacketHub()
  const clock = makeHandClock(T0)
  const frames: WatchedFrame[] = []
  const { packets } = await greySteps({ width: 640, height: 360, count: 30, gop: 10, fps: FPS })
  const decoder = openDecoder({ hub, clock, log: silentLog, ffmpeg: 'ffmpeg', runId: 'test', fps: 5, streamId: STREAM, wish: () => wish, onFrame: (frame) => frames.push(frame) })
  open.add(decoder)
  publish(hub, packets.slice(0, 15), (at) => T0 + at * FRAME_MS)
  await until('it is under way', () => last(frames) >= 14)
  wish = { small: true, far: null }
  publish(hub, packets.slice(15), (at) => T0 + (15 + at) * FRAME_MS)
  await until('the end was decoded', () => frames.length >= 15)
  // By their times: a scaled grey is a step darker.
  expect(frames.map(({ width, atMs }) => `${Math.round((atMs - T0) / FRAME_MS)} ${width}`)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28].map((step) => `${step} ${step < 20 ? 640 : 416}`))
  expect(decoder.counts.restarts).toBe(0)
})

test('the part where small objects live comes below the picture, as large as the camera sends it, from the next key packet on', async () => {
  let wish: PictureWish = { small: false, far: null }
  const hub = openMemoryPacketHub()
  const clock = makeHandClock(T0)
  const frames: WatchedFrame[] = []
  const packets = await slopes({ width: 1280, height: 720, count: 20, gop: 10, fps: FPS })
  const decoder = openDecoder({ hub, clock, log: silentLog, ffmpeg: 'ffmpeg', runId: 'test', fps: 5, streamId: STREAM, wish: () => wish, onFrame: (frame) => frames.push(frame) })
  open.add(decoder)
  publish(hub, packets.slice(0, 5), (at) => T0 + at * FRAME_MS)
  await until('it is under way', () => frames.length >= 2)
  wish = { small: false, far: { x: 0.7, y: 0.4 } }
  publish(hub, packets.slice(5), (at) => T0 + (5 + at) * FRAME_MS)
  await until('the end was decoded', () => frames.length >= 10)
  expect(frames.map(({ far }) => far?.height ?? 0)).toEqual([0, 0, 0, 0, 0, 192, 192, 192, 192, 192])
  expect(frames[0]!.rgb).toHaveLength(640 * 384 * 3)
  const { rgb, far } = frames.at(-1)!
  expect(rgb).toHaveLength(640 * (384 + 192) * 3)
  expect(far!.part).toEqual({ x1: expect.closeTo(0.45), y1: expect.closeTo(0.4 - 0.8 / 6), x2: expect.closeTo(0.95), y2: expect.closeTo(0.4 + 0.8 / 6) })
  const colourAt = (x: number, y: number): readonly number[] => [...rgb.subarray((y * 640 + x) * 3, (y * 640 + x) * 3 + 2)].map((value) => value / 255)
  for (const [x, y] of [[4, 4], [320, 96], [635, 4], [4, 187], [635, 187]] as const) {
    // A colour is off by some steps of 255 after YUV 4:2:0 and back; a wrong part would be off by tenths.
    expect(colourAt(x, 384 + y)).toEqual([expect.closeTo(0.45 + (0.5 * x) / 640, 1.4), expect.closeTo(0.4 - 0.8 / 6 + (0.8 / 3) * (y / 192), 1.4)])
    expect(colourAt(x, (y * 360) / 192 - 1 < 0 ? 0 : Math.floor((y * 360) / 192))).toEqual([expect.closeTo(x / 640, 1.4), expect.closeTo(y / 192, 1.4)])
  }
  expect(decoder.counts.restarts).toBe(0)
})

test('an ffmpeg that cannot keep up skips to the next key packet, instead of giving pictures later and later', async () => {
  const folder = mkdtempSync(`${tmpdir()}/ffmpeg-`)
  // Reads its input at a third of the speed at which it would be played.
  writeFileSync(`${folder}/ffmpeg`, '#!/bin/sh\nexec ffmpeg -readrate 0.3 "$@"\n')
  chmodSync(`${folder}/ffmpeg`, 0o755)
  const { hub, clock, frames, decoder } = bench(`${folder}/ffmpeg`)
  publish(hub, first.slice(0, 25), (at) => T0 + at * FRAME_MS)
  await until('pictures come, long after their packets', () => frames.length >= 2)
  clock.move(2_000)
  publish(hub, first.slice(25, 31), (at) => T0 + (25 + at) * FRAME_MS)
  await until('the rest of this group was passed over, up to the key packet', () => decoder.counts.skippedPackets === 5)
  expect(decoder.counts.restarts).toBe(0)
})

test('no packets for an hour is no stall: nothing is killed, and the state says that it waits', async () => {
  const { hub, clock, frames, decoder } = bench()
  publish(hub, first.slice(0, 20), (at) => T0 + at * FRAME_MS)
  await until('frames came', () => last(frames) >= 18)
  clock.move(3_600_000)
  expect([decoder.state, decoder.counts.restarts]).toEqual(['waiting', 0])
  publish(hub, first.slice(20), (at) => T0 + 3_600_000 + (20 + at) * FRAME_MS)
  await until('frames came again', () => last(frames) >= 38)
  expect(Math.abs(frames.at(-1)!.atMs - (T0 + 3_600_000 + last(frames) * FRAME_MS))).toBeLessThanOrEqual(FRAME_MS)
})

test('a stream that the hub forgot and that comes back is watched again', async () => {
  const { hub, clock, frames } = bench()
  publish(hub, first.slice(0, 10), (at) => T0 + at * FRAME_MS)
  await until('frames came', () => last(frames) >= 8)
  hub.forget(STREAM)
  await until('its reader was let go', () => hub.counters().readers === 0)
  await new Promise(setImmediate)
  clock.move(1_000)
  publish(hub, first.slice(10), (at) => T0 + (10 + at) * FRAME_MS)
  await until('frames came again', () => last(frames) >= 38)
})

test('an ffmpeg that is not there is a restart with growing pauses, never a crash', async () => {
  const { hub, clock, decoder } = bench('/nowhere/ffmpeg')
  for (let round = 0; round < 3; round += 1) {
    publish(hub, first.slice(0, 10), (at) => T0 + at * FRAME_MS)
    await until('the failure was seen', () => decoder.counts.restarts === round + 1)
    expect(decoder.state).toBe('restarting')
    clock.move(500 * 2 ** round - 1)
    expect(decoder.state).toBe('restarting')
    clock.move(1)
  }
})
