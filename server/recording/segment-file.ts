import { createHash } from 'node:crypto'
import { open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { isMissing } from './durable.js'

/** Some whole fragments that are written with one call: at most about a second of pictures. */
export interface Group {
  readonly parts: readonly Uint8Array[]
  readonly bytes: number
  /** Where the last of them ends: ticks, and wall time. */
  readonly endTicks: number
  readonly endAtMs: number
  readonly motion: readonly (readonly [second: number, bytes: number])[]
}

/** What lies whole and synced on the disk. */
export interface Finished {
  readonly bytes: number
  readonly sha256: string
  readonly endTicks: number
  readonly endAtMs: number
  readonly motion: readonly number[]
  /** False when a write failed: the end that the camera sent is not there. */
  readonly complete: boolean
}

/**
 * One growing file. Every step waits in line behind the one before, off the main thread; nothing here is waited for by the
 * camera. The name of a whole file is given only after its bytes are synced, so a file by that name is always whole, and a
 * `.part` is what a crash left. After a failed write nothing more is written, and what was whole before it is kept.
 */
export interface SegmentFile {
  append(group: Group): void
  /** Syncs, names, and tells what is there; null when nothing is. Rejects when the sync failed: then nobody knows what is there. */
  finish(): Promise<Finished | null>
  /** Settles when all that was given is written. */
  settled(): Promise<void>
  readonly backlogBytes: number
  /** What lies in the file by now, in whole fragments. */
  readonly written: { readonly bytes: number; readonly endTicks: number }
}

/** `before`: what must be there before it may grow; `synced`: what must be on the disk before it gets its name. */
export function openSegmentFile(paths: { readonly growing: string; readonly whole: string; readonly before: Promise<void>; readonly synced: Promise<void> }, onFault: (fault: unknown) => void): SegmentFile {
  const hash = createHash('sha256')
  let handle: FileHandle | null = null
  let failed = false
  let backlogBytes = 0
  let good = { bytes: 0, endTicks: 0, endAtMs: 0 }
  const motion: number[] = []

  const fail = (fault: unknown): void => {
    if (failed) return
    failed = true
    onFault(fault)
  }
  let line: Promise<void> = paths.before
    .then(async () => {
      handle = await open(paths.growing, 'wx', 0o600)
    })
    .catch(fail)

  const write = async ({ parts, bytes, endTicks, endAtMs, motion: moved }: Group): Promise<void> => {
    if (failed || !handle) return
    await writeAll(handle, parts, good.bytes)
    // Only what was written is hashed: a group that failed half-way is cut off again.
    for (const part of parts) hash.update(part)
    good = { bytes: good.bytes + bytes, endTicks, endAtMs }
    for (const [second, size] of moved) motion[second] = (motion[second] ?? 0) + size
  }

  return {
    get backlogBytes() {
      return backlogBytes
    },
    get written() {
      return good
    },
    append(group) {
      backlogBytes += group.bytes
      line = line
        .then(() => write(group))
        .catch(fail)
        .then(() => void (backlogBytes -= group.bytes))
    },
    settled: () => line,
    async finish() {
      await line
      if (!handle) return null
      try {
        if (good.bytes === 0) {
          await unlink(paths.growing).catch((fault: unknown) => (isMissing(fault) ? undefined : Promise.reject(fault as Error)))
          return null
        }
        if (failed) await handle.truncate(good.bytes)
        await Promise.all([handle.sync(), paths.synced])
      } finally {
        await handle.close()
      }
      await rename(paths.growing, paths.whole)
      return { ...good, sha256: hash.digest('hex'), motion: Array.from(motion, (size) => size ?? 0), complete: !failed }
    },
  }
}

/** writev may write less than asked for when the disk is nearly full. */
async function writeAll(handle: FileHandle, parts: readonly Uint8Array[], from: number): Promise<void> {
  let at = from
  let left = [...parts]
  while (left.length > 0) {
    const { bytesWritten } = await handle.writev(left, at)
    at += bytesWritten
    left = without(left, bytesWritten)
  }
}

function without(parts: readonly Uint8Array[], written: number): Uint8Array[] {
  let skip = written
  const left: Uint8Array[] = []
  for (const part of parts) {
    if (skip >= part.length) skip -= part.length
    else {
      left.push(part.subarray(skip))
      skip = 0
    }
  }
  return left
}
