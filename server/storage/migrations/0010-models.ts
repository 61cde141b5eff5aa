import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** Models that people brought, and what each model saw in clips of ours. */
export async function models(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one model file that was opened once and found good. The file lies in the data folder under its SHA-256, so a file is
  // brought once. `frame_ms` is one thread's CPU time for a grey picture. `broken` is JSON of why it cannot be used any more.
  // Our own detector has no row: it comes with the program and cannot be removed.
  await db.schema
    .createTable('models')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull().unique())
    .addColumn('bytes', words.integer, (c) => c.notNull())
    .addColumn('licence', 'text', (c) => c.notNull())
    .addColumn('attribution', 'text', (c) => c.notNull())
    .addColumn('format', 'text', (c) => c.notNull())
    .addColumn('classes', 'text', (c) => c.notNull())
    .addColumn('input_width', words.integer, (c) => c.notNull())
    .addColumn('input_height', words.integer, (c) => c.notNull())
    .addColumn('thresholds', 'text', (c) => c.notNull())
    .addColumn('frame_ms', words.real, (c) => c.notNull())
    .addColumn('runs_on', 'text', (c) => c.notNull())
    .addColumn('added_by', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('added_at_ms', words.integer, (c) => c.notNull())
    .addColumn('broken', 'text')
    .addCheckConstraint('models_id', sql`id <> 'eyes'`)
    .addCheckConstraint('models_name', sql`length(name) between 1 and 80`)
    .addCheckConstraint('models_sha256', sql`length(sha256) = 64`)
    .addCheckConstraint('models_licence', sql`length(licence) between 1 and 200 and length(attribution) <= 2000`)
    .addCheckConstraint('models_json', sql`${words.isJson('classes')} and ${words.isJson('thresholds')} and (broken is null or ${words.isJson('broken')})`)
    .addCheckConstraint('models_input', sql`bytes > 0 and input_width between 32 and 2048 and input_height between 32 and 2048 and frame_ms >= 0`)
    .addCheckConstraint('models_runs_on', sql`runs_on in ('cpu', 'cuda')`)
    .modifyEnd(words.tableEnd)
    .execute()
  // One row: what one model saw in one clip. `model_id` refers to no row, because our own detector has none; whoever removes a
  // model removes these. `objects` is JSON of counts over all frames, by class.
  await db.schema
    .createTable('model_evaluations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('model_id', 'text', (c) => c.notNull())
    .addColumn('clip', 'text', (c) => c.notNull())
    .addColumn('frames', words.integer, (c) => c.notNull())
    .addColumn('frame_ms', words.real, (c) => c.notNull())
    .addColumn('objects', 'text', (c) => c.notNull())
    .addColumn('by_id', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('at_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('model_evaluations_frames', sql`frames > 0 and frame_ms >= 0`)
    .addCheckConstraint('model_evaluations_objects', words.isJson('objects'))
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves models.evaluations (the newest of each model) and their removal.
  await db.schema.createIndex('model_evaluations_of_model').on('model_evaluations').columns(['model_id', 'at_ms']).execute()
}
