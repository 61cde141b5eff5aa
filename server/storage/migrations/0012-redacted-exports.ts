import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/**
 * Whether what is private was to be covered in a copy, and what was: a redacted copy is never ready without saying it, and no
 * other copy says it.
 */
export async function redactedExports(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await db.schema
    .alterTable('exports')
    .addColumn('redact', words.integer, (c) => c.notNull().defaultTo(0).check(sql`redact in (0, 1)`))
    .execute()
  await db.schema
    .alterTable('exports')
    .addColumn('covered', 'text', (c) => c.check(sql`(redact = 1 and state = 'ready') = (covered is not null) and (covered is null or covered in ('heads', 'heads_and_plates'))`))
    .execute()
}
