import { decide, type Alert, type Deed, type Refusal } from '../domain/alert.js'
import { KIND_FACTS } from '../domain/rule-kinds.js'
import type { AlertId, IncidentId, PersonId } from '../domain/ids.js'
import type { Incident } from '../domain/incident.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import type { Log } from '../system/log.js'

export type Acted = { readonly ok: true; readonly alert: Alert } | { readonly ok: false; readonly refusal: Refusal | { readonly code: 'unknown' } | { readonly code: 'changed'; readonly version: number } }

export interface Alerts {
  /** What a person does to an alert; `version` is the one that the person saw. */
  act(id: AlertId, deed: Deed, by: PersonId, version: number): Promise<Acted>
  /** Raises what the change log holds and nobody was told of yet. Called on each nudge; public for tests and start-up. */
  catchUp(): Promise<void>
  close(): Promise<void>
}

const CURSOR = 'alerts.cursor'
const CATCH_UP_LIMIT = 200
/** Lines of the log after which somebody may have to be called: what opened, and what was held and is released. */
const CALLING: readonly string[] = ['opened', 'released']

/**
 * Decides who must be told, once. It reads opened incidents from the change log behind a cursor of its own; the alert, its
 * line in the log and the cursor move in one transaction, so that a crash at any point neither loses nor doubles an alert.
 */
export async function openAlerts({ store, bus, clock, log }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock; readonly log: Log }): Promise<Alerts> {
  let running: Promise<void> = Promise.resolve()
  let again = false

  const raiseNext = async (): Promise<boolean> => {
    const cursor = Number((await store.notes.get(CURSOR)) ?? 0)
    const changes = await store.changes.since(cursor, CATCH_UP_LIMIT)
    const last = changes.at(-1)
    if (!last) return false
    const raised: Alert[] = []
    const seq = await store.transact(async (tx) => {
      let newest = last.seq
      for (const change of changes) {
        if (change.topic !== 'incident' || !CALLING.includes(change.what)) continue
        const incident = await tx.incidents.get(change.entityId as IncidentId)
        const camera = incident && (await tx.cameras.get(incident.cameraId))
        if (!incident || !camera || !(await calls(tx, incident)) || (await tx.alerts.ofIncident(incident.id))) continue
        const nowMs = clock.wallMs()
        const alert: Alert = { id: newId<AlertId>(), incidentId: incident.id, cameraId: camera.id, areaId: camera.areaId, kind: incident.kind, priority: KIND_FACTS[incident.kind].priority, state: 'new', ownerId: null, raisedAtMs: nowMs, changedAtMs: nowMs, rejectReason: null, note: null, version: 1 }
        await tx.alerts.add(alert)
        newest = await tx.changes.append({ topic: 'alert', entityId: alert.id, areaId: alert.areaId, what: 'raised', by: null, atMs: nowMs, facts: { kind: alert.kind, priority: alert.priority } })
        raised.push(alert)
      }
      await tx.notes.set(CURSOR, String(last.seq))
      return newest
    })
    for (const alert of raised) bus.publish('alert.raised', { alertId: alert.id, incidentId: alert.incidentId, cameraId: alert.cameraId })
    if (raised.length > 0) bus.publish('changes.appended', { seq })
    return changes.length === CATCH_UP_LIMIT
  }

  const catchUp = (): Promise<void> => {
    again = true
    running = running.then(async () => {
      while (again) {
        again = false
        while (await raiseNext()) continue
      }
    })
    return running
  }

  const catchUpSoon = (): void => void catchUp().catch((fault: unknown) => log.error({ fault }, 'alerts could not be raised; the next nudge tries again'))
  const listening = [bus.subscribe('incident.changed', ({ opened }) => (opened ? catchUpSoon() : undefined)), bus.subscribe('incident.released', catchUpSoon)]
  await catchUp()

  return {
    catchUp,
    async act(id, deed, by, version) {
      const done = await store.transact(async (tx): Promise<Acted & { readonly seq?: number }> => {
        const alert = await tx.alerts.get(id)
        if (!alert) return { ok: false, refusal: { code: 'unknown' } }
        const atMs = clock.wallMs()
        const verdict = decide(alert, deed, by, atMs)
        if (!verdict.ok) return verdict
        // A claim is refused by its state when somebody was first; every other deed must have seen the newest version.
        if (deed.do !== 'claim' && deed.do !== 'note' && alert.version !== version) return { ok: false, refusal: { code: 'changed', version: alert.version } }
        if (!(await tx.alerts.replace(verdict.alert))) return { ok: false, refusal: { code: 'changed', version: alert.version } }
        const seq = await tx.changes.append({ topic: 'alert', entityId: id, areaId: alert.areaId, what: deed.do, by, atMs, facts: factsOf(deed, alert) })
        return { ok: true, alert: verdict.alert, seq }
      })
      if (done.ok && done.seq !== undefined) bus.publish('changes.appended', { seq: done.seq })
      return done.ok ? { ok: true, alert: done.alert } : { ok: false, refusal: done.refusal }
    },
    async close() {
      for (const stopListening of listening) stopListening()
      await running.catch(() => undefined)
    },
  }
}

/** What a version on trial saw, and what something else explains, calls nobody; nor does a rule that only counts (rule-core.ts, `use`). */
async function calls(tx: Store, { mode, ruleId, ruleVersion }: Incident): Promise<boolean> {
  if (mode !== 'live') return false
  const version = ruleVersion === null ? null : await tx.rules.version(ruleId, ruleVersion)
  return version?.body.use !== 'statistics'
}

function factsOf(deed: Deed, before: Alert): Record<string, string> {
  return {
    from: before.state,
    ...(deed.do === 'reject' ? { reason: deed.reason } : {}),
    ...('note' in deed && deed.note ? { note: deed.note } : {}),
  }
}
