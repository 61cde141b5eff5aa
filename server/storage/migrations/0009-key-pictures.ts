import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Where in a recorded file its key pictures lie, so that a moment is played from the nearest and not from the file's beginning. */
export async function keyPictures(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await db.schema
    .alterTable('recording_segments')
    .addColumn('keys', 'text', (c) => c.notNull().defaultTo('[]').check(sql`${words.isJson('keys')}`))
    .execute()
}
