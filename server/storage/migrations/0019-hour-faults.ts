import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Why an hour of a back-test failed, as a code that screens have words for; `why` stays what the other side said. */
export async function hourFaults(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await db.schema.alterTable('backtest_hours').addColumn('fault', 'text', (c) => c.check(sql`fault in ('model_gone', 'model_refused', 'undecodable', 'died', 'silent', 'internal')`)).execute()
  // What was written before had only its words; they began alike.
  await sql`update backtest_hours set fault = case
    when why like 'the model that%' or why like 'model.file%' or why like 'model.sha256%' then 'model_gone'
    when why like 'model.%' then 'model_refused'
    when why like 'ffmpeg ended%' then 'undecodable'
    when why like 'the process that looks%' then 'died'
    when why like 'nothing was heard%' then 'silent'
    else 'internal' end where state = 'failed'`.execute(db)
  await words.changeCheck(db, 'backtest_hours', 'backtest_hours_whole', `(state = 'done' and claims is not null and counts is not null and frames >= 0 and core_ms >= 0 and fault is null and why is null) or (state = 'failed' and claims is null and counts is null and frames is null and core_ms is null and fault is not null and why is not null)`)
}
