import type { Selectable } from 'kysely'
import { asId, type PersonId, type WallId } from '../domain/ids.js'
import type { Wall, WallPage } from '../domain/wall.js'
import type { Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** The walls that people saved. */
export function makeWalls({ db, together }: Connection): Store['walls'] {
  return {
    async get(id) {
      const row = await db().selectFrom('walls').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? wallOf(row) : null
    },
    async seenBy(personId) {
      const own = await db().selectFrom('walls').selectAll().where('ownerId', '=', personId).orderBy('position').orderBy('id').execute()
      const shared = await db().selectFrom('walls').selectAll().where('ownerId', '!=', personId).where('shared', '=', 1).execute()
      return [...own, ...shared.toSorted((a, b) => a.name.localeCompare(b.name, 'vi') || a.id.localeCompare(b.id))].map(wallOf)
    },
    add: (wall, atMs) =>
      together(async (tx) => {
        const last = await tx.selectFrom('walls').select((e) => e.fn.max('position').as('position')).where('ownerId', '=', wall.ownerId).executeTakeFirst()
        await tx.insertInto('walls').values({ id: wall.id, ownerId: wall.ownerId, ...columnsOf(wall), position: Number(last?.position ?? -1) + 1, createdAtMs: atMs }).execute()
        return wall
      }),
    async change(id, part) {
      const row = await db().updateTable('walls').set(columnsOf(part)).where('id', '=', id).returningAll().executeTakeFirst()
      return row ? wallOf(row) : null
    },
    order: (ownerId, ids) =>
      together(async (tx) => {
        const known = await tx.selectFrom('walls').select('id').where('ownerId', '=', ownerId).orderBy('position').orderBy('id').execute()
        const first = ids.filter((id, at) => known.some((row) => row.id === id) && ids.indexOf(id) === at)
        const rest = known.map((row) => asId<WallId>(row.id)).filter((id) => !first.includes(id))
        for (const [position, id] of [...first, ...rest].entries()) await tx.updateTable('walls').set({ position }).where('id', '=', id).execute()
      }),
    async remove(id) {
      return (await db().deleteFrom('walls').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n
    },
  }
}

function columnsOf({ name, pages, dwellS, shared }: Pick<Wall, 'name' | 'pages' | 'dwellS' | 'shared'>): Pick<Tables['walls'], 'name' | 'pages' | 'dwellS' | 'shared'> {
  return { name, pages: JSON.stringify(pages), dwellS, shared: shared ? 1 : 0 }
}

function wallOf(row: Selectable<Tables['walls']>): Wall {
  return { id: asId<WallId>(row.id), ownerId: asId<PersonId>(row.ownerId), name: row.name, pages: JSON.parse(row.pages) as readonly WallPage[], dwellS: row.dwellS, shared: row.shared === 1 }
}
