import type { Selectable } from 'kysely'
import { asId, type AreaId, type SignalId } from '../domain/ids.js'
import type { Signal } from '../domain/signal.js'
import type { SignalStore } from './signal-store.js'
import type { Connection, Tables } from './tables.js'

/** Controllers of junctions; their keys are nowhere. */
export function makeSignals({ db }: Connection): SignalStore {
  return {
    async list() {
      return (await db().selectFrom('signals').selectAll().orderBy('name').orderBy('id').execute()).map(signalOf)
    },
    async get(id) {
      const row = await db().selectFrom('signals').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? signalOf(row) : null
    },
    async add(signal) {
      await db().insertInto('signals').values(signal).execute()
    },
    async setKey(id, keyHash) {
      return (await db().updateTable('signals').set({ keyHash }).where('id', '=', id).executeTakeFirst()).numUpdatedRows === 1n
    },
    async remove(id) {
      return (await db().deleteFrom('signals').where('id', '=', id).executeTakeFirst()).numDeletedRows === 1n
    },
  }
}

function signalOf(row: Selectable<Tables['signals']>): Signal {
  return { ...row, id: asId<SignalId>(row.id), areaId: asId<AreaId>(row.areaId) }
}
