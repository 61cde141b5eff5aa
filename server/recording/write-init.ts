import { open, unlink } from 'node:fs/promises'
import { systemCode } from './durable.js'

/** The init segment of a run beside its segments: with it they play even if the database is lost. Synced before the first of them. */
export async function writeInit(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const handle = await open(path, 'wx', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } catch (fault) {
      // Half an init segment by this name would be believed later.
      await unlink(path).catch(() => undefined)
      throw fault
    } finally {
      await handle.close()
    }
  } catch (fault) {
    if (systemCode(fault) !== 'EEXIST') throw fault
  }
}
