import { access, mkdir, readdir, unlink } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import type { EvidenceItem } from '../domain/evidence.js'
import type { AlertId, EvidenceId } from '../domain/ids.js'
import type { Log } from '../system/log.js'
import { DRAFTS, makeCapture, type CaptureParts } from './capture.js'
import { measureFile } from './keep-file.js'
import { makeSlots } from '../system/slots.js'
import { Loss, lossOf } from './loss.js'

export interface EvidenceOptions extends Omit<CaptureParts, 'slots'> {
  readonly log: Log
}

export type Verification =
  | { readonly ok: true; readonly sha256: string; readonly bytes: number }
  /** `actual` is null when the file is gone. */
  | { readonly ok: false; readonly expected: string; readonly actual: string | null }

export interface Evidence {
  /** The file of an item, for sending; null when there is no such item or its file is gone. */
  open(id: EvidenceId): Promise<{ readonly file: string; readonly item: EvidenceItem } | null>
  /** Hashes the bytes on disk anew. */
  verify(item: EvidenceItem): Promise<Verification>
  /** Settles when nothing is being made or taken up; clips that wait for their time are not waited for. */
  idle(): Promise<void>
  close(): Promise<void>
}

const JOBS_AT_ONCE_MAX = 2
const JOBS_WAITING_MAX = 64
/** After a longer stop nobody waits for a clip any more, and the packets are gone anyway. */
const LOOK_BACK_MS = 24 * 60 * 60_000

/**
 * Captures what an alert speaks of: a still at once, a clip when its last second has come. What cannot be had is told in
 * the alert's change log with the reason; the alert itself never waits and never suffers.
 */
export async function openEvidence(options: EvidenceOptions): Promise<Evidence> {
  const { store, bus, clock, log, folder } = options
  const root = resolve(folder)
  const capture = makeCapture({ ...options, folder: root, slots: makeSlots({ atOnceMax: JOBS_AT_ONCE_MAX, waitingMax: JOBS_WAITING_MAX, full: () => new Loss('too_many', `more than ${JOBS_WAITING_MAX} pieces of evidence wait to be made`) }) })
  const timers = new Map<AlertId, () => void>()
  const working = new Map<string, Promise<void>>()
  let closed = false

  await mkdir(join(root, DRAFTS), { recursive: true })
  for (const name of await readdir(join(root, DRAFTS))) await unlink(join(root, DRAFTS, name))

  /** One piece of work a kind and alert, even if the nudge comes twice. */
  const make = (alertId: AlertId, kind: EvidenceItem['kind']): void => {
    const key = `${kind} ${alertId}`
    if (closed || working.has(key)) return
    const work = capture[kind](alertId)
      .catch(async (fault: unknown) => {
        const loss = lossOf(fault)
        log.warn({ alertId, kind, why: loss.code, said: loss.message }, 'no evidence for this alert')
        await capture.noteLoss(alertId, kind, loss)
      })
      // The database itself failed: at the next start the alert is found without evidence and taken up again.
      .catch((fault: unknown) => log.error({ alertId, kind, fault }, 'evidence could not be recorded'))
      .finally(() => working.delete(key))
    working.set(key, work)
  }
  const makeClipWhenDue = (alertId: AlertId, dueMs: number): void => {
    if (closed || timers.has(alertId)) return
    const cancel = clock.after(Math.max(0, dueMs - clock.wallMs()), () => {
      timers.delete(alertId)
      make(alertId, 'clip')
    })
    timers.set(alertId, cancel)
  }
  const hear = async (alertId: AlertId): Promise<void> => {
    make(alertId, 'still')
    await capture.takeBefore(alertId)
    const dueMs = await capture.clipDueMs(alertId)
    if (dueMs !== null) makeClipWhenDue(alertId, dueMs)
  }

  const takeUp = async (): Promise<void> => {
    for (const kind of ['still', 'clip'] as const) {
      for (const alertId of await store.evidence.missing(kind, clock.wallMs() - LOOK_BACK_MS)) {
        const told = (await store.changes.of('alert', alertId)).some((change) => change.what === 'evidence_missing' && change.facts['kind'] === kind)
        if (told) continue
        const dueMs = kind === 'clip' ? await capture.clipDueMs(alertId) : null
        if (dueMs !== null && dueMs > clock.wallMs()) makeClipWhenDue(alertId, dueMs)
        else make(alertId, kind)
      }
    }
  }

  const unsubscribe = bus.subscribe('alert.raised', ({ alertId }) => hear(alertId))
  const takingUp = takeUp()
    .catch((fault: unknown) => log.error({ fault }, 'evidence of the last run could not be taken up'))
    .finally(() => working.delete('take up'))
  working.set('take up', takingUp)

  const idle = async (): Promise<void> => {
    while (working.size > 0) await Promise.all(working.values())
  }
  const fileOf = (item: EvidenceItem): string | null => {
    const file = resolve(root, item.file)
    return file.startsWith(root + sep) ? file : null
  }

  return {
    async open(id) {
      const item = await store.evidence.get(id)
      const file = item && fileOf(item)
      if (!item || !file) return null
      const there = await access(file).then(() => true, () => false)
      if (!there) log.error({ evidenceId: id, file: item.file }, 'the file of this evidence is gone')
      return there ? { file, item } : null
    },
    async verify(item) {
      const file = fileOf(item)
      const actual = file && (await measureFile(file).catch(() => null))
      if (!actual) return { ok: false, expected: item.sha256, actual: null }
      return actual.sha256 === item.sha256 ? { ok: true, sha256: actual.sha256, bytes: actual.bytes } : { ok: false, expected: item.sha256, actual: actual.sha256 }
    },
    idle,
    async close() {
      closed = true
      unsubscribe()
      for (const cancel of timers.values()) cancel()
      timers.clear()
      await idle()
    },
  }
}
