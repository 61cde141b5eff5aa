import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Box } from '../../analytics/geometry/box.js'
import { loadModel } from '../../models/catalogue.js'
import type { Export } from '../../server/domain/export.js'
import type { LookForPrivate } from '../../server/domain/redaction.js'
import { fileOf, openExports, type Exports, type ExportsOptions } from '../../server/evidence/exports.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import type { Packet } from '../../server/media/packet.js'
import type { Store } from '../../server/storage/store.js'
import { runToEnd } from '../../server/system/child.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { wallTimeIn } from '../../server/system/local-time.js'
import { silentLog } from '../../server/system/log.js'
import { MASK_RATE, MASK_SLOT_S, MASK_WIDTH, maskHeight, writeMasks } from '../../server/watching/redaction-masks.js'
import { makeLookForPrivate } from '../../server/watching/redaction.js'
import { childrenOfRun } from '../faults/processes.js'
import { coversOf } from '../support/covers.js'
import { clipFrames } from '../support/clip-frames.js'
import { makeHandClock } from '../support/hand-clock.js'
import { arrivedAt, filePackets } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { JUNCTION, LAN, T0 } from '../support/small-city.js'
import { makeCityStores } from '../support/small-city-store.js'
import { apartIn, detailIn, detailLeft } from './covered.js'

// Drawing a street, loading a model and encoding take minutes on a busy machine.
import.meta.jest.setTimeout(400_000)

const FIRST_MS = T0 - 60_000
const by = { id: LAN, displayName: 'Đỗ Thị Lan', name: 'lan' }
const describeMedia = hasFfmpeg() ? describe : describe.skip
const stores = makeCityStores()
let folder: string
let store: Store
const opened: Exports[] = []
afterAll(() => stores.remove())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vonglau-redact-'))
  store = await stores.open(makeHandClock(T0))
})
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

async function exported(packets: readonly Packet[], part: Partial<ExportsOptions>, wish: { readonly fromMs?: number; readonly toMs?: number; readonly watermark?: boolean } = {}): Promise<{ readonly row: Export; readonly file: string; readonly exports: Exports }> {
  async function* recorded(): AsyncIterable<readonly Packet[]> {
    for (let at = 0; at < packets.length; at += 20) yield packets.slice(at, at + 20)
  }
  const exports = await openExports({ store, bus: makeLocalBus(silentLog), clock: makeHandClock(T0), log: silentLog, folder: join(folder, 'exports'), ffmpeg: 'ffmpeg', runId: 'test', centre: 'IOC', localTime: wallTimeIn('Asia/Ho_Chi_Minh'), recorded, gapsOf: async () => [], masksDuring: coversOf(store).during, lookForPrivate: null, ...part })
  opened.push(exports)
  const one = await exports.ask({ cameraId: JUNCTION, fromMs: FIRST_MS, toMs: FIRST_MS + 3_600_000, reason: 'Trả lời phản ánh', watermark: false, redact: true, by, ...wish })
  await exports.idle()
  return { row: (await store.exports.get(one!.id))!, file: join(folder, 'exports', fileOf(one!)), exports }
}

/** Packets of a film as they were recorded, from `fromMs` on. */
async function recordedOf(file: string, fromMs: number, fps: number): Promise<readonly Packet[]> {
  return (await filePackets(file)).map((packet, n) => arrivedAt(packet, fromMs + Math.round((n * 1000) / fps)))
}

const FPS = 20
/** Fine grain everywhere, another in each picture: wherever it is gone, it was covered. */
async function grain(name: string, size: { readonly width: number; readonly height: number }, seconds: number): Promise<string> {
  const file = join(folder, name)
  const made = await runToEnd('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `nullsrc=s=${size.width}x${size.height}:r=${FPS},geq=lum='64+128*random(1)':cb=128:cr=128,format=yuv420p`, '-t', String(seconds), '-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '20', '-bf', '0', '-g', '20', '-video_track_timescale', '90000', file], { timeoutMs: 120_000 })
  if (made.code !== 0) throw new Error(made.stderr)
  return file
}

/** Somebody who walks through the picture from left to right, where we know him to be. */
const walker = (atMs: number, lengthMs: number): Box => {
  const x = 0.1 + (0.7 * atMs) / lengthMs
  return { x1: x, x2: x + 0.15, y1: 0.3, y2: 0.6 }
}
const inner = ({ x1, x2, y1, y2 }: Box): Box => ({ x1: x1 + 0.01, x2: x2 - 0.01, y1: y1 + 0.02, y2: y2 - 0.02 })

