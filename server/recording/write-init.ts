import { open, unlink, type FileHandle } from 'node:fs/promises'
import { systemCode } from './durable.js'

/**
 * The init segment of a run beside its segments: with it they play even if the database is lost. `written` is enough for the
 * first segment to grow (a killed server leaves it behind); `synced` is waited for before a segment gets its final name.
 */
export function writeInit(path: string, bytes: Uint8Array, before: Promise<void> = Promise.resolve()): { readonly written: Promise<void>; readonly synced: Promise<void> } {
  const opened = before.then(() => writeNew(path, bytes))
  const synced = opened.then(async (handle) => {
    try {
      await handle?.sync()
    } finally {
      await handle?.close()
    }
  })
  // Whoever waits for it hears of the fault; when nobody does any more, it must not end the process.
  synced.catch(() => undefined)
  return { written: opened.then(() => undefined), synced }
}

/** Null when it is there already. */
async function writeNew(path: string, bytes: Uint8Array): Promise<FileHandle | null> {
  let handle: FileHandle | null = null
  try {
    handle = await open(path, 'wx', 0o600)
    await handle.writeFile(bytes)
    return handle
  } catch (fault) {
    if (systemCode(fault) === 'EEXIST') return null
    // Half an init segment by this name would be believed later.
    if (handle) await unlink(path).catch(() => undefined)
    await handle?.close()
    throw fault
  }
}
