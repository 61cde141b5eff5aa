import type { Selectable } from 'kysely'
import type { HeldFacts } from '../domain/held.js'
import { asId, type CameraId, type PersonId, type RepairId } from '../domain/ids.js'
import type { Repair } from '../domain/lamp-trust.js'
import type { LampFaultCode, LampSource } from '../domain/seen.js'
import type { RepairStore } from './signal-store.js'
import type { Connection, Tables } from './tables.js'

/** What somebody must go and look at. */
export function makeRepairs({ db }: Connection): RepairStore {
  return {
    async get(id) {
      const row = await db().selectFrom('repairs').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? repairOf(row) : null
    },
    async list({ areas, open, limit }) {
      if (areas.length === 0) return []
      const rows = await db().selectFrom('repairs').innerJoin('cameras', 'cameras.id', 'repairs.cameraId').selectAll('repairs').where('cameras.areaId', 'in', areas).where('closedAtMs', open ? 'is' : 'is not', null).orderBy('openedAtMs', 'desc').orderBy('repairs.id').limit(limit).execute()
      return rows.map(repairOf)
    },
    async openOf(cameraId) {
      return (await db().selectFrom('repairs').selectAll().where('cameraId', '=', cameraId).where('closedAtMs', 'is', null).orderBy('openedAtMs').orderBy('id').execute()).map(repairOf)
    },
    async add({ id, cameraId, kind, lamp, code, facts, openedAtMs, closed }) {
      await db().insertInto('repairs').values({ id, cameraId, kind, lamp: JSON.stringify(lamp), code, facts: JSON.stringify(facts), openedAtMs, ...columnsOf(closed) }).execute()
    },
    async close(id, closed) {
      const done = await db().updateTable('repairs').set(columnsOf(closed)).where('id', '=', id).where('closedAtMs', 'is', null).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
  }
}

function columnsOf(closed: Repair['closed']): Pick<Tables['repairs'], 'closedAtMs' | 'closedBy' | 'note'> {
  return { closedAtMs: closed?.atMs ?? null, closedBy: closed?.by ?? null, note: closed?.note ?? null }
}

function repairOf({ id, cameraId, lamp, code, facts, openedAtMs, closedAtMs, closedBy, note }: Selectable<Tables['repairs']>): Repair {
  const closed = closedAtMs === null ? null : { by: closedBy === null ? null : asId<PersonId>(closedBy), atMs: closedAtMs, note: note ?? '' }
  return { id: asId<RepairId>(id), cameraId: asId<CameraId>(cameraId), kind: 'lamp_fault', lamp: JSON.parse(lamp) as LampSource, code: code as LampFaultCode, facts: JSON.parse(facts) as HeldFacts, openedAtMs, closed }
}
