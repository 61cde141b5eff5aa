import type { Selectable } from 'kysely'
import type { EvidenceItem } from '../domain/evidence.js'
import { asId, type AlertId, type CameraId, type EvidenceId, type IncidentId, type RepairId } from '../domain/ids.js'
import type { Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** Files kept for an incident or a repair: the row says which file, how long and with which hash. */
export function makeEvidence({ db }: Connection): Store['evidence'] {
  return {
    async get(id) {
      const row = await db().selectFrom('evidence').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? itemOf(row) : null
    },
    async of(alertId) {
      return (await db().selectFrom('evidence').innerJoin('alerts', 'alerts.incidentId', 'evidence.incidentId').selectAll('evidence').where('alerts.id', '=', alertId).orderBy('madeAtMs').orderBy('evidence.id').execute()).map(itemOf)
    },
    async ofIncident(incidentId) {
      return (await db().selectFrom('evidence').selectAll().where('incidentId', '=', incidentId).orderBy('madeAtMs').orderBy('id').execute()).map(itemOf)
    },
    async ofRepair(repairId) {
      return (await db().selectFrom('evidence').selectAll().where('repairId', '=', repairId).orderBy('madeAtMs').orderBy('id').execute()).map(itemOf)
    },
    async add({ id, incidentId, repairId, cameraId, kind, file, bytes, sha256, mediaType, fromMs, toMs, madeAtMs }) {
      await db().insertInto('evidence').values({ id, incidentId, repairId, cameraId, kind, file, bytes, sha256, mediaType, fromMs, toMs, madeAtMs }).execute()
    },
    async missing(kind, sinceMs) {
      const rows = await db()
        .selectFrom('alerts')
        .select('alerts.id')
        .where('alerts.raisedAtMs', '>', sinceMs)
        .where((e) => e.not(e.exists(e.selectFrom('evidence').select('evidence.id').whereRef('evidence.incidentId', '=', 'alerts.incidentId').where('evidence.kind', '=', kind))))
        .orderBy('alerts.raisedAtMs')
        .orderBy('alerts.id')
        .execute()
      return rows.map((row) => asId<AlertId>(row.id))
    },
    async missingHeld(kind, sinceMs) {
      const rows = await db()
        .selectFrom('heldIncidents')
        .select('heldIncidents.incidentId')
        .where('heldAtMs', '>', sinceMs)
        .where('outcome', 'is', null)
        .where((e) => e.not(e.exists(e.selectFrom('alerts').select('alerts.id').whereRef('alerts.incidentId', '=', 'heldIncidents.incidentId'))))
        .where((e) => e.not(e.exists(e.selectFrom('evidence').select('evidence.id').whereRef('evidence.incidentId', '=', 'heldIncidents.incidentId').where('evidence.kind', '=', kind))))
        .orderBy('heldAtMs')
        .orderBy('heldIncidents.incidentId')
        .execute()
      return rows.map((row) => asId<IncidentId>(row.incidentId))
    },
    async missingRepairs(sinceMs) {
      const rows = await db()
        .selectFrom('repairs')
        .select('repairs.id')
        .where('openedAtMs', '>', sinceMs)
        .where('closedAtMs', 'is', null)
        .where((e) => e.not(e.exists(e.selectFrom('evidence').select('evidence.id').whereRef('evidence.repairId', '=', 'repairs.id'))))
        .orderBy('openedAtMs')
        .orderBy('repairs.id')
        .execute()
      return rows.map((row) => asId<RepairId>(row.id))
    },
  }
}

function itemOf(row: Selectable<Tables['evidence']>): EvidenceItem {
  return {
    id: asId<EvidenceId>(row.id),
    incidentId: row.incidentId === null ? null : asId<IncidentId>(row.incidentId),
    repairId: row.repairId === null ? null : asId<RepairId>(row.repairId),
    cameraId: asId<CameraId>(row.cameraId),
    kind: row.kind as EvidenceItem['kind'],
    file: row.file,
    bytes: row.bytes,
    sha256: row.sha256,
    mediaType: row.mediaType as EvidenceItem['mediaType'],
    fromMs: row.fromMs,
    toMs: row.toMs,
    madeAtMs: row.madeAtMs,
  }
}
