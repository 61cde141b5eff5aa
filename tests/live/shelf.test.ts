import fc from 'fast-check'
import { partTargetMs, usualPictureMs } from '../../server/live/part-target.js'
import { byteCount, openShelf } from '../../server/live/shelf.js'
import type { Packet } from '../../server/media/packet.js'
import { makePackets } from '../media/pictures.js'

test.each([
  { fps: 60, target: 220 },
  { fps: 30, target: 220 },
  { fps: 25, target: 220 },
  { fps: 20, target: 220 },
  { fps: 15, target: 220 },
  { fps: 12, target: 190 },
  { fps: 8, target: 280 },
  { fps: 5, target: 220 },
  { fps: 1, target: 1_100 },
])('PART-TARGET at $fps pictures a second is $target ms', ({ fps, target }) => {
  expect(partTargetMs(1000 / fps)).toBe(target)
})

test('one stumble does not change what is usual', () => {
  expect(usualPictureMs([40, 40, 120, 40, 41])).toBe(40)
})

test('whatever the jitter: no part longer than PART-TARGET, none but the last of a segment shorter than 85 % of it less one picture, segments begin with a key, nothing is lost', () => {
  const camera = fc.record({ fps: fc.constantFrom(5, 8, 10, 12, 15, 20, 25, 30, 50), gop: fc.integer({ min: 10, max: 120 }), jitter: fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 7, maxLength: 30 }) })
  fc.assert(
    fc.property(camera, ({ fps, gop, jitter }) => {
      const partMsMax = partTargetMs(1000 / fps)
      const shelf = openShelf({ firstSequence: 7, partMsMax, segmentMsMin: 1_000, segmentsKept: 1_000, keptMs: 1e9 })
      let ticks = 0
      const packets: Packet[] = makePackets({ count: 400, fps, gop, bytes: 1 }).map((packet, index) => {
        const durationTicks = Math.round(packet.durationTicks * (1 + (jitter[index % jitter.length] ?? 0) / 100))
        const placed = { ...packet, decodeTime: ticks, durationTicks }
        ticks += durationTicks
        return placed
      })
      for (const packet of packets) shelf.add(packet)
      const whole = shelf.segments.filter((segment) => segment.whole)
      for (const [index, segment] of whole.entries()) {
        expect(segment.sequence).toBe(7 + index)
        expect(segment.parts[0]?.independent).toBe(true)
        for (const part of segment.parts) expect(part.durationMs).toBeLessThanOrEqual(partMsMax + 1e-6)
        for (const part of segment.parts.slice(0, -1)) expect(part.durationMs).toBeGreaterThanOrEqual(0.85 * partMsMax - 1000 / fps / 10)
      }
      const shown = whole.reduce((sum, segment) => sum + segment.parts.reduce((bytes, part) => bytes + byteCount(part.pieces), 0), 0)
      expect(packets[shown]?.key).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('a hole in time begins a new segment with a discontinuity, at a key picture only', () => {
  const shelf = openShelf({ firstSequence: 1, partMsMax: 220, segmentMsMin: 1_000, segmentsKept: 7, keptMs: 1e9 })
  const packets = makePackets({ count: 75, gop: 25 })
  for (const [index, packet] of packets.entries()) if (index < 10 || index >= 30) shelf.add(packet)
  expect(shelf.segments.map(({ sequence, discontinuity, whole }) => [sequence, discontinuity, whole])).toEqual([[1, false, true], [2, true, false]])
  expect(shelf.segments[1]?.atMs).toBe(2_000)
})

test('the wall time of a segment follows arrival slowly, never runs ahead of it, and follows a step of the clock at once', () => {
  const at = (lateMs: readonly number[]): readonly number[] => {
    const shelf = openShelf({ firstSequence: 1, partMsMax: 220, segmentMsMin: 1_000, segmentsKept: 100, keptMs: 1e9 })
    for (const [index, packet] of makePackets({ count: 25 * lateMs.length, gop: 25 }).entries()) shelf.add({ ...packet, atMs: packet.atMs + (lateMs[Math.floor(index / 25)] ?? 0) })
    return shelf.segments.map((segment, index) => Math.round(segment.atMs - index * 1_000))
  }
  expect(at([100, 200, 100, 50, 50])).toEqual([100, 110, 100, 50, 50])
  expect(at([0, 3_600_000, 3_600_000])).toEqual([0, 3_600_000, 3_600_000])
})

test.each([
  { gop: 25, kept: 7, why: 'segments of one second: seven, as listed' },
  { gop: 50, kept: 4, why: 'of two seconds: eight seconds of them' },
  { gop: 250, kept: 4, why: 'of ten seconds: four, the least that a list may hold' },
])('a key picture each $gop pictures: $why', ({ gop, kept }) => {
  const shelf = openShelf({ firstSequence: 1, partMsMax: 220, segmentMsMin: 1_000, segmentsKept: 7, keptMs: 8_000 })
  for (const packet of makePackets({ count: gop * 12 + 1, fps: 25, gop, bytes: 1 })) shelf.add(packet)
  expect(shelf.segments.filter(({ whole }) => whole)).toHaveLength(kept)
})
