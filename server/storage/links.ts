import type { Selectable } from 'kysely'
import { asId, type AlertId, type LinkId, type PersonId, type ReportId } from '../domain/ids.js'
import type { Link } from '../domain/report.js'
import type { Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** Which report and which alert are the same matter, likeliest first. */
export function makeLinks({ db }: Connection): Store['links'] {
  const get = async (id: LinkId): Promise<Link | null> => {
    const row = await db().selectFrom('links').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? linkOf(row) : null
  }
  const byScore = () => db().selectFrom('links').selectAll().orderBy('score', 'desc').orderBy('id')
  return {
    get,
    async ofReport(reportId) {
      return (await byScore().where('reportId', '=', reportId).execute()).map(linkOf)
    },
    async ofAlert(alertId) {
      return (await byScore().where('alertId', '=', alertId).execute()).map(linkOf)
    },
    async propose({ id, reportId, alertId, state, score, distanceM, minutesApart, decidedBy, decidedAtMs }) {
      const done = await db()
        .insertInto('links')
        .values({ id, reportId, alertId, state, score, distanceM, minutesApart, decidedBy, decidedAtMs })
        .onConflict((c) => c.columns(['reportId', 'alertId']).doNothing())
        .executeTakeFirst()
      return done.numInsertedOrUpdatedRows === 1n
    },
    async decide(id, state, by, atMs) {
      await db().updateTable('links').set({ state, decidedBy: by, decidedAtMs: atMs }).where('id', '=', id).execute()
      return get(id)
    },
  }
}

function linkOf(row: Selectable<Tables['links']>): Link {
  return { ...row, id: asId<LinkId>(row.id), reportId: asId<ReportId>(row.reportId), alertId: asId<AlertId>(row.alertId), state: row.state as Link['state'], decidedBy: row.decidedBy === null ? null : asId<PersonId>(row.decidedBy) }
}
