import fc from 'fast-check'
import { openRtpMerger, type Fragmented } from '../../server/ingest/rtp-merger.js'

interface Sent {
  readonly codec: Fragmented
  readonly units: readonly { readonly size: number; readonly type: number; readonly atTicks: number }[]
  readonly mtu: number
}

const VIDEO = 96
const AUDIO = 0

/** A camera's RTP as it comes over TCP: units cut at the network's size, a report and a sound packet between. */
function wireOf({ codec, units, mtu }: Sent): { readonly bytes: Buffer; readonly packets: number } {
  const frames: Buffer[] = []
  let sequence = 65_530
  const add = (channel: number, packet: Buffer): void => {
    frames.push(Buffer.concat([Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff]), packet]))
  }
  const rtp = (atTicks: number, marker: boolean, payload: Buffer): void => {
    const head = Buffer.alloc(12)
    head[0] = 0x80
    head[1] = VIDEO | (marker ? 0x80 : 0)
    head.writeUInt16BE(sequence & 0xffff, 2)
    head.writeUInt32BE(atTicks, 4)
    head.writeUInt32BE(0xcafe, 8)
    sequence += 1
    add(0, Buffer.concat([head, payload]))
  }
  for (const [index, unit] of units.entries()) {
    const head = codec === 'H264' ? Buffer.from([0x60 | unit.type]) : Buffer.from([unit.type << 1, 1])
    const body = Buffer.from(Array.from({ length: unit.size }, (_, at) => (at * 7 + index * 31) & 0xff))
    const marker = units[index + 1]?.atTicks !== unit.atTicks
    if (body.length <= mtu) rtp(unit.atTicks, marker, Buffer.concat([head, body]))
    else
      for (let at = 0; at < body.length; at += mtu) {
        const flags = (at === 0 ? 0x80 : 0) | (at + mtu >= body.length ? 0x40 : 0) | unit.type
        const piece = codec === 'H264' ? [0x60 | 28, flags] : [49 << 1, 1, flags]
        rtp(unit.atTicks, marker && at + mtu >= body.length, Buffer.concat([Buffer.from(piece), body.subarray(at, at + mtu)]))
      }
    if (index % 3 === 0) add(1, Buffer.from([0x80, 200, 0, 1, 0, 0, 0, 1]))
    if (index % 4 === 0) add(2, Buffer.concat([Buffer.from([0x80, AUDIO, 0, index, 0, 0, 0, index, 0, 0, 0, 9]), Buffer.alloc(160, index)]))
  }
  return { bytes: Buffer.concat(frames), packets: frames.length }
}

interface Read {
  readonly units: readonly string[]
  readonly others: readonly string[]
  readonly packets: number
  readonly sequences: readonly number[]
}

/** Reads RTP back into units (RFC 6184, 7798), as a player would, with what stood beside them. */
function readBack(bytes: Buffer, codec: Fragmented): Read {
  const units: string[] = []
  const others: string[] = []
  const sequences: number[] = []
  let open: Buffer[] = []
  let packets = 0
  for (let at = 0; at < bytes.length; ) {
    expect(bytes[at]).toBe(0x24)
    const size = bytes.readUInt16BE(at + 2)
    const packet = bytes.subarray(at + 4, at + 4 + size)
    const channel = bytes[at + 1]
    at += 4 + size
    packets += 1
    if (channel !== 0) {
      others.push(`${channel}:${packet.toString('hex')}`)
      continue
    }
    sequences.push(packet.readUInt16BE(2))
    const tail = `@${packet.readUInt32BE(4)}${(packet[1] as number) & 0x80 ? ' end' : ''}`
    const payload = packet.subarray(12)
    const isPiece = codec === 'H264' ? ((payload[0] as number) & 0x1f) === 28 : (((payload[0] as number) >> 1) & 0x3f) === 49
    if (!isPiece) {
      units.push(`${payload.toString('hex')}${tail}`)
      continue
    }
    const headBytes = codec === 'H264' ? 1 : 2
    const fu = payload[headBytes] as number
    expect(fu & 0xc0).not.toBe(0xc0)
    if (fu & 0x80) open = [codec === 'H264' ? Buffer.from([((payload[0] as number) & 0xe0) | (fu & 0x1f)]) : Buffer.from([(fu & 0x3f) << 1, payload[1] as number])]
    open.push(payload.subarray(headBytes + 1))
    if (fu & 0x40) units.push(`${Buffer.concat(open).toString('hex')}${tail}`)
  }
  return { units, others, packets, sequences }
}

