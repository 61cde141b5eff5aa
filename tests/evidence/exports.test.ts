import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Export } from '../../server/domain/export.js'
import { fileOf, openExports, type Exports, type ExportsOptions } from '../../server/evidence/exports.js'
import { concatList } from '../../server/evidence/export-pieces.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import type { Packet } from '../../server/media/packet.js'
import type { Store } from '../../server/storage/store.js'
import { runToEnd } from '../../server/system/child.js'
import { wallTimeIn } from '../../server/system/local-time.js'
import { silentLog } from '../../server/system/log.js'
import { coversOf } from '../support/covers.js'
import { clipFrames } from '../support/clip-frames.js'
import { makeHandClock, type HandClock } from '../support/hand-clock.js'
import { arrivedAt, greySteps, stepOf } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { JUNCTION, LAN, T0 } from '../support/small-city.js'
import { makeCityStores } from '../support/small-city-store.js'
import { until } from '../support/until.js'

const FPS = 5
const [WIDTH, HEIGHT] = [320, 180]
const FIRST_MS = T0 - 60_000
const by = { id: LAN, displayName: 'Đỗ Thị Lan', name: 'lan:drawtext=textfile=/etc/hostname' }
const describeMedia = hasFfmpeg() ? describe : describe.skip
const stores = makeCityStores()
afterAll(() => stores.remove())

