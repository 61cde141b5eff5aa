import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/**
 * A privacy mask may belong to one view of a camera that turns; those that were drawn before cover every view, as they did. And since a
 * mask covers pictures of the past too, it is kept where the camera looked. Back-tests know by that what a rule could not see.
 */
export async function masksOfViews(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  const { rows } = await sql<{ id: string; masks: string }>`select id, masks from cameras where masks <> '[]'`.execute(db)
  for (const { id, masks } of rows) {
    const bound = (JSON.parse(masks) as readonly unknown[]).map((points) => ({ points, preset: null }))
    await sql`update cameras set masks = ${JSON.stringify(bound)} where id = ${id}`.execute(db)
  }
  // One row: a span of wall time through which a camera was known to stand still at one place (ONVIF's generic spaces), written anew as
  // it grows. `preset` is the name of the camera's own preset there, as it was called then; null: none lay there. What no row covers is
  // time in which it turned, or in which nobody knows where it looked.
  await db.schema
    .createTable('camera_stands')
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('from_ms', words.integer, (c) => c.notNull())
    .addColumn('to_ms', words.integer, (c) => c.notNull())
    .addColumn('pan', words.real, (c) => c.notNull())
    .addColumn('tilt', words.real, (c) => c.notNull())
    .addColumn('zoom', words.real, (c) => c.notNull())
    .addColumn('preset', 'text')
    .addPrimaryKeyConstraint('camera_stands_pk', ['camera_id', 'from_ms'])
    .addCheckConstraint('camera_stands_order', sql`to_ms > from_ms`)
    .modifyEnd(words.tableEnd)
    .execute()
  // By version: when the camera showed another view than the one that version is drawn on. Hours from before know of none.
  await db.schema.alterTable('backtest_hours').addColumn('away', 'text', (c) => c.notNull().defaultTo('{}').check(sql`${words.isJson('away')}`)).execute()
  // Serves stands.forgetBefore.
  await db.schema.createIndex('camera_stands_by_end').on('camera_stands').column('to_ms').execute()
}
