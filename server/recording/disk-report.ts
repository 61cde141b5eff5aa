import type { CameraId } from '../domain/ids.js'
import type { Hold, RecordingGap } from '../domain/recording.js'
import type { Check, Finding, Mended } from './check.js'

/** What was not recorded of a camera, by cause (C7). */
export interface GapSum {
  readonly cameraId: CameraId
  readonly cause: RecordingGap['cause']
  readonly count: number
  readonly ms: number
}

export function sumGaps(gaps: readonly RecordingGap[], within: { readonly fromMs: number; readonly toMs: number }): readonly GapSum[] {
  const sums = new Map<string, { cameraId: CameraId; cause: RecordingGap['cause']; count: number; ms: number }>()
  for (const { cameraId, cause, fromMs, toMs } of gaps) {
    const key = `${cameraId} ${cause}`
    const sum = sums.get(key) ?? { cameraId, cause, count: 0, ms: 0 }
    sums.set(key, { ...sum, count: sum.count + 1, ms: sum.ms + Math.max(0, Math.min(toMs, within.toMs) - Math.max(fromMs, within.fromMs)) })
  }
  return [...sums.values()].toSorted((a, b) => b.ms - a.ms)
}

export interface DiskReport {
  readonly check: Check
  readonly gaps: readonly GapSum[]
  readonly days: number
  readonly holdsEnding: readonly Hold[]
  readonly mended: readonly Mended[]
  readonly names: ReadonlyMap<string, string>
}

const FINDING_WORDS: Readonly<Record<Finding['is'], string>> = {
  missing: 'the file of this row is gone',
  moved: 'the file of this row lies elsewhere',
  wrong_size: 'the file is shorter or longer than it was written',
  wrong_hash: 'the bytes are not those that were written',
  healed: 'was damaged, and is whole again',
  no_row: 'a whole file without a row',
  unfinished: 'a file that a crash left unfinished',
  no_init: 'the init segment beside these files is gone',
  strange: 'not ours, or of a camera that this database does not know',
}

/** A table for people. Lines are told up to a screenful; the rest is counted. */
export function writeReport({ check, gaps, days, holdsEnding, mended, names }: DiskReport): string {
  const name = (id: string): string => names.get(id) ?? id
  const table = (rows: readonly (readonly string[])[]): string[] => {
    const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
    return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
  }
  const lines = table([['camera', 'segments', 'GB', 'damaged', 'oldest', 'newest'], ...check.cameras.map(({ cameraId, segments, bytes, damaged, oldestMs, newestMs }) => [name(cameraId), String(segments), (bytes / 1e9).toFixed(2), String(damaged), timeOf(oldestMs), timeOf(newestMs)])])
  if (gaps.length > 0) lines.push('', `not recorded in the last ${days} days:`, ...table(gaps.map(({ cameraId, cause, count, ms }) => [`  ${name(cameraId)}`, cause, `${count}×`, `${Math.round(ms / 1000)} s`])))
  if (holdsEnding.length > 0) lines.push('', 'holds that end within 14 days (look at them again):', ...holdsEnding.map(({ cameraId, untilMs, reason }) => `  ${name(cameraId)}  until ${timeOf(untilMs)}  ${reason}`))
  const done = new Map(mended.map((one) => [one.finding, one]))
  lines.push('', check.findings.length === 0 ? `disk and rows agree${check.hashed ? ', every byte was read' : ' (names and sizes; --hash reads every byte)'}` : `${check.findings.length} differences:`)
  for (const finding of check.findings.slice(0, LINES_MAX)) {
    const was = done.get(finding)
    lines.push(`  ${finding.file}: ${FINDING_WORDS[finding.is]}${finding.is === 'moved' ? ` (${finding.foundAs})` : ''}${was ? ` → ${was.done.replaceAll('_', ' ')}${was.said ? `: ${was.said}` : ''}` : ''}`)
  }
  if (check.findings.length > LINES_MAX) lines.push(`  … and ${check.findings.length - LINES_MAX} more (--json tells all)`)
  if (check.findings.length > 0 && mended.length === 0) lines.push('', 'npm run doctor -- --mend mends what is safe; it removes no picture')
  return `${lines.join('\n')}\n`
}

const LINES_MAX = 40

function timeOf(atMs: number | null): string {
  return atMs === null ? '—' : new Date(atMs).toISOString().slice(0, 19)
}
