import { access, mkdir, readdir, unlink } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import type { EvidenceItem, Subject } from '../domain/evidence.js'
import type { EvidenceId, IncidentId } from '../domain/ids.js'
import type { PlateCrop } from '../domain/plate.js'
import type { Log } from '../system/log.js'
import { DRAFTS, makeCapture, type CaptureParts } from './capture.js'
import { measureFile } from './keep-file.js'
import { makeSlots } from '../system/slots.js'
import { Loss, lossOf } from './loss.js'
import { makePlateCapture, type ReadPlate } from './plate.js'

export interface EvidenceOptions extends Omit<CaptureParts, 'slots'> {
  readonly log: Log
  /** Reads the plate of one vehicle; left out where nobody can. */
  readonly readPlate?: ReadPlate
}

type Work = EvidenceItem['kind'] | 'plate'
/** An incident that was held and calls somebody now is one: what is being made of it is not made twice. */
const keyOf = (subject: Subject, kind: Work): string => `${kind} ${subject.kind === 'alert' ? subject.incidentId : subject.id}`

export type Verification =
  | { readonly ok: true; readonly sha256: string; readonly bytes: number }
  /** `actual` is null when the file is gone. */
  | { readonly ok: false; readonly expected: string; readonly actual: string | null }

export interface Evidence {
  /** The file of an item, for sending; null when there is no such item or its file is gone. */
  open(id: EvidenceId): Promise<{ readonly file: string; readonly item: EvidenceItem } | null>
  /** A crop of the incident's plate, for sending; null when there is none or its file is gone. */
  openPlate(incidentId: IncidentId, crop: 'raw' | 'enhanced'): Promise<{ readonly file: string; readonly crop: PlateCrop } | null>
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
 * Captures what an alert speaks of, and what is held: a still at once, a clip when its last second has come; of a lamp that errs a still.
 * What cannot be had is told in the history with the reason; the alert itself never waits and never suffers.
 */
export async function openEvidence(options: EvidenceOptions): Promise<Evidence> {
  const { store, bus, clock, log, folder } = options
  const root = resolve(folder)
  const slots = makeSlots({ atOnceMax: JOBS_AT_ONCE_MAX, waitingMax: JOBS_WAITING_MAX, full: () => new Loss('too_many', `more than ${JOBS_WAITING_MAX} pieces of evidence wait to be made`) })
  const parts = { ...options, folder: root, slots }
  const capture = makeCapture(parts)
  const plates = options.readPlate ? makePlateCapture({ ...parts, readPlate: options.readPlate }) : null
  const timers = new Map<string, () => void>()
  const working = new Map<string, Promise<void>>()
  let closed = false

  await mkdir(join(root, DRAFTS), { recursive: true })
  for (const name of await readdir(join(root, DRAFTS))) await unlink(join(root, DRAFTS, name))

  const tellLoss = async (subject: Subject, kind: Work, fault: unknown): Promise<void> => {
    const loss = lossOf(fault)
    log.warn({ subject, kind, why: loss.code, said: loss.message }, 'no evidence of this')
    // Whoever looks at an alert misses a still; a plate that could not be looked at is nothing that was promised.
    if (kind !== 'plate') await capture.noteLoss(subject, kind, loss)
  }
  /** One piece of work a kind and subject, even if the nudge comes twice. */
  const make = (subject: Subject, kind: Work): void => {
    const key = keyOf(subject, kind)
    if (closed || working.has(key)) return
    const settled = workOf(subject, kind)
      .catch((fault: unknown) => tellLoss(subject, kind, fault))
      // The database itself failed: at the next start it is found without evidence and taken up again.
      .catch((fault: unknown) => log.error({ subject, kind, fault }, 'evidence could not be recorded'))
      .finally(() => working.delete(key))
    working.set(key, settled)
  }
  const workOf = async (subject: Subject, kind: Work): Promise<void> => {
    if (kind !== 'plate') return capture[kind](subject)
    await plates?.read(subject)
  }
  const makeWhenDue = (subject: Subject, kind: Work, dueMs: number | null): void => {
    const key = keyOf(subject, kind)
    if (dueMs === null || closed || timers.has(key)) return
    const cancel = clock.after(Math.max(0, dueMs - clock.wallMs()), () => {
      timers.delete(key)
      make(subject, kind)
    })
    timers.set(key, cancel)
  }
  const hear = async (subject: Subject): Promise<void> => {
    make(subject, 'still')
    const dueMs = await capture.clipDueMs(subject)
    if (dueMs !== null) await capture.takeBefore(subject)
    makeWhenDue(subject, 'clip', dueMs)
    if (plates) makeWhenDue(subject, 'plate', await plates.dueMs(subject))
  }

  const missing = async (kind: EvidenceItem['kind'], sinceMs: number): Promise<readonly Subject[]> => {
    const alerts = await Promise.all((await store.evidence.missing(kind, sinceMs)).map((id) => store.alerts.get(id)))
    return [
      ...alerts.flatMap((alert): readonly Subject[] => (alert ? [{ kind: 'alert', id: alert.id, incidentId: alert.incidentId }] : [])),
      ...(await store.evidence.missingHeld(kind, sinceMs)).map((id): Subject => ({ kind: 'held', id })),
      ...(kind === 'still' ? await store.evidence.missingRepairs(sinceMs) : []).map((id): Subject => ({ kind: 'repair', id })),
    ]
  }
  const takeUp = async (): Promise<void> => {
    for (const kind of ['still', 'clip'] as const) {
      for (const subject of await missing(kind, clock.wallMs() - LOOK_BACK_MS)) {
        if (await capture.wasTold(subject, kind)) continue
        const dueMs = kind === 'clip' ? await capture.clipDueMs(subject) : null
        if (dueMs !== null && dueMs > clock.wallMs()) makeWhenDue(subject, kind, dueMs)
        else make(subject, kind)
      }
    }
  }

  const unsubscribes = [
    bus.subscribe('alert.raised', ({ alertId, incidentId }) => hear({ kind: 'alert', id: alertId, incidentId })),
    // Whoever decides on what is held must see it, and by then the hub has forgotten.
    bus.subscribe('incident.changed', async ({ incidentId, opened }) => {
      if (opened && (await store.incidents.get(incidentId))?.mode === 'held') await hear({ kind: 'held', id: incidentId })
    }),
    bus.subscribe('repair.opened', ({ repairId }) => hear({ kind: 'repair', id: repairId })),
  ]
  const takingUp = takeUp()
    .catch((fault: unknown) => log.error({ fault }, 'evidence of the last run could not be taken up'))
    .finally(() => working.delete('take up'))
  working.set('take up', takingUp)

  const idle = async (): Promise<void> => {
    while (working.size > 0) await Promise.all(working.values())
  }
  const fileOf = (item: { readonly file: string }): string | null => {
    const file = resolve(root, item.file)
    return file.startsWith(root + sep) ? file : null
  }
  const isThere = (file: string): Promise<boolean> => access(file).then(() => true, () => false)

  return {
    async open(id) {
      const item = await store.evidence.get(id)
      const file = item && fileOf(item)
      if (!item || !file) return null
      const there = await isThere(file)
      if (!there) log.error({ evidenceId: id, file: item.file }, 'the file of this evidence is gone')
      return there ? { file, item } : null
    },
    async openPlate(incidentId, which) {
      const crop = (await store.plates.of(incidentId))?.[which]
      const file = crop && fileOf(crop)
      if (!crop || !file) return null
      const there = await isThere(file)
      if (!there) log.error({ incidentId, file: crop.file }, 'the file of this plate is gone')
      return there ? { file, crop } : null
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
      for (const unsubscribe of unsubscribes) unsubscribe()
      for (const cancel of timers.values()) cancel()
      timers.clear()
      plates?.giveUp()
      await idle()
    },
  }
}
