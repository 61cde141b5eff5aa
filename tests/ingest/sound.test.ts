import { execFileSync } from 'node:child_process'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import type { StreamId } from '../../server/domain/ids.js'
import { asId } from '../../server/domain/ids.js'
import { openIngest } from '../../server/ingest/open-ingest.js'
import type { SessionNews } from '../../server/ingest/session-news.js'
import type { Packet } from '../../server/media/packet.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { closeAfterTest, closeAllOpened, hasFfmpeg, hasRtspServer, startRtspServer } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { isLive, STREAM, watchStream } from './watch-session.js'

import.meta.jest.setTimeout(60_000)
afterEach(closeAllOpened)

const withRtsp = hasFfmpeg() && hasRtspServer() ? test : test.skip
const TONE_HZ = 440

withRtsp('G.711 sound comes as AAC, one frame a packet, on an even time line, and is the tone that was played', async () => {
  const server = await startRtspServer({ mounts: { '/main': { live: '320x180@15', tone: TONE_HZ } } })
  const watched = await watchStream({ url: server.url('/main'), transport: 'auto', media: 'sound' })
  expect(await watched.until(isLive)).toMatchObject({ codec: 'mp4a.40.2', attempts: 0 })
  const reader = watched.hub.subscribe(STREAM, { from: 'next_key', capacity: 100, whenFull: 'mark_gap' })
  const seen: Packet[] = []
  for await (const packet of reader) if (seen.push(packet) >= 32) break
  const { timescale } = seen[0]!.init
  expect(seen.every(({ key, durationTicks }) => key && durationTicks === (1024 * timescale) / 16_000)).toBe(true)
  for (const [index, packet] of seen.entries()) if (index > 0) expect(packet.decodeTime).toBe((seen[index - 1]?.decodeTime ?? 0) + (seen[index - 1]?.durationTicks ?? 0))
  expect(pitchOf(seen)).toBeGreaterThan(TONE_HZ * 0.97)
  expect(pitchOf(seen)).toBeLessThan(TONE_HZ * 1.03)
})

withRtsp('a camera without sound says so, and its picture is not touched by the asking', async () => {
  const server = await startRtspServer({ mounts: { '/main': { live: '320x180@15' } } })
  const sound = asId<StreamId>('cam-1-sound')
  const news = new Map<StreamId, SessionNews>()
  const hub = openMemoryPacketHub()
  const ingest = await openIngest({ hub, clock: systemClock, log: silentLog, ffmpeg: 'ffmpeg', runId: `test:${process.pid}`, onSession: (stream, said) => news.set(stream, said) })
  closeAfterTest(() => ingest.close())
  ingest.setStream(STREAM, { url: server.url('/main'), transport: 'auto' })
  await until('the picture is live', () => news.get(STREAM)?.state === 'live')
  ingest.setStream(sound, { url: server.url('/main'), transport: 'auto', media: 'sound' })
  await until('the sound has said why', () => news.get(sound)?.fault?.name === 'no_sound')
  expect(news.get(STREAM)).toMatchObject({ state: 'live', attempts: 0 })
  ingest.removeStream(sound)
  expect(ingest.sessions().map(({ streamId }) => streamId)).toEqual([STREAM])
})

/** Cycles a second of what ffmpeg decodes from these packets: half of the times that the wave crosses zero. */
function pitchOf(packets: readonly Packet[]): number {
  const input = Buffer.concat([packets[0]?.init.bytes ?? new Uint8Array(), ...packets.map(({ bytes }) => bytes)])
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', '-', '-f', 's16le', '-ar', '16000', '-ac', '1', '-'], { input, stdio: ['pipe', 'pipe', 'pipe'] })
  // The encoder's first frames fade in.
  const samples = Array.from({ length: raw.length / 2 }, (_, at) => raw.readInt16LE(at * 2)).slice(4_096)
  const crossings = samples.filter((sample, at) => at > 0 && sample >= 0 !== (samples[at - 1] ?? 0) >= 0).length
  return crossings / 2 / (samples.length / 16_000)
}
