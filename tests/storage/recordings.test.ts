import { asId, type HoldId, type RunId, type StreamId } from '../../server/domain/ids.js'
import type { Hold, RecordedSegment, Run } from '../../server/domain/recording.js'
import type { Store } from '../../server/storage/store.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { refusal } from '../support/refusal.js'
import { JUNCTION, LAN, T0 } from '../support/small-city.js'

const run = (part: Partial<Run> = {}): Run => ({ id: asId<RunId>('run-1'), cameraId: JUNCTION, streamId: asId<StreamId>('junction-main'), ordinal: 1, codec: 'avc1.64001f', width: 1920, height: 1080, timescale: 90_000, init: new Uint8Array([1, 2, 3]), startedAtMs: T0, startedMonoMs: 5, ...part })
const segment = (number: number, part: Partial<RecordedSegment> = {}): RecordedSegment => ({
  runId: asId<RunId>('run-1'),
  number,
  cameraId: JUNCTION,
  fromMs: T0 + number * 8_000,
  toMs: T0 + (number + 1) * 8_000,
  fromTicks: number * 720_000,
  toTicks: (number + 1) * 720_000,
  bytes: 1_000,
  sha256: 'a'.repeat(64),
  startsWithKey: true,
  keys: [[180_000, 250], [360_000, 500], [540_000, 750]],
  motion: [10, 20, 30],
  storageClass: 'plain',
  damaged: false,
  ...part,
})
const hold = (part: Partial<Hold> = {}): Hold => ({ id: asId<HoldId>('hold-1'), cameraId: JUNCTION, fromMs: T0 + 8_000, toMs: T0 + 20_000, untilMs: T0 + 1_000_000, reason: 'vụ 12', by: LAN, createdAtMs: T0, ...part })
const numbers = (segments: readonly Pick<RecordedSegment, 'number'>[]): readonly number[] => segments.map(({ number }) => number)

