import fc from 'fast-check'
import { placePacket, startTimeLine, type TimeLine } from '../../server/media/time-line.js'

interface Sent {
  readonly claimedMs: number
  readonly waitedMs: number
}

/** Plays packets onto a fresh line; tells who paces at the end, and how media time went against wall time over the last `lastS` seconds. */
function play(packets: readonly Sent[], lastS: number): { readonly pacing: TimeLine['pacing']; readonly rate: number; readonly line: TimeLine } {
  let line = startTimeLine()
  let atMs = 1_700_000_000_000
  const marks: { readonly atMs: number; readonly ticks: number }[] = []
  for (const { claimedMs, waitedMs } of packets) {
    atMs += waitedMs
    const placed = placePacket(line, Math.round(claimedMs * 90), atMs)
    expect(placed.decodeTime).toBe(line.nextTicks)
    expect(placed.durationTicks).toBeGreaterThan(0)
    line = placed.line
    marks.push({ atMs, ticks: line.nextTicks })
  }
  const from = marks.findLast((mark) => mark.atMs <= atMs - lastS * 1000) ?? marks[0]
  return { pacing: line.pacing, rate: (line.nextTicks - (from?.ticks ?? 0)) / 90 / Math.max(1, atMs - (from?.atMs ?? 0)), line }
}

const times = (seconds: number, fps: number, part: Partial<Sent> = {}): readonly Sent[] => Array.from({ length: seconds * fps }, () => ({ claimedMs: 1000 / fps, waitedMs: 1000 / fps, ...part }))
const burst = (seconds: number): readonly Sent[] => times(seconds, 25, { waitedMs: 0 })

test.each([
  { name: 'a sound camera', packets: times(30, 25), pacing: 'camera' },
  { name: 'a slow one', packets: times(60, 1), pacing: 'camera' },
  { name: 'one whose pictures come in bursts of two seconds', packets: Array.from({ length: 15 }, () => [...times(2, 25, { waitedMs: 0 }).slice(1), { claimedMs: 40, waitedMs: 2_000 }]).flat(), pacing: 'camera' },
  { name: 'one that sends ten seconds of stored pictures first', packets: [...burst(10), ...times(30, 25)], pacing: 'camera' },
  { name: 'one behind a network that held everything for eight seconds', packets: [...times(15, 25), { claimedMs: 40, waitedMs: 8_000 }, ...burst(8), ...times(20, 25)], pacing: 'camera' },
  { name: 'our own clock set an hour ahead', packets: [...times(15, 25), { claimedMs: 40, waitedMs: 3_600_000 }, ...times(15, 25)], pacing: 'camera' },
  { name: 'our own clock set an hour back', packets: [...times(15, 25), { claimedMs: 40, waitedMs: -3_600_000 }, ...times(15, 25)], pacing: 'camera' },
  { name: 'our own clock set ten seconds ahead', packets: [...times(15, 25), { claimedMs: 40, waitedMs: 10_000 }, ...times(15, 25)], pacing: 'camera' },
  { name: 'a clock ten times too fast', packets: times(30, 25, { claimedMs: 400 }), pacing: 'arrival' },
  { name: 'a clock twice too fast', packets: times(40, 25, { claimedMs: 80 }), pacing: 'arrival' },
  { name: 'a clock so fast that each picture is a jump, at 20 a second', packets: times(40, 20, { claimedMs: 66_000 }), pacing: 'camera' },
  { name: 'the same at 10 a second, where 25 would be a lie', packets: times(40, 10, { claimedMs: 66_000 }), pacing: 'arrival' },
  { name: 'a clock five times too slow', packets: times(40, 25, { claimedMs: 8 }), pacing: 'arrival' },
  { name: 'a clock that stands still, at 10 pictures a second', packets: times(40, 10, { claimedMs: 0 }), pacing: 'arrival' },
  { name: 'a clock that was fast and was mended', packets: [...times(20, 25, { claimedMs: 400 }), ...times(25, 25)], pacing: 'camera' },
] as const)('$name is paced by $pacing', ({ packets, pacing }) => {
  const played = play(packets, 5)
  expect(played.pacing).toBe(pacing)
  expect(played.rate).toBeGreaterThan(0.6)
  expect(played.rate).toBeLessThan(1.4)
})

test.each([
  { name: 'ten times too fast', part: { claimedMs: 400 } },
  { name: 'five times too slow', part: { claimedMs: 8 } },
])('paced by arrival, a clock $name ends with media time as fast as the wall clock, to one part in fifty', ({ part }) => {
  expect(Math.abs(play(times(60, 25, part), 20).rate - 1)).toBeLessThan(0.02)
})

test('stamps that jitter to nearly nothing cost no time: what one picture is lent, the next gives back', () => {
  const jitter = times(30, 25).map((packet, index) => ({ ...packet, claimedMs: index % 2 === 0 ? 1 : 79 }))
  const { line } = play(jitter, 5)
  expect(Math.abs(line.nextTicks / 90 - 30_000)).toBeLessThan(200)
})

test('a step back by 5 s, which ffmpeg hands on as five seconds of next to nothing, lasts five seconds', () => {
  const { line } = play([...times(2, 25), ...times(5, 25, { claimedMs: 1 / 90 }), ...times(2, 25)], 5)
  expect(Math.abs(line.nextTicks / 90 - 9_000)).toBeLessThan(200)
})

test('whatever is claimed and whenever it comes, also after wraps and steps of our own clock: time only grows, and no picture is longer than its wait allows', () => {
  const packet = fc.record({ claimedMs: fc.oneof(fc.nat(100), fc.nat(47_721_858), fc.constant(0)), waitedMs: fc.oneof(fc.nat(100), fc.integer({ min: -7_200_000, max: 7_200_000 })) })
  fc.assert(
    fc.property(fc.array(packet, { minLength: 1, maxLength: 400 }), (packets) => {
      let line = startTimeLine()
      let atMs = 1_700_000_000_000
      for (const { claimedMs, waitedMs } of packets) {
        atMs += waitedMs
        const { durationTicks, line: next } = placePacket(line, Math.round(claimedMs * 90), atMs)
        expect(Number.isInteger(durationTicks) && durationTicks > 0 && next.nextTicks === line.nextTicks + durationTicks).toBe(true)
        expect(durationTicks / 90).toBeLessThanOrEqual(2 * Math.max(0, waitedMs) + 30_001)
        line = next
      }
    }),
  )
})
