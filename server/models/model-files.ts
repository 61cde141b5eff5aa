import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Model files under their SHA-256: a name therefore says what is inside, and what is inside is compared with it on each load. */
export interface ModelFiles {
  pathOf(sha256: string): string
  /** Moves a whole file here, for good. */
  keep(draft: string, sha256: string): Promise<void>
  remove(sha256: string): Promise<void>
  /** Removes what no row speaks of: the rest of a crash between file and row. Files that were fetched beforehand stay. */
  sweep(known: ReadonlySet<string>): Promise<void>
}

const NAME = /^([0-9a-f]{64})\.onnx$/

export async function openModelFiles(folder: string): Promise<ModelFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pathOf = (sha256: string): string => join(folder, `${sha256}.onnx`)
  return {
    pathOf,
    async keep(draft, sha256) {
      await sync(draft)
      await rename(draft, pathOf(sha256))
      await sync(folder)
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    async sweep(known) {
      for (const name of await readdir(folder)) {
        const sha256 = NAME.exec(name)?.[1]
        if (sha256 !== undefined && !known.has(sha256)) await rm(join(folder, name), { force: true })
      }
    },
  }
}

/** Counted from what lies on the disk, piece by piece. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
