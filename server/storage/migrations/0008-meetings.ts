import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Links that show some cameras in a meeting room for a while. */
export async function meetings(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one link that a person made. `token_hash` is SHA-256 of the link's token and `guest_hash` of the cookie of the one
  // browser that opened it: a stolen database opens no room. `pages` is a copy of a wall, by camera ids and no references,
  // since a camera that is removed leaves an empty tile; `showing` is what the presenter has the room look at, and `turn` counts
  // their moves. A revoked row stays until it is swept, so that the room can be told what became of its link.
  await db.schema
    .createTable('meetings')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('token_hash', 'text', (c) => c.notNull().unique())
    .addColumn('by_id', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('pages', 'text', (c) => c.notNull())
    .addColumn('showing', 'text', (c) => c.notNull())
    .addColumn('turn', words.integer, (c) => c.notNull())
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addColumn('ends_at_ms', words.integer, (c) => c.notNull())
    .addColumn('guest_hash', 'text', (c) => c.unique())
    .addColumn('opened_at_ms', words.integer)
    .addColumn('revoked_at_ms', words.integer)
    .addColumn('revoked_by_id', 'text', (c) => c.references('people.id'))
    .addCheckConstraint('meetings_hashes', sql`length(token_hash) = 64 and (guest_hash is null or length(guest_hash) = 64)`)
    .addCheckConstraint('meetings_name', sql`length(name) between 1 and 80`)
    .addCheckConstraint('meetings_pages', words.isJson('pages'))
    .addCheckConstraint('meetings_showing', words.isJson('showing'))
    .addCheckConstraint('meetings_turn', sql`turn >= 0`)
    .addCheckConstraint('meetings_length', sql`ends_at_ms - created_at_ms between 900000 and 14400000`)
    .addCheckConstraint('meetings_opened', sql`(guest_hash is null) = (opened_at_ms is null)`)
    .addCheckConstraint('meetings_revoked', sql`(revoked_at_ms is null) = (revoked_by_id is null)`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves meetings.running (those that end after now) and meetings.sweep (those that ended before).
  await db.schema.createIndex('meetings_by_end').on('meetings').columns(['ends_at_ms']).execute()
}
