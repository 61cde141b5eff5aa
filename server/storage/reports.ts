import type { Selectable } from 'kysely'
import { asId, type AreaId, type ReportId } from '../domain/ids.js'
import type { Report } from '../domain/report.js'
import type { Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** Citizens' reports. Contact details go into a table of their own and come out of none of these. */
export function makeReports({ db, together }: Connection): Store['reports'] {
  const get = async (id: ReportId): Promise<Report | null> => {
    const row = await db().selectFrom('reports').selectAll().where('id', '=', id).executeTakeFirst()
    return row ? reportOf(row) : null
  }
  return {
    get,
    async findBySource(source, sourceId) {
      const row = await db().selectFrom('reports').selectAll().where('source', '=', source).where('sourceId', '=', sourceId).executeTakeFirst()
      return row ? reportOf(row) : null
    },
    async list({ areas, status, serviceCodes, ids, fromMs, toMs, updatedAfterMs, limit, offset }) {
      if (areas?.length === 0 || serviceCodes?.length === 0 || ids?.length === 0) return []
      let query = db().selectFrom('reports').selectAll().orderBy('requestedAtMs', 'desc').orderBy('id').limit(limit)
      if (areas) query = query.where('areaId', 'in', areas)
      if (status) query = query.where('status', '=', status)
      if (serviceCodes) query = query.where('serviceCode', 'in', serviceCodes)
      if (ids) query = query.where('id', 'in', ids)
      if (fromMs !== undefined) query = query.where('requestedAtMs', '>=', fromMs)
      if (toMs !== undefined) query = query.where('requestedAtMs', '<=', toMs)
      if (updatedAfterMs !== undefined) query = query.where('updatedAtMs', '>', updatedAfterMs)
      if (offset !== undefined) query = query.offset(offset)
      return (await query.execute()).map(reportOf)
    },
    add: (report, contact) =>
      together(async (tx) => {
        await tx.insertInto('reports').values(rowOf(report)).execute()
        if (contact) await tx.insertInto('reportContacts').values({ reportId: report.id, name: contact.name, phone: contact.phone, email: contact.email, deviceId: contact.deviceId, accountId: contact.accountId }).execute()
      }),
    async change(id, { status, statusNotes, updatedAtMs, areaId }) {
      const part = { ...(status === undefined ? {} : { status }), ...(statusNotes === undefined ? {} : { statusNotes }), ...(updatedAtMs === undefined ? {} : { updatedAtMs }), ...(areaId === undefined ? {} : { areaId }) }
      if (Object.keys(part).length > 0) await db().updateTable('reports').set(part).where('id', '=', id).execute()
      return get(id)
    },
  }
}

function rowOf(report: Report): Tables['reports'] {
  const { id, serviceCode, description, address, latitude, longitude, mediaUrl, requestedAtMs, updatedAtMs, status, statusNotes, areaId, source, sourceId } = report
  return { id, serviceCode, description, address, latitude, longitude, mediaUrl, requestedAtMs, updatedAtMs, status, statusNotes, areaId, source, sourceId }
}

function reportOf(row: Selectable<Tables['reports']>): Report {
  return { ...row, id: asId<ReportId>(row.id), status: row.status as Report['status'], areaId: row.areaId === null ? null : asId<AreaId>(row.areaId) }
}
