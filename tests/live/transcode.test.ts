import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub, type MemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { openLive, type Live } from '../../server/live/open-live.js'
import { openTranscodeBudget, placesFor, playsAsSent } from '../../server/live/transcode-budget.js'
import { openTranscoder } from '../../server/live/transcoder.js'
import type { Packet } from '../../server/media/packet.js'
import { silentLog } from '../../server/system/log.js'
import { makeFragments, readAll } from '../media/pictures.js'
import { makeHandClock, type HandClock } from '../support/hand-clock.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'

import.meta.jest.setTimeout(60_000)

const withFfmpeg = hasFfmpeg() ? test : test.skip
const RUN = `transcode-test:${process.pid}`
const [ONE, TWO] = [asId<StreamId>('one-main'), asId<StreamId>('two-main')]

let h265: readonly Packet[] = []
let h264: readonly Packet[] = []
beforeAll(() => {
  if (!hasFfmpeg()) return
  h265 = readAll(makeFragments({ seconds: 5, codec: 'libx265', size: '320x180' })).packets
  h264 = readAll(makeFragments({ seconds: 2, size: '192x108' })).packets
})

interface Stage {
  readonly clock: HandClock
  readonly hub: MemoryPacketHub
  readonly live: Live
  /** Streams whose way to the browser changed, as they were told. */
  readonly told: StreamId[]
  /** These packets arrive now, on the stream's time line behind what was sent before. */
  send(stream: StreamId, packets: readonly Packet[]): void
  get(stream: StreamId, file: string): Promise<{ readonly status: number; readonly body: string | Uint8Array }>
}

const open = new Set<Live>()
afterEach(() => {
  for (const live of open) live.close()
  open.clear()
})

function openStage(atOnceMax = 2, ffmpeg = 'ffmpeg'): Stage {
  const clock = makeHandClock(1_700_000_000_000)
  const hub = openMemoryPacketHub()
  const told: StreamId[] = []
  const live = openLive({ hub, clock, log: silentLog, transcode: { ffmpeg, runId: RUN, atOnceMax }, onTranscoding: (stream) => told.push(stream) })
  open.add(live)
  const ends = new Map<StreamId, number>()
  return {
    clock,
    hub,
    live,
    told,
    send(stream, packets) {
      const from = ends.get(stream) ?? 0
      const first = packets[0]?.decodeTime ?? 0
      for (const [index, packet] of packets.entries()) hub.publish(stream, { ...packet, decodeTime: from + packet.decodeTime - first, atMs: clock.wallMs() + index * 40 })
      const last = packets.at(-1)
      ends.set(stream, from + (last ? last.decodeTime - first + last.durationTicks : 0))
    },
    async get(stream, file) {
      const { status, body } = await live.answer(stream, { file })
      return { status, body: typeof body === 'string' ? body : Buffer.concat(body) }
    },
  }
}

const children = (): readonly number[] =>
  readdirSync('/proc').flatMap((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').includes(`VONGLAU_RUN=${RUN}\0`) ? [Number(name)] : []
    } catch {
      return [] // it ended while we looked
    }
  })

/** The whole of what a player can fetch now, as ffprobe sees it: codec, size and the times of key pictures. */
async function probe(stage: Stage, stream: StreamId, init: number): Promise<{ readonly stream: string; readonly keys: readonly number[] }> {
  const list = String((await stage.get(stream, 'media.m3u8')).body)
  const mine = list.split('#EXT-X-MAP:').find((part) => part.startsWith(`URI="init-${init}.mp4"`)) ?? ''
  const segments = [...new Set([...mine.matchAll(/seg-\d+\.m4s|part-\d+-\d+\.m4s(?=",INDEP|"\n)/g)].map(([name]) => name))].filter((name) => name.startsWith('seg') || !mine.includes(`seg-${name.split('-')[1]}.`))
  const pieces = await Promise.all([`init-${init}.mp4`, ...segments].map(async (file) => (await stage.get(stream, file)).body as Uint8Array))
  const input = Buffer.concat(pieces)
  const told = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name,width,height:packet=pts_time,flags', '-of', 'csv', '-'], { input }).toString()
  const keys = [...told.matchAll(/^packet,([\d.]+),K/gm)].map(([, time]) => Number(time))
  return { stream: /^stream,(.*)$/m.exec(told)?.[1] ?? told, keys: keys.map((time) => Math.round((time - (keys[0] ?? 0)) * 100) / 100) }
}

withFfmpeg('H.265 is shown as H.264 while somebody watches: same size, a key picture every two seconds, dated by its own arrival', async () => {
  const stage = openStage()
  const asked = stage.get(ONE, 'media.m3u8')
  stage.send(ONE, h265)
  expect((await asked).status).toBe(200)
  await until('two segments are whole', async () => /seg-\d+.*seg-\d+/s.test(String((await stage.get(ONE, 'media.m3u8')).body)))
  const list = String((await stage.get(ONE, 'media.m3u8')).body)
  expect([...list.matchAll(/DATE-TIME:(\S+)/g)].slice(0, 2).map(([, at]) => Date.parse(at ?? '') - stage.clock.wallMs())).toEqual([0, 2_000])
  expect(await probe(stage, ONE, 0)).toEqual({ stream: 'h264,320,180', keys: [0, 2, 4] })
  expect(String((await stage.get(ONE, 'index.m3u8')).body)).toMatch(/CODECS="avc1\.[0-9a-f]{6}",RESOLUTION=320x180/)
  expect(stage.live.transcoding(ONE)).toBe('running')
  expect(stage.live.counters().transcoding).toBe(1)
})

