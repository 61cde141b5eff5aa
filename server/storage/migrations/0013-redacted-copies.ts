import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Copies of kept stills and clips in which what is private is covered. */
export async function redactedCopies(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: the copy of one item of evidence, made when somebody first asked and handed out from then on. It does not go with
  // the item by itself: whoever removes an item removes its copy first, file and row, or the reference refuses.
  await db.schema
    .createTable('redacted_copies')
    .addColumn('evidence_id', 'text', (c) => c.primaryKey().references('evidence.id'))
    .addColumn('file', 'text', (c) => c.notNull().unique())
    .addColumn('bytes', words.integer, (c) => c.notNull().check(sql`bytes > 0`))
    .addColumn('sha256', 'text', (c) => c.notNull().check(sql`length(sha256) = 64`))
    .addColumn('covered', 'text', (c) => c.notNull().check(sql`covered in ('heads', 'heads_and_plates')`))
    .addColumn('made_at_ms', words.integer, (c) => c.notNull())
    .modifyEnd(words.tableEnd)
    .execute()
}
