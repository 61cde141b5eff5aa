import type { Alert } from '../domain/alert.js'
import { asId, type AlertId, type IncidentId } from '../domain/ids.js'
import type { Incident } from '../domain/incident.js'
import type { StorageClass } from '../domain/recording.js'
import type { Change, Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Span } from './timeline.js'

/** What happened before and after an act belongs to it; one that lasts for hours does not keep them all. */
const AROUND_MS = 60_000
const LASTS_MS_MAX = 10 * 60_000
/** The recording around an alert must be on the disk before its rows can be marked. */
const SETTLE_MS = 3 * 60_000
const LOOK_MS = 30_000
const PAGE = 500
const CURSOR = 'recording.classes.cursor'

/** Which recordings an alert keeps, and how: until the law's clock ends once a person confirmed it. Pure. */
export function classOf(alert: Pick<Alert, 'state'>, incident: Pick<Incident, 'openedAtMs' | 'lastSeenAtMs'>): Span & { readonly storageClass: Exclude<StorageClass, 'plain'> } {
  const endedMs = Math.min(Math.max(incident.lastSeenAtMs, incident.openedAtMs), incident.openedAtMs + LASTS_MS_MAX)
  return { fromMs: Math.round(incident.openedAtMs - AROUND_MS), toMs: Math.round(endedMs + AROUND_MS), storageClass: alert.state === 'confirmed' || alert.state === 'resolved' ? 'legal' : 'event' }
}

/** How many of these changes are old enough to be acted on. A line from the future (the clock was set back) does not stop the rest. */
export function settledCount(changes: readonly Pick<Change, 'atMs'>[], nowMs: number): number {
  const young = changes.findIndex(({ atMs }) => atMs > nowMs - SETTLE_MS && atMs < nowMs + SETTLE_MS)
  return young < 0 ? changes.length : young
}

/** Follows the change log with a cursor of its own, and keeps what alerts speak of longer, and what is held until a person has looked. */
export function followAlerts({ store, clock, onFault }: { readonly store: Store; readonly clock: Clock; readonly onFault: (fault: unknown) => void }): { look(): Promise<void>; close(): Promise<void> } {
  let line: Promise<void> = Promise.resolve()

  const mark = async (alertId: AlertId): Promise<void> => {
    const alert = await store.alerts.get(alertId)
    const incident = alert && (await store.incidents.get(alert.incidentId))
    if (!alert || !incident) return
    const { fromMs, toMs, storageClass } = classOf(alert, incident)
    await store.recordings.raiseClass(alert.cameraId, fromMs, toMs, storageClass)
  }
  /** Whoever decides on it later may want to see more than its clip. */
  const markHeld = async (incidentId: IncidentId): Promise<void> => {
    const incident = await store.incidents.get(incidentId)
    if (incident?.mode !== 'held') return
    const { fromMs, toMs, storageClass } = classOf({ state: 'new' }, incident)
    await store.recordings.raiseClass(incident.cameraId, fromMs, toMs, storageClass)
  }
  const look = async (): Promise<void> => {
    for (;;) {
      const cursor = Number((await store.notes.get(CURSOR)) ?? 0)
      const page = await store.changes.since(cursor, PAGE)
      const settled = page.slice(0, settledCount(page, clock.wallMs()))
      const last = settled.at(-1)
      if (!last) return
      for (const id of new Set(settled.filter(({ topic }) => topic === 'alert').map(({ entityId }) => entityId))) await mark(asId<AlertId>(id))
      for (const id of new Set(settled.filter(({ topic }) => topic === 'incident').map(({ entityId }) => entityId))) await markHeld(asId<IncidentId>(id))
      await store.notes.set(CURSOR, String(last.seq))
    }
  }
  const later = (): Promise<void> => (line = line.then(look).catch(onFault))
  const stop = clock.every(LOOK_MS, () => void later())
  return {
    look: later,
    async close() {
      stop()
      await line
    },
  }
}
