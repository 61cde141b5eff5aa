import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** What must reach another system even if the network, that system or we are down for a day. */
export async function outbox(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one letter to one destination. Queued in the transaction that decided it; `attempts` and `next_at_ms` outlive a
  // restart, so that back-off does too. `answer` is what the other side said on delivery. `refused` is final: a person must look.
  await db.schema
    .createTable('outbox')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('destination', 'text', (c) => c.notNull())
    .addColumn('letter', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', words.integer, (c) => c.notNull())
    .addColumn('next_at_ms', words.integer, (c) => c.notNull())
    .addColumn('last_fault', 'text')
    .addColumn('answer', 'text')
    .addColumn('queued_at_ms', words.integer, (c) => c.notNull())
    .addColumn('settled_at_ms', words.integer)
    .addCheckConstraint('outbox_state', sql`state in ('waiting', 'delivered', 'refused')`)
    .addCheckConstraint('outbox_settled', sql`(state = 'waiting') = (settled_at_ms is null)`)
    .addCheckConstraint('outbox_attempts', sql`attempts >= 0`)
    .addCheckConstraint('outbox_letter', words.isJson('letter'))
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves outbox.due: few rows wait among all ever sent.
  await db.schema.createIndex('outbox_due').on('outbox').columns(['next_at_ms', 'queued_at_ms']).where(sql.ref('state'), '=', sql.lit('waiting')).execute()
}
