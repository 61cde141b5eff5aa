import { createHash } from 'node:crypto'
import { asId, type CameraId, type RunId } from '../../server/domain/ids.js'
import type { RecordedSegment } from '../../server/domain/recording.js'
import { sumRecord, writeRecordReport, type RecordFacts } from '../../server/recording/record-report.js'
import { isoTimeIn } from '../../server/system/local-time.js'

const T = Date.UTC(2026, 10, 25, 9, 41, 57, 120)
const timeOf = isoTimeIn('Asia/Ho_Chi_Minh')
const segment = (number: number, part: Partial<RecordedSegment> = {}): RecordedSegment => ({ runId: asId<RunId>('run-1'), number, cameraId: asId<CameraId>('cam-1'), fromMs: T + number * 8_000, toMs: T + (number + 1) * 8_000, fromTicks: 0, toTicks: 1, bytes: 1_000, sha256: String(number).repeat(64), startsWithKey: true, keys: [], motion: [], storageClass: 'plain', damaged: false, ...part })
/** 0–8 s and 16–24 s recorded, between them a damaged file, then nothing to the 40th second. */
const facts: RecordFacts = {
  span: { fromMs: T, toMs: T + 40_000 },
  recorded: [{ fromMs: T, toMs: T + 8_000 }, { fromMs: T + 16_000, toMs: T + 24_000 }],
  gaps: [{ cause: 'damaged', fromMs: T + 8_000, toMs: T + 16_000 }, { cause: 'camera_lost', fromMs: T + 24_000, toMs: T + 40_000 }],
  segments: [segment(0), segment(1, { damaged: true }), segment(2)],
}
const head = { site: 'IOC An Giang', camera: 'Cầu Hoàng Diệu; "giữa cầu"', by: '=cmd|calc', atMs: T + 60_000, language: 'vi', timeOf } as const

test('the sum tells how much of the span there is, and one hash for all its files', () => {
  const digest = createHash('sha256').update(`${'0'.repeat(64)}\n${'1'.repeat(64)}\n${'2'.repeat(64)}\n`).digest('hex')
  expect(sumRecord(facts)).toEqual({ recordedMs: 16_000, missingMs: 24_000, share: 0.4, files: 3, bytes: 3_000, damaged: 1, digest })
  expect(sumRecord({ ...facts, segments: [segment(2), segment(0), segment(1)] }).digest).not.toBe(digest)
})

test('of nothing asked there is nothing, and no division by it', () => {
  expect(sumRecord({ span: { fromMs: T, toMs: T }, recorded: [], gaps: [], segments: [] })).toMatchObject({ recordedMs: 0, missingMs: 0, share: 0, files: 0 })
})

test('the table has each gap with its cause and each file with its hash, in order of time, by the clock of the site', () => {
  const lines = writeRecordReport(facts, head).split('\r\n')
  expect(lines[0]).toBe('\uFEFFBáo cáo tình trạng ghi hình')
  expect(lines.slice(13, -1)).toEqual([
    `đoạn ghi;2026-11-25T16:41:57.120+07:00;2026-11-25T16:42:05.120+07:00;8,000;;cam-1/2026-11-25/${T}_0_run-1.m4s;1000;${'0'.repeat(64)};nguyên vẹn khi kiểm lần cuối`,
    'khoảng trống;2026-11-25T16:42:05.120+07:00;2026-11-25T16:42:13.120+07:00;8,000;tệp ghi bị hỏng hoặc mất;;;;',
    `đoạn ghi;2026-11-25T16:42:05.120+07:00;2026-11-25T16:42:13.120+07:00;8,000;;cam-1/2026-11-25/${T + 8_000}_1_run-1.m4s;1000;${'1'.repeat(64)};hỏng hoặc mất`,
    `đoạn ghi;2026-11-25T16:42:13.120+07:00;2026-11-25T16:42:21.120+07:00;8,000;;cam-1/2026-11-25/${T + 16_000}_2_run-1.m4s;1000;${'2'.repeat(64)};nguyên vẹn khi kiểm lần cuối`,
    'khoảng trống;2026-11-25T16:42:21.120+07:00;2026-11-25T16:42:37.120+07:00;16,000;camera mất tín hiệu;;;;',
  ])
})

test.each<[sentence: string, line: string]>([
  ['a name with the sign that parts cells is quoted', 'Camera;"Cầu Hoàng Diệu; ""giữa cầu"""'],
  ['a name that begins like a formula stays text', "Lập lúc, bởi;2026-11-25T16:42:57.120+07:00;'=cmd|calc"],
  ['the share is written as people here write numbers', 'Có bản ghi (%);40,000'],
])('%s', (_sentence, line) => expect(writeRecordReport(facts, head).split('\r\n')).toContain(line))

test('in English the same table has points for commas', () => expect(writeRecordReport(facts, { ...head, language: 'en' }).split('\r\n')).toContain('Recorded (%);40.000'))

test.each<[zone: string, written: string]>([
  ['Asia/Ho_Chi_Minh', '2026-11-25T16:41:57.120+07:00'],
  ['UTC', '2026-11-25T09:41:57.120+00:00'],
  ['America/St_Johns', '2026-11-25T06:11:57.120-03:30'],
])('in %s a moment is written with its offset', (zone, written) => expect([isoTimeIn(zone)(T), Date.parse(written)]).toEqual([written, T]))
