import { createHash } from 'node:crypto'
import { GAP_WORDS, type RecordedSegment } from '../domain/recording.js'
import type { Words } from '../domain/words.js'
import { segmentFile } from './disk-names.js'
import type { Span, ToldGap } from './timeline.js'

/** What is known of a span: the rows that begin or lie in it, oldest first, and what they leave out. */
export interface RecordFacts {
  /** As asked, but no longer than until now. */
  readonly span: Span
  readonly recorded: readonly Span[]
  readonly gaps: readonly ToldGap[]
  readonly segments: readonly RecordedSegment[]
}

export interface RecordSum {
  readonly recordedMs: number
  readonly missingMs: number
  /** Of the span, 0..1. */
  readonly share: number
  readonly files: number
  readonly bytes: number
  readonly damaged: number
  /** SHA-256 over the files' own, in order of time, each as 64 letters and a line feed: two reports of a span agree when this does. */
  readonly digest: string
}

export function sumRecord({ span, recorded, segments }: RecordFacts): RecordSum {
  const lengthMs = Math.max(0, span.toMs - span.fromMs)
  const recordedMs = Math.min(lengthMs, recorded.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0))
  const digest = createHash('sha256')
  for (const { sha256 } of segments) digest.update(`${sha256}\n`)
  return {
    recordedMs,
    missingMs: lengthMs - recordedMs,
    share: lengthMs === 0 ? 0 : recordedMs / lengthMs,
    files: segments.length,
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    damaged: segments.filter(({ damaged }) => damaged).length,
    digest: digest.digest('hex'),
  }
}

/** Who asked for the report, of which camera, where. */
export interface ReportHead {
  readonly site: string
  readonly camera: string
  readonly by: string
  readonly atMs: number
  readonly language: keyof Words
  /** ISO 8601 with the site's own offset. */
  timeOf(atMs: number): string
}

type Word = 'title' | 'site' | 'camera' | 'from' | 'to' | 'made' | 'share' | 'missing' | 'files' | 'damaged' | 'digest' | 'kind' | 'seconds' | 'cause' | 'file' | 'bytes' | 'state' | 'gap' | 'segment' | 'whole' | 'broken'
const WORDS: Readonly<Record<Word, Words>> = {
  title: { vi: 'Báo cáo tình trạng ghi hình', en: 'Recording report' },
  site: { vi: 'Đơn vị', en: 'Site' },
  camera: { vi: 'Camera', en: 'Camera' },
  from: { vi: 'Từ', en: 'From' },
  to: { vi: 'Đến', en: 'To' },
  made: { vi: 'Lập lúc, bởi', en: 'Made at, by' },
  share: { vi: 'Có bản ghi (%)', en: 'Recorded (%)' },
  missing: { vi: 'Thiếu (giây)', en: 'Missing (seconds)' },
  files: { vi: 'Số tệp', en: 'Files' },
  damaged: { vi: 'Tệp hỏng hoặc mất', en: 'Files damaged or missing' },
  digest: { vi: 'Mã băm chung (SHA-256 của các mã băm theo thứ tự, mỗi mã một dòng)', en: 'Common hash (SHA-256 of the hashes in order, one a line)' },
  kind: { vi: 'Loại', en: 'Kind' },
  seconds: { vi: 'Giây', en: 'Seconds' },
  cause: { vi: 'Nguyên nhân', en: 'Cause' },
  file: { vi: 'Tệp', en: 'File' },
  bytes: { vi: 'Byte', en: 'Bytes' },
  state: { vi: 'Tình trạng', en: 'State' },
  gap: { vi: 'khoảng trống', en: 'gap' },
  segment: { vi: 'đoạn ghi', en: 'recording' },
  whole: { vi: 'nguyên vẹn khi kiểm lần cuối', en: 'whole when last checked' },
  broken: { vi: 'hỏng hoặc mất', en: 'damaged or missing' },
}

/** The report as a table that Excel opens with Vietnamese settings: UTF-8 with its mark, semicolons, decimal commas in the sums, one line a gap or a file, in order of time. */
export function writeRecordReport(facts: RecordFacts, head: ReportHead): string {
  const t = (word: Word): string => WORDS[word][head.language]
  const sum = sumRecord(facts)
  const decimal = (value: number, digits: number): string => (head.language === 'vi' ? value.toFixed(digits).replace('.', ',') : value.toFixed(digits))
  const seconds = ({ fromMs, toMs }: Span): string => decimal((toMs - fromMs) / 1000, 3)
  const lines = [
    ...facts.gaps.map((gap) => ({ atMs: gap.fromMs, cells: [t('gap'), head.timeOf(gap.fromMs), head.timeOf(gap.toMs), seconds(gap), GAP_WORDS[gap.cause][head.language], '', '', '', ''] })),
    ...facts.segments.map((one) => ({ atMs: one.fromMs, cells: [t('segment'), head.timeOf(one.fromMs), head.timeOf(one.toMs), seconds(one), '', segmentFile(one), String(one.bytes), one.sha256, t(one.damaged ? 'broken' : 'whole')] })),
  ].toSorted((a, b) => a.atMs - b.atMs)
  const rows: readonly (readonly string[])[] = [
    [t('title')],
    [t('site'), head.site],
    [t('camera'), head.camera],
    [t('from'), head.timeOf(facts.span.fromMs)],
    [t('to'), head.timeOf(facts.span.toMs)],
    [t('made'), head.timeOf(head.atMs), head.by],
    [t('share'), decimal(sum.share * 100, 3)],
    [t('missing'), decimal(sum.missingMs / 1000, 3)],
    [t('files'), String(sum.files)],
    [t('damaged'), String(sum.damaged)],
    [t('digest'), sum.digest],
    [],
    [t('kind'), t('from'), t('to'), t('seconds'), t('cause'), t('file'), t('bytes'), 'SHA-256', t('state')],
    ...lines.map(({ cells }) => cells),
  ]
  return `\uFEFF${rows.map((cells) => cells.map(cell).join(';')).join('\r\n')}\r\n`
}

/** Quoted where it must be (RFC 4180); a name that begins like a formula is text all the same. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
