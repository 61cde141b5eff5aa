import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/**
 * A plate is read of an incident, whether it called somebody or is held; until now it was of an alert, and each alert has one incident.
 * SQLite changes no primary key, so the table of 0011 is made anew.
 */
export async function platesOfIncidents(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await sql`alter table plates rename to plates_of_alerts`.execute(db)
  // One row: one incident whose vehicle was looked at, whatever came of it. The other columns are those of 0011.
  await db.schema
    .createTable('plates')
    .addColumn('incident_id', 'text', (c) => c.primaryKey().references('incidents.id'))
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
  const same = sql.raw('kind, looks, agree, text, shown, shares, well_formed, province, series, number, "rows", colour, at_ms, raw_file, raw_sha256, enhanced_file, enhanced_sha256, read_at_ms')
  await sql`insert into plates (incident_id, ${same}) select (select incident_id from alerts where alerts.id = plates_of_alerts.alert_id), ${same} from plates_of_alerts`.execute(db)
  await db.schema.dropTable('plates_of_alerts').execute()
}