let store: Store
onEachDatabase('recordings', (opened) => void (store = opened), () => {
  const five = () => store.recordings.commit({ runs: [run()], segments: [0, 1, 2, 3, 4].map((n) => segment(n)) })

  test('what was written is read again, whole; written twice it is there once', async () => {
    await five()
    await five()
    expect(await store.recordings.runs([asId<RunId>('run-1')])).toEqual([run()])
    expect(await store.recordings.segment({ runId: asId<RunId>('run-1'), number: 2 })).toEqual(segment(2))
    expect(await store.recordings.between(JUNCTION, 0, T0 * 2)).toEqual([0, 1, 2, 3, 4].map((n) => segment(n)))
    expect(await store.recordings.totals()).toEqual([{ cameraId: JUNCTION, bytes: 5_000, segments: 5, oldestMs: T0, newestMs: T0 + 40_000 }])
  })

  test.each<[sentence: string, fromMs: number, toMs: number, found: number[]]>([
    ['a span finds what overlaps it', T0 + 9_000, T0 + 17_000, [1, 2]],
    ['touching is not overlapping', T0 + 8_000, T0 + 16_000, [1]],
    ['an instant inside a segment finds it', T0 + 12_000, T0 + 12_001, [1]],
    ['before the first there is nothing', 0, T0, []],
  ])('%s', async (_sentence, fromMs, toMs, found) => {
    await five()
    expect(numbers(await store.recordings.between(JUNCTION, fromMs, toMs))).toEqual(found)
    expect(numbers(await store.recordings.ofStream(asId<StreamId>('junction-main'), fromMs, toMs))).toEqual(found)
    expect(await store.recordings.ofStream(asId<StreamId>('junction-sub'), fromMs, toMs)).toEqual([])
  })

  test('segments stand in the order of recording, though the clock was set back between two runs', async () => {
    await five()
    await store.recordings.commit({ runs: [run({ id: asId<RunId>('run-2'), ordinal: 2, startedAtMs: T0 - 60_000 })], segments: [segment(0, { runId: asId<RunId>('run-2'), fromMs: T0 - 60_000, toMs: T0 - 52_000 })] })
    expect((await store.recordings.between(JUNCTION, 0, T0 * 2)).map(({ runId, number }) => `${runId} ${number}`)).toEqual(['run-1 0', 'run-1 1', 'run-1 2', 'run-1 3', 'run-1 4', 'run-2 0'])
    expect([await store.recordings.newestOrdinal(JUNCTION), await store.recordings.newestMs(JUNCTION), await store.recordings.oldestSegmentMs(JUNCTION)]).toEqual([2, T0 + 40_000, T0 - 60_000])
  })

  test('an outline tells per slice what a run left, with what is missing inside', async () => {
    await store.recordings.commit({ runs: [run()], segments: [segment(0), segment(1), segment(3, { motion: [100] }), segment(4, { damaged: true })] })
    expect(await store.recordings.outline(JUNCTION, T0, T0 + 40_000, 20_000)).toEqual([
      { runId: 'run-1', fromMs: T0, toMs: T0 + 16_000, recordedMs: 16_000, bytes: 2_000, motionMean: 20 },
      { runId: 'run-1', fromMs: T0 + 24_000, toMs: T0 + 32_000, recordedMs: 8_000, bytes: 1_000, motionMean: 100 },
    ])
  })

  test('a gap grows and never shrinks', async () => {
    const gap = { cameraId: JUNCTION, cause: 'camera_lost', fromMs: T0 } as const
    for (const toMs of [T0 + 5_000, T0 + 20_000, T0 + 10_000]) await store.recordings.commit({ gaps: [{ ...gap, toMs }] })
    expect(await store.recordings.gaps(JUNCTION, 0, T0 * 2)).toEqual([{ ...gap, toMs: T0 + 20_000 }])
    expect([await store.recordings.newestMs(JUNCTION), await store.recordings.firstMs(JUNCTION)]).toEqual([T0 + 20_000, T0])
  })

  test('a class is raised where an alert was, and never falls back', async () => {
    await five()
    await store.recordings.raiseClass(JUNCTION, T0 + 9_000, T0 + 17_000, 'legal')
    await store.recordings.raiseClass(JUNCTION, T0, T0 + 17_000, 'event')
    expect((await store.recordings.between(JUNCTION, 0, T0 * 2)).map(({ storageClass }) => storageClass)).toEqual(['event', 'legal', 'legal', 'plain', 'plain'])
  })

  test('what is held is neither due nor oldest, and stays even if it was listed before the hold came', async () => {
    await five()
    const ask = { cameraId: JUNCTION, storageClass: 'plain', endedBeforeMs: T0 * 2, nowMs: T0 + 100_000, limit: 10 } as const
    const listed = await store.recordings.due(ask)
    expect(numbers(listed)).toEqual([0, 1, 2, 3, 4])
    await store.holds.add(hold())
    expect(numbers(await store.recordings.due(ask))).toEqual([0, 3, 4])
    expect(numbers(await store.recordings.oldest('plain', T0 + 100_000, 10))).toEqual([0, 3, 4])
    const gone = await store.recordings.giveUp({ segments: listed.map((one) => ({ ...one, file: `f${one.number}` })), gaps: [], expired: [{ cameraId: JUNCTION, beforeMs: T0 + 40_000 }], atMs: T0 + 100_000 })
    expect(numbers(gone)).toEqual([0, 3, 4])
    expect(await store.recordings.garbage(10)).toEqual(['f0', 'f3', 'f4'])
    await store.recordings.dropGarbage(['f0', 'f3', 'f4'])
    expect([await store.recordings.garbage(10), numbers(await store.recordings.between(JUNCTION, 0, T0 * 2))]).toEqual([[], [1, 2]])
  })

  test('a hold is in force until its day, or until somebody ends it, and its row stays', async () => {
    await store.holds.add(hold())
    const span = { fromMs: 0, toMs: T0 * 2 }
    expect(await store.holds.of(JUNCTION, span, T0)).toEqual([hold()])
    expect(await store.holds.of(JUNCTION, span, T0 + 1_000_000)).toEqual([])
    expect(await store.holds.endingBefore(T0 + 1_000_001, T0)).toEqual([hold()])
    expect([await store.holds.extend(hold().id, T0 + 2_000_000, T0), await store.holds.extend(hold().id, T0 + 3_000_000, T0 + 2_000_000), (await store.holds.get(hold().id))?.untilMs]).toEqual([true, false, T0 + 2_000_000])
    expect([await store.holds.end(hold().id, LAN, T0 + 1), await store.holds.end(hold().id, LAN, T0 + 2)]).toEqual([true, false])
    expect([await store.holds.of(JUNCTION, span, T0), await store.holds.get(hold().id), await store.holds.extend(hold().id, T0 + 9_000_000, T0)]).toEqual([[], null, false])
  })

  test('a policy is kept for its camera; how far it expired only grows', async () => {
    expect(await store.recordings.policy(JUNCTION)).toBeNull()
    await store.recordings.setPolicy(JUNCTION, { mode: 'always', stream: 'sub', days: 7, eventDays: 30 })
    for (const beforeMs of [T0, T0 - 5]) await store.recordings.giveUp({ segments: [], expired: [{ cameraId: JUNCTION, beforeMs }], atMs: T0 })
    await store.recordings.setPolicy(JUNCTION, { mode: 'off', stream: 'main', days: 8, eventDays: 31 })
    expect(await store.recordings.policies()).toEqual([{ cameraId: JUNCTION, mode: 'off', stream: 'main', days: 8, eventDays: 31, expiredBeforeMs: T0 }])
  })

  test.each<[sentence: string, write: (store: Store) => Promise<unknown>]>([
    ['a segment without its run', (s) => s.recordings.commit({ segments: [segment(0, { runId: asId<RunId>('run-9') })] })],
    ['a segment of no bytes', (s) => s.recordings.commit({ runs: [run()], segments: [segment(0, { bytes: 0 })] })],
    ['a segment that ends before it begins', (s) => s.recordings.commit({ runs: [run()], segments: [segment(0, { toMs: T0 - 1 })] })],
    ['a segment longer than a question looks back', (s) => s.recordings.commit({ runs: [run()], segments: [segment(0, { toMs: T0 + 60_001 })] })],
    ['a hash that is none', (s) => s.recordings.commit({ runs: [run()], segments: [segment(0, { sha256: 'x' })] })],
    ['a cause that has no word', (s) => s.recordings.commit({ gaps: [{ cameraId: JUNCTION, cause: 'bored' as never, fromMs: 0, toMs: 1 }] })],
    ['a hold without a reason', (s) => s.holds.add(hold({ reason: '' }))],
    ['a hold that ends in the past', (s) => s.holds.add(hold({ untilMs: T0 }))],
    ['a policy of no days', (s) => s.recordings.setPolicy(JUNCTION, { mode: 'always', stream: 'main', days: 0, eventDays: 1 })],
  ])('the tables refuse %s', async (_sentence, write) => {
    expect(await refusal(write(store))).toMatch(/constraint/i)
    expect(await store.recordings.isEmpty()).toBe(true)
  })
})
