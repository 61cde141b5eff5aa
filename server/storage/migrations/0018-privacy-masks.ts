import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Parts of a camera's picture that nobody looks at: JSON, a list of outlines in 0..1 of the picture. None until somebody draws one. */
export async function privacyMasks(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await db.schema
    .alterTable('cameras')
    .addColumn('masks', 'text', (c) => c.notNull().defaultTo('[]').check(sql`${words.isJson('masks')}`))
    .execute()
}
