import type { SessionNews } from '../../server/ingest/session-news.js'
import { openShelf } from '../../server/live/shelf.js'
import type { Packet } from '../../server/media/packet.js'
import { atOnce } from '../support/at-once.js'
import { BENDS, RTP_HZ, startBentRtp, type Bend } from '../support/bent-rtp.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip, startRtspServer } from '../support/rtsp-server.js'
import { STREAM, watchStream } from './watch-session.js'

import.meta.jest.setTimeout(60_000)
afterAll(closeAllOpened)

const withRtsp = hasFfmpeg() && hasRtspServer() ? test : test.skip

const S = RTP_HZ
withRtsp('a camera whose clock runs ten times too fast is paced by the arrival of its pictures, and that is told', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  // From the time on that the server announced (RTP-Info): ffmpeg makes up its own times where the first is far from it.
  let announced: number | null = null
  const wire = await startBentRtp(server.port, (time, picture) => (announced ??= time) + picture * 36_000)
  const watched = await watchStream({ url: `rtsp://127.0.0.1:${wire.port}/main`, transport: 'tcp' })
  expect((await watched.until(({ clockRate }) => clockRate !== undefined)).clockRate).toBeGreaterThan(4)
  const reader = watched.hub.subscribe(STREAM, { from: 'next_key', capacity: 200, whenFull: 'mark_gap' })
  const seen: Packet[] = []
  for await (const packet of reader) if (seen.push(packet) >= 100) break
  const [first, last] = [seen[0], seen.at(-1)] as [Packet, Packet]
  const rate = (last.decodeTime - first.decodeTime) / (S / 1000) / (last.atMs - first.atMs)
  expect(rate).toBeGreaterThan(0.3)
  expect(rate).toBeLessThan(3)
})

interface Bent {
  readonly seen: readonly Packet[]
  readonly told: readonly SessionNews[]
}

/** Each camera is behind a wire of its own: five seconds of pictures take five seconds, however many there are. */
let bentBy: (name: string) => Promise<Bent>
beforeAll(async () => {
  if (withRtsp === test.skip) return
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  const bends = new Map(BENDS)
  bentBy = atOnce([...bends.keys()], (name) => watchBent(server.port, bends.get(name)!))
})

async function watchBent(port: number, bend: Bend): Promise<Bent> {
  const wire = await startBentRtp(port, bend)
  const watched = await watchStream({ url: `rtsp://127.0.0.1:${wire.port}/main`, transport: 'tcp' })
  const reader = watched.hub.subscribe(STREAM, { from: 'next_key', capacity: 200, whenFull: 'mark_gap' })
  const seen: Packet[] = []
  for await (const packet of reader) if (seen.push(packet) >= 125) break
  return { seen, told: [...watched.told] }
}

for (const [name] of BENDS) {
  withRtsp(`a camera with an RTP time ${name} (T10): its packets lie end to end, at their real pace, in segments no longer than they should be`, async () => {
    const { seen, told } = await bentBy(name)
    for (const [index, packet] of seen.entries()) {
      expect(packet.durationTicks).toBeGreaterThan(0)
      if (index > 0) expect(packet.decodeTime).toBe((seen[index - 1]?.decodeTime ?? 0) + (seen[index - 1]?.durationTicks ?? 0))
    }
    // 125 pictures at 25 a second are five seconds; one second is what a jump may cost.
    const lastedS = ((seen.at(-1)?.decodeTime ?? 0) - (seen[0]?.decodeTime ?? 0)) / S
    expect(lastedS).toBeGreaterThan(4)
    expect(lastedS).toBeLessThan(6)
    const shelf = openShelf({ firstSequence: 1, partMsMax: 220, segmentMsMin: 1_000, segmentsKept: 100, keptMs: 1e9 })
    for (const packet of seen) shelf.add(packet)
    for (const segment of shelf.segments) expect(segment.parts.reduce((sum, part) => sum + part.durationMs, 0)).toBeLessThanOrEqual(2_000)
    expect(told.some(({ state }) => state === 'stalled' || state === 'waiting')).toBe(false)
  })
}
