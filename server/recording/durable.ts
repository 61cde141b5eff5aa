import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What a file or folder holds is on the disk, and not only in the kernel's memory, when this settles. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a folder inside `root` with all above it; each new one's own entry lies in the folder above, which is synced too. */
export async function makeFolder(root: string, folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (made === undefined) return
  for (let at = folder; at.length > root.length; at = dirname(at)) await syncPath(dirname(at))
}

/** The operating system's word (ENOENT, ENOSPC …), or ''. Asked by shape: a fault may come from another realm. */
export function systemCode(fault: unknown): string {
  return typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : ''
}

export const isFull = (fault: unknown): boolean => ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(systemCode(fault))
export const isMissing = (fault: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(systemCode(fault))