/** Tells where the walker is instead of looking; everything after it is real. */
const knows = (covered: (atMs: number, lengthMs: number) => readonly Box[]): LookForPrivate => async ({ picture, seconds, maskFile }) => {
  const slots = await writeMasks((atMs) => covered(atMs, seconds * 1000), { ...picture, seconds, file: maskFile })
  return { is: 'looked', cover: 'heads_and_plates', masks: { file: maskFile, width: MASK_WIDTH, height: maskHeight(picture), rate: MASK_RATE, slotS: MASK_SLOT_S, slots } }
}

describeMedia('what is private is covered, and the rest is as it was', () => {
  test.each([[false], [true]])('in every picture, from the first to the last, over a gap and a change of size (mark: %s)', async (watermark) => {
    const size = { width: 320, height: 180 }
    const first = await recordedOf(await grain('first.mp4', size, 2), FIRST_MS, FPS)
    const second = await recordedOf(await grain('second.mp4', { width: 160, height: 120 }, 1), FIRST_MS + 10_000, FPS)
    // Half a second after the key picture, as people ask: the pieces begin before the copy does.
    const { row, file } = await exported([...first, ...second], { lookForPrivate: knows((atMs, lengthMs) => [walker(atMs, lengthMs)]) }, { fromMs: FIRST_MS + 500, watermark })
    expect([row.state, row.trouble, row.redact, row.covered]).toEqual(['ready', null, true, 'heads_and_plates'])
    const frames = await clipFrames({ file, ...size, indexes: Array.from({ length: 50 }, (_, at) => at) })
    frames.forEach((frame, at) => {
      const box = inner(walker(500 + at * 50, 3_000))
      // The second piece is narrower: black stands beside it, and only what lies in the picture has grain to lose.
      const seen = at < 30 ? box : { ...box, x2: Math.min(box.x2, 0.84) }
      expect([at, detailIn(frame, seen) < 4]).toEqual([at, true])
      // Where the size changes the filters begin anew, and know no mask until the next slot: the whole picture is covered then.
      if (at === 30 || at === 31) return
      const below = { ...seen, y1: 0.66, y2: 0.85 }
      expect([at, detailIn(frame, below) > 12]).toEqual([at, true])
    })
    expect(readdirSync(join(folder, 'exports', 'drafts'))).toEqual([])
  })
})

describeMedia('a street whose heads we know, seen by the model that the server came with', () => {
  const [SCENE, FROM, FRAMES] = ['mot-chieu', 300, 30] as const
  interface Known { readonly id: number; readonly kind: string; readonly box: Box; readonly visible: number }
  /** A head is the upper part of whoever is not hidden and at least 40 pixels high; of a rider it sits higher than of his machine. */
  const headsOf = (known: readonly Known[]): readonly Box[] =>
    known.filter(({ kind, box, visible }) => (kind === 'person' || kind === 'two_wheeler') && visible > 0.7 && (box.y2 - box.y1) * 720 >= 40).map(({ box: { x1, x2, y1, y2 } }) => ({ x1: x1 + (x2 - x1) * 0.3, x2: x2 - (x2 - x1) * 0.3, y1: y1 + (y2 - y1) * 0.01, y2: y1 + (y2 - y1) * 0.18 }))

  test('each head is covered in every picture, cars stay as they were, the recording is untouched, and the copy says that no plate is covered', async () => {
    const drawn = await runToEnd(process.execPath, ['--import', 'tsx', 'tests/evidence/street-program.ts', folder, SCENE, String(FROM), String(FRAMES)], { timeoutMs: 300_000 })
    expect([drawn.code, drawn.stderr]).toEqual([0, ''])
    const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as readonly (readonly Known[])[]
    const film = join(folder, 'film.mp4')
    await runToEnd('ffmpeg', ['-v', 'error', '-r', '25/2', '-i', join(folder, 'main.h264'), '-c', 'copy', '-video_track_timescale', '90000', film], { timeoutMs: 60_000 })
    const before = readFileSync(film)
    const { card, bytes } = await loadModel('eyes')
    const parts: number[] = []
    const look = makeLookForPrivate({ models: { eyes: { name: card.id, bytes, format: card.format }, finder: null }, ffmpeg: 'ffmpeg', runId: `test:${newId()}`, clock: systemClock })
    const { row, file } = await exported(await recordedOf(film, FIRST_MS, 12.5), { lookForPrivate: (task) => look({ ...task, onProgress: (part) => { parts.push(part); task.onProgress(part) } }) })
    expect([row.state, row.trouble, row.covered]).toEqual(['ready', null, 'heads'])
    expect(parts.length).toBeGreaterThan(5)
    expect(parts).toEqual(parts.toSorted((a, b) => a - b))
    const indexes = Array.from({ length: FRAMES }, (_, at) => at)
    const [shown, real] = await Promise.all([file, film].map((path) => clipFrames({ file: path, width: 1280, height: 720, indexes })))
    let heads = 0
    truth.forEach((known, at) => {
      for (const head of headsOf(known)) {
        heads += 1
        expect([at, head, apartIn(real![at]!, shown![at]!, head) > 10, Math.abs(detailLeft(real![at]!, shown![at]!, head)) < 0.35]).toEqual([at, head, true, true])
      }
      // Nobody's head is near the car in front: it is told as it was.
      for (const { box } of known.filter(({ kind, box: { y1, y2 }, visible }) => kind === 'car' && visible > 0.9 && (y2 - y1) * 720 > 60)) expect([at, apartIn(real![at]!, shown![at]!, box) < 6, detailLeft(real![at]!, shown![at]!, box) > 0.6]).toEqual([at, true, true])
    })
    expect(heads).toBeGreaterThan(100)
    expect(readFileSync(film).equals(before)).toBe(true)
  })
})

