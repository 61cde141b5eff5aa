import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { asId, isId, type CameraId } from '../domain/ids.js'
import type { RecordedSegment } from '../domain/recording.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { dayOf, initFile, readInitName, readSegmentName, segmentFile } from './disk-names.js'
import { isMissing, makeFolder } from './durable.js'
import { adopt, namesIn } from './sweep.js'
import { writeInit } from './write-init.js'

/** What differs between the disk and the rows. Each says what it is, where, and whether it can be mended without losing a picture. */
export type Finding =
  /** A row whose file is gone. */
  | { readonly is: 'missing'; readonly file: string; readonly segment: RecordedSegment }
  /** …and lies elsewhere under another name, with the very same bytes. */
  | { readonly is: 'moved'; readonly file: string; readonly segment: RecordedSegment; readonly foundAs: string }
  | { readonly is: 'wrong_size' | 'wrong_hash'; readonly file: string; readonly segment: RecordedSegment }
  /** Marked as damaged, and whole again: somebody put the right file back. */
  | { readonly is: 'healed'; readonly file: string; readonly segment: RecordedSegment }
  /** A file without a row: whole, or what a crash left of one. */
  | { readonly is: 'no_row' | 'unfinished'; readonly file: string; readonly cameraId: CameraId }
  | { readonly is: 'no_init'; readonly file: string; readonly cameraId: CameraId }
  /** Nothing of ours, or of a camera that this database does not know: told, never touched. */
  | { readonly is: 'strange'; readonly file: string }

export interface CameraCheck {
  readonly cameraId: string
  readonly segments: number
  readonly bytes: number
  readonly damaged: number
  readonly oldestMs: number | null
  readonly newestMs: number | null
}

export interface Check {
  readonly cameras: readonly CameraCheck[]
  readonly findings: readonly Finding[]
  /** Whether every byte was read, or only names and sizes. */
  readonly hashed: boolean
}

export interface CheckParts {
  readonly store: Store
  readonly root: string
  readonly clock: Clock
  /** Reads every byte: hours for a full disk, and the only way to find a flipped bit. */
  readonly hash: boolean
  /** Files younger than this are the running server's own business. */
  readonly youngMs: number
  /** Waited for before each day of a camera, so that a check beside the recording leaves the disk to it. */
  readonly pace?: () => Promise<void>
}

const DAY_MS = 86_400_000
/** What may lie beside the cameras' folders. */
const OURS = new Set(['vonglau-disk.json', 'ballast', 'lost+found'])

export async function checkDisk(parts: CheckParts): Promise<Check> {
  const { store, root } = parts
  const names = await namesIn(root)
  const policies = await store.recordings.policies()
  const cameraIds = [...new Set([...policies.map(({ cameraId }) => cameraId as string), ...names.filter((name) => isId(name) && !OURS.has(name))])].toSorted()
  const findings: Finding[] = names.filter((name) => !OURS.has(name) && !isId(name)).map((file) => ({ is: 'strange', file }))
  const cameras: CameraCheck[] = []
  for (const id of cameraIds) {
    const cameraId = asId<CameraId>(id)
    if (!(await store.recordings.knows(cameraId))) {
      findings.push({ is: 'strange', file: id })
      continue
    }
    const one = await checkCamera(parts, cameraId)
    cameras.push(one.sum)
    findings.push(...(await findMoved(parts, one.findings)))
  }
  return { cameras, findings, hashed: parts.hash }
}

async function checkCamera(parts: CheckParts, cameraId: CameraId): Promise<{ readonly sum: CameraCheck; readonly findings: Finding[] }> {
  const { store, root } = parts
  const inFolder = await namesIn(join(root, cameraId))
  const findings: Finding[] = inFolder.filter((name) => !DAY.test(name) && !readInitName(cameraId, name)).map((name) => ({ is: 'strange', file: `${cameraId}/${name}` }))
  const oldestMs = await store.recordings.oldestSegmentMs(cameraId)
  const newestMs = await store.recordings.newestMs(cameraId)
  const days = new Set(inFolder.filter((name) => DAY.test(name)))
  if (oldestMs !== null && newestMs !== null) for (let at = oldestMs; dayOf(at) <= dayOf(newestMs); at += DAY_MS) days.add(dayOf(at))
  let [segments, bytes, damaged] = [0, 0, 0]
  const runs = new Set<RecordedSegment['runId']>()
  for (const day of [...days].toSorted()) {
    await parts.pace?.()
    const fromMs = Date.parse(`${day}T00:00:00Z`)
    const rows = (await store.recordings.between(cameraId, fromMs, fromMs + DAY_MS)).filter((row) => dayOf(row.fromMs) === day)
    for (const row of rows) {
      segments += 1
      bytes += row.bytes
      damaged += row.damaged ? 1 : 0
      runs.add(row.runId)
    }
    findings.push(...(await checkDay(parts, { cameraId, day, rows })))
  }
  const written = new Set(inFolder.map((name) => readInitName(cameraId, name)?.id))
  for (const run of await store.recordings.runs([...runs])) if (!written.has(run.id)) findings.push({ is: 'no_init', file: initFile(run), cameraId })
  return { sum: { cameraId, segments, bytes, damaged, oldestMs, newestMs: segments > 0 ? newestMs : null }, findings }
}

const DAY = /^\d{4}-\d\d-\d\d$/

