import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** What people keep of the wall, and what the big screens of the room show. */
export async function walls(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one wall that a person saved. `pages` is the tour in order, each page a layout and its camera ids by place; ids
  // and no references, since a camera that is removed leaves an empty tile and not a broken wall. `position` is the owner's order.
  await db.schema
    .createTable('walls')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('owner_id', 'text', (c) => c.notNull().references('people.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('pages', 'text', (c) => c.notNull())
    .addColumn('dwell_s', words.integer, (c) => c.notNull())
    .addColumn('shared', words.integer, (c) => c.notNull())
    .addColumn('position', words.integer, (c) => c.notNull())
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('walls_name', sql`length(name) between 1 and 80`)
    .addCheckConstraint('walls_pages', words.isJson('pages'))
    .addCheckConstraint('walls_dwell', sql`dwell_s between 5 and 600`)
    .addCheckConstraint('walls_shared', sql`shared in (0, 1)`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves walls.seenBy: one person's own walls, in their order.
  await db.schema.createIndex('walls_of_owner').on('walls').columns(['owner_id', 'position']).execute()
  // One row: one big screen that was ever named or sent something. `name` is null until somebody gives one; `showing` is JSON
  // (a camera or a wall) and null when it was cleared; `by_id` and `since_ms` say who did either, and when.
  await db.schema
    .createTable('screens')
    .addColumn('number', words.integer, (c) => c.primaryKey())
    .addColumn('name', 'text')
    .addColumn('showing', 'text')
    .addColumn('by_id', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('since_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('screens_number', sql`number between 1 and 99`)
    .addCheckConstraint('screens_name', sql`length(name) between 1 and 80`)
    .addCheckConstraint('screens_showing', sql`showing is null or ${words.isJson('showing')}`)
    .modifyEnd(words.tableEnd)
    .execute()
}
