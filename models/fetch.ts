import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fetchedFile, type ShelfModel } from './shelf.js'

export type Fetched =
  | { readonly is: 'fetched' | 'there'; readonly file: string }
  /** `offline`: nobody answered. `refused`: an answer, but not the file. `cut`: it ended early; what came is kept, and the next try goes on. */
  | { readonly is: 'offline' | 'refused' | 'cut' | 'too_long' | 'wrong_hash'; readonly said: string; readonly next: string }

/** Fetches a model of the shelf. A file by its final name is whole and the one its hash names; what is half lies beside it as `.part`. */
export async function fetchModel(model: ShelfModel, folder: string, onShare: (share: number) => void = () => undefined): Promise<Fetched> {
  const file = fetchedFile(folder, model)
  const part = `${file}.part`
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  if ((await hashOf(file)) === model.sha256) return { is: 'there', file }
  const got = await download(model, part, onShare)
  if (got !== null) return got
  const sha256 = await hashOf(part)
  if (sha256 !== model.sha256) {
    await rm(part, { force: true })
    return { is: 'wrong_hash', said: `what came from ${model.url} has SHA-256 ${sha256}; ${model.sha256} was promised`, next: 'The file there was changed, or somebody stands between: try again from another network, and use no file that does not match.' }
  }
  await rename(part, file)
  return { is: 'fetched', file }
}

/** Goes on where an earlier try ended, where the server can; null when as much as was promised is there. */
async function download({ url, bytes }: ShelfModel, part: string, onShare: (share: number) => void): Promise<Fetched | null> {
  const had = await sizeOf(part)
  if (had >= bytes) return null
  const reply = await fetch(url, { headers: had > 0 ? { range: `bytes=${had}-` } : {}, redirect: 'follow' }).catch((fault: unknown) => whyOf(fault))
  if (typeof reply === 'string') return { is: 'offline', said: `${new URL(url).host} cannot be reached: ${reply}`, next: 'Connect this machine to the network, or fetch the file elsewhere, compare its SHA-256, and upload it on the screen “Mô hình”.' }
  if (!reply.ok || !reply.body) return { is: 'refused', said: `${url} answers ${reply.status}`, next: 'The file may have moved: fetch it elsewhere, compare its SHA-256, and upload it on the screen “Mô hình”.' }
  // 200 to a question for the rest: the server sends the whole file, so it begins anew.
  const goesOn = reply.status === 206 && reply.headers.get('content-range')?.startsWith(`bytes ${had}-`) === true
  let at = goesOn ? had : 0
  const out = await open(part, goesOn ? 'a' : 'w', 0o600)
  try {
    for await (const piece of reply.body as unknown as AsyncIterable<Uint8Array>) {
      at += piece.length
      if (at > bytes) break
      await out.writeFile(piece)
      onShare(at / bytes)
    }
    await out.sync()
  } catch (fault) {
    return { is: 'cut', said: `the connection ended after ${at} of ${bytes} bytes: ${whyOf(fault)}`, next: 'Run the same command again: it goes on from there.' }
  } finally {
    await out.close()
  }
  if (at > bytes) {
    await rm(part, { force: true })
    return { is: 'too_long', said: `${url} sends more than the ${bytes} bytes that were promised`, next: 'The file there was changed: use no file that does not match.' }
  }
  return at < bytes ? { is: 'cut', said: `the connection ended after ${at} of ${bytes} bytes`, next: 'Run the same command again: it goes on from there.' } : null
}

async function hashOf(path: string): Promise<string | null> {
  if ((await sizeOf(path)) === 0) return null
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer)
  return hash.digest('hex')
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0
}

/** Node says "fetch failed" and keeps the reason one level below. Asked by shape: an error may come from another realm. */
function whyOf(fault: unknown): string {
  const read = (from: unknown, field: string): unknown => (typeof from === 'object' && from !== null ? Reflect.get(from, field) : undefined)
  const cause = read(fault, 'cause') ?? fault
  return String(read(cause, 'code') ?? read(cause, 'message') ?? fault)
}