async function checkDay({ root, hash, youngMs, clock }: CheckParts, { cameraId, day, rows }: { readonly cameraId: CameraId; readonly day: string; readonly rows: readonly RecordedSegment[] }): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  const names = new Set(await namesIn(join(root, cameraId, day)))
  for (const segment of rows) {
    const file = segmentFile(segment)
    const there = names.delete(file.slice(file.lastIndexOf('/') + 1))
    const size = there ? await sizeOf(join(root, file)) : null
    if (size === null) findings.push({ is: 'missing', file, segment })
    else if (size.bytes !== segment.bytes) findings.push({ is: 'wrong_size', file, segment })
    else if ((hash || segment.damaged) && (await hashOf(join(root, file))) !== segment.sha256) findings.push({ is: 'wrong_hash', file, segment })
    else if (segment.damaged) findings.push({ is: 'healed', file, segment })
  }
  for (const name of names) {
    const file = `${cameraId}/${day}/${name}`
    const read = readSegmentName(cameraId, name)
    const size = await sizeOf(join(root, file))
    const ageMs = clock.wallMs() - (size?.changedAtMs ?? 0)
    // Its name tells its age too, by the clock that recorded it: the disk's own time may come from another.
    const young = (ageMs >= 0 && ageMs < youngMs) || (read !== null && Math.abs(clock.wallMs() - read.fromMs) < youngMs)
    if (!size || young) continue
    if (!read || dayOf(read.fromMs) !== day) findings.push({ is: 'strange', file })
    else findings.push({ is: read.whole ? 'no_row' : 'unfinished', file, cameraId })
  }
  return findings
}

/** A missing file and an unknown one of the same size may be the same: then its hash tells. */
async function findMoved({ root }: CheckParts, findings: readonly Finding[]): Promise<readonly Finding[]> {
  const unknown = findings.filter((one) => one.is === 'strange' || one.is === 'no_row')
  if (unknown.length === 0) return findings
  const sizes = new Map<number, string[]>()
  for (const { file } of unknown) {
    const size = await sizeOf(join(root, file))
    if (size) sizes.set(size.bytes, [...(sizes.get(size.bytes) ?? []), file])
  }
  const taken = new Set<string>()
  const told: Finding[] = []
  for (const one of findings) {
    if (one.is !== 'missing') continue
    for (const file of sizes.get(one.segment.bytes) ?? []) {
      if (taken.has(file) || (await hashOf(join(root, file))) !== one.segment.sha256) continue
      taken.add(file)
      told.push({ ...one, is: 'moved', foundAs: file })
      break
    }
  }
  const back = new Set(told.map(({ file }) => file))
  return [...findings.filter((one) => !taken.has(one.file) && !(one.is === 'missing' && back.has(one.file))), ...told]
}

export interface Mended {
  readonly finding: Finding
  readonly done: 'put_back' | 'adopted' | 'removed' | 'row_became_gap' | 'marked_damaged' | 'unmarked' | 'init_written' | 'left'
  readonly said?: string
}

/** Mends what is safe. Removes no picture: only unfinished files without one whole picture go, and rows whose file is gone. */
export async function mend(parts: CheckParts, findings: readonly Finding[]): Promise<readonly Mended[]> {
  const mended: Mended[] = []
  for (const finding of findings) mended.push(await mendOne(parts, finding).catch((fault: unknown): Mended => ({ finding, done: 'left', said: fault instanceof Error ? fault.message : String(fault) })))
  return mended
}

async function mendOne({ store, root }: CheckParts, finding: Finding): Promise<Mended> {
  switch (finding.is) {
    case 'missing': {
      const { cameraId, fromMs, toMs } = finding.segment
      await store.recordings.forget(finding.segment, { cameraId, cause: 'damaged', fromMs, toMs })
      return { finding, done: 'row_became_gap' }
    }
    case 'moved':
      await makeFolder(root, join(root, finding.file.slice(0, finding.file.lastIndexOf('/'))))
      await rename(join(root, finding.foundAs), join(root, finding.file))
      return { finding, done: 'put_back' }
    case 'wrong_size':
    case 'wrong_hash':
      await store.recordings.markDamaged(finding.segment, true)
      return { finding, done: 'marked_damaged' }
    case 'healed':
      await store.recordings.markDamaged(finding.segment, false)
      return { finding, done: 'unmarked' }
    case 'no_row':
    case 'unfinished': {
      const read = readSegmentName(finding.cameraId, finding.file.slice(finding.file.lastIndexOf('/') + 1))
      if (!read) return { finding, done: 'left' }
      const { segment } = await adopt({ store, root, read, path: join(root, finding.file) })
      return { finding, done: segment ? 'adopted' : 'removed' }
    }
    case 'no_init': {
      const id = readInitName(finding.cameraId, finding.file.slice(finding.file.lastIndexOf('/') + 1))?.id
      const [run] = id ? await store.recordings.runs([id]) : []
      if (!run) return { finding, done: 'left' }
      await writeInit(join(root, finding.file), run.init).synced
      return { finding, done: 'init_written' }
    }
    case 'strange':
      return { finding, done: 'left', said: 'not ours: look at it and move it away' }
  }
}

async function sizeOf(path: string): Promise<{ readonly bytes: number; readonly changedAtMs: number } | null> {
  return stat(path).then(
    (found) => (found.isFile() ? { bytes: found.size, changedAtMs: found.mtimeMs } : null),
    (fault: unknown) => (isMissing(fault) ? null : Promise.reject(fault as Error)),
  )
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
