import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { openLive, type LiveAnswer } from '../../server/live/open-live.js'
import type { InitSegment, Packet } from '../../server/media/packet.js'
import { silentLog } from '../../server/system/log.js'
import { makePackets } from '../media/pictures.js'
import { makeStillClock } from '../support/still-clock.js'

const STREAM = asId<StreamId>('gate-1')
const START_MS = Date.UTC(2026, 10, 20, 9, 0, 0)
const FIRST = START_MS / 1000

function openStage(): {
  readonly clock: ReturnType<typeof makeStillClock>
  readonly live: ReturnType<typeof openLive>
  readonly shift: (ms: number) => void
  readonly send: (count: number, init?: InitSegment) => Promise<void>
  readonly get: (file: string, query?: { msn?: string; part?: string; signal?: AbortSignal }) => Promise<LiveAnswer>
} {
  const still = makeStillClock(START_MS)
  let steppedMs = 0
  const clock = { ...still, wallMs: () => still.wallMs() + steppedMs }
  const hub = openMemoryPacketHub()
  const live = openLive({ hub, clock, log: silentLog })
  let ticks = 0
  let sent = 0
  return {
    clock,
    live,
    /** Somebody sets our clock: wall time steps, the other goes on. */
    shift: (ms) => void (steppedMs += ms),
    /** The camera sends `count` pictures, 40 ms apart; a new init makes it a new session. */
    async send(count, init) {
      for (let index = 0; index < count; index += 1) {
        const [packet] = makePackets({ count: 1, fromMs: clock.wallMs(), fromTicks: ticks, ...(init ? { init } : {}) }) as [Packet]
        hub.publish(STREAM, { ...packet, key: sent % 50 === 0 || (init !== undefined && index === 0) })
        ticks += packet.durationTicks
        sent += 1
        clock.move(40)
      }
      await turn()
    },
    get: (file, query = {}) => live.answer(STREAM, { file, ...query }),
  }
}

const bytesOf = ({ body }: LiveAnswer): Buffer => Buffer.concat(typeof body === 'string' ? [] : body)

