import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Words } from '../domain/words.js'
import type { Store } from '../storage/store.js'
import { newId } from '../system/ids.js'
import { isMissing, makeFolder, syncPath } from './durable.js'

/**
 * A recording disk and a database belong together: each holds the same id. A disk of another installation, or an empty
 * folder where the disk should be mounted, is refused before a byte is written (Moonfire's `meta` file).
 */
export const IDENTITY_FILE = 'vonglau-disk.json'
const NOTE = 'recording.disk'

export type DiskStanding = { readonly is: 'ours' } | { readonly is: 'refused'; readonly said: Words; readonly next: string }

/** What the two say of each other. Pure, so that every case is a line in a test. */
export function judgeIdentity(found: { readonly onDisk: string | null; readonly inDatabase: string | null; readonly hasRows: boolean }): 'ours' | 'new' | 'foreign' | 'not_mounted' {
  const { onDisk, inDatabase, hasRows } = found
  if (onDisk === null && inDatabase === null) return 'new'
  if (onDisk === inDatabase) return 'ours'
  if (onDisk !== null) return 'foreign'
  // Nothing was recorded yet: the folder may have been emptied or chosen anew before it held anything.
  return hasRows ? 'not_mounted' : 'new'
}

export async function identifyDisk(store: Store, root: string): Promise<DiskStanding> {
  await makeFolder(root, root)
  const onDisk = await readIdentity(root)
  const standing = judgeIdentity({ onDisk, inDatabase: await store.notes.get(NOTE), hasRows: !(await store.recordings.isEmpty()) })
  if (standing === 'ours') return { is: 'ours' }
  if (standing === 'new') {
    const id = newId<string>()
    await writeIdentity(root, id)
    await store.notes.set(NOTE, id)
    return { is: 'ours' }
  }
  const next = 'npm run doctor'
  return standing === 'foreign'
    ? { is: 'refused', next: `${next} -- --take-disk`, said: { vi: `Ổ ghi hình ${root} thuộc hệ thống khác: gắn đúng ổ, hoặc chạy npm run doctor -- --take-disk để nhận ổ này`, en: `The recording disk ${root} belongs to another installation: mount the right disk, or run npm run doctor -- --take-disk to take this one over` } }
    : { is: 'refused', next: `ls ${root}`, said: { vi: `Ổ ghi hình không có ở ${root}: gắn lại ổ, hoặc chạy npm run doctor -- --take-disk để bắt đầu ổ mới`, en: `The recording disk is not mounted at ${root}: mount it, or run npm run doctor -- --take-disk to begin on a new one` } }
}

/** The operator says that this disk is the one from now on. */
export async function takeDisk(store: Store, root: string): Promise<void> {
  await makeFolder(root, root)
  const onDisk = await readIdentity(root)
  const id = onDisk ?? newId<string>()
  if (onDisk === null) await writeIdentity(root, id)
  await store.notes.set(NOTE, id)
}

async function readIdentity(root: string): Promise<string | null> {
  const text = await readFile(join(root, IDENTITY_FILE), 'utf8').catch((fault: unknown) => (isMissing(fault) ? null : Promise.reject(fault as Error)))
  if (text === null) return null
  try {
    const read = JSON.parse(text) as { readonly id?: unknown }
    return typeof read.id === 'string' ? read.id : 'unreadable'
  } catch {
    return 'unreadable'
  }
}

async function writeIdentity(root: string, id: string): Promise<void> {
  const handle = await open(join(root, IDENTITY_FILE), 'wx', 0o600)
  try {
    await handle.writeFile(JSON.stringify({ id, what: 'Recordings of Vọng Lâu. Do not copy this file to another disk.' }))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncPath(root)
}