describeMedia('a copy that could not be covered is none', () => {
  const one = async (): Promise<readonly Packet[]> => recordedOf(await grain('one.mp4', { width: 160, height: 90 }, 2), FIRST_MS, FPS)
  const nothing = knows(() => [])
  test.each<[sentence: string, look: LookForPrivate | null, trouble: Export['trouble']]>([
    ['nobody can look', null, 'no_looker'],
    ['who looks fails', async () => ({ is: 'failed', why: 'the process that looks is gone' }), 'not_looked_at'],
    ['who looks throws', async () => { throw new Error('a broken invariant') }, 'internal'],
    ['the masks end early', async (task) => {
      const answer = await nothing({ ...task, seconds: 0.5 })
      return answer.is === 'looked' ? { ...answer, masks: { ...answer.masks, slots: 19 } } : answer
    }, 'not_looked_at'],
    ['the masks are cut off on the disk', async (task) => {
      const answer = await nothing(task)
      truncateSync(task.maskFile, 5_000)
      return answer
    }, 'not_looked_at'],
    ['the masks are not there', async (task) => {
      const answer = await nothing(task)
      rmSync(task.maskFile)
      return answer
    }, 'not_looked_at'],
  ])('when %s', async (_sentence, lookForPrivate, trouble) => {
    const { row, file, exports } = await exported(await one(), { lookForPrivate })
    expect([row.state, row.trouble, row.covered, row.sha256, existsSync(file), readdirSync(join(folder, 'exports'))]).toEqual(['failed', trouble, null, null, false, ['drafts']])
    expect(await exports.open(row, LAN)).toBeNull()
  })

  test('when the process that looks is killed', async () => {
    const { card, bytes } = await loadModel('eyes')
    const runId = `test:${newId()}`
    const look = makeLookForPrivate({ models: { eyes: { name: card.id, bytes, format: card.format }, finder: null }, ffmpeg: 'ffmpeg', runId, clock: systemClock })
    const { row, file } = await exported(await one(), {
      lookForPrivate: (task) => {
        const answer = look(task)
        for (const { pid, parent } of childrenOfRun(runId)) if (parent === process.pid) process.kill(pid, 'SIGKILL')
        return answer
      },
    })
    expect([row.state, row.trouble, existsSync(file)]).toEqual(['failed', 'not_looked_at', false])
  })

  test('when ffmpeg dies under the masks: the same end as of any export, and no file', async () => {
    const stub = join(folder, 'ffmpeg')
    writeFileSync(stub, '#!/bin/sh\ncase "$*" in *alphamerge*) kill -9 $$;; *) exec ffmpeg "$@";; esac\n', { mode: 0o755 })
    const { row, file } = await exported(await one(), { lookForPrivate: nothing, ffmpeg: stub })
    expect([row.state, row.trouble, existsSync(file)]).toEqual(['failed', 'killed', false])
  })
})