describeMedia('a span of the past is exported', () => {
  let packets: readonly Packet[]
  let later: readonly Packet[]
  let folder: string
  let store: Store
  let clock: HandClock
  const opened: Exports[] = []
  beforeAll(async () => {
    const made = await greySteps({ width: WIDTH, height: HEIGHT, count: 70, gop: 10, fps: FPS })
    packets = made.packets.map((packet, n) => arrivedAt(packet, FIRST_MS + n * 200))
    // Another run, 20 s later, of another size: as after a camera was replaced.
    later = (await greySteps({ width: 160, height: 120, count: 20, gop: 10, fps: FPS })).packets.map((packet, n) => arrivedAt(packet, FIRST_MS + 34_000 + n * 200))
  })
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vonglau-exports-'))
    clock = makeHandClock(T0)
    store = await stores.open(clock)
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** What recording hands over: one array a segment. */
  async function* recordedOf(all: readonly Packet[]): AsyncIterable<readonly Packet[]> {
    for (let at = 0; at < all.length; at += 20) yield all.slice(at, at + 20)
  }
  const open = async (part: Partial<ExportsOptions> = {}): Promise<Exports> => {
    const one = await openExports({ store, bus: makeLocalBus(silentLog), clock, log: silentLog, folder: join(folder, 'exports'), ffmpeg: 'ffmpeg', runId: 'test', centre: 'IOC <thử> & ]', localTime: wallTimeIn('Asia/Ho_Chi_Minh'), recorded: () => recordedOf(packets), gapsOf: async () => [], masksDuring: coversOf(store).during, lookForPrivate: null, ...part })
    opened.push(one)
    return one
  }
  const ask = async (exports: Exports, part: { readonly fromMs?: number; readonly toMs?: number; readonly watermark?: boolean } = {}): Promise<Export> => {
    const one = await exports.ask({ cameraId: JUNCTION, fromMs: FIRST_MS + 3_000, toMs: FIRST_MS + 9_000, reason: 'Hồ sơ va chạm', watermark: true, redact: false, by, ...part })
    if (!one) throw new Error('refused')
    return one
  }
  const ended = async (one: Export): Promise<Export> => (await store.exports.get(one.id))!
  const file = (one: Export): string => join(folder, 'exports', fileOf(one))
  const lengthS = async (path: string): Promise<number> => Number((await runToEnd('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path], { timeoutMs: 20_000 })).stdout)
  const framesOf = async (path: string): Promise<number> => Number((await runToEnd('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', path], { timeoutMs: 20_000 })).stdout)
  const log = async (one: Export): Promise<unknown[]> => (await store.changes.of('camera', JUNCTION)).filter(({ facts }) => facts['exportId'] === one.id).map(({ what, by: who }) => [what, who])

  test('with its mark burned into the pictures, exactly as long as asked, with its hash and a line for each hand', async () => {
    const exports = await open()
    const one = await ask(exports)
    await exports.idle()
    const made = await ended(one)
    expect([made.state, made.trouble]).toEqual(['ready', null])
    const bytes = readFileSync(file(one))
    expect([made.bytes, made.sha256]).toEqual([bytes.length, createHash('sha256').update(bytes).digest('hex')])
    expect(await lengthS(file(one))).toBeCloseTo(6, 1)
    const [first, last] = await clipFrames({ file: file(one), width: WIDTH, height: HEIGHT, indexes: [0, 29] })
    // Pictures 15 and 44 of the recording, in the middle of the frame, where nothing is drawn: an encoder may be one grey off.
    const middle = (rgb: Uint8Array): Uint8Array => rgb.subarray((90 * WIDTH + 160) * 3)
    expect([Math.abs(stepOf(middle(first!.rgb)) - 15) <= 1, Math.abs(stepOf(middle(last!.rgb)) - 44) <= 1]).toEqual([true, true])
    // Letters are white on a dark band: at the top right the clock, at the bottom the line that stays. The recording is one grey.
    const spread = (rgb: Uint8Array, row: number): number => {
      const line = [...rgb.subarray(row * WIDTH * 3, (row + 18) * WIDTH * 3)]
      return Math.max(...line) - Math.min(...line)
    }
    for (const frame of [first!, last!]) {
      expect(spread(frame.rgb, 0)).toBeGreaterThan(60)
      expect(spread(frame.rgb, HEIGHT - 18)).toBeGreaterThan(60)
      expect(spread(frame.rgb, 80)).toBeLessThan(12)
    }
    // The clock tells another second; the line that stays is the same.
    const clockOf = (rgb: Uint8Array): string => Buffer.from(rgb.subarray(0, 18 * WIDTH * 3)).toString('base64')
    expect(clockOf(first!.rgb)).not.toBe(clockOf(last!.rgb))
    expect(await exports.open(made, LAN)).toBe(file(one))
    expect(await log(one)).toEqual([['export_asked', LAN], ['export_ready', null], ['export_taken', LAN]])
    expect(readdirSync(join(folder, 'exports', 'drafts'))).toEqual([])
  }, 60_000)

  test('without a mark it is copied bit by bit, from the key picture before', async () => {
    const exports = await open()
    const one = await ask(exports, { watermark: false })
    await exports.idle()
    expect((await ended(one)).state).toBe('ready')
    // Key pictures come every two seconds: from second 2, not 3, to second 9.
    expect(await framesOf(file(one))).toBe(35)
    const [first] = await clipFrames({ file: file(one), width: WIDTH, height: HEIGHT, indexes: [0] })
    expect(stepOf(first!.rgb)).toBe(10)
  }, 60_000)

  test.each([[true], [false]])('over a gap and a change of size it stays one file that declares what it lacks (mark: %s)', async (watermark) => {
    const gap = { fromMs: FIRST_MS + 14_000, toMs: FIRST_MS + 34_000, cause: 'camera_lost', said: { vi: 'camera mất tín hiệu', en: 'lost' } }
    const exports = await open({ recorded: () => recordedOf([...packets, ...later]), gapsOf: async () => [gap] })
    const one = await ask(exports, { fromMs: FIRST_MS + 10_000, toMs: FIRST_MS + 37_000, watermark })
    await exports.idle()
    const made = await ended(one)
    expect([made.state, made.gaps]).toEqual(['ready', [gap]])
    // 4 s before the gap and 3 s after it.
    expect(await lengthS(file(one))).toBeCloseTo(7, 0)
  }, 60_000)

  test.each([false, true])('what a privacy mask covers is in no picture of it (marked: %s)', async (watermark) => {
    await store.cameras.change(JUNCTION, { masks: [{ points: [{ x: 0, y: 0.3 }, { x: 1, y: 0.3 }, { x: 1, y: 0.6 }, { x: 0, y: 0.6 }], preset: null }] })
    const exports = await open()
    const one = await ask(exports, { watermark })
    await exports.idle()
    expect(await ended(one)).toMatchObject({ state: 'ready' })
    const frames = await clipFrames({ file: file(one), width: WIDTH, height: HEIGHT, indexes: [0, 14, 29] })
    expect(frames).toHaveLength(3)
    const red = (rgb: Uint8Array, y: number): number => rgb[(y * WIDTH + 160) * 3]!
    expect(frames.map(({ rgb }) => [red(rgb, 80) < 40, red(rgb, 140) > 40])).toEqual([[true, true], [true, true], [true, true]])
  })

  test('cancelled in the middle, it leaves no file and says who', async () => {
    let reached = (): void => undefined
    const held = new Promise<void>((resolve) => (reached = resolve))
    const exports = await open({
      async *recorded() {
        yield packets.slice(0, 20)
        reached()
        await new Promise((resolve) => setTimeout(resolve, 50))
        yield packets.slice(20)
      },
    })
    const one = await ask(exports)
    await held
    await exports.end((await ended(one)), LAN)
    expect([(await ended(one)).state, existsSync(file(one)), readdirSync(join(folder, 'exports', 'drafts'))]).toEqual(['cancelled', false, []])
    expect(await log(one)).toEqual([['export_asked', LAN], ['export_cancelled', LAN]])
  }, 60_000)

  test('a program that hangs is ended with its cancel', async () => {
    const stub = join(folder, 'ffmpeg')
    // Answers what the library asks about formats as the real one does, and hangs on the work itself.
    writeFileSync(stub, '#!/bin/sh\ncase "$*" in *pieces.ffconcat*) exec sleep 600;; *) exec ffmpeg "$@";; esac\n', { mode: 0o755 })
    const exports = await open({ ffmpeg: stub })
    const one = await ask(exports, { watermark: false })
    await until('it runs', async () => (await ended(one)).state === 'running')
    await exports.end(await ended(one), LAN)
    expect((await ended(one)).state).toBe('cancelled')
  }, 60_000)

  test.each([
    ['nothing was recorded', { recorded: () => recordedOf([]) }, 'no_recording'],
    ['the server has no ffmpeg', { ffmpeg: null }, 'tools_missing'],
    ['ffmpeg is gone', { ffmpeg: '/nowhere/ffmpeg' }, 'tools_missing'],
  ] as const)('when %s it fails by name', async (_name, part, trouble) => {
    const exports = await open(part)
    const one = await ask(exports)
    await exports.idle()
    expect([(await ended(one)).state, (await ended(one)).trouble, existsSync(file(one))]).toEqual(['failed', trouble, false])
  }, 60_000)

  test('killed from outside, it fails by name', async () => {
    const stub = join(folder, 'ffmpeg')
    writeFileSync(stub, '#!/bin/sh\ncase "$*" in *pieces.ffconcat*) kill -9 $$;; *) exec ffmpeg "$@";; esac\n', { mode: 0o755 })
    const exports = await open({ ffmpeg: stub })
    const one = await ask(exports, { watermark: false })
    await exports.idle()
    expect((await ended(one)).trouble).toBe('killed')
  }, 60_000)

  test('a full disk is told as that', async () => {
    const exports = await open({
      async *recorded() {
        yield packets.slice(0, 20)
        // Every write here answers ENOSPC: the kernel's own full disk.
        const [draft] = readdirSync(join(folder, 'exports', 'drafts'))
        symlinkSync('/dev/full', join(folder, 'exports', 'drafts', draft!, 'piece-1.mp4'))
        yield later
      },
    })
    const one = await ask(exports, { toMs: FIRST_MS + 40_000 })
    await exports.idle()
    expect((await ended(one)).trouble).toBe('disk_full')
  }, 60_000)

  test('what a stop of the server left behind is told at the next start, and its drafts go', async () => {
    const before: Export = { id: 'export-1' as Export['id'], cameraId: JUNCTION, fromMs: FIRST_MS, toMs: FIRST_MS + 1_000, reason: 'x', watermark: true, redact: false, covered: null, by: LAN, createdAtMs: T0, state: 'queued', gaps: [], bytes: null, sha256: null, trouble: null, settledAtMs: null, removedAtMs: null }
    await store.exports.add(before)
    await store.exports.begin(before.id)
    await open()
    expect([(await ended(before)).state, (await ended(before)).trouble]).toEqual(['failed', 'server_stopped'])
    expect(await log(before)).toEqual([['export_failed', null]])
  })

  test('a file goes after a week, or by hand; its row stays', async () => {
    const exports = await open()
    const [week, hand] = [await ask(exports, { watermark: false }), await ask(exports, { watermark: false })]
    await exports.idle()
    await exports.end(await ended(hand), LAN)
    expect([existsSync(file(hand)), existsSync(file(week)), (await store.exports.list({ limit: 9 })).map(({ id }) => id)]).toEqual([false, true, [week.id]])
    clock.move(7 * 86_400_000 + 3_600_000)
    await until('the old file goes', async () => (await ended(week)).removedAtMs !== null)
    expect([existsSync(file(week)), (await ended(week)).sha256 !== null]).toEqual([false, true])
    expect(await exports.open(await ended(week), LAN)).toBeNull()
  }, 60_000)

  test('no more than two run at once, and beyond a queue of twenty one is refused', async () => {
    let running = 0
    let most = 0
    let go = (): void => undefined
    const gate = new Promise<void>((resolve) => (go = resolve))
    const exports = await open({
      async *recorded() {
        running += 1
        most = Math.max(most, running)
        await gate
        running -= 1
        yield* recordedOf([])
      },
    })
    const asked = await Promise.all(Array.from({ length: 22 }, () => ask(exports)))
    await until('two run', () => running === 2)
    expect(await exports.ask({ cameraId: JUNCTION, fromMs: FIRST_MS, toMs: T0, reason: 'x', watermark: false, redact: false, by })).toBeNull()
    go()
    await exports.idle()
    expect([most, asked.length]).toEqual([2, 22])
  }, 60_000)
})

test('no word of a person stands in a list that ffmpeg reads', () => {
  expect(concatList([{ name: 'piece-0.mp4', seconds: 1.5 }])).toBe('ffconcat version 1.0\nfile piece-0.mp4\nduration 1.500000\n')
})
