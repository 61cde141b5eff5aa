import type { Selectable } from 'kysely'
import { asId, type AreaId, type PersonId } from '../domain/ids.js'
import type { Change, Store } from './store.js'
import type { Connection, Db, Tables } from './tables.js'

/**
 * The change log. A listener keeps one number, the cursor, and asks for what follows it. That is only safe when numbers
 * become visible in the order in which they grow: with a plain sequence, line 8 can be committed while 7 is still in
 * hand, a reader moves its cursor to 8, and 7 is never seen. So the writer holds a lock from numbering to commit, and
 * numbers by counting on: no line is skipped, and a rolled-back one leaves no hole.
 */
export function makeChanges({ db, together, lockChanges }: Connection): Store['changes'] {
  return {
    append: ({ topic, entityId, areaId, what, by, atMs, facts }) =>
      together(async (tx) => {
        await lockChanges(tx)
        const seq = (await newest(tx)) + 1
        await tx.insertInto('changes').values({ seq, topic, entityId, areaId, what, by, atMs, facts: JSON.stringify(facts) }).execute()
        return seq
      }),
    async since(cursor, limit) {
      return (await db().selectFrom('changes').selectAll().where('seq', '>', cursor).orderBy('seq').limit(limit).execute()).map(changeOf)
    },
    async of(topic, entityId) {
      return (await db().selectFrom('changes').selectAll().where('topic', '=', topic).where('entityId', '=', entityId).orderBy('seq').execute()).map(changeOf)
    },
    newest: async () => newest(db()),
  }
}

async function newest(db: Db): Promise<number> {
  const row = await db.selectFrom('changes').select((e) => e.fn.max('seq').as('seq')).executeTakeFirst()
  return Number(row?.seq ?? 0)
}

function changeOf(row: Selectable<Tables['changes']>): Change {
  return {
    seq: row.seq,
    topic: row.topic as Change['topic'],
    entityId: row.entityId,
    areaId: row.areaId === null ? null : asId<AreaId>(row.areaId),
    what: row.what,
    by: row.by === null ? null : asId<PersonId>(row.by),
    atMs: row.atMs,
    facts: JSON.parse(row.facts) as Change['facts'],
  }
}
