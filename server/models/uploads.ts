import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { MODEL_BYTES_MAX } from '../../analytics/detect/onnx-wire.js'
import type { PersonId, UploadId } from '../domain/ids.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'

export type UploadKind = 'model' | 'clip'

/** A clip of a few minutes of a city camera; only its first minute is looked at. */
export const UPLOAD_BYTES_MAX: Readonly<Record<UploadKind, number>> = { model: MODEL_BYTES_MAX, clip: 256 << 20 }
/** A request must be whole within 30 s (server/web): this much passes even a link of 300 kbit/s. */
export const PIECE_BYTES_MAX = 1 << 20
/** All people together; each may be as large as is allowed. */
const OPEN_MAX = 4
const SILENT_MS_MAX = 10 * 60_000

export interface Upload {
  readonly id: UploadId
  readonly kind: UploadKind
  /** What the person's own file is called: for people to read, never a path. */
  readonly name: string
  readonly by: PersonId
  readonly bytes: number
  readonly received: number
  readonly path: string
}

export type PieceTaken = { readonly ok: true; readonly received: number } | { readonly ok: false; readonly why: 'unknown' | 'elsewhere' | 'too_much'; readonly received: number }

/** Files on their way in, piece by piece, straight to the disk. */
export interface Uploads {
  begin(wish: { readonly kind: UploadKind; readonly name: string; readonly bytes: number; readonly by: PersonId }): Promise<Upload | 'too_large' | 'too_many'>
  /** Appends; a piece that was sent twice, or early, is told where the file stands. */
  put(id: UploadId, by: PersonId, at: number, piece: Uint8Array): Promise<PieceTaken>
  /** Hands a whole file over: who takes it moves or removes it. Null when it is not whole, not theirs or of another kind. */
  take(id: UploadId, by: PersonId, kind: UploadKind): Promise<Upload | null>
  drop(id: UploadId, by: PersonId): Promise<boolean>
  close(): Promise<void>
}

interface Incoming {
  upload: Upload
  readonly file: FileHandle
  heardAtMs: number
  /** Pieces of one file are written one after the other, however they arrive. */
  turn: Promise<unknown>
}

export async function openUploads({ folder, clock }: { readonly folder: string; readonly clock: Clock }): Promise<Uploads> {
  // What an earlier run had not finished nobody will finish.
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const incoming = new Map<UploadId, Incoming>()

  const forget = async (one: Incoming): Promise<void> => {
    incoming.delete(one.upload.id)
    await one.turn.catch(() => undefined)
    await one.file.close()
  }
  const discard = async (one: Incoming): Promise<void> => {
    await forget(one)
    await rm(one.upload.path, { force: true })
  }
  const find = (id: UploadId, by: PersonId): Incoming | null => {
    const one = incoming.get(id)
    return one && one.upload.by === by ? one : null
  }
  const stopSweeping = clock.every(60_000, () => {
    for (const one of incoming.values()) if (clock.monotonicMs() - one.heardAtMs > SILENT_MS_MAX) void discard(one).catch(() => undefined)
  })

  const append = async (one: Incoming, at: number, piece: Uint8Array): Promise<PieceTaken> => {
    const { received, bytes } = one.upload
    if (at !== received) return { ok: false, why: 'elsewhere', received }
    if (received + piece.length > bytes) return { ok: false, why: 'too_much', received }
    for (let done = 0; done < piece.length; ) done += (await one.file.write(piece, done, piece.length - done, at + done)).bytesWritten
    one.upload = { ...one.upload, received: received + piece.length }
    return { ok: true, received: one.upload.received }
  }

  return {
    async begin({ kind, name, bytes, by }) {
      if (bytes > UPLOAD_BYTES_MAX[kind]) return 'too_large'
      if (incoming.size >= OPEN_MAX) return 'too_many'
      const id = newId<UploadId>()
      const path = join(folder, id)
      const upload: Upload = { id, kind, name, by, bytes, received: 0, path }
      incoming.set(id, { upload, file: await open(path, 'wx', 0o600), heardAtMs: clock.monotonicMs(), turn: Promise.resolve() })
      return upload
    },
    async put(id, by, at, piece) {
      const one = find(id, by)
      if (!one) return { ok: false, why: 'unknown', received: 0 }
      one.heardAtMs = clock.monotonicMs()
      const done = one.turn.catch(() => undefined).then(() => append(one, at, piece))
      one.turn = done
      return done
    },
    async take(id, by, kind) {
      const one = find(id, by)
      if (!one || one.upload.kind !== kind || one.upload.received !== one.upload.bytes) return null
      await forget(one)
      return one.upload
    },
    async drop(id, by) {
      const one = find(id, by)
      if (one) await discard(one)
      return one !== null
    },
    async close() {
      stopSweeping()
      await Promise.all([...incoming.values()].map(discard))
    },
  }
}
