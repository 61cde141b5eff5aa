import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asId, type HoldId, type RunId, type StreamId } from '../../server/domain/ids.js'
import { STORAGE_CLASSES, type Hold, type RecordedSegment } from '../../server/domain/recording.js'
import { believeWall, startBelief } from '../../server/recording/believed-clock.js'
import { folderOf, segmentFile } from '../../server/recording/disk-names.js'
import { cutoffs, openRetention } from '../../server/recording/retention.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { makeHandClock } from '../support/hand-clock.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { JUNCTION, LAN, T0 } from '../support/small-city.js'

const DAY = 86_400_000
const COUNT = 10_000
const POLICY = { mode: 'always', stream: 'main', days: 30, eventDays: 60 } as const
const LEGAL_DAYS = 90
const RUN = asId<RunId>('run-1')

let store: Store

onEachDatabase('retention', (opened) => void (store = opened), () => {
  let root: string
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'vonglau-retention-'))))
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  test(`${COUNT} random segments under 300 random holds: nothing held is removed, nothing expired is left, files and rows alike`, async () => {
    const seed = Date.now() % 100_000
    let state = seed
    const random = (): number => (state = (state * 48_271 + 11) % 2_147_483_647) / 2_147_483_647
    const segments = Array.from({ length: COUNT }, (_, number): RecordedSegment => {
      const fromMs = Math.round(T0 - random() * 120 * DAY)
      return { runId: RUN, number, cameraId: JUNCTION, fromMs, toMs: fromMs + 8_000, fromTicks: number * 2, toTicks: number * 2 + 1, bytes: 1, sha256: 'a'.repeat(64), startsWithKey: true, keys: [], motion: [], storageClass: STORAGE_CLASSES[Math.floor(random() * 3)]!, damaged: random() < 0.01 }
    })
    const holds = Array.from({ length: 300 }, (_, n): Hold & { readonly ended: boolean } => {
      const fromMs = Math.round(T0 - random() * 120 * DAY)
      return { id: asId<HoldId>(`hold-${n}`), cameraId: JUNCTION, fromMs, toMs: Math.round(fromMs + 1 + random() * DAY), untilMs: Math.round(T0 + (random() - 0.3) * DAY), reason: 'x', by: LAN, createdAtMs: T0 - 200 * DAY, ended: random() < 0.2 }
    })
    await store.recordings.setPolicy(JUNCTION, POLICY)
    await store.recordings.commit({ runs: [{ id: RUN, cameraId: JUNCTION, streamId: asId<StreamId>('junction-main'), ordinal: 1, codec: 'avc1', width: 1, height: 1, timescale: 1, init: new Uint8Array([1]), startedAtMs: 0, startedMonoMs: 0 }], segments })
    for (const { ended, ...hold } of holds) {
      await store.holds.add(hold)
      if (ended) await store.holds.end(hold.id, LAN, T0)
    }
    for (const segment of segments) {
      mkdirSync(join(root, folderOf(segment)), { recursive: true })
      writeFileSync(join(root, segmentFile(segment)), 'x')
    }
    let freedBytes = 0
    const clock = makeHandClock(T0)
    const retention = openRetention({ store, clock, log: silentLog, root, legalDays: LEGAL_DAYS, onFreed: (freed) => (freedBytes += freed.length) })
    await retention.expire()

    const limits = cutoffs(POLICY, LEGAL_DAYS, T0)
    const isHeld = (one: RecordedSegment): boolean => holds.some(({ ended, untilMs, fromMs, toMs }) => !ended && untilMs > T0 && fromMs < one.toMs && toMs > one.fromMs)
    const shouldStay = segments.filter((one) => one.toMs > limits[one.storageClass] || isHeld(one))
    const stays = await store.recordings.between(JUNCTION, 0, T0 * 2)
    const key = ({ number }: RecordedSegment): number => number
    expect({ seed, left: stays.map(key).toSorted((a, b) => a - b) }).toEqual({ seed, left: shouldStay.map(key) })
    expect(shouldStay.length).toBeLessThan(COUNT)
    expect(segments.filter((one) => existsSync(join(root, segmentFile(one)))).map(key)).toEqual(shouldStay.map(key))
    expect([freedBytes, await store.recordings.garbage(10)]).toEqual([COUNT - shouldStay.length, []])

    // The disk fills: plain goes before event, oldest first; what the law keeps and what is held stays, however little that frees.
    await retention.release(1_000_000)
    const last = await store.recordings.between(JUNCTION, 0, T0 * 2)
    expect(last.map(key).toSorted((a, b) => a - b)).toEqual(shouldStay.filter((one) => one.storageClass === 'legal' || isHeld(one)).map(key))
  }, 120_000)
})

test.each<[sentence: string, steps: readonly [wallStepMs: number, passedMs: number][], believedAheadMs: number]>([
  ['a clock that runs is believed', [[0, 60_000]], 60_000],
  ['a leap ahead is not believed at once', [[0, 60_000], [365 * DAY, 60_000]], 120_000],
  ['nor hours later', [[400 * DAY, 60_000], [0, 5 * 3_600_000]], 5 * 3_600_000 + 60_000],
  ['but after it has lasted a day', [[2 * 3_600_000, 60_000], [0, DAY]], 2 * 3_600_000 + 60_000 + DAY],
  ['a leap that is taken back leaves nothing behind', [[365 * DAY, 60_000], [-365 * DAY, 60_000]], 120_000],
  ['going back is believed at once: it removes nothing', [[0, 60_000], [-56 * 365 * DAY, 60_000]], 120_000 - 56 * 365 * DAY],
])('%s', (_sentence, steps, believedAheadMs) => {
  let [wallMs, monoMs] = [T0, 1_000]
  let belief = startBelief(wallMs, monoMs)
  let believedMs = 0
  for (const [stepMs, passedMs] of steps) {
    wallMs += stepMs + passedMs
    monoMs += passedMs
    ;[belief, believedMs] = believeWall(belief, wallMs, monoMs)
  }
  expect(believedMs - T0).toBe(believedAheadMs)
})

test('event and legal recordings are never kept shorter than plain ones', () => {
  expect(cutoffs({ days: 100, eventDays: 10 }, 5, 200 * DAY)).toEqual({ plain: 100 * DAY, event: 100 * DAY, legal: 100 * DAY })
  expect(cutoffs({ days: 30, eventDays: 60 }, 365, 400 * DAY)).toEqual({ plain: 370 * DAY, event: 340 * DAY, legal: 35 * DAY })
})
