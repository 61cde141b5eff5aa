import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { MediaFault } from '../../server/media/fault.js'
import { openFragmenter } from '../../server/media/fragmenter.js'
import type { Packet } from '../../server/media/packet.js'
import { placePacket, resumeTimeLine, startTimeLine } from '../../server/media/time-line.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { makeFragments, packetsOf, readAll } from './pictures.js'

const withFfmpeg = hasFfmpeg() ? test : test.skip

/** What ffmpeg thinks of packets put behind their init segment: decode times, and whatever it has to complain of. */
function judge(packets: readonly Packet[]): { readonly times: readonly number[]; readonly complaints: string } {
  const file = Buffer.concat([packets[0]?.init.bytes ?? new Uint8Array(), ...packets.map(({ bytes }) => bytes)])
  const times = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'packet=dts', '-of', 'csv=p=0', '-'], { input: file, stdio: ['pipe', 'pipe', 'ignore'] })
  const complaints = execFileSync('ffmpeg', ['-v', 'warning', '-xerror', '-i', '-', '-f', 'null', '-'], { input: file, stdio: ['pipe', 'pipe', 'pipe'] })
  return { times: times.toString().trim().split('\n').map((line) => Number.parseInt(line, 10)), complaints: complaints.toString() }
}

withFfmpeg('a clip becomes an init segment and a packet for each picture', () => {
  const { init, packets } = readAll(makeFragments({ seconds: 2, fps: 25, gop: 25 }))
  expect(init).toMatchObject({ codec: expect.stringMatching(/^avc1\.42c0[0-9a-f]{2}$/), width: 160, height: 96, timescale: 90_000 })
  expect(packets).toHaveLength(50)
  expect(packets.map(({ key }, index) => (key ? index : -1)).filter((index) => index >= 0)).toEqual([0, 25])
  expect(packets.map(({ decodeTime }) => decodeTime)).toEqual(packets.map((_, index) => index * 3_600))
  expect(new Set(packets.map(({ durationTicks }) => durationTicks))).toEqual(new Set([3_600]))
})

for (const [codec, said, keys] of [['libx265', /^hvc1\.1\.6\.L\d+\.90$/, 1], ['mpeg4', /^mp4v\.20$/, 1], ['mjpeg', /^mp4v\.6C$/, 25]] as const) {
  withFfmpeg(`${codec} is named as such, has its key pictures, and ffmpeg decodes it under the tag we gave it`, () => {
    const { init, packets } = readAll(makeFragments({ seconds: 1, codec }))
    expect(init).toMatchObject({ codec: expect.stringMatching(said), width: 160, height: 96 })
    expect(packets.filter(({ key }) => key)).toHaveLength(keys)
    expect(judge(packets)).toEqual({ times: packets.map((_, index) => index * 3_600), complaints: '' })
  })
}

withFfmpeg('the cut of the pipe changes nothing', () => {
  const bytes = makeFragments({ seconds: 1 })
  const whole = readAll(bytes).packets
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
      const fragmenter = openFragmenter()
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
      const found = edges.slice(1).flatMap((edge, index) => packetsOf(fragmenter.push(bytes.subarray(edges[index], edge), 0)))
      expect(found.map(({ bytes: one }) => Buffer.from(one))).toEqual(whole.map(({ bytes: one }) => Buffer.from(one)))
    }),
    { numRuns: 30 },
  )
})

withFfmpeg('after a reconnect the time line goes on, in the bytes too, and ffmpeg decodes all of it', () => {
  const bytes = makeFragments({ seconds: 1 })
  const first = openFragmenter()
  const before = packetsOf(first.push(bytes, 0))
  const after = packetsOf(openFragmenter({ resume: first.line }).push(bytes, 10_000))
  const all = [...before, ...after]
  expect(all.map(({ decodeTime }) => decodeTime)).toEqual(all.map((_, index) => index * 3_600))
  const { times, complaints } = judge(all)
  expect(times).toEqual(all.map((_, index) => index * 3_600))
  expect(complaints).toBe('')
})

withFfmpeg.each(['libx264', 'libx265', 'mpeg4', 'mjpeg'] as const)('spoilt bytes of %s end in packets or in a MediaFault, nothing else', (codec) => {
  const bytes = makeFragments({ seconds: 1, codec })
  const spoil = fc.array(fc.record({ at: fc.nat(4_000), value: fc.nat(255) }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(spoil, (changes) => {
      const spoilt = Buffer.from(bytes)
      for (const { at, value } of changes) spoilt[at] = value
      try {
        const packets = packetsOf(openFragmenter().push(spoilt, 0))
        packets.reduce((last, { decodeTime, durationTicks }) => (expect(decodeTime).toBeGreaterThan(last), expect(durationTicks).toBeGreaterThan(0), decodeTime), -1)
      } catch (fault) {
        if (!(fault instanceof MediaFault)) throw fault
      }
    }),
    { numRuns: 1_500 },
  )
})

test.each([
  { name: 'a usual picture is believed', claimed: 3_600, waitedMs: 40, believed: true },
  { name: 'a burst after connecting is believed', claimed: 3_600, waitedMs: 0, believed: true },
  { name: 'a slow camera, one picture in 4 s, is believed', claimed: 360_000, waitedMs: 4_000, believed: true },
  { name: 'no duration at all is not', claimed: 0, waitedMs: 40, believed: false },
  { name: 'a jump of 2^31 ticks is not', claimed: 2 ** 31, waitedMs: 40, believed: false },
  { name: 'a step backwards (unsigned: nearly 2^32) is not', claimed: 2 ** 32 - 450_000, waitedMs: 40, believed: false },
  { name: 'ten minutes in one second is not', claimed: 600 * 90_000, waitedMs: 1_000, believed: false },
])('time line: $name', ({ claimed, waitedMs, believed }) => {
  const { line } = placePacket(startTimeLine(), 3_600, 0)
  const placed = placePacket(line, claimed, waitedMs)
  expect(placed.durationTicks).toBe(believed ? claimed : 3_600)
  expect(placed.decodeTime).toBe(3_600)
})

test('time line: whatever a camera claims, time only grows, also into a session with other ticks', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ claimed: fc.nat(2 ** 32 - 1), waitedMs: fc.nat(10_000) }), { minLength: 1 }), fc.integer({ min: 1, max: 1_000_000 }), (packets, timescale) => {
      let line = startTimeLine()
      let atMs = 0
      let endSeconds = 0
      for (const { claimed, waitedMs } of packets) {
        atMs += waitedMs
        const placed = placePacket(line, claimed, atMs)
        expect(placed.decodeTime).toBe(line.nextTicks)
        expect(placed.line.nextTicks).toBeGreaterThan(line.nextTicks)
        line = placed.line
        endSeconds = line.nextTicks / line.timescale
      }
      const resumed = resumeTimeLine(line, timescale)
      expect(resumed.nextTicks / timescale).toBeGreaterThanOrEqual(endSeconds - 1e-6)
    }),
  )
})
