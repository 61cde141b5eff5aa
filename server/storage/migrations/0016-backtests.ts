import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Versions of rules that were run on recorded video, hour by hour. */
export async function backtests(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one version of a rule, run on what was recorded of its camera in a span. `rule_id` refers to no row: a rule may go, and
  // what its approval rested on is read on, as its versions are. `baseline`: the version that was live when it was asked for, run on
  // the same pictures; null: none was. The model is named by its bytes, which every hour is looked at with; whoever removed the model
  // since removed no back-test. `settled_at_ms` null: it waits or runs, and a restart takes it up where it stopped.
  await db.schema
    .createTable('backtests')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id').onDelete('cascade'))
    .addColumn('rule_id', 'text', (c) => c.notNull())
    .addColumn('version', words.integer, (c) => c.notNull())
    .addColumn('baseline', words.integer)
    .addColumn('from_ms', words.integer, (c) => c.notNull())
    .addColumn('to_ms', words.integer, (c) => c.notNull())
    .addColumn('model_id', 'text', (c) => c.notNull())
    .addColumn('model_sha256', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('settled_at_ms', words.integer)
    .addCheckConstraint('backtests_versions', sql`version >= 1 and (baseline is null or (baseline >= 1 and baseline <> version))`)
    .addCheckConstraint('backtests_span', sql`to_ms > from_ms and to_ms - from_ms <= 1209600000`)
    .addCheckConstraint('backtests_model', sql`length(model_sha256) = 64`)
    .addCheckConstraint('backtests_state', sql`state in ('queued', 'running', 'done', 'failed', 'cancelled')`)
    .addCheckConstraint('backtests_settled', sql`(settled_at_ms is null) = (state in ('queued', 'running'))`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves backtests.of (the newest of a rule) and backtests.trim.
  await db.schema.createIndex('backtests_of_rule').on('backtests').columns(['rule_id', 'created_at_ms desc', 'id']).execute()
  // Serves backtests.unsettled at a start, among twenty settled ones of every rule.
  await db.schema.createIndex('backtests_unsettled').on('backtests').columns(['created_at_ms', 'id']).where(sql.ref('settled_at_ms'), 'is', null).execute()
  await makeHours(db, words)
}

async function makeHours(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one hour of a back-test that was looked at, or could not be; written once, when it is over. `gaps` is JSON of the spans
  // that were not recorded, which count as unseen, never as quiet. `claims` is JSON of what each version would have told of; `counts`
  // of how many, because of a rule that claims every second not every claim is kept. `core_ms`: what looking took, of one core.
  // A failed hour says why and holds no claims; the hours beside it stand for themselves.
  await db.schema
    .createTable('backtest_hours')
    .addColumn('backtest_id', 'text', (c) => c.notNull().references('backtests.id').onDelete('cascade'))
    .addColumn('from_ms', words.integer, (c) => c.notNull())
    .addColumn('to_ms', words.integer, (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('recorded_ms', words.integer, (c) => c.notNull())
    .addColumn('gaps', 'text', (c) => c.notNull())
    .addColumn('claims', 'text')
    .addColumn('counts', 'text')
    .addColumn('frames', words.integer)
    .addColumn('core_ms', words.integer)
    .addColumn('why', 'text')
    .addPrimaryKeyConstraint('backtest_hours_once', ['backtest_id', 'from_ms'])
    .addCheckConstraint('backtest_hours_span', sql`to_ms > from_ms and recorded_ms between 0 and to_ms - from_ms`)
    .addCheckConstraint('backtest_hours_whole', sql`(state = 'done' and claims is not null and counts is not null and frames >= 0 and core_ms >= 0 and why is null) or (state = 'failed' and claims is null and counts is null and frames is null and core_ms is null and why is not null)`)
    .addCheckConstraint('backtest_hours_json', sql`${words.isJson('gaps')} and (claims is null or ${words.isJson('claims')}) and (counts is null or ${words.isJson('counts')})`)
    .modifyEnd(words.tableEnd)
    .execute()
}
