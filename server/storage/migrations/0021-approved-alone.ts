import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Whether a version was approved by the very person who proposed it, because the city had set that one person is enough. */
export async function approvedAlone(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await db.schema
    .alterTable('rule_versions')
    .addColumn('alone', words.integer, (c) => c.notNull().defaultTo(0).check(sql`alone = 0 or (alone = 1 and trust = 'approved')`))
    .execute()
}
