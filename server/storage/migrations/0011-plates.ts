import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** What was read of the plate of the vehicle that an alert speaks of. */
export async function plates(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one alert whose vehicle was looked at, whatever came of it. `looks` and `agree` say how often it was seen and how
  // many of these looks say the same; `shares` is JSON, how likely each letter of `text` is. The files are the crop as the
  // camera sent it and one for the eye; a text without the raw crop would accuse and prove nothing, so there is none.
  await db.schema
    .createTable('plates')
    .addColumn('alert_id', 'text', (c) => c.primaryKey().references('alerts.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('looks', words.integer, (c) => c.notNull())
    .addColumn('agree', words.integer)
    .addColumn('text', 'text')
    .addColumn('shown', 'text')
    .addColumn('shares', 'text')
    .addColumn('well_formed', words.integer)
    .addColumn('province', 'text')
    .addColumn('series', 'text')
    .addColumn('number', 'text')
    .addColumn('rows', words.integer)
    .addColumn('colour', 'text')
    .addColumn('at_ms', words.integer)
    .addColumn('raw_file', 'text')
    .addColumn('raw_sha256', 'text')
    .addColumn('enhanced_file', 'text')
    .addColumn('enhanced_sha256', 'text')
    .addColumn('read_at_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('plates_kind', sql`kind in ('read', 'unreadable', 'none', 'too_few')`)
    .addCheckConstraint('plates_looks', sql`looks >= 0 and (agree is null or agree between 0 and looks)`)
    .addCheckConstraint('plates_read', sql`(kind = 'read') = (text is not null) and (text is null) = (shown is null) and (text is null) = (shares is null) and (text is null) = (well_formed is null) and (text is null) = (${sql.ref('rows')} is null) and (text is null) = (colour is null) and (text is null) = (agree is null)`)
    .addCheckConstraint('plates_text', sql`text is null or length(text) between 1 and 48`)
    .addCheckConstraint('plates_shares', sql`shares is null or ${words.isJson('shares')}`)
    .addCheckConstraint('plates_form', sql`well_formed is null or well_formed in (0, 1)`)
    .addCheckConstraint('plates_parts', sql`(coalesce(well_formed, 0) = 1) = (series is not null) and (series is null) = (number is null) and (province is null or series is not null)`)
    .addCheckConstraint('plates_look', sql`(${sql.ref('rows')} is null or ${sql.ref('rows')} in (1, 2)) and (colour is null or colour in ('white', 'yellow', 'blue', 'red'))`)
    .addCheckConstraint('plates_crops', sql`(kind in ('read', 'unreadable')) = (raw_file is not null) and (raw_file is null) = (at_ms is null) and (enhanced_file is null or raw_file is not null)`)
    .addCheckConstraint('plates_hashes', sql`(raw_file is null) = (raw_sha256 is null) and (enhanced_file is null) = (enhanced_sha256 is null) and (raw_sha256 is null or length(raw_sha256) = 64) and (enhanced_sha256 is null or length(enhanced_sha256) = 64)`)
    .modifyEnd(words.tableEnd)
    .execute()
}