withFfmpeg('nobody watches for a quarter of a minute: the transcoder is gone; the stream is read on', async () => {
  const stage = openStage()
  const asked = stage.get(ONE, 'media.m3u8')
  stage.send(ONE, h265.slice(0, 50))
  await asked
  expect(children()).toHaveLength(1)
  stage.clock.move(21_000)
  expect(stage.live.counters()).toMatchObject({ channels: 0, transcoding: 0 })
  await until('ffmpeg is gone', () => children().length === 0)
  expect(stage.hub.counters().streams).toBe(1)
})

withFfmpeg('when all places are taken the next viewer is told so at once, in words, and gets the first place that is free', async () => {
  const stage = openStage(1)
  const first = stage.get(ONE, 'media.m3u8')
  stage.send(ONE, h265.slice(0, 50))
  expect((await first).status).toBe(200)
  const second = stage.get(TWO, 'media.m3u8')
  stage.send(TWO, h265.slice(0, 50))
  expect(await second).toMatchObject({ status: 503, body: expect.stringMatching(/transcodes as many streams as it can/) })
  expect([stage.live.transcoding(TWO), stage.told]).toEqual(['full', [TWO]])
  // The first viewer leaves; the second asks on.
  for (let second = 0; second < 21; second += 1) {
    stage.clock.move(1_000)
    await stage.get(TWO, 'index.m3u8')
  }
  expect(stage.live.transcoding(ONE)).toBeNull()
  stage.send(TWO, h265.slice(0, 50))
  await until('the second is transcoded', () => stage.live.transcoding(TWO) === 'running')
  expect(stage.told).toEqual([TWO, TWO])
  await until('and shown', async () => (await stage.get(TWO, 'media.m3u8')).status === 200)
})

withFfmpeg('an ffmpeg that dies is started again after a pause, on the same time line, and the list goes on with a discontinuity', async () => {
  const stage = openStage()
  const asked = stage.get(ONE, 'media.m3u8')
  stage.send(ONE, h265.slice(0, 50))
  await asked
  for (const pid of children()) process.kill(pid, 'SIGKILL')
  await until('the death was seen', () => stage.live.transcoding(ONE) === 'restarting')
  expect(stage.live.counters().transcoding).toBe(0)
  stage.clock.move(500)
  stage.send(ONE, h265.slice(50, 100))
  await until('the list goes on', async () => String((await stage.get(ONE, 'media.m3u8')).body).includes('#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1.mp4"'))
  expect(stage.live.transcoding(ONE)).toBe('running')
})

withFfmpeg('a camera that changes between H.264 and H.265 (T9) stays one list: new init segments, discontinuities, and no transcoder for what needs none', async () => {
  const stage = openStage()
  stage.send(ONE, h264)
  expect((await stage.get(ONE, 'media.m3u8')).status).toBe(200)
  expect(stage.live.counters().transcoding).toBe(0)
  stage.send(ONE, h265)
  await until('the transcoded picture is listed', async () => String((await stage.get(ONE, 'media.m3u8')).body).includes('#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1.mp4"'))
  await until('a whole segment of it', async () => (await probe(stage, ONE, 1)).keys.length >= 2)
  expect((await probe(stage, ONE, 1)).stream).toBe('h264,320,180')
  stage.send(ONE, h264)
  await until('the list shows what the camera sends', async () => String((await stage.get(ONE, 'media.m3u8')).body).includes('URI="init-2.mp4"'))
  expect(stage.live.counters().transcoding).toBe(0)
  await until('ffmpeg is gone', () => children().length === 0)
})

withFfmpeg('without ffmpeg such a stream is refused in words', async () => {
  const clock = makeHandClock(1_700_000_000_000)
  const hub = openMemoryPacketHub()
  const live = openLive({ hub, clock, log: silentLog })
  open.add(live)
  const [key] = h265 as readonly [Packet]
  const asked = live.answer(ONE, { file: 'media.m3u8' })
  hub.publish(ONE, { ...key, atMs: clock.wallMs() })
  await new Promise(setImmediate)
  clock.move(6_000)
  expect(await asked).toMatchObject({ status: 503, body: expect.stringMatching(/no ffmpeg/) })
})

withFfmpeg('an ffmpeg that does not take its packets makes nobody wait and nothing grow: what does not fit is dropped up to the next key picture', async () => {
  const folder = mkdtempSync(`${tmpdir()}/ffmpeg-`)
  writeFileSync(`${folder}/ffmpeg`, '#!/bin/sh\nexec sleep 60\n')
  chmodSync(`${folder}/ffmpeg`, 0o755)
  const budget = openTranscodeBudget(1)
  const transcoder = openTranscoder({ ffmpeg: `${folder}/ffmpeg`, runId: RUN, budget, clock: makeHandClock(), log: silentLog, onPacket: () => undefined, onState: () => undefined })
  const fat = h265.slice(0, 25).map((packet): Packet => ({ ...packet, bytes: new Uint8Array(512 << 10) }))
  for (const packet of fat) transcoder.feed(packet)
  // Four fit below two megabytes, a fifth goes over; the pipe itself takes a little.
  expect(transcoder.dropped).toBeGreaterThanOrEqual(fat.length - 6)
  transcoder.close()
  expect(budget.running).toBe(0)
  await until('it is gone', () => children().length === 0)
})

test.each([
  ['avc1.64001f', true],
  ['avc3.42c01e', true],
  ['hvc1.1.6.L93.90', false],
  ['mp4v.20', false],
  ['mp4v.6C', false],
  ['jpeg', false],
])('%s plays as sent: %s', (codec, plays) => {
  expect(playsAsSent(codec)).toBe(plays)
})

test.each([[1, 1], [2, 2], [16, 16], [0, 1]])('%s cores have places for %s', (cores, places) => {
  expect(placesFor(cores)).toBe(places)
})
