import { createHash } from 'node:crypto'
import { open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { asId, isId, type CameraId } from '../domain/ids.js'
import type { KeyPlace, RecordedSegment, Run } from '../domain/recording.js'
import type { Store } from '../storage/store.js'
import type { Log } from '../system/log.js'
import { folderOf, initFile, readInitName, readSegmentName, segmentFile, WHOLE, type SegmentName } from './disk-names.js'
import { isMissing, syncPath } from './durable.js'
import { readFragments, readInitBytes, type Fragment, type InitFacts } from './fragments.js'
import { addKey } from './key-places.js'

export interface SweepParts {
  readonly store: Store
  readonly log: Log
  readonly root: string
}

export interface Swept {
  readonly adopted: number
  readonly removed: number
  /** Bytes cut from torn ends. */
  readonly cutBytes: number
}

/** A crash leaves at most its last seconds without rows: they lie in the newest folders of days. The doctor reads them all. */
const DAYS_BACK = 2

/** Takes up what a crash left: cuts torn tails, gives whole files their name and their row, ends removals that were begun. */
export async function sweep({ store, log, root }: SweepParts): Promise<Swept> {
  const sum = { adopted: 0, removed: 0, cutBytes: 0 }
  for (let files = await store.recordings.garbage(1_000); files.length > 0; files = await store.recordings.garbage(1_000)) {
    await removeFiles(root, files)
    await store.recordings.dropGarbage(files)
    sum.removed += files.length
  }
  for (const cameraId of (await namesIn(root)).filter(isId).map((name) => asId<CameraId>(name))) {
    // The folder of a camera that this database does not know is the doctor's to tell, not ours to touch.
    const days = (await namesIn(join(root, cameraId))).filter((name) => /^\d{4}-\d\d-\d\d$/.test(name)).toSorted()
    for (const day of days.slice(-DAYS_BACK)) {
      const known = await rowsOfDay(store, cameraId, day)
      for (const name of await namesIn(join(root, cameraId, day))) {
        const read = readSegmentName(cameraId, name)
        if (!read || known.has(`${read.runId} ${read.number}`)) continue
        const adopted = await adopt({ store, root, read, path: join(root, cameraId, day, name) }).catch((fault: unknown) => {
          log.error({ fault, file: `${cameraId}/${day}/${name}` }, 'a recorded file could not be taken up')
          return null
        })
        if (!adopted) continue
        sum.cutBytes += adopted.cutBytes
        if (adopted.segment) sum.adopted += 1
        else sum.removed += 1
      }
    }
  }
  return sum
}

async function rowsOfDay(store: Store, cameraId: CameraId, day: string): Promise<ReadonlySet<string>> {
  const fromMs = Date.parse(`${day}T00:00:00Z`)
  const rows = await store.recordings.between(cameraId, fromMs, fromMs + 86_400_000)
  return new Set(rows.map(({ runId, number }) => `${runId} ${number}`))
}

export interface Adopted {
  /** Null when not one whole picture was there: the file is gone. */
  readonly segment: RecordedSegment | null
  readonly cutBytes: number
}

/** One file without a row: what is whole of it gets one. Its run is read from the init file beside it where its row is lost too. */
export async function adopt({ store, root, read, path }: { readonly store: Store; readonly root: string; readonly read: SegmentName; readonly path: string }): Promise<Adopted> {
  const found = await findRun(store, root, read)
  if (!found) throw new Error(`its run ${read.runId} is neither in the database nor beside it on the disk`)
  const bytes = await readFile(path)
  const { fragments, wholeBytes } = readFragments(bytes, found.init.defaults)
  const cutBytes = bytes.length - wholeBytes
  if (fragments.length === 0) {
    await unlink(path)
    return { segment: null, cutBytes }
  }
  const handle = await open(path, 'r+')
  try {
    if (cutBytes > 0) await handle.truncate(wholeBytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  const final = join(root, segmentFile(read, WHOLE))
  if (path !== final) await rename(path, final)
  await syncPath(join(root, folderOf(read)))
  const segment = segmentOf(read, { fragments, init: found.init, sha256: createHash('sha256').update(bytes.subarray(0, wholeBytes)).digest('hex'), bytes: wholeBytes })
  await store.recordings.commit({ runs: [found.run], segments: [segment] })
  return { segment, cutBytes }
}

async function findRun(store: Store, root: string, { cameraId, runId }: SegmentName): Promise<{ readonly run: Run; readonly init: InitFacts } | null> {
  const [row] = await store.recordings.runs([runId])
  if (row) return { run: row, init: readInitBytes(row.init) }
  const beside = (await namesIn(join(root, cameraId))).map((name) => readInitName(cameraId, name)).find((name) => name?.id === runId)
  if (!beside || !(await store.recordings.knows(cameraId))) return null
  const bytes = await readFile(join(root, initFile(beside)))
  const init = readInitBytes(bytes)
  // Two databases may have counted the same ordinal: the newest of ours goes on.
  const ordinal = Math.max(beside.ordinal, (await store.recordings.newestOrdinal(cameraId)) + 1)
  return { run: { ...beside, ordinal, codec: init.codec, width: init.width, height: init.height, timescale: init.timescale, init: bytes }, init }
}

export function segmentOf({ cameraId, runId, number, fromMs }: SegmentName, read: { readonly fragments: readonly Fragment[]; readonly init: InitFacts; readonly sha256: string; readonly bytes: number }): RecordedSegment {
  const { fragments, init, sha256, bytes } = read
  const first = fragments[0]
  const last = fragments.at(-1)
  const fromTicks = first?.decodeTime ?? 0
  const toTicks = last ? last.decodeTime + last.durationTicks : 0
  const spanMs = Math.round(((toTicks - fromTicks) * 1000) / init.timescale)
  const motion: number[] = []
  const keys: KeyPlace[] = []
  for (const { key, decodeTime, at, bytes: own } of fragments) {
    if (key) {
      addKey(keys, [decodeTime - fromTicks, at], init.timescale)
      continue
    }
    const second = Math.floor((decodeTime - fromTicks) / init.timescale)
    motion[second] = (motion[second] ?? 0) + own.length
  }
  return { runId, number, cameraId, fromMs, toMs: fromMs + Math.min(60_000, Math.max(1, spanMs)), fromTicks, toTicks, bytes, sha256, startsWithKey: first?.key ?? false, keys, motion: Array.from(motion, (size) => size ?? 0), storageClass: 'plain', damaged: false }
}

/** The files go, then their folders are synced: a removal that is acknowledged does not come back after a power cut. */
export async function removeFiles(root: string, files: readonly string[]): Promise<void> {
  const folders = new Set<string>()
  for (const file of files) {
    await unlink(join(root, file)).then(
      () => folders.add(file.slice(0, file.lastIndexOf('/'))),
      (fault: unknown) => (isMissing(fault) ? undefined : Promise.reject(fault as Error)),
    )
  }
  for (const folder of folders) await syncPath(join(root, folder)).catch((fault: unknown) => (isMissing(fault) ? undefined : Promise.reject(fault as Error)))
}

export async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((fault: unknown) => (isMissing(fault) ? [] : Promise.reject(fault as Error)))
}
