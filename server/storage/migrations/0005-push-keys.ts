import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Cameras that push their picture to us, and what they must show to be let in. */
export async function pushKeys(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: a camera that pushes, whatever its `origin_kind` says: the first step's check knows two kinds, and SQLite cannot
  // change a check of a table that others refer to. `key_hash` is SHA-256 in hex of a key that is shown once and kept nowhere:
  // a stolen database lets nobody push. `networks` is a JSON list; empty lets the key in from anywhere.
  await db.schema
    .createTable('push_keys')
    .addColumn('camera_id', 'text', (c) => c.primaryKey().references('cameras.id').onDelete('cascade'))
    .addColumn('key_hash', 'text', (c) => c.notNull().unique())
    .addColumn('networks', 'text', (c) => c.notNull())
    .addColumn('made_at_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('push_keys_hash', sql`length(key_hash) = 64`)
    .addCheckConstraint('push_keys_networks', words.isJson('networks'))
    .modifyEnd(words.tableEnd)
    .execute()
}
