import { asId, type RunId, type StreamId } from '../../server/domain/ids.js'
import type { KeyPlace, RecordedSegment, Run } from '../../server/domain/recording.js'
import { forecast, ratePerDay } from '../../server/recording/forecast.js'
import { addKey } from '../../server/recording/key-places.js'
import { readSpan, SPAN_MS_MAX, writePlaylist } from '../../server/recording/playlist.js'
import { holesIn, joinSpans, motionLevels, secondsOf, tellGaps, type GapFacts } from '../../server/recording/timeline.js'
import { classOf, settledCount } from '../../server/recording/storage-classes.js'
import { JUNCTION } from '../support/small-city.js'

const span = (fromMs: number, toMs: number) => ({ fromMs, toMs })
const gap = (cause: 'camera_lost' | 'server_down' | 'disk_full', fromMs: number, toMs: number) => ({ cameraId: JUNCTION, cause, fromMs, toMs })

test.each<[sentence: string, spans: ReturnType<typeof span>[], joined: ReturnType<typeof span>[]]>([
  ['spans that touch are one', [span(0, 10), span(10, 20)], [span(0, 20)]],
  ['in whatever order', [span(5_000, 9_000), span(0, 5_200)], [span(0, 9_000)]],
  ['a second between them is no hole', [span(0, 1_000), span(2_000, 3_000)], [span(0, 3_000)]],
  ['more is', [span(0, 1_000), span(2_001, 3_000)], [span(0, 1_000), span(2_001, 3_000)]],
  ['one inside another changes nothing', [span(0, 9_000), span(2_000, 3_000)], [span(0, 9_000)]],
])('%s', (_sentence, spans, joined) => expect(joinSpans(spans)).toEqual(joined))

test('holes are what nothing covers', () => {
  expect(holesIn(span(0, 100), [span(10, 20), span(15, 30), span(90, 200)])).toEqual([span(0, 10), span(30, 90)])
  expect(holesIn(span(0, 100), [])).toEqual([span(0, 100)])
  expect(holesIn(span(0, 100), [span(-5, 100)])).toEqual([])
})

const facts = (part: Partial<GapFacts>): GapFacts => ({ within: span(0, 100_000), recorded: [], gaps: [], damaged: [], open: null, expiredBeforeMs: null, known: null, ...part })
test.each<[sentence: string, facts: GapFacts, told: string[]]>([
  ['a stored gap is told', facts({ recorded: [span(0, 10_000)], gaps: [gap('camera_lost', 10_000, 50_000)] }), ['camera_lost 10000-50000']],
  ['but not where something was recorded after all', facts({ recorded: [span(30_000, 40_000)], gaps: [gap('server_down', 10_000, 50_000)] }), ['server_down 10000-30000', 'server_down 40000-50000']],
  ['nor twice: the first cause stands', facts({ gaps: [gap('disk_full', 10_000, 50_000), gap('camera_lost', 20_000, 60_000)] }), ['disk_full 10000-50000', 'camera_lost 50000-60000']],
  ['the open gap reaches to now', facts({ recorded: [span(0, 70_000)], open: { cause: 'disk_full', fromMs: 70_000 } }), ['disk_full 70000-100000']],
  ['a damaged file is a gap', facts({ recorded: [span(0, 40_000), span(48_000, 100_000)], damaged: [span(40_000, 48_000)] }), ['damaged 40000-48000']],
  ['what the retention took is expired', facts({ recorded: [span(60_000, 100_000)], expiredBeforeMs: 60_000, known: span(0, 100_000) }), ['expired 0-60000']],
  ['between kept alerts too', facts({ recorded: [span(20_000, 30_000), span(60_000, 100_000)], expiredBeforeMs: 60_000, known: span(0, 100_000) }), ['expired 0-20000', 'expired 30000-60000']],
  ['what nobody can explain is told as that', facts({ recorded: [span(0, 40_000), span(60_000, 100_000)], known: span(0, 100_000) }), ['unknown 40000-60000']],
  ['before the camera was there, nothing is missing', facts({ recorded: [span(60_000, 100_000)], known: span(60_000, 100_000) }), []],
])('%s', (_sentence, given, told) => expect(tellGaps(given).map(({ cause, fromMs, toMs }) => `${cause} ${fromMs}-${toMs}`)).toEqual(told))

const segment = (number: number, part: Partial<RecordedSegment> = {}): RecordedSegment => ({ runId: asId<RunId>('run-1'), number, cameraId: JUNCTION, fromMs: number * 8_000, toMs: (number + 1) * 8_000, fromTicks: number * 80, toTicks: (number + 1) * 80, bytes: 1, sha256: '', startsWithKey: true, keys: [], motion: [], storageClass: 'plain', damaged: false, ...part })
const run = (id: string): Run => ({ id: asId<RunId>(id), cameraId: JUNCTION, streamId: asId<StreamId>('s'), ordinal: 1, codec: 'avc1', width: 1, height: 1, timescale: 10, init: new Uint8Array(), startedAtMs: 0, startedMonoMs: 0 })
const RUNS = new Map(['run-1', 'run-2'].map((id) => [id, run(id)]))

test('a list names the map of each run, the date of each segment, and breaks where the time line does', () => {
  const list = writePlaylist([segment(0), segment(1), segment(3), segment(4, { damaged: true }), segment(0, { runId: asId<RunId>('run-2'), fromMs: 90_000, fromTicks: 5, toTicks: 90 })], RUNS)
  expect(list).toBe(`#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:9
#EXT-X-PLAYLIST-TYPE:VOD
#EXT-X-MEDIA-SEQUENCE:0
#EXT-X-MAP:URI="init-run-1.mp4"
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:00.000Z
#EXTINF:8.00000,
run-1-0.m4s
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:08.000Z
#EXTINF:8.00000,
run-1-1.m4s
#EXT-X-DISCONTINUITY
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:24.000Z
#EXTINF:8.00000,
run-1-3.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="init-run-2.mp4"
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:01:30.000Z
#EXTINF:8.50000,
run-2-0.m4s
#EXT-X-ENDLIST
`)
})

