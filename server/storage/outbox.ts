import type { Selectable } from 'kysely'
import type { Letter, Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** Letters to other systems: queued in the transaction that decided them, kept with their answer when settled. */
export function makeOutbox({ db }: Connection): Store['outbox'] {
  return {
    async queue({ id, destination, letter, queuedAtMs }) {
      const done = await db()
        .insertInto('outbox')
        .values({ id, destination, letter, queuedAtMs, state: 'waiting', attempts: 0, nextAtMs: queuedAtMs, lastFault: null, answer: null, settledAtMs: null })
        .onConflict((c) => c.column('id').doNothing())
        .executeTakeFirst()
      return done.numInsertedOrUpdatedRows === 1n
    },
    async get(id) {
      const row = await db().selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? letterOf(row) : null
    },
    async due(destination, nowMs, limit) {
      const rows = await db().selectFrom('outbox').selectAll().where('state', '=', 'waiting').where('destination', '=', destination).where('nextAtMs', '<=', nowMs).orderBy('nextAtMs').orderBy('queuedAtMs').orderBy('id').limit(limit).execute()
      return rows.map(letterOf)
    },
    async postpone(id, nextAtMs, fault) {
      await db().updateTable('outbox').set((e) => ({ nextAtMs, lastFault: fault, attempts: e('attempts', '+', 1) })).where('id', '=', id).where('state', '=', 'waiting').execute()
    },
    async settle(id, state, answer, atMs) {
      await db().updateTable('outbox').set((e) => ({ state, answer, settledAtMs: atMs, attempts: e('attempts', '+', 1) })).where('id', '=', id).where('state', '=', 'waiting').execute()
    },
  }
}

function letterOf(row: Selectable<Tables['outbox']>): Letter {
  return { ...row, state: row.state as Letter['state'] }
}
