import { access, mkdir, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { DeclaredGap, Export, ExportTrouble } from '../domain/export.js'
import type { CameraId, ExportId, PersonId } from '../domain/ids.js'
import type { LookForPrivate } from '../domain/redaction.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import type { Log } from '../system/log.js'
import { makeSlots } from '../system/slots.js'
import type { Recorded } from './export-pieces.js'
import type { MasksDuring } from './capture.js'
import { RESULT, runExportJob } from './export-job.js'
import { keepFile } from './keep-file.js'
import { Loss, lossOf, type LossCode } from './loss.js'

export interface ExportsOptions {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly folder: string
  readonly ffmpeg: string | null
  readonly runId: string
  /** Burned in with the person's name. */
  readonly centre: string
  readonly localTime: (atMs: number) => string
  /** What was recorded, and what was not: of another stage, handed in by the wiring. */
  readonly recorded: (cameraId: CameraId, fromMs: number, toMs: number) => Recorded
  readonly gapsOf: (cameraId: CameraId, fromMs: number, toMs: number) => Promise<readonly DeclaredGap[]>
  readonly masksDuring: MasksDuring
  /** Finds what is private in a copy, of another stage too; null: there is no model to find it with, and none is redacted. */
  readonly lookForPrivate: LookForPrivate | null
}

export interface ExportWish {
  readonly cameraId: CameraId
  readonly fromMs: number
  readonly toMs: number
  readonly reason: string
  readonly watermark: boolean
  readonly redact: boolean
  readonly by: { readonly id: PersonId; readonly displayName: string; readonly name: string }
}

export interface Exports {
  /** Queues it and answers at once; null when too many wait already. */
  ask(wish: ExportWish): Promise<Export | null>
  /** 0..1 */
  progressOf(one: Export): number
  /** Cancels what is not done, removes the file of what is; the row stays. */
  end(one: Export, by: PersonId): Promise<void>
  /** The file, for sending; the change log then tells who took it. Null when there is none. */
  open(one: Export, by: PersonId): Promise<string | null>
  /** Settles when nothing is being made. */
  idle(): Promise<void>
  close(): Promise<void>
}

const JOBS_AT_ONCE_MAX = 2
const JOBS_WAITING_MAX = 20
/** A file is there to be fetched, not to be kept: the recording and its holds are what keeps. */
const KEPT_MS = 7 * 24 * 60 * 60_000
const SWEEP_MS = 60 * 60_000
const DRAFTS = 'drafts'
/** A copy that is not encoded anew begins at the key picture before its span. */
const LEAD_MS = 12_000

/** Copies that leave the system: finite jobs, few at once, each with a reason, a hash, and a line for every hand that touched it. */
export async function openExports(options: ExportsOptions): Promise<Exports> {
  const { store, bus, clock, log } = options
  const root = resolve(options.folder)
  const slots = makeSlots({ atOnceMax: JOBS_AT_ONCE_MAX, waitingMax: JOBS_WAITING_MAX, full: () => new Loss('too_many', 'too many exports wait') })
  const working = new Map<ExportId, { readonly abort: AbortController; readonly done: Promise<void>; progress: number }>()
  let closed = false

  const note = async (tx: Store, one: Export, what: string, by: PersonId | null, facts: Readonly<Record<string, string | number | boolean | null>> = {}): Promise<number> => {
    const camera = await tx.cameras.get(one.cameraId)
    return tx.changes.append({ topic: 'camera', entityId: one.cameraId, areaId: camera?.areaId ?? null, what, by, atMs: clock.wallMs(), facts: { exportId: one.id, ...facts } })
  }
  /** The row and its line together, then the nudge. False when it had ended already. */
  const settle = async (one: Export, end: Parameters<Store['exports']['settle']>[1], by: PersonId | null): Promise<boolean> => {
    const seq = await store.transact(async (tx) => {
      if (!(await tx.exports.settle(one.id, end, clock.wallMs()))) return null
      return note(tx, one, `export_${end.state}`, by, end.state === 'ready' ? { sha256: end.sha256, bytes: end.bytes, covered: end.covered } : end.state === 'failed' ? { why: end.trouble } : {})
    })
    if (seq !== null) bus.publish('changes.appended', { seq })
    return seq !== null
  }

  await mkdir(join(root, DRAFTS), { recursive: true, mode: 0o700 })
  for (const name of await readdir(join(root, DRAFTS))) await rm(join(root, DRAFTS, name), { recursive: true, force: true })
  // Half a file proves nothing, and who asked may be gone: it is told, and asked for again by a person.
  for (const one of await store.exports.unsettled()) await settle(one, { state: 'failed', trouble: 'server_stopped' }, null)

  const work = async (one: Export, by: ExportWish['by'], abort: AbortController): Promise<void> => {
    const folder = join(root, DRAFTS, one.id)
    try {
      await slots.run(async () => {
        abort.signal.throwIfAborted()
        if (options.ffmpeg === null) throw new Loss('tools_missing', 'the server has no ffmpeg')
        if (!(await store.exports.begin(one.id))) return
        await mkdir(folder, { recursive: true, mode: 0o700 })
        const camera = await store.cameras.get(one.cameraId)
        // Without its row nobody knows what may not be shown.
        if (!camera) throw new Loss('no_packets', 'the camera was removed')
        const watermark = one.watermark ? { centre: options.centre, person: `${by.displayName} (${by.name})`, camera: camera.name, exportId: one.id.slice(-12), localTime: options.localTime } : null
        const { covered } = await runExportJob({ ffmpeg: options.ffmpeg, runId: options.runId, clock, folder, recorded: options.recorded(one.cameraId, one.fromMs, one.toMs), span: one, watermark, masks: await options.masksDuring(one.cameraId, { fromMs: one.fromMs - LEAD_MS, toMs: one.toMs }), ...(one.redact ? { redact: { look: options.lookForPrivate } } : {}), signal: abort.signal, onProgress: (part) => progress(one.id, part) })
        abort.signal.throwIfAborted()
        const kept = await keepFile(join(folder, RESULT), root, fileOf(one))
        // Cancelled in the last instant: the row says so, and the file must not stay.
        if (!(await settle(one, { state: 'ready', ...kept, covered }, null))) await rm(join(root, fileOf(one)), { force: true })
      })
    } catch (fault) {
      if (abort.signal.aborted) return void (await settle(one, closed ? { state: 'failed', trouble: 'server_stopped' } : { state: 'cancelled' }, closed ? null : by.id))
      const loss = lossOf(fault)
      log.warn({ exportId: one.id, why: loss.code, said: loss.message }, 'an export came to nothing')
      await settle(one, { state: 'failed', trouble: TROUBLE_OF[loss.code] }, null)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  const progress = (id: ExportId, part: number): void => {
    const entry = working.get(id)
    if (entry) entry.progress = Math.max(entry.progress, part)
  }
  const removeFile = async (one: Export, by: PersonId | null): Promise<void> => {
    await rm(join(root, fileOf(one)), { force: true })
    await store.transact(async (tx) => {
      await tx.exports.noteRemoved(one.id, clock.wallMs())
      await note(tx, one, 'export_removed', by)
    })
  }
  const sweep = async (): Promise<void> => {
    for (const one of await store.exports.due(clock.wallMs() - KEPT_MS)) await removeFile(one, null)
  }
  const swept = (): void => void sweep().catch((fault: unknown) => log.error({ fault }, 'old exports could not be removed'))
  swept()
  const stopSweeping = clock.every(SWEEP_MS, swept)

  const idle = async (): Promise<void> => {
    while (working.size > 0) await Promise.all([...working.values()].map(({ done }) => done))
  }

  return {
    idle,
    async ask({ by, ...wish }) {
      if (closed || slots.busy >= JOBS_AT_ONCE_MAX + JOBS_WAITING_MAX) return null
      const one: Export = { ...wish, id: newId<ExportId>(), by: by.id, createdAtMs: clock.wallMs(), state: 'queued', gaps: await options.gapsOf(wish.cameraId, wish.fromMs, wish.toMs), bytes: null, sha256: null, covered: null, trouble: null, settledAtMs: null, removedAtMs: null }
      const seq = await store.transact(async (tx) => {
        await tx.exports.add(one)
        return note(tx, one, 'export_asked', by.id, { fromMs: one.fromMs, toMs: one.toMs, reason: one.reason, watermark: one.watermark, redact: one.redact })
      })
      bus.publish('changes.appended', { seq })
      const abort = new AbortController()
      const done = Promise.resolve()
        .then(() => work(one, by, abort))
        .catch((fault: unknown) => log.error({ exportId: one.id, fault }, 'an export could not be recorded'))
        .finally(() => working.delete(one.id))
      working.set(one.id, { abort, done, progress: 0 })
      return one
    },
    progressOf: (one) => (one.state === 'ready' ? 1 : (working.get(one.id)?.progress ?? 0)),
    async end(one, by) {
      const entry = working.get(one.id)
      if (!entry) return removeFile(one, by)
      await settle(one, { state: 'cancelled' }, by)
      entry.abort.abort()
      await entry.done
    },
    async open(one, by) {
      const file = join(root, fileOf(one))
      const there = one.state === 'ready' && one.removedAtMs === null && (await access(file).then(() => true, () => false))
      if (!there) return null
      await note(store, one, 'export_taken', by, { sha256: one.sha256 })
      return file
    },
    async close() {
      closed = true
      stopSweeping()
      for (const { abort } of working.values()) abort.abort()
      await idle()
    },
  }
}

/** Made by us from the id alone. */
export function fileOf({ id }: Pick<Export, 'id'>): string {
  return `export-${id}.mp4`
}

const TROUBLE_OF: Readonly<Record<LossCode, ExportTrouble>> = {
  no_packets: 'no_recording',
  tools_missing: 'tools_missing',
  no_font: 'no_font',
  disk_full: 'disk_full',
  killed: 'killed',
  timed_out: 'timed_out',
  decode_failed: 'job_failed',
  job_failed: 'job_failed',
  cancelled: 'internal',
  too_many: 'internal',
  no_looker: 'no_looker',
  not_looked_at: 'not_looked_at',
  original_gone: 'internal',
  original_changed: 'internal',
  internal: 'internal',
}