test('a file with key pictures inside is listed in pieces that begin with them', () => {
  const list = writePlaylist([segment(0, { bytes: 900, keys: [[20, 300], [45, 700]] })], RUNS)
  expect(list.split('\n').slice(5, -2)).toEqual(`#EXT-X-MAP:URI="init-run-1.mp4"
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:00.000Z
#EXTINF:2.00000,
#EXT-X-BYTERANGE:300@0
run-1-0.m4s
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:02.000Z
#EXTINF:2.50000,
#EXT-X-BYTERANGE:400@300
run-1-0.m4s
#EXT-X-PROGRAM-DATE-TIME:1970-01-01T00:00:04.500Z
#EXTINF:3.50000,
#EXT-X-BYTERANGE:200@700
run-1-0.m4s`.split('\n'))
})

test('key pictures closer than a second are no places of their own', () => {
  const keys: KeyPlace[] = []
  for (const place of [[0, 0], [5, 100], [10, 200], [15, 300], [25, 400]] as const) addKey(keys, place, 10)
  expect(keys).toEqual([[10, 200], [25, 400]])
})

test.each<[text: string, answer: object]>([
  ['0-1000', { fromMs: 0, toMs: 1000 }],
  ['5-5', { fault: 'the end must come after the beginning' }],
  [`0-${SPAN_MS_MAX + 1}`, { fault: 'ask for at most 6 hours at once' }],
  ['-5-9', { fault: 'write FROM-TO, two times in milliseconds since 1970' }],
  ['..%2f..', { fault: 'write FROM-TO, two times in milliseconds since 1970' }],
])('the span “%s”', (text, answer) => expect(readSpan(text)).toEqual(answer))

test('motion is told in doublings above the camera’s own quiet, at the busiest moment of a slice', () => {
  const motion = [1_000, 1_000, 1_000, 1_000, 2_000, 8_000, 64_000, 1_000]
  expect(motionLevels(secondsOf([segment(0, { motion })]), span(0, 8_000), 4)).toEqual([0, 0, 1, 1])
  expect(motionLevels(secondsOf([segment(0, { motion })]), span(0, 8_000), 8)).toEqual([0, 0, 0, 0, 0.33, 1, 1, 0])
  expect(motionLevels([], span(0, 8_000), 3)).toEqual([0, 0, 0])
  // A still night picture costs some bytes a second; twice nothing is no movement.
  expect(motionLevels(secondsOf([segment(0, { motion: [10, 10, 20, 80, 10, 10, 10, 10] })]), span(0, 8_000), 2)).toEqual([0, 0])
})

test.each<[sentence: string, cameras: [bytes: number, perDay: number, days: number][], room: number, told: object]>([
  ['all fits', [[10, 5, 30], [0, 10, 30]], 450, { bytesPerDay: 15, wantedBytes: 450, fitsDays: null, fullAtMs: null }],
  ['two thirds fit', [[150, 15, 30]], 300, { bytesPerDay: 15, wantedBytes: 450, fitsDays: 20, fullAtMs: 10 * 86_400_000 }],
  ['already full', [[300, 15, 30]], 300, { bytesPerDay: 15, wantedBytes: 450, fitsDays: 20, fullAtMs: 0 }],
  ['nothing is recorded', [[300, 0, 30]], 100, { bytesPerDay: 0, wantedBytes: 0, fitsDays: null, fullAtMs: null }],
])('the forecast where %s', (_sentence, cameras, room, told) => expect(forecast(cameras.map(([bytes, bytesPerDay, wantedDays]) => ({ bytes, bytesPerDay, wantedDays })), room, 0)).toEqual(told))

test('a rate needs a minute to be one', () => expect([ratePerDay(100, 59_000), ratePerDay(100, 86_400_000), ratePerDay(100, 43_200_000)]).toEqual([0, 100, 200]))

test.each<[sentence: string, state: 'new' | 'confirmed' | 'resolved' | 'rejected', lastSeenAtMs: number, kept: object]>([
  ['a new alert keeps a minute before and after as event', 'new', 1_000_000, { fromMs: 940_000, toMs: 1_060_000, storageClass: 'event' }],
  ['a confirmed one for as long as the law asks', 'confirmed', 1_030_000, { fromMs: 940_000, toMs: 1_090_000, storageClass: 'legal' }],
  ['one that lasts for hours does not keep them all', 'resolved', 90_000_000, { fromMs: 940_000, toMs: 1_660_000, storageClass: 'legal' }],
  ['a rejected one is an event all the same', 'rejected', 1_000_000, { fromMs: 940_000, toMs: 1_060_000, storageClass: 'event' }],
])('%s', (_sentence, state, lastSeenAtMs, kept) => expect(classOf({ state }, { openedAtMs: 1_000_000, lastSeenAtMs })).toEqual(kept))

test('changes are acted on when the recording around them has settled', () => {
  const at = (...times: number[]) => times.map((atMs) => ({ atMs }))
  expect(settledCount(at(0, 10, 1_000_000), 1_000_000)).toBe(2)
  expect(settledCount(at(0, 10), 1_000_000)).toBe(2)
  expect(settledCount(at(1_000_000), 1_000_000)).toBe(0)
  // Written while the clock stood a year ahead: it does not hold up what follows for a year.
  expect(settledCount(at(9_000_000_000, 10), 1_000_000)).toBe(2)
})
