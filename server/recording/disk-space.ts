import { open, statfs, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from './durable.js'

export interface DiskFacts {
  readonly totalBytes: number
  readonly freeBytes: number
  /** What our recordings take. */
  readonly recordedBytes: number
}

export interface DiskLimits {
  /** Recordings may take so much, or null: whatever the disk has. */
  readonly quotaBytes: number | null
  /** Kept free for the database and the evidence, which may share the disk. */
  readonly reserveBytes: number
}

export type DiskLevel = 'ok' | 'watch' | 'tight' | 'full'

export interface DiskVerdict {
  readonly level: DiskLevel
  /** 0..1 of what may be used. */
  readonly share: number
  /** How much must go so that things are easy again; 0 below 90 %. */
  readonly releaseBytes: number
  /** No room for another segment: recording stops until there is. */
  readonly stop: boolean
  /** Room again, and not at the very edge of stopping anew. */
  readonly mayResume: boolean
}

/** Told at 85 %, freed at 90 %, urgent at 95 % (reliability T12: freed before 95 %). */
const WATCH = 0.85
const TIGHT = 0.9
const FULL = 0.95
/** Freed down to here, so that it is not done again for every file. */
const EASY = 0.88
/** What the cameras write while the oldest is being removed. */
const STOP_BYTES = 16 << 20

/** How full it is, and what to do. Pure. */
export function judgeDisk({ totalBytes, freeBytes, recordedBytes }: DiskFacts, { quotaBytes, reserveBytes }: DiskLimits): DiskVerdict {
  const roomBytes = Math.max(1, totalBytes - reserveBytes)
  const usedBytes = totalBytes - freeBytes
  const ofDisk = usedBytes / roomBytes
  const ofQuota = quotaBytes === null ? 0 : recordedBytes / Math.max(1, quotaBytes)
  const share = Math.max(ofDisk, ofQuota)
  const overDisk = ofDisk >= TIGHT ? usedBytes - EASY * roomBytes : 0
  const overQuota = quotaBytes !== null && ofQuota >= TIGHT ? recordedBytes - EASY * quotaBytes : 0
  const edgeBytes = Math.min(STOP_BYTES, totalBytes / 16)
  const stop = freeBytes < reserveBytes + edgeBytes || (quotaBytes !== null && recordedBytes > quotaBytes)
  return { mayResume: !stop && freeBytes > reserveBytes + 2 * edgeBytes, share, level: stop || share >= FULL ? 'full' : share >= TIGHT ? 'tight' : share >= WATCH ? 'watch' : 'ok', releaseBytes: Math.ceil(Math.max(0, overDisk, overQuota)), stop }
}

export async function readDisk(root: string): Promise<{ readonly totalBytes: number; readonly freeBytes: number }> {
  const { blocks, bavail, bsize } = await statfs(root)
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize }
}

/**
 * A file of zeros that is given up when the disk is full: a full disk also refuses to delete rows (measured: SQLITE_FULL on
 * DELETE), so the database needs a last piece to work with.
 */
export const BALLAST_FILE = 'ballast'
const CHUNK_BYTES = 1 << 20

export async function fillBallast(root: string, bytes: number): Promise<void> {
  const path = join(root, BALLAST_FILE)
  const has = await stat(path).then(({ size }) => size, (fault: unknown) => (isMissing(fault) ? 0 : Promise.reject(fault as Error)))
  if (has >= bytes) return
  const handle = await open(path, 'a', 0o600)
  try {
    // Not zeros only: a file system that compresses or keeps holes would give nothing back.
    const chunk = Buffer.alloc(CHUNK_BYTES, 'ballast of Vọng Lâu; ')
    for (let at = has; at < bytes; at += CHUNK_BYTES) await handle.write(chunk, 0, Math.min(CHUNK_BYTES, bytes - at))
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export async function dropBallast(root: string): Promise<void> {
  await truncate(join(root, BALLAST_FILE), 0).catch((fault: unknown) => (isMissing(fault) ? undefined : Promise.reject(fault as Error)))
}
