import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** What was recorded, what was not and why, and what may not be removed. A row exists only when its file does. */
export async function recording(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: what is kept of one camera. Made when the camera is first recorded, so that a later change of the defaults does
  // not shorten what people already rely on. `expired_before_ms`: older was removed in time; only grows.
  await db.schema
    .createTable('recording_policies')
    .addColumn('camera_id', 'text', (c) => c.primaryKey().references('cameras.id'))
    .addColumn('mode', 'text', (c) => c.notNull())
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('days', words.integer, (c) => c.notNull())
    .addColumn('event_days', words.integer, (c) => c.notNull())
    .addColumn('expired_before_ms', words.integer)
    .addCheckConstraint('recording_policies_mode', sql`mode in ('always', 'off')`)
    .addCheckConstraint('recording_policies_stream', sql`stream in ('main', 'sub')`)
    .addCheckConstraint('recording_policies_days', sql`days between 1 and 3650 and event_days between 1 and 3650`)
    .modifyEnd(words.tableEnd)
    .execute()
  // One row: recordings of one stream without a break. `init` is ftyp + moov, a copy of the file beside the segments: with
  // it a lost file, and with the file a lost row, can be made again. `stream_id` has no reference: a stream may be replaced.
  // `ordinal` orders a camera's runs by recording, because the wall clock may have been set back between two.
  await db.schema
    .createTable('recording_runs')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('stream_id', 'text', (c) => c.notNull())
    .addColumn('ordinal', words.integer, (c) => c.notNull())
    .addColumn('codec', 'text', (c) => c.notNull())
    .addColumn('width', words.integer, (c) => c.notNull())
    .addColumn('height', words.integer, (c) => c.notNull())
    .addColumn('timescale', words.integer, (c) => c.notNull())
    .addColumn('init', words.bytes, (c) => c.notNull())
    .addColumn('started_at_ms', words.integer, (c) => c.notNull())
    .addColumn('started_mono_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('recording_runs_picture', sql`width > 0 and height > 0 and timescale > 0 and length(init) > 0`)
    .addUniqueConstraint('recording_runs_in_order', ['camera_id', 'ordinal'])
    .modifyEnd(words.tableEnd)
    .execute()
  // One row: one file of some seconds, whole and synced. Its name is made of run, number and start. `motion` is a JSON list
  // of the delta pictures' bytes in each second, `motion_mean` their mean, for long spans. `camera_id` stands here again,
  // because every question is asked for one camera.
  await db.schema
    .createTable('recording_segments')
    .addColumn('run_id', 'text', (c) => c.notNull().references('recording_runs.id'))
    .addColumn('number', words.integer, (c) => c.notNull())
    .addColumn('camera_id', 'text', (c) => c.notNull())
    .addColumn('from_ms', words.integer, (c) => c.notNull())
    .addColumn('to_ms', words.integer, (c) => c.notNull())
    .addColumn('from_ticks', words.integer, (c) => c.notNull())
    .addColumn('to_ticks', words.integer, (c) => c.notNull())
    .addColumn('bytes', words.integer, (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('starts_with_key', words.integer, (c) => c.notNull())
    .addColumn('motion', 'text', (c) => c.notNull())
    .addColumn('motion_mean', words.integer, (c) => c.notNull())
    .addColumn('storage_class', 'text', (c) => c.notNull())
    .addColumn('damaged', words.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('recording_segments_key', ['run_id', 'number'])
    // Questions about a span look back by this much for a segment that began before it.
    .addCheckConstraint('recording_segments_span', sql`to_ms >= from_ms and to_ms - from_ms <= 60000 and to_ticks > from_ticks`)
    .addCheckConstraint('recording_segments_file', sql`number >= 0 and bytes > 0 and length(sha256) = 64`)
    .addCheckConstraint('recording_segments_yes_no', sql`starts_with_key in (0, 1) and damaged in (0, 1)`)
    .addCheckConstraint('recording_segments_class', sql`storage_class in ('plain', 'event', 'legal')`)
    .addCheckConstraint('recording_segments_motion', sql`${words.isJson('motion')} and motion_mean >= 0`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves between, outline, newest and due: one camera, a span of time.
  await db.schema.createIndex('recording_segments_by_time').on('recording_segments').columns(['camera_id', 'from_ms']).execute()
  // Serves oldest: what is given up first when the disk fills, over all cameras.
  await db.schema.createIndex('recording_segments_by_age').on('recording_segments').columns(['storage_class', 'from_ms']).execute()
  // One row: a span that was not recorded, or is no longer whole, and why. Written when it begins to last, lengthened while
  // it lasts, so that a crash in the middle loses no more than its end.
  await db.schema
    .createTable('recording_gaps')
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('from_ms', words.integer, (c) => c.notNull())
    .addColumn('cause', 'text', (c) => c.notNull())
    .addColumn('to_ms', words.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('recording_gaps_key', ['camera_id', 'from_ms', 'cause'])
    .addCheckConstraint('recording_gaps_cause', sql`cause in ('camera_lost', 'server_down', 'disk_full', 'disk_slow', 'disk_fault', 'switched_off', 'damaged', 'clock_step', 'freed_early')`)
    .addCheckConstraint('recording_gaps_span', sql`to_ms >= from_ms`)
    .modifyEnd(words.tableEnd)
    .execute()
  // One row: a person wants a span kept until a day, and says why. It ends by itself then, or when somebody ends it; the row
  // stays, as the record of who kept what.
  await db.schema
    .createTable('recording_holds')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('from_ms', words.integer, (c) => c.notNull())
    .addColumn('to_ms', words.integer, (c) => c.notNull())
    .addColumn('until_ms', words.integer, (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addColumn('ended_at_ms', words.integer)
    .addColumn('ended_by', 'text', (c) => c.references('people.id'))
    .addCheckConstraint('recording_holds_span', sql`to_ms > from_ms and until_ms > created_at_ms`)
    .addCheckConstraint('recording_holds_reason', sql`length(reason) > 0`)
    .addCheckConstraint('recording_holds_ended_by_somebody', sql`(ended_at_ms is null) = (ended_by is null)`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves holds.of and the retention, which asks for every candidate.
  await db.schema.createIndex('recording_holds_of_camera').on('recording_holds').columns(['camera_id', 'from_ms']).execute()
  // One row: a file whose segment row is gone and which must go too. Row first, then the file, then this row: after a crash
  // between the two the next start goes on.
  await db.schema
    .createTable('recording_garbage')
    .addColumn('file', 'text', (c) => c.primaryKey())
    .addColumn('since_ms', words.integer, (c) => c.notNull())
    .modifyEnd(words.tableEnd)
    .execute()
}