/** Lets readers take what waits for them. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const settled = async (promise: Promise<LiveAnswer>): Promise<LiveAnswer | 'held'> => {
  await turn()
  return Promise.race([promise, Promise.resolve('held' as const)])
}

test('a warm camera has a list at once; as we read it in review', async () => {
  const { send, get, live } = openStage()
  await send(50 + 50 + 12)
  const answer = await get('media.m3u8')
  expect(answer.headers).toEqual({ 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'no-store' })
  expect(answer.body).toBe(
    `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.660
#EXT-X-PART-INF:PART-TARGET=0.220
#EXT-X-MEDIA-SEQUENCE:${FIRST + 4}
#EXT-X-MAP:URI="init-0.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T09:00:00.000Z
${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((part) => `#EXT-X-PART:DURATION=0.20000,URI="part-${FIRST + 4}-${part}.m4s"${part === 0 ? ',INDEPENDENT=YES' : ''}`).join('\n')}
#EXTINF:2.00000,
seg-${FIRST + 4}.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T09:00:02.000Z
${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((part) => `#EXT-X-PART:DURATION=0.20000,URI="part-${FIRST + 5}-${part}.m4s"${part === 0 ? ',INDEPENDENT=YES' : ''}`).join('\n')}
#EXTINF:2.00000,
seg-${FIRST + 5}.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-20T09:00:04.000Z
#EXT-X-PART:DURATION=0.20000,URI="part-${FIRST + 6}-0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.20000,URI="part-${FIRST + 6}-1.m4s"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part-${FIRST + 6}-2.m4s"
`,
  )
  expect((await get('index.m3u8')).body).toBe(`#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-STREAM-INF:BANDWIDTH=2000,CODECS="avc1.42c01f",RESOLUTION=640x360\nmedia.m3u8\n`)
  live.close()
})

test('init, segments and parts are there by name, and are the bytes of the packets', async () => {
  const { send, get, live } = openStage()
  await send(62)
  await get('media.m3u8')
  const sequence = /#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(String((await get('media.m3u8')).body))?.[1]
  expect(await get('init-0.mp4')).toMatchObject({ status: 200, headers: { 'content-type': 'video/mp4' }, body: [new Uint8Array([1])] })
  expect(bytesOf(await get(`seg-${sequence}.m4s`))).toEqual(Buffer.concat(Array.from({ length: 50 }, () => new Uint8Array(10).fill(0))))
  expect(bytesOf(await get(`part-${sequence}-3.m4s`))).toHaveLength(50)
  for (const file of [`seg-${Number(sequence) + 1}.m4s`, 'seg-1.m4s', 'init-9.mp4', `part-${sequence}-99.m4s`, 'part-1-1.m4s', '../media.m3u8', 'media.m3u8/..', 'seg-.m4s', 'part-1.m4s', '']) expect([file, (await get(file)).status]).toEqual([file, 404])
  live.close()
})

test('a blocking reload is held until its part is there, and answered with it', async () => {
  const { send, get, live } = openStage()
  await send(52)
  await get('media.m3u8')
  const sequence = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(String((await get('media.m3u8')).body))?.[1]) + 1
  const held = get('media.m3u8', { msn: String(sequence), part: '0' })
  expect(await settled(held)).toBe('held')
  expect(live.counters().held).toBe(1)
  await send(3)
  expect(await settled(held)).toMatchObject({ status: 200, body: expect.stringContaining(`part-${sequence}-0.m4s",INDEPENDENT=YES`) })
  const hinted = get(`part-${sequence}-1.m4s`)
  expect(await settled(hinted)).toBe('held')
  await send(5)
  expect(await settled(hinted)).toMatchObject({ status: 200 })
  expect(live.counters().held).toBe(0)
  live.close()
})

test('a part past the end of a segment means the first of the next; an old one is answered at once', async () => {
  const { send, get, live } = openStage()
  await send(105)
  const sequence = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(String((await get('media.m3u8')).body))?.[1])
  expect(await settled(get('media.m3u8', { msn: String(sequence + 1), part: '10' }))).toMatchObject({ status: 200 })
  expect(await settled(get('media.m3u8', { msn: String(sequence - 3), part: '0' }))).toMatchObject({ status: 200 })
  expect(await settled(get('media.m3u8', { msn: String(sequence) }))).toMatchObject({ status: 200 })
  live.close()
})

test.each([
  ['a part without its segment', { part: '1' }, '_HLS_part: needs _HLS_msn beside it\n'],
  ['a segment that is no number', { msn: '1e3' }, '_HLS_msn: must be a whole number\n'],
  ['a part that is no number', { msn: '1', part: '-1' }, '_HLS_part: must be a whole number\n'],
  ['a segment of the far future (T20)', { msn: String(FIRST + 99_999) }, '_HLS_msn, _HLS_part: further ahead than a player may ask\n'],
  ['a part of the far future', { msn: String(FIRST + 4), part: '500' }, '_HLS_msn, _HLS_part: further ahead than a player may ask\n'],
])('refused at once with the field: %s', async (_, query, body) => {
  const { send, get, live } = openStage()
  await send(20)
  await get('media.m3u8')
  expect(await settled(get('media.m3u8', query))).toMatchObject({ status: 400, body })
  live.close()
})

test('nothing is held longer than three target durations, nor for a client that went', async () => {
  const { send, get, clock, live } = openStage()
  await send(60)
  const sequence = String(Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(String((await get('media.m3u8')).body))?.[1]) + 1)
  const left = new AbortController()
  const gone = get('media.m3u8', { msn: sequence, part: '5', signal: left.signal })
  const late = get('media.m3u8', { msn: sequence, part: '5' })
  expect(await settled(gone)).toBe('held')
  left.abort()
  expect(await settled(gone)).toMatchObject({ status: 503 })
  clock.move(5_900)
  expect(await settled(late)).toBe('held')
  clock.move(100)
  expect(await settled(late)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
  expect(live.counters().held).toBe(0)
  live.close()
})

test('2,000 are held for one stream; the next is told so at once, and a picture frees them all', async () => {
  const { send, get, live } = openStage()
  await send(52)
  const sequence = String(Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(String((await get('media.m3u8')).body))?.[1]) + 1)
  const held = Array.from({ length: 2_000 }, () => get('media.m3u8', { msn: sequence, part: '0' }))
  expect(live.counters().held).toBe(2_000)
  expect(await settled(get('media.m3u8', { msn: sequence, part: '0' }))).toMatchObject({ status: 503, body: 'too many requests are being held\n' })
  await send(5)
  expect(new Set((await Promise.all(held)).map(({ status }) => status))).toEqual(new Set([200]))
  expect(live.counters().held).toBe(0)
  live.close()
})

test('a new session is a discontinuity with an init segment of its own, and the list stays whole while the window moves past it', async () => {
  const { send, get, live } = openStage()
  await send(60)
  await get('media.m3u8')
  const init: InitSegment = { bytes: new Uint8Array([2]), codec: 'avc1.64001f', width: 1920, height: 1080, timescale: 90_000 }
  await send(60, init)
  const list = String((await get('media.m3u8')).body)
  expect(list).toMatch(/#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1\.mp4"\n/)
  expect(list).not.toMatch(/DISCONTINUITY-SEQUENCE/)
  expect((await get('init-1.mp4')).body).toEqual([new Uint8Array([2])])
  expect(String((await get('index.m3u8')).body)).toContain('RESOLUTION=1920x1080')
  await send(50 * 10, init)
  // One hole more: the camera's new GOP rhythm after the reconnect is its own; what counts is that the count moved with the window.
  expect(String((await get('media.m3u8')).body)).toMatch(/#EXT-X-DISCONTINUITY-SEQUENCE:1\n/)
  expect(await get('init-0.mp4')).toMatchObject({ status: 404 })
  live.close()
})

test('our own clock set an hour back, then two hours ahead (T11): the list goes on by number, without a hole, and its times follow', async () => {
  const { send, get, live, shift } = openStage()
  await send(50)
  const times = async (): Promise<readonly number[]> => [...String((await get('media.m3u8')).body).matchAll(/DATE-TIME:(\S+)/g)].map(([, at]) => (Date.parse(at ?? '') - START_MS) / 1000)
  expect(await times()).toEqual([0])
  for (const hours of [-1, 2]) {
    shift(hours * 3_600_000)
    await send(50)
  }
  await send(50)
  const list = String((await get('media.m3u8')).body)
  expect(list).not.toContain('DISCONTINUITY')
  expect([...list.matchAll(/seg-(\d+)\.m4s\n/g)].map(([, sequence]) => Number(sequence) - FIRST)).toEqual([2, 3, 4])
  expect(await times()).toEqual([0, 2 - 3600, 4 + 3600, 6 + 3600])
  live.close()
})

test('a camera that sends nothing has no list; when it goes dark, no new viewer is shown its past', async () => {
  const { send, get, clock, live } = openStage()
  const first = get('media.m3u8')
  expect(await settled(first)).toBe('held')
  clock.move(6_000)
  expect(await settled(first)).toMatchObject({ status: 503 })
  await send(60)
  expect(await settled(get('media.m3u8'))).toMatchObject({ status: 200 })
  clock.move(7_000)
  expect(await settled(get('media.m3u8'))).toBe('held')
  live.close()
})

test('nobody watches for a minute: the packager rests, and begins again when asked', async () => {
  const { send, get, clock, live } = openStage()
  await send(60)
  await get('media.m3u8')
  expect(live.counters().channels).toBe(1)
  clock.move(70_000)
  expect(live.counters().channels).toBe(0)
  await send(60)
  expect(await settled(get('media.m3u8'))).toMatchObject({ status: 200 })
  live.close()
})
