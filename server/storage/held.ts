import type { Selectable } from 'kysely'
import type { HeldFacts, HeldIncident, HeldOutcome, HeldWhy } from '../domain/held.js'
import { asId, type AlertId, type AreaId, type IncidentId, type PersonId } from '../domain/ids.js'
import { incidentOf } from './incidents.js'
import type { HeldStore, StoredHeld } from './signal-store.js'
import type { Connection, Db, Tables } from './tables.js'

/** Incidents that were kept apart: the tray. */
export function makeHeld({ db }: Connection): HeldStore {
  return {
    async get(incidentId) {
      const [found] = await whole(db(), await db().selectFrom('heldIncidents').selectAll().where('incidentId', '=', incidentId).execute())
      return found ?? null
    },
    async list({ areas, kinds, cameraId, ruleId, settled, limit }) {
      if (areas.length === 0 || kinds.length === 0) return []
      let query = db()
        .selectFrom('heldIncidents')
        .innerJoin('incidents', 'incidents.id', 'heldIncidents.incidentId')
        .innerJoin('cameras', 'cameras.id', 'incidents.cameraId')
        .selectAll('heldIncidents')
        .where('cameras.areaId', 'in', areas)
        .where('incidents.kind', 'in', kinds)
        .where('outcome', settled ? 'is not' : 'is', null)
        .orderBy('heldAtMs', 'desc')
        .orderBy('incidentId')
        .limit(limit)
      if (cameraId !== undefined) query = query.where('incidents.cameraId', '=', cameraId)
      if (ruleId !== undefined) query = query.where('incidents.ruleId', '=', ruleId)
      return whole(db(), await query.execute())
    },
    async add({ incidentId, why, facts, heldAtMs }) {
      await db().insertInto('heldIncidents').values({ incidentId, why, facts: JSON.stringify(facts), heldAtMs, outcome: null, outcomeBy: null, outcomeAtMs: null, outcomeReason: null }).onConflict((c) => c.column('incidentId').doNothing()).execute()
    },
    async settle(incidentId, { is, by, atMs, reason }) {
      const done = await db().updateTable('heldIncidents').set({ outcome: is, outcomeBy: by, outcomeAtMs: atMs, outcomeReason: reason }).where('incidentId', '=', incidentId).where('outcome', 'is', null).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
  }
}

async function whole(db: Db, rows: readonly Selectable<Tables['heldIncidents']>[]): Promise<readonly StoredHeld[]> {
  if (rows.length === 0) return []
  const incidents = new Map((await db.selectFrom('incidents').selectAll().where('id', 'in', rows.map(({ incidentId }) => incidentId)).execute()).map((row) => [row.id, incidentOf(row)]))
  const areas = new Map((await db.selectFrom('cameras').select(['id', 'areaId']).where('id', 'in', [...incidents.values()].map(({ cameraId }) => cameraId)).execute()).map(({ id, areaId }) => [id, asId<AreaId>(areaId)]))
  const alerts = new Map((await db.selectFrom('alerts').select(['id', 'incidentId']).where('incidentId', 'in', [...incidents.keys()]).execute()).map(({ id, incidentId }) => [incidentId, asId<AlertId>(id)]))
  return rows.flatMap((row) => {
    const incident = incidents.get(row.incidentId)
    return incident ? [{ ...heldOf(row), incident, areaId: areas.get(incident.cameraId) ?? null, alertId: alerts.get(row.incidentId) ?? null }] : []
  })
}

function heldOf({ incidentId, why, facts, heldAtMs, ...row }: Selectable<Tables['heldIncidents']>): HeldIncident {
  return { incidentId: asId<IncidentId>(incidentId), why: why as HeldWhy, facts: JSON.parse(facts) as HeldFacts, heldAtMs, outcome: outcomeOf(row) }
}

/** The table's check holds that an outcome is whole. */
function outcomeOf({ outcome, outcomeBy, outcomeAtMs, outcomeReason }: Pick<Selectable<Tables['heldIncidents']>, 'outcome' | 'outcomeBy' | 'outcomeAtMs' | 'outcomeReason'>): HeldOutcome | null {
  return outcome === null ? null : { is: outcome as HeldOutcome['is'], by: asId<PersonId>(outcomeBy!), atMs: outcomeAtMs!, reason: outcomeReason! }
}
