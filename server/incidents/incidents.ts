import type { Observation } from '../domain/seen.js'
import type { Bus } from '../flow/topics.js'
import type { AreaId, CameraId, IncidentId } from '../domain/ids.js'
import { explain } from '../domain/held.js'
import { asHeld, foldObservation, SILENT_MS_MAX, type Incident, type SeenBy } from '../domain/incident.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import type { Log } from '../system/log.js'

export interface Incidents {
  /** Settles when every observation heard so far is stored. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** A growing reason (dwell, crowd) is rewritten at most this often: an extension is no decision, and each write is synced. */
const REWRITE_MS_MIN = 5_000
const SWEEP_MS = 10_000

/**
 * Folds observations into episodes. An incident is a row, with its line in the change log, before anybody hears of it.
 * Observations of one camera are folded in their order; cameras do not wait for each other.
 */
export async function openIncidents({ store, bus, clock, log }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock; readonly log: Log }): Promise<Incidents> {
  const queues = new Map<CameraId, Promise<void>>()
  const known = new Map<string, { incident: Incident; storedAtMs: number }>()
  for (const incident of await store.incidents.ongoing()) known.set(keyOf(incident.cameraId, incident.episode), { incident, storedAtMs: clock.wallMs() })

  const save = async (incident: Incident, what: 'ended' | null): Promise<void> => {
    if (!what) return store.incidents.save(incident)
    const seq = await store.transact(async (tx) => {
      await tx.incidents.save(incident)
      const camera = await tx.cameras.get(incident.cameraId)
      return tx.changes.append({ topic: 'incident', entityId: incident.id, areaId: camera?.areaId ?? (null as AreaId | null), what, by: null, atMs: clock.wallMs(), facts: { kind: incident.kind } })
    })
    bus.publish('incident.changed', { incidentId: incident.id, cameraId: incident.cameraId, opened: false, ended: true })
    bus.publish('changes.appended', { seq })
  }

  /** What explains it is read in the transaction that opens it: a fault that is found meanwhile holds it afterwards (signals). */
  const open = async (opened: Incident, seen: Observation): Promise<Incident> => {
    const { incident, seq } = await store.transact(async (tx) => {
      const explained = opened.mode === 'live' ? explain(seen, { suspensions: await tx.suspensions.within(opened.cameraId, opened.sinceMs, opened.openedAtMs), faults: await tx.lampFaults.standing(opened) }) : null
      const incident = explained ? asHeld(opened, explained.why) : opened
      await tx.incidents.save(incident)
      if (explained) await tx.held.add({ incidentId: incident.id, why: explained.why, facts: explained.facts, heldAtMs: clock.wallMs() })
      const camera = await tx.cameras.get(incident.cameraId)
      return { incident, seq: await tx.changes.append({ topic: 'incident', entityId: incident.id, areaId: camera?.areaId ?? (null as AreaId | null), what: 'opened', by: null, atMs: clock.wallMs(), facts: { kind: incident.kind, ...(explained ? { held: explained.why } : {}) } }) }
    })
    bus.publish('incident.changed', { incidentId: incident.id, cameraId: incident.cameraId, opened: true, ended: false })
    bus.publish('changes.appended', { seq })
    return incident
  }

  const fold = async (cameraId: CameraId, seen: Observation, seenBy: SeenBy): Promise<void> => {
    const key = keyOf(cameraId, seen.episode)
    const before = known.get(key)
    const verdict = foldObservation(before?.incident ?? (await store.incidents.find(cameraId, seen.episode)), seen, { cameraId, seenBy, newId: () => newId<IncidentId>() })
    switch (verdict.do) {
      case 'ignore':
        return
      case 'open':
        known.set(key, { incident: await open(verdict.incident, seen), storedAtMs: clock.wallMs() })
        return
      case 'end':
        await save(verdict.incident, 'ended')
        known.delete(key)
        return
      case 'extend': {
        const due = clock.wallMs() - (before?.storedAtMs ?? 0) >= REWRITE_MS_MIN
        if (due) await save(verdict.incident, null)
        known.set(key, { incident: verdict.incident, storedAtMs: due ? clock.wallMs() : (before?.storedAtMs ?? 0) })
      }
    }
  }

  const queue = (cameraId: CameraId, work: () => Promise<void>): void => {
    const next = (queues.get(cameraId) ?? Promise.resolve()).then(work).catch((fault: unknown) => log.error({ cameraId, fault }, 'an observation could not be stored'))
    queues.set(cameraId, next)
  }

  const stopListening = bus.subscribe('observation.seen', ({ cameraId, observation, seenBy }) => queue(cameraId, () => fold(cameraId, observation, seenBy)))

  /** A lane that went silent (camera lost, rule removed, server restarted) never says "ended": time says it. */
  const sweep = (): void => {
    for (const [key, { incident }] of known) {
      if (clock.wallMs() - incident.lastSeenAtMs <= SILENT_MS_MAX) continue
      known.delete(key)
      queue(incident.cameraId, () => save({ ...incident, state: 'ended' }, 'ended'))
    }
  }
  const stopSweeping = clock.every(SWEEP_MS, sweep)

  return {
    async settled() {
      await Promise.all(queues.values())
    },
    async close() {
      stopListening()
      stopSweeping()
      await Promise.all(queues.values())
    },
  }
}

function keyOf(cameraId: CameraId, episode: string): string {
  return `${cameraId} ${episode}`
}
