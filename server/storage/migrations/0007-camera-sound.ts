import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Whether people may hear a camera: off until somebody with the right asks for it. */
export async function cameraSound(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await db.schema
    .alterTable('cameras')
    .addColumn('sound', words.integer, (c) => c.notNull().defaultTo(0).check(sql`sound in (0, 1)`))
    .execute()
}
