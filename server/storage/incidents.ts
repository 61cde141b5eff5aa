import type { Selectable } from 'kysely'
import type { Reason, RuleKind, Witness } from '../domain/seen.js'
import { asId, type CameraId, type IncidentId, type RuleId } from '../domain/ids.js'
import type { HeldWhy } from '../domain/held.js'
import type { Incident, IncidentMode } from '../domain/incident.js'
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
      const { mode, heldWhy, ...same } = rest
      const part = { ...same, reason: JSON.stringify(reason), witnesses: JSON.stringify(witnesses) }
      await db().insertInto('incidents').values({ id, mode, heldWhy, ...part }).onConflict((c) => c.column('id').doUpdateSet(part)).execute()
    },
    async setMode(id, part) {
      await db().updateTable('incidents').set(part).where('id', '=', id).execute()
    },
    async liveSince(cameraId, ruleId, sinceMs) {
      // The act begins before it is claimed: whoever opened earlier cannot have begun later.
      const rows = await db().selectFrom('incidents').selectAll().where('ruleId', '=', ruleId).where('openedAtMs', '>=', sinceMs).where('cameraId', '=', cameraId).where('sinceMs', '>=', sinceMs).where('mode', '=', 'live').orderBy('openedAtMs').orderBy('id').execute()
      return rows.map(incidentOf)
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
