import type { Selectable } from 'kysely'
import type { EvidenceItem } from '../domain/evidence.js'
import { asId, type AlertId, type CameraId, type EvidenceId } from '../domain/ids.js'
import type { Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** Files kept for an alert: the row says which file, how long and with which hash. */
export function makeEvidence({ db }: Connection): Store['evidence'] {
  return {
    async get(id) {
      const row = await db().selectFrom('evidence').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? itemOf(row) : null
    },
    async of(alertId) {
      return (await db().selectFrom('evidence').selectAll().where('alertId', '=', alertId).orderBy('madeAtMs').orderBy('id').execute()).map(itemOf)
    },
    async add({ id, alertId, cameraId, kind, file, bytes, sha256, mediaType, fromMs, toMs, madeAtMs }) {
      await db().insertInto('evidence').values({ id, alertId, cameraId, kind, file, bytes, sha256, mediaType, fromMs, toMs, madeAtMs }).execute()
    },
    async missing(kind, sinceMs) {
      const rows = await db()
        .selectFrom('alerts')
        .select('alerts.id')
        .where('alerts.raisedAtMs', '>', sinceMs)
        .where((e) => e.not(e.exists(e.selectFrom('evidence').select('evidence.id').whereRef('evidence.alertId', '=', 'alerts.id').where('evidence.kind', '=', kind))))
        .orderBy('alerts.raisedAtMs')
        .orderBy('alerts.id')
        .execute()
      return rows.map((row) => asId<AlertId>(row.id))
    },
  }
}

function itemOf(row: Selectable<Tables['evidence']>): EvidenceItem {
  return {
    id: asId<EvidenceId>(row.id),
    alertId: asId<AlertId>(row.alertId),
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
