import type { Selectable } from 'kysely'
import type { RuleKind } from '../domain/seen.js'
import { PRIORITIES, type Alert, type AlertState, type Priority, type RejectReason } from '../domain/alert.js'
import { asId, type AlertId, type AreaId, type CameraId, type IncidentId, type PersonId } from '../domain/ids.js'
import type { Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** Calls for an operator's act. What may follow what is decided in domain/alert.ts; here it is only kept. */
export function makeAlerts({ db }: Connection): Store['alerts'] {
  return {
    async get(id) {
      const row = await db().selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? alertOf(row) : null
    },
    async ofIncident(incidentId) {
      const row = await db().selectFrom('alerts').selectAll().where('incidentId', '=', incidentId).executeTakeFirst()
      return row ? alertOf(row) : null
    },
    async list(filter) {
      const { areas, kinds, states, cameraId, raisedAfterMs, limit } = filter
      // An empty list of areas means "none of them": PostgreSQL has no empty IN (), and nobody may see what nobody was given.
      if (areas?.length === 0 || kinds?.length === 0 || states?.length === 0) return []
      let query = db().selectFrom('alerts').selectAll().orderBy('priority').orderBy('raisedAtMs', 'desc').orderBy('id').limit(limit)
      if (areas) query = query.where('areaId', 'in', areas)
      if (kinds) query = query.where('kind', 'in', kinds)
      if (states) query = query.where('state', 'in', states)
      if (cameraId !== undefined) query = query.where('cameraId', '=', cameraId)
      if (raisedAfterMs !== undefined) query = query.where('raisedAtMs', '>', raisedAfterMs)
      return (await query.execute()).map(alertOf)
    },
    async add(alert) {
      await db().insertInto('alerts').values(rowOf(alert)).execute()
    },
    async replace(alert) {
      const { id, ...part } = rowOf(alert)
      const done = await db().updateTable('alerts').set(part).where('id', '=', id).where('version', '=', alert.version - 1).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
    async countOpen({ areas, kinds }) {
      const counts: Record<string, number> = Object.fromEntries(PRIORITIES.map((priority) => [priority, 0]))
      if (areas?.length === 0 || kinds?.length === 0) return counts
      let query = db().selectFrom('alerts').select((e) => ['priority', e.fn.countAll().as('count')]).where('state', '=', 'new').groupBy('priority')
      if (areas) query = query.where('areaId', 'in', areas)
      if (kinds) query = query.where('kind', 'in', kinds)
      for (const row of await query.execute()) counts[priorityOf(row.priority)] = Number(row.count)
      return counts
    },
  }
}

function rowOf(alert: Alert): Tables['alerts'] {
  const { id, incidentId, cameraId, areaId, kind, state, ownerId, raisedAtMs, changedAtMs, rejectReason, note, version } = alert
  return { id, incidentId, cameraId, areaId, kind, priority: PRIORITIES.indexOf(alert.priority), state, ownerId, raisedAtMs, changedAtMs, rejectReason, note, version }
}

function alertOf(row: Selectable<Tables['alerts']>): Alert {
  return {
    id: asId<AlertId>(row.id),
    incidentId: asId<IncidentId>(row.incidentId),
    cameraId: asId<CameraId>(row.cameraId),
    areaId: asId<AreaId>(row.areaId),
    kind: row.kind as RuleKind,
    priority: priorityOf(row.priority),
    state: row.state as AlertState,
    ownerId: row.ownerId === null ? null : asId<PersonId>(row.ownerId),
    raisedAtMs: row.raisedAtMs,
    changedAtMs: row.changedAtMs,
    rejectReason: row.rejectReason as RejectReason | null,
    note: row.note,
    version: row.version,
  }
}

function priorityOf(place: number): Priority {
  const priority = PRIORITIES[place]
  if (!priority) throw new Error(`an alert's row holds priority ${place}, which the table's own check forbids`)
  return priority
}
