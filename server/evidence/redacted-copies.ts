import { access, mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { EvidenceItem } from '../domain/evidence.js'
import type { EvidenceId, PersonId } from '../domain/ids.js'
import { COPY_TROUBLES, type CopyTrouble, type LookForPrivate, type RedactedCopy } from '../domain/redaction.js'
import type { Bus } from '../flow/topics.js'
import type { Change, Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { makeSlots } from '../system/slots.js'
import type { MasksDuring } from './capture.js'
import { keepFile } from './keep-file.js'
import { redactedNameOf } from './kept-names.js'
import { Loss, lossOf, type LossCode } from './loss.js'
import { redactItem } from './redacted-item.js'

export interface RedactedCopiesOptions {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  /** Where evidence lies: a copy lies beside its original. */
  readonly folder: string
  readonly ffmpeg: string | null
  readonly runId: string
  readonly masksDuring: MasksDuring
  /** Finds what is private, of another stage, handed in by the wiring; null: nobody can, and no copy is made. */
  readonly lookForPrivate: LookForPrivate | null
}

/** `none`: nobody asked yet. A failure stays until somebody asks again, over a restart too: it is read from the change log. */
export type CopyState =
  | { readonly is: 'none' }
  | { readonly is: 'making'; /** 0..1 */ readonly progress: number }
  | { readonly is: 'ready'; readonly copy: RedactedCopy }
  | { readonly is: 'failed'; readonly trouble: CopyTrouble }

export interface RedactedCopies {
  of(item: EvidenceItem): Promise<CopyState>
  /** Begins to make it, unless it is there or being made, and answers at once. */
  ask(item: EvidenceItem, by: PersonId): Promise<CopyState>
  /** The file, for sending; null when there is none. */
  open(item: EvidenceItem): Promise<{ readonly file: string; readonly copy: RedactedCopy } | null>
  /** The change log tells who took it away. */
  noteTaken(item: EvidenceItem, copy: RedactedCopy, by: PersonId): Promise<void>
  /** Settles when nothing is being made. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** Looking takes a core for seconds or minutes; live pictures and alerts go first. */
const JOBS_AT_ONCE_MAX = 1
const JOBS_WAITING_MAX = 20
const SWEEP_MS = 60 * 60_000
/** On the same disk as the kept files, so that renaming is one step. */
const DRAFTS = '.redacting'

interface Job {
  readonly abort: AbortController
  readonly done: Promise<void>
  progress: number
}

/** Copies of an alert's still and clip in which what is private is covered: made when somebody asks, one an item, kept beside the original and no longer than it. */
export async function openRedactedCopies(options: RedactedCopiesOptions): Promise<RedactedCopies> {
  const { store, bus, clock, log } = options
  const root = resolve(options.folder)
  const slots = makeSlots({ atOnceMax: JOBS_AT_ONCE_MAX, waitingMax: JOBS_WAITING_MAX, full: () => new Loss('too_many', `more than ${JOBS_WAITING_MAX} copies wait to be made`) })
  const working = new Map<EvidenceId, Job>()
  let closed = false

  await rm(join(root, DRAFTS), { recursive: true, force: true })
  await mkdir(join(root, DRAFTS), { recursive: true, mode: 0o700 })

  const note = async (tx: Store, item: EvidenceItem, what: string, by: PersonId | null, facts: Change['facts'] = {}): Promise<number> => {
    return tx.changes.append({ ...(await lineOf(tx, item)), what, by, atMs: clock.wallMs(), facts: { evidenceId: item.id, kind: item.kind, ...facts } })
  }
  const historyOf = async (item: EvidenceItem): Promise<readonly Change[]> => {
    const { topic, entityId } = await lineOf(store, item)
    return store.changes.of(topic, entityId)
  }
  const say = (seq: number): void => bus.publish('changes.appended', { seq })
  const there = (file: string): Promise<boolean> => access(join(root, file)).then(() => true, () => false)

  /**
   * Nothing is handed out whose original is gone: the copy goes then, file and row. One whose own file is gone is made anew. Where
   * both are gone the disk itself may be away: nothing is handed out, and nothing forgotten.
   */
  const living = async (item: EvidenceItem): Promise<RedactedCopy | null> => {
    const copy = await store.redactedCopies.of(item.id)
    if (!copy) return null
    const [original, own] = [await there(item.file), await there(copy.file)]
    if (original && own) return copy
    if (original === own) return null
    await rm(join(root, copy.file), { force: true })
    const seq = await store.transact(async (tx) => ((await tx.redactedCopies.remove(item.id)) ? note(tx, item, 'redacted_removed', null) : null))
    if (seq !== null) say(seq)
    return null
  }
  const sweep = async (): Promise<void> => {
    for (const { evidenceId } of await store.redactedCopies.list()) {
      const item = await store.evidence.get(evidenceId)
      if (item) await living(item)
    }
  }
  const swept = (): Promise<void> => sweep().catch((fault: unknown) => log.error({ fault }, 'copies without an original could not be removed'))
  await swept()
  const stopSweeping = clock.every(SWEEP_MS, () => void swept())

  const make = async (item: EvidenceItem, signal: AbortSignal): Promise<void> => {
    const folder = join(root, DRAFTS, item.id)
    try {
      await slots.run(async () => {
        signal.throwIfAborted()
        // Made by a job that ended just before this one was asked for.
        if (await living(item)) return
        await mkdir(folder, { recursive: true, mode: 0o700 })
        const { draft, covered } = await redactItem({ ...options, root, folder, item, look: options.lookForPrivate, signal, onProgress: (part) => progress(item.id, part) })
        signal.throwIfAborted()
        const file = redactedNameOf(item)
        const copy: RedactedCopy = { evidenceId: item.id, file, ...(await keepFile(draft, root, file)), covered, madeAtMs: clock.wallMs() }
        say(await record(item, copy).catch(async (fault: unknown) => {
          await rm(join(root, file), { force: true })
          throw fault
        }))
      })
    } catch (fault) {
      const loss = lossOf(fault)
      const why: CopyTrouble = signal.aborted ? 'server_stopped' : TROUBLE_OF[loss.code]
      log.warn({ evidenceId: item.id, why, said: loss.message }, 'a redacted copy came to nothing')
      say(await note(store, item, 'redacted_failed', null, { why }))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  /** The row and its line together: a copy that nobody can be told of is not kept. */
  const record = (item: EvidenceItem, copy: RedactedCopy): Promise<number> =>
    store.transact(async (tx) => {
      await tx.redactedCopies.add(copy)
      return note(tx, item, 'redacted_ready', null, { sha256: copy.sha256, bytes: copy.bytes, covered: copy.covered })
    })
  const progress = (id: EvidenceId, part: number): void => {
    const job = working.get(id)
    if (job) job.progress = Math.max(job.progress, part)
  }
  const stateOf = async (item: EvidenceItem): Promise<CopyState> => {
    const job = working.get(item.id)
    if (job) return { is: 'making', progress: job.progress }
    const copy = await living(item)
    return copy ? { is: 'ready', copy } : lastWord(await historyOf(item), item.id)
  }
  const idle = async (): Promise<void> => {
    while (working.size > 0) await Promise.all([...working.values()].map(({ done }) => done))
  }

  return {
    of: stateOf,
    async ask(item, by) {
      const state = await stateOf(item)
      if (state.is === 'ready' || state.is === 'making' || closed) return state
      // Somebody else asked meanwhile.
      if (working.has(item.id)) return stateOf(item)
      const abort = new AbortController()
      const asked = note(store, item, 'redacted_asked', by)
      const done = asked
        .then(say)
        .then(() => make(item, abort.signal))
        .catch((fault: unknown) => log.error({ evidenceId: item.id, fault }, 'a redacted copy could not be recorded'))
        .finally(() => working.delete(item.id))
      working.set(item.id, { abort, done, progress: 0 })
      await asked
      return stateOf(item)
    },
    async open(item) {
      const copy = await living(item)
      return copy && { file: join(root, copy.file), copy }
    },
    async noteTaken(item, { sha256 }, by) {
      say(await note(store, item, 'redacted_taken', by, { sha256 }))
    },
    idle,
    async close() {
      closed = true
      stopSweeping()
      for (const { abort } of working.values()) abort.abort()
      await idle()
    },
  }
}

/** In whose history a copy is told: of the alert, of an incident that called nobody, of a camera whose lamp errs. */
async function lineOf(store: Store, { incidentId, cameraId }: EvidenceItem): Promise<Pick<Change, 'topic' | 'entityId' | 'areaId'>> {
  const alert = incidentId && (await store.alerts.ofIncident(incidentId))
  if (alert) return { topic: 'alert', entityId: alert.id, areaId: alert.areaId }
  const areaId = (await store.cameras.get(cameraId))?.areaId ?? null
  return incidentId ? { topic: 'incident', entityId: incidentId, areaId } : { topic: 'camera', entityId: cameraId, areaId }
}

/** What was last said of this item's copy, where there is none and none is being made. One that was asked for and of which nothing more was said ended with the server. Pure. */
export function lastWord(lines: readonly Pick<Change, 'what' | 'facts'>[], id: EvidenceId): CopyState {
  const last = lines.findLast(({ what, facts }) => facts['evidenceId'] === id && what.startsWith('redacted_'))
  if (last?.what === 'redacted_asked') return { is: 'failed', trouble: 'server_stopped' }
  if (last?.what !== 'redacted_failed') return { is: 'none' }
  return { is: 'failed', trouble: COPY_TROUBLES.find((known) => known === last.facts['why']) ?? 'internal' }
}

const TROUBLE_OF: Readonly<Record<LossCode, CopyTrouble>> = {
  no_looker: 'no_looker',
  not_looked_at: 'not_looked_at',
  tools_missing: 'tools_missing',
  original_gone: 'original_gone',
  original_changed: 'original_changed',
  disk_full: 'disk_full',
  killed: 'killed',
  timed_out: 'timed_out',
  too_many: 'too_many',
  no_packets: 'internal',
  no_font: 'internal',
  decode_failed: 'internal',
  job_failed: 'internal',
  cancelled: 'internal',
  internal: 'internal',
}