function merge(bytes: Buffer, codec: Fragmented, cuts: readonly number[]): Buffer {
  const out: Buffer[] = []
  const merger = openRtpMerger({ codecOf: (type) => (type === VIDEO ? codec : null), take: () => Buffer.alloc(128 << 10), send: (full) => out.push(Buffer.from(full)) })
  // The memory is read into again after each call, as a socket's is.
  const shared = Buffer.alloc(bytes.length)
  let from = 0
  for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    const chunk = shared.subarray(0, to - from)
    chunk.set(bytes.subarray(from, to))
    merger.push(chunk)
    merger.flush()
    chunk.fill(0xee)
    from = to
  }
  return Buffer.concat(out)
}

const sent: fc.Arbitrary<Sent> = fc.record({
  codec: fc.constantFrom<Fragmented>('H264', 'H265'),
  units: fc.array(fc.record({ size: fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 4, max: 6_000 })), type: fc.constantFrom(1, 5, 7), atTicks: fc.integer({ min: 0, max: 4 }).map((n) => n * 3_600) }), { minLength: 1, maxLength: 12 }),
  mtu: fc.integer({ min: 60, max: 1_400 }),
})

test('joined packets hold the same units, at the same instants, with the same reports and sound beside them, however the bytes are cut', () => {
  fc.assert(
    fc.property(sent, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }), (wish, cuts) => {
      const wire = wireOf(wish)
      const merged = readBack(merge(wire.bytes, wish.codec, cuts.map((share) => Math.floor(share * wire.bytes.length))), wish.codec)
      const plain = readBack(wire.bytes, wish.codec)
      expect(merged.units).toEqual(plain.units)
      expect(merged.others).toEqual(plain.others)
      // No hole that was not there: ffmpeg would take it for a loss.
      merged.sequences.forEach((sequence, at) => at > 0 && expect(sequence).toBe(((merged.sequences[at - 1] as number) + 1) & 0xffff))
    }),
    { numRuns: 60 },
  )
})

test('a picture of 60 KB in 43 packets leaves as two, its first piece and the rest; one that does not fit leaves as three', () => {
  const one = wireOf({ codec: 'H264', units: [{ size: 60_000, type: 5, atTicks: 0 }], mtu: 1_400 })
  expect(one.packets).toBe(45)
  expect(readBack(merge(one.bytes, 'H264', []), 'H264').packets).toBe(4)
  const two = wireOf({ codec: 'H264', units: [{ size: 100_000, type: 5, atTicks: 0 }], mtu: 1_400 })
  expect(readBack(merge(two.bytes, 'H264', []), 'H264').packets).toBe(5)
})

test('a lost packet stays a hole of one number, and nothing is joined over it', () => {
  const wire = wireOf({ codec: 'H264', units: [{ size: 5_600, type: 5, atTicks: 0 }], mtu: 1_400 }).bytes
  const frame = 4 + wire.readUInt16BE(2)
  const torn = Buffer.concat([wire.subarray(0, frame), wire.subarray(2 * frame)])
  const { sequences } = readBack(merge(torn, 'H264', []), 'H264')
  expect(sequences).toEqual([65_530, 65_532])
})

test('packets of another payload, with padding, extension or sources, pass byte for byte', () => {
  const strange = [0xa0, 0x90, 0x81].map((first) => Buffer.concat([Buffer.from([0x24, 0, 0, 20, first, VIDEO, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2]), Buffer.from([28, 0x81, 1, 2, 3, 4, 5, 6])]))
  const wire = Buffer.concat(strange)
  expect(merge(wire, 'H264', []).equals(wire)).toBe(true)
})

test('any bytes at all: nothing is thrown, and no more is kept than one frame', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 2_000 }), { maxLength: 20 }), (chunks) => {
      const merger = openRtpMerger({ codecOf: () => 'H264', take: () => Buffer.alloc(128 << 10), send: () => undefined })
      for (const chunk of chunks) merger.push(chunk)
      merger.flush()
    }),
    { numRuns: 500 },
  )
})
