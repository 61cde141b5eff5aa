import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Moments people want to find again, and copies that left the system. */
export async function bookmarksAndExports(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: a moment of one camera, with a note. Removed rows stay, as the record of who marked what.
  await db.schema
    .createTable('bookmarks')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('at_ms', words.integer, (c) => c.notNull())
    .addColumn('note', 'text', (c) => c.notNull())
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addColumn('removed_at_ms', words.integer)
    .addCheckConstraint('bookmarks_tags', words.isJson('tags'))
    .addCheckConstraint('bookmarks_at', sql`at_ms >= 0`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves bookmarks.of: one camera, a span of time.
  await db.schema.createIndex('bookmarks_of_camera').on('bookmarks').columns(['camera_id', 'at_ms']).execute()
  // One row: one copy that was asked for, whatever became of it. It outlives its file: custody does not expire. `gaps` is what
  // the copy declares as missing, as it was when the copy was made; `sha256` and `bytes` are the file's.
  await db.schema
    .createTable('exports')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('from_ms', words.integer, (c) => c.notNull())
    .addColumn('to_ms', words.integer, (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('watermark', words.integer, (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('gaps', 'text', (c) => c.notNull())
    .addColumn('bytes', words.integer)
    .addColumn('sha256', 'text')
    .addColumn('trouble', 'text')
    .addColumn('settled_at_ms', words.integer)
    .addColumn('removed_at_ms', words.integer)
    .addCheckConstraint('exports_span', sql`from_ms >= 0 and to_ms > from_ms`)
    .addCheckConstraint('exports_reason', sql`length(reason) > 0`)
    .addCheckConstraint('exports_yes_no', sql`watermark in (0, 1)`)
    .addCheckConstraint('exports_state', sql`state in ('queued', 'running', 'ready', 'failed', 'cancelled')`)
    .addCheckConstraint('exports_gaps', words.isJson('gaps'))
    .addCheckConstraint('exports_settled', sql`(state in ('queued', 'running')) = (settled_at_ms is null)`)
    .addCheckConstraint('exports_file', sql`(state = 'ready') = (sha256 is not null) and (sha256 is null) = (bytes is null) and (sha256 is null or length(sha256) = 64)`)
    .addCheckConstraint('exports_trouble', sql`(state = 'failed') = (trouble is not null)`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves exports.list: the newest first; and exports.due, which reads the few whose file still lies on disk.
  await db.schema.createIndex('exports_by_age').on('exports').columns(['created_at_ms']).execute()
}
