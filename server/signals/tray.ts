import { callAgain } from '../domain/alert.js'
import type { HeldOutcome } from '../domain/held.js'
import type { IncidentId, PersonId } from '../domain/ids.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'

export type Settled = { readonly ok: true } | { readonly ok: false; readonly why: 'unknown' | 'settled' }

/** What was kept apart, and what people make of it. */
export interface Tray {
  /** It calls people after all. */
  release(id: IncidentId, by: PersonId, reason: string): Promise<Settled>
  /** It was no offence; it stays, and calls nobody. */
  dismiss(id: IncidentId, by: PersonId, reason: string): Promise<Settled>
}

export function makeTray({ store, bus, clock }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock }): Tray {
  const settle = async (id: IncidentId, outcome: HeldOutcome): Promise<Settled> => {
    const done = await store.transact(async (tx) => {
      const held = await tx.held.get(id)
      if (!held) return { ok: false, why: 'unknown' } as const
      if (!(await tx.held.settle(id, outcome))) return { ok: false, why: 'settled' } as const
      const { areaId, incident } = held
      const { is, by, atMs, reason } = outcome
      let seq = await tx.changes.append({ topic: 'incident', entityId: id, areaId, what: is, by, atMs, facts: { kind: incident.kind, reason } })
      if (is === 'released') {
        await tx.incidents.setMode(id, { mode: 'live', heldWhy: null })
        const alert = await tx.alerts.ofIncident(id)
        const again = alert && callAgain(alert, atMs)
        if (again && (await tx.alerts.replace(again))) seq = await tx.changes.append({ topic: 'alert', entityId: again.id, areaId: again.areaId, what: 'called_again', by, atMs, facts: { reason } })
      }
      return { ok: true, seq, cameraId: incident.cameraId } as const
    })
    if (!done.ok) return done
    if (outcome.is === 'released') bus.publish('incident.released', { incidentId: id, cameraId: done.cameraId })
    bus.publish('changes.appended', { seq: done.seq })
    return { ok: true }
  }
  return {
    release: (id, by, reason) => settle(id, { is: 'released', by, atMs: clock.wallMs(), reason }),
    dismiss: (id, by, reason) => settle(id, { is: 'dismissed', by, atMs: clock.wallMs(), reason }),
  }
}
