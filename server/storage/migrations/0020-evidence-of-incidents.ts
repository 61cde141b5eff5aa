import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/**
 * Evidence is of an incident, whether it called somebody or is held, or of a lamp that somebody must mend; until now it was of an alert,
 * and each alert has one incident.
 */
export async function evidenceOfIncidents(db: Kysely<unknown>, _words: DialectWords): Promise<void> {
  await db.schema.alterTable('evidence').addColumn('incident_id', 'text', (c) => c.references('incidents.id')).execute()
  await sql`update evidence set incident_id = (select incident_id from alerts where alerts.id = evidence.alert_id)`.execute(db)
  await db.schema
    .alterTable('evidence')
    .addColumn('repair_id', 'text', (c) => c.references('repairs.id').check(sql`(incident_id is null) <> (repair_id is null)`))
    .execute()
  await db.schema.dropIndex('evidence_of_alert').execute()
  await db.schema.alterTable('evidence').dropColumn('alert_id').execute()
  // Serves evidence.of, evidence.ofIncident and what is missing.
  await db.schema.createIndex('evidence_of_incident').on('evidence').columns(['incident_id', 'kind']).execute()
  // Serves evidence.ofRepair.
  await db.schema.createIndex('evidence_of_repair').on('evidence').column('repair_id').where(sql.ref('repair_id'), 'is not', null).execute()
  // Serves evidence.missingHeld at a start: the newest of what is held.
  await db.schema.createIndex('held_incidents_by_time').on('held_incidents').column('held_at_ms').execute()
}
