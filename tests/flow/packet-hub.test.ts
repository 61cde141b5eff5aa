import fc from 'fast-check'
import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import type { PacketReader } from '../../server/flow/packet-hub.js'
import type { Packet } from '../../server/media/packet.js'
import { makePackets } from '../media/pictures.js'

const STREAM = asId<StreamId>('gate-1')

/** What waits for a reader now, taken out; a reader that has nothing more is closed. */
async function drain(reader: PacketReader, count: number): Promise<readonly Packet[]> {
  const taken: Packet[] = []
  const pictures = reader[Symbol.asyncIterator]()
  while (taken.length < count) taken.push((await pictures.next()).value as Packet)
  return taken
}

const times = (packets: readonly Packet[]): readonly number[] => packets.map(({ decodeTime }) => decodeTime / 3_600)

test('a new viewer starts with the newest key picture and misses nothing after it', async () => {
  const hub = openMemoryPacketHub()
  for (const packet of makePackets({ count: 35, gop: 25 })) hub.publish(STREAM, packet)
  const reader = hub.subscribe(STREAM, { from: 'last_key', capacity: 5, whenFull: 'skip_to_key' })
  expect(times(await drain(reader, 10))).toEqual([25, 26, 27, 28, 29, 30, 31, 32, 33, 34])
  expect(reader.lost).toBe(0)
})

test('who waits for the next key picture is given none before it', async () => {
  const hub = openMemoryPacketHub()
  const packets = makePackets({ count: 60, gop: 25 })
  for (const packet of packets.slice(0, 10)) hub.publish(STREAM, packet)
  const reader = hub.subscribe(STREAM, { from: 'next_key', capacity: 100, whenFull: 'mark_gap' })
  for (const packet of packets.slice(10)) hub.publish(STREAM, packet)
  expect(times(await drain(reader, 3))).toEqual([25, 26, 27])
  expect(reader.lost).toBe(0)
})

test('after an interrupt no viewer is started on the past', async () => {
  const hub = openMemoryPacketHub()
  for (const packet of makePackets({ count: 10 })) hub.publish(STREAM, packet)
  hub.interrupt(STREAM)
  const reader = hub.subscribe(STREAM, { from: 'last_key', capacity: 5, whenFull: 'skip_to_key' })
  for (const packet of makePackets({ count: 3, fromTicks: 360_000 })) hub.publish(STREAM, packet)
  expect(times(await drain(reader, 3))).toEqual([100, 101, 102])
})

test.each([
  // Capacity 10: eleven pictures fill it at 10; skip_to_key drops the ten that wait and all until key 25; mark_gap keeps them.
  { whenFull: 'skip_to_key' as const, taken: [25, 26, 27, 28, 29], lost: 25 },
  { whenFull: 'mark_gap' as const, taken: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], lost: 20 },
])('a reader that sleeps loses by its own rule: $whenFull', async ({ whenFull, taken, lost }) => {
  const hub = openMemoryPacketHub()
  const reader = hub.subscribe(STREAM, { from: 'next_key', capacity: 10, whenFull })
  for (const packet of makePackets({ count: 30, gop: 25 })) hub.publish(STREAM, packet)
  expect(times(await drain(reader, taken.length))).toEqual(taken)
  expect(reader.lost).toBe(lost)
  expect(hub.counters().lost).toBe(lost)
})

