import type { Selectable } from 'kysely'
import type { Reason, RuleKind, Witness } from '../domain/seen.js'
import { asId, type CameraId, type IncidentId, type RuleId } from '../domain/ids.js'
import type { HeldWhy, Incident, IncidentMode } from '../domain/incident.js'
import type { Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** Episodes in the world. */
export function makeIncidents({ db }: Connection): Store['incidents'] {
  return {
    async get(id) {
      const row = await db().selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? incidentOf(row) : null
    },
    async find(cameraId, episode) {
      const row = await db().selectFrom('incidents').selectAll().where('cameraId', '=', cameraId).where('episode', '=', episode).orderBy('openedAtMs', 'desc').limit(1).executeTakeFirst()
      return row ? incidentOf(row) : null
    },
    async ongoing() {
      return (await db().selectFrom('incidents').selectAll().where('state', '=', 'ongoing').orderBy('openedAtMs').orderBy('id').execute()).map(incidentOf)
    },
    async save({ id, reason, witnesses, ...rest }) {
      const part = { ...rest, reason: JSON.stringify(reason), witnesses: JSON.stringify(witnesses) }
      await db().insertInto('incidents').values({ id, ...part }).onConflict((c) => c.column('id').doUpdateSet(part)).execute()
    },
  }
}

export function incidentOf(row: Selectable<Tables['incidents']>): Incident {
  return {
    id: asId<IncidentId>(row.id),
    cameraId: asId<CameraId>(row.cameraId),
    ruleId: asId<RuleId>(row.ruleId),
    kind: row.kind as RuleKind,
    episode: row.episode,
    state: row.state as Incident['state'],
    sinceMs: row.sinceMs,
    openedAtMs: row.openedAtMs,
    lastSeenAtMs: row.lastSeenAtMs,
    observations: row.observations,
    reason: JSON.parse(row.reason) as Reason,
    witnesses: JSON.parse(row.witnesses) as Witness[],
    ruleVersion: row.ruleVersion,
    mode: row.mode as IncidentMode,
    heldWhy: row.heldWhy as HeldWhy | null,
  }
}
