import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, stat, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Files that survive a power cut: written beside, synced, renamed into place, the folder synced, and only then hashed from
 * what lies on the disk. A final name therefore always stands for a whole file (order: reliability, "file, fsync, folder, row").
 */
export interface Kept {
  readonly bytes: number
  readonly sha256: string
}

/** Makes a file of these parts and syncs nothing: for drafts. A failed draft leaves nothing behind. */
export async function writeDraft(path: string, parts: Iterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  let file: FileHandle | null = null
  try {
    file = await open(path, 'w')
    for (const part of parts) await writeAll(file, part)
  } catch (fault) {
    await unlink(path).catch(() => undefined)
    throw fault
  } finally {
    await file?.close()
  }
}

/** `write` may write less than asked for when the disk is nearly full. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
}

/** Moves a finished draft to its final name, for good. */
export async function keepFile(draft: string, folder: string, name: string): Promise<Kept> {
  await syncPath(draft)
  const final = join(folder, name)
  await mkdir(dirname(final), { recursive: true })
  await rename(draft, final)
  // Each folder on the way may be new; its own entry lies in the one above.
  for (let at = dirname(final); at.length >= folder.length; at = dirname(at)) await syncPath(at)
  return measureFile(final)
}

export async function measureFile(path: string): Promise<Kept> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}

async function syncPath(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