test('whatever the pace of readers: a reader starts on a key, sees time grow, goes on after a hole with a key, and counts what it lost', async () => {
  const reading = fc.record({ capacity: fc.integer({ min: 1, max: 30 }), whenFull: fc.constantFrom('skip_to_key' as const, 'mark_gap' as const), takes: fc.array(fc.nat(12), { minLength: 5, maxLength: 40 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(reading, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 30 }), async (readings, gop) => {
      const hub = openMemoryPacketHub()
      const readers = readings.map((one) => {
        const reader = hub.subscribe(STREAM, { from: 'next_key', ...one })
        return { ...one, reader, pictures: reader[Symbol.asyncIterator](), seen: [] as Packet[], waiting: null as Promise<IteratorResult<Packet>> | null }
      })
      const packets = makePackets({ count: 160, gop })
      for (const [index, packet] of packets.entries()) {
        // Publishing is a plain call: nobody can make it wait.
        expect(hub.publish(STREAM, packet)).toBeUndefined()
        if (index % 4 !== 3) continue
        for (const one of readers) {
          for (let take = one.takes[(index >> 2) % one.takes.length] ?? 0; take > 0; take -= 1) {
            one.waiting ??= one.pictures.next()
            const came = await Promise.race([one.waiting, Promise.resolve(null)])
            if (came === null || came.done === true) break
            one.waiting = null
            one.seen.push(came.value)
          }
        }
      }
      for (const { seen } of readers) {
        seen.forEach((packet, index) => {
          const before = seen[index - 1]
          if (!before) return expect(packet.key).toBe(true)
          expect(packet.decodeTime).toBeGreaterThan(before.decodeTime)
          if (packet.decodeTime !== before.decodeTime + before.durationTicks) expect(packet.key).toBe(true)
        })
      }
      expect(hub.counters()).toMatchObject({ packets: 160, lost: readers.reduce((sum, { reader }) => sum + reader.lost, 0) })
    }),
    { numRuns: 150 },
  )
})

test('recall covers a span from the key picture at or before it', () => {
  const hub = openMemoryPacketHub()
  for (const packet of makePackets({ count: 250, gop: 25, fromMs: 1_000 })) hub.publish(STREAM, packet)
  const recalled = hub.recall(STREAM, 4_500, 6_000)
  expect(recalled[0]).toMatchObject({ key: true, atMs: 4_000 })
  expect(recalled.at(-1)?.atMs).toBe(6_000)
  expect(hub.recall(STREAM, 20_000, 30_000)).toEqual([])
  expect(hub.recall(asId('unknown'), 0, 1e12)).toEqual([])
  expect(hub.newestAtMs(STREAM)).toBe(1_000 + 249 * 40)
})

test.each([
  { name: 'by time', rememberMs: 20_000, rememberBytesMax: 1e9, bytes: 10, oldest: 39_000 },
  { name: 'by bytes', rememberMs: 20_000, rememberBytesMax: 100_000, bytes: 1_000, oldest: 56_000 },
])('memory is bounded $name, and begins with a key picture', ({ rememberMs, rememberBytesMax, bytes, oldest }) => {
  const hub = openMemoryPacketHub({ rememberMs, rememberBytesMax })
  for (const packet of makePackets({ count: 25 * 60, gop: 25, bytes })) hub.publish(STREAM, packet)
  expect(hub.recall(STREAM, 0, 1e12)[0]).toMatchObject({ key: true, atMs: oldest })
  expect(hub.counters().rememberedBytes).toBeLessThanOrEqual(rememberBytesMax)
})

test('a camera that never sends a second key picture cannot fill the memory', () => {
  const hub = openMemoryPacketHub({ rememberBytesMax: 100_000 })
  for (const packet of makePackets({ count: 2_000, gop: 5_000, bytes: 1_000 })) hub.publish(STREAM, packet)
  expect(hub.counters().rememberedBytes).toBeLessThanOrEqual(100_000)
})

test('a removed stream ends its readers', async () => {
  const hub = openMemoryPacketHub()
  const reader = hub.subscribe(STREAM, { from: 'next_key', capacity: 10, whenFull: 'skip_to_key' })
  const end = (async () => {
    for await (const packet of reader) expect(packet).toBeUndefined()
    return 'ended'
  })()
  hub.forget(STREAM)
  expect(await end).toBe('ended')
  expect(hub.counters()).toMatchObject({ streams: 0, readers: 0 })
})

test('the most urgent reader says how long a packet may wait; when it leaves, the next one does', () => {
  const hub = openMemoryPacketHub()
  const nobodyMs = hub.withinMs(STREAM)
  hub.subscribe(STREAM, { from: 'next_key', capacity: 10, whenFull: 'mark_gap' })
  expect(hub.withinMs(STREAM)).toBe(nobodyMs)
  const eyes = hub.subscribe(STREAM, { from: 'next_key', capacity: 10, whenFull: 'skip_to_key', withinMs: () => 100 })
  const wall = hub.subscribe(STREAM, { from: 'next_key', capacity: 10, whenFull: 'skip_to_key', withinMs: () => 40 })
  expect(hub.withinMs(STREAM)).toBe(40)
  wall.close()
  expect(hub.withinMs(STREAM)).toBe(100)
  eyes.close()
  expect(hub.withinMs(STREAM)).toBe(nobodyMs)
})

test('a clock that is set back an hour does not make the hub remember for an hour (T11)', () => {
  const hub = openMemoryPacketHub({ rememberMs: 5_000 })
  const packets = makePackets({ count: 3_000, gop: 25 })
  packets.forEach((packet, index) => hub.publish(STREAM, { ...packet, atMs: index * 40 - (index < 500 ? 0 : 3_600_000) }))
  const kept = hub.recall(STREAM, -1e12, 1e12)
  expect(kept.length).toBeLessThanOrEqual(175)
  expect(kept.every(({ atMs }) => atMs < 0)).toBe(true)
})
