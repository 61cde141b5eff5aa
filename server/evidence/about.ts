import type { EvidenceItem, Subject } from '../domain/evidence.js'
import type { CameraId } from '../domain/ids.js'
import type { Incident } from '../domain/incident.js'
import type { Change, Store } from '../storage/store.js'
import { folderOf } from './kept-names.js'

/** What must be known of a subject to take its pictures, and to tell that they were taken. */
export interface About {
  readonly id: Subject['id']
  readonly cameraId: CameraId
  readonly of: Pick<EvidenceItem, 'incidentId' | 'repairId'>
  /** Where its files lie. */
  readonly folder: string
  /** The moment that they show. */
  readonly atMs: number
  /** What is drawn on the still; null: a lamp, of which there is the plain picture alone, and no clip. */
  readonly incident: Incident | null
  /** In whose history it is told. */
  readonly line: Pick<Change, 'topic' | 'entityId' | 'areaId'>
  readonly facts: Change['facts']
}

/** Null: it is gone, or is nothing that pictures are kept for. */
export async function readAbout(store: Store, subject: Subject): Promise<About | null> {
  switch (subject.kind) {
    case 'alert': {
      const alert = await store.alerts.get(subject.id)
      const incident = alert && (await store.incidents.get(alert.incidentId))
      return alert && incident ? { id: alert.id, ...ofIncident(incident), folder: folderOf({ id: alert.id, atMs: alert.raisedAtMs }), line: { topic: 'alert', entityId: alert.id, areaId: alert.areaId } } : null
    }
    case 'held': {
      const held = await store.held.get(subject.id)
      return held && { id: subject.id, ...ofIncident(held.incident), folder: folderOf({ id: subject.id, atMs: held.heldAtMs }), line: { topic: 'incident', entityId: subject.id, areaId: held.areaId } }
    }
    case 'repair': {
      const repair = await store.repairs.get(subject.id)
      if (!repair) return null
      const { id, cameraId, openedAtMs } = repair
      const camera = await store.cameras.get(cameraId)
      return { id, cameraId, of: { incidentId: null, repairId: id }, folder: folderOf({ id, atMs: openedAtMs }), atMs: openedAtMs, incident: null, line: { topic: 'camera', entityId: cameraId, areaId: camera?.areaId ?? null }, facts: { repairId: id } }
    }
  }
}

function ofIncident(incident: Incident): Pick<About, 'cameraId' | 'of' | 'atMs' | 'incident' | 'facts'> {
  return { cameraId: incident.cameraId, of: { incidentId: incident.id, repairId: null }, atMs: incident.openedAtMs, incident, facts: {} }
}

/** Everything that is kept of what this is of. */
export async function itemsOf(store: Store, { of }: Pick<About, 'of'>): Promise<readonly EvidenceItem[]> {
  if (of.incidentId !== null) return store.evidence.ofIncident(of.incidentId)
  return of.repairId === null ? [] : store.evidence.ofRepair(of.repairId)
}
