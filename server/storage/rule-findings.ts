import type { Selectable } from 'kysely'
import type { AlertState, RejectReason } from '../domain/alert.js'
import { asId, type IncidentId, type PersonId, type RuleId } from '../domain/ids.js'
import { incidentOf } from './incidents.js'
import type { IncidentVerdict, RuleStore, StoredFinding } from './rule-store.js'
import type { Connection, Db, Tables } from './tables.js'

/** What rules saw, with what people said of it. */
export function makeFindings({ db }: Connection): Pick<RuleStore, 'judge' | 'findings' | 'judged' | 'judgedBetween'> {
  return {
    async judge({ incidentId, right, by, atMs, blind }) {
      const part = { right: right ? 1 : 0, atMs, blind: blind ? 1 : 0 }
      await db().insertInto('incidentVerdicts').values({ incidentId, by, ...part }).onConflict((c) => c.columns(['incidentId', 'by']).doUpdateSet(part)).execute()
    },
    async findings(id, { mode, version, limit }) {
      let query = db().selectFrom('incidents').selectAll().where('ruleId', '=', id).orderBy('openedAtMs', 'desc').orderBy('id').limit(limit)
      if (mode !== undefined) query = query.where('mode', '=', mode)
      if (version !== undefined) query = query.where('ruleVersion', '=', version)
      return withWords(db(), await query.execute())
    },
    async judged(id, { version, openedFromMs, limit }) {
      return withWords(db(), await judgedOf(db(), id).where('ruleVersion', '=', version).where('openedAtMs', '>=', openedFromMs).limit(limit).execute())
    },
    async judgedBetween(id, { fromMs, toMs, limit }) {
      return withWords(db(), await judgedOf(db(), id).where('openedAtMs', '>=', fromMs).where('openedAtMs', '<', toMs).limit(limit).execute())
    },
  }
}

/** Of which somebody has said something, by a verdict or at the desk. */
function judgedOf(db: Db, id: RuleId) {
  return db
    .selectFrom('incidents')
    .selectAll()
    .where('ruleId', '=', id)
    .where((e) =>
      e.or([
        e.exists(e.selectFrom('incidentVerdicts').select('incidentVerdicts.incidentId').whereRef('incidentVerdicts.incidentId', '=', 'incidents.id')),
        e.exists(e.selectFrom('alerts').select('alerts.id').whereRef('alerts.incidentId', '=', 'incidents.id').where('alerts.state', 'in', ['confirmed', 'rejected', 'resolved'])),
      ]),
    )
    .orderBy('openedAtMs', 'desc')
    .orderBy('id')
}

async function withWords(db: Db, rows: readonly Selectable<Tables['incidents']>[]): Promise<readonly StoredFinding[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const alerts = new Map((await db.selectFrom('alerts').select(['incidentId', 'state', 'rejectReason', 'changedAtMs']).where('incidentId', 'in', ids).execute()).map((row) => [row.incidentId, row]))
  const verdicts = (await db.selectFrom('incidentVerdicts').selectAll().where('incidentId', 'in', ids).orderBy('atMs').orderBy('by').execute()).map(verdictOf)
  return rows.map((row) => {
    const alert = alerts.get(row.id)
    return {
      incident: incidentOf(row),
      alert: alert ? { state: alert.state as AlertState, rejectReason: alert.rejectReason as RejectReason | null, changedAtMs: alert.changedAtMs } : null,
      judged: verdicts.filter(({ incidentId }) => incidentId === row.id),
    }
  })
}

function verdictOf({ incidentId, right, by, atMs, blind }: Selectable<Tables['incidentVerdicts']>): IncidentVerdict {
  return { incidentId: asId<IncidentId>(incidentId), right: right === 1, by: asId<PersonId>(by), atMs, blind: blind === 1 }
}
