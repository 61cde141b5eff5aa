import { sql, type Kysely, type RawBuilder } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** The schema of the first release. Never edited after it shipped: what changes later is a later step. */
export async function firstLight(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await makePlaces(db, words)
  await makePeople(db, words)
  await makeCameras(db, words)
  await makeIncidents(db, words)
  await makeReports(db, words)
  await makeLog(db, words)
}

const yesNo = (column: string): RawBuilder<boolean> => sql<boolean>`${sql.ref(column)} in (0, 1)`
const oneOf = (column: string, texts: readonly string[]): RawBuilder<boolean> => sql<boolean>`${sql.ref(column)} in (${sql.join(texts.map((text) => sql.lit(text)))})`
const KINDS = ['line_crossing', 'intrusion', 'wrong_way', 'illegal_stop', 'red_light', 'crowd']

async function makePlaces(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one node of the administrative tree. Its path is computed from the parents, so that it cannot disagree with them.
  await db.schema
    .createTable('areas')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('parent', 'text', (c) => c.references('areas.id'))
    .addCheckConstraint('areas_not_own_parent', sql`parent <> id`)
    .modifyEnd(words.tableEnd)
    .execute()
}

async function makePeople(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one person who may sign in. `name_key` is the name as Unicode lower case, made by us: SQLite's lower() knows
  // only ASCII, and "Đạt" must find "đạt". `password_hash` is an argon2id string; it leaves only by findForSignIn.
  await db.schema
    .createTable('people')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_key', 'text', (c) => c.notNull().unique())
    .addColumn('display_name', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('disabled', words.integer, (c) => c.notNull())
    .addColumn('password_hash', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('people_role', oneOf('role', ['police', 'traffic', 'ioc', 'admin']))
    .addCheckConstraint('people_language', oneOf('language', ['vi', 'en']))
    .addCheckConstraint('people_disabled', yesNo('disabled'))
    .modifyEnd(words.tableEnd)
    .execute()
  // One row: one area that a person is given, with all inside it. `position` keeps the order in which they were given.
  await db.schema
    .createTable('person_areas')
    .addColumn('person_id', 'text', (c) => c.notNull().references('people.id').onDelete('cascade'))
    .addColumn('area_id', 'text', (c) => c.notNull().references('areas.id'))
    .addColumn('position', words.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('person_areas_key', ['person_id', 'area_id'])
    .modifyEnd(words.tableEnd)
    .execute()
  // One row: one signed-in browser. `token_hash` is SHA-256 of the cookie: a stolen database opens no session.
  await db.schema
    .createTable('sign_ins')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('token_hash', 'text', (c) => c.notNull().unique())
    .addColumn('person_id', 'text', (c) => c.notNull().references('people.id').onDelete('cascade'))
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addColumn('last_seen_at_ms', words.integer, (c) => c.notNull())
    .addColumn('expires_at_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('sign_ins_end_after_start', sql`expires_at_ms > created_at_ms`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves signIns.listOf and endAllOf (a person's own sign-ins; revoking them all).
  await db.schema.createIndex('sign_ins_of_person').on('sign_ins').columns(['person_id', 'created_at_ms']).execute()
}

async function makeCameras(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one point of view. A removed camera keeps its row (`removed_at_ms`), because its alerts and evidence still
  // speak of it; its streams, rules and credentials go. `street_order` makes neighbours along one street.
  await db.schema
    .createTable('cameras')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('area_id', 'text', (c) => c.notNull().references('areas.id'))
    .addColumn('enabled', words.integer, (c) => c.notNull())
    .addColumn('latitude', words.real, (c) => c.notNull())
    .addColumn('longitude', words.real, (c) => c.notNull())
    .addColumn('street', 'text', (c) => c.notNull())
    .addColumn('street_order', words.real, (c) => c.notNull())
    .addColumn('heading', words.real, (c) => c.notNull())
    .addColumn('reach_m', words.real, (c) => c.notNull())
    .addColumn('origin_kind', 'text', (c) => c.notNull())
    .addColumn('origin_address', 'text')
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addColumn('removed_at_ms', words.integer)
    .addCheckConstraint('cameras_enabled', yesNo('enabled'))
    .addCheckConstraint('cameras_on_earth', sql`latitude between -90 and 90 and longitude between -180 and 180`)
    .addCheckConstraint('cameras_reach', sql`reach_m >= 0`)
    .addCheckConstraint('cameras_origin', sql`(origin_kind = 'onvif' and origin_address is not null) or (origin_kind = 'rtsp' and origin_address is null)`)
    .modifyEnd(words.tableEnd)
    .execute()
  // One row: one encoded picture of a camera, at most one main and one sub. `url` never holds a password (cameras.ts refuses).
  await db.schema
    .createTable('streams')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id').onDelete('cascade'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('codec', 'text')
    .addColumn('width', words.integer)
    .addColumn('height', words.integer)
    .addColumn('fps', words.real)
    .addCheckConstraint('streams_role', oneOf('role', ['main', 'sub']))
    .addCheckConstraint('streams_size', sql`(width is null or width > 0) and (height is null or height > 0)`)
    .addUniqueConstraint('streams_one_of_each', ['camera_id', 'role'])
    .modifyEnd(words.tableEnd)
    .execute()
  // One row: the sealed user name and password of a camera (AES-256-GCM, 96-bit nonce). Apart from `cameras`, so that no
  // query that lists cameras can carry them along by mistake.
  await db.schema
    .createTable('camera_credentials')
    .addColumn('camera_id', 'text', (c) => c.primaryKey().references('cameras.id').onDelete('cascade'))
    .addColumn('key_version', words.integer, (c) => c.notNull())
    .addColumn('nonce', words.bytes, (c) => c.notNull())
    .addColumn('bytes', words.bytes, (c) => c.notNull())
    .addCheckConstraint('camera_credentials_sealed', sql`key_version >= 1 and length(nonce) = 12 and length(bytes) >= 16`)
    .modifyEnd(words.tableEnd)
    .execute()
  // One row: one thing to watch for on one camera; `body` is the whole rule with its zones as JSON.
  await db.schema
    .createTable('rules')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('enabled', words.integer, (c) => c.notNull())
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('rules_kind', oneOf('kind', KINDS))
    .addCheckConstraint('rules_enabled', yesNo('enabled'))
    .addCheckConstraint('rules_body', words.isJson('body'))
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves rules.list(cameraId).
  await db.schema.createIndex('rules_of_camera').on('rules').columns(['camera_id', 'created_at_ms']).execute()
}

async function makeIncidents(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one episode in the world. `rule_id` has no reference: a rule may go, what it saw stays.
  await db.schema
    .createTable('incidents')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('rule_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('episode', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('since_ms', words.integer, (c) => c.notNull())
    .addColumn('opened_at_ms', words.integer, (c) => c.notNull())
    .addColumn('last_seen_at_ms', words.integer, (c) => c.notNull())
    .addColumn('observations', words.integer, (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('witnesses', 'text', (c) => c.notNull())
    .addCheckConstraint('incidents_kind', oneOf('kind', KINDS))
    .addCheckConstraint('incidents_state', oneOf('state', ['ongoing', 'ended']))
    .addCheckConstraint('incidents_observations', sql`observations >= 1`)
    .addCheckConstraint('incidents_reason', words.isJson('reason'))
    .addCheckConstraint('incidents_witnesses', words.isJson('witnesses'))
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves incidents.find, asked for every observation (several a second and camera).
  await db.schema.createIndex('incidents_of_episode').on('incidents').columns(['camera_id', 'episode', 'opened_at_ms']).execute()
  // Serves incidents.ongoing: few rows of very many.
  await db.schema.createIndex('incidents_ongoing').on('incidents').column('opened_at_ms').where(sql.ref('state'), '=', sql.lit('ongoing')).execute()
  // One row: one call for an operator's act. `priority` is the place in domain/alert.ts PRIORITIES (0 gravest), a number so
  // that the desk's order is an index. `version` counts changes: replace() writes only over the version it saw.
  await db.schema
    .createTable('alerts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('incident_id', 'text', (c) => c.notNull().unique().references('incidents.id'))
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('area_id', 'text', (c) => c.notNull().references('areas.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('priority', words.integer, (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('owner_id', 'text', (c) => c.references('people.id'))
    .addColumn('raised_at_ms', words.integer, (c) => c.notNull())
    .addColumn('changed_at_ms', words.integer, (c) => c.notNull())
    .addColumn('reject_reason', 'text')
    .addColumn('note', 'text')
    .addColumn('version', words.integer, (c) => c.notNull())
    .addCheckConstraint('alerts_kind', oneOf('kind', KINDS))
    .addCheckConstraint('alerts_priority', sql`priority between 0 and 3`)
    .addCheckConstraint('alerts_state', oneOf('state', ['new', 'claimed', 'confirmed', 'rejected', 'resolved']))
    .addCheckConstraint('alerts_new_is_nobodys', sql`(state = 'new') = (owner_id is null)`)
    .addCheckConstraint('alerts_rejected_with_reason', sql`(state = 'rejected') = (reject_reason is not null)`)
    .addCheckConstraint('alerts_reject_reason', oneOf('reject_reason', ['not_there', 'wrong_object', 'shadow_or_light', 'permitted', 'lamp_fault', 'other']))
    .addCheckConstraint('alerts_version', sql`version >= 0`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves alerts.list: gravest first, then newest, read from the top until the limit is full.
  await db.schema.createIndex('alerts_by_urgency').on('alerts').columns(['priority', 'raised_at_ms desc', 'id']).execute()
  // Serves alerts.countOpen: the unclaimed are few among very many.
  await db.schema.createIndex('alerts_unclaimed').on('alerts').columns(['priority', 'area_id']).where(sql.ref('state'), '=', sql.lit('new')).execute()
  // Serves evidence.missing and reports' matching by time.
  await db.schema.createIndex('alerts_by_time').on('alerts').column('raised_at_ms').execute()
  // One row: one file of evidence; written only after the file is complete and synced. `sha256` is of the bytes on disk.
  await db.schema
    .createTable('evidence')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('alert_id', 'text', (c) => c.notNull().references('alerts.id'))
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('file', 'text', (c) => c.notNull().unique())
    .addColumn('bytes', words.integer, (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('media_type', 'text', (c) => c.notNull())
    .addColumn('from_ms', words.integer, (c) => c.notNull())
    .addColumn('to_ms', words.integer, (c) => c.notNull())
    .addColumn('made_at_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('evidence_kind', oneOf('kind', ['still', 'clip']))
    .addCheckConstraint('evidence_media_type', oneOf('media_type', ['image/jpeg', 'video/mp4']))
    .addCheckConstraint('evidence_hash', sql`length(sha256) = 64`)
    .addCheckConstraint('evidence_not_empty', sql`bytes > 0 and to_ms >= from_ms`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves evidence.of and evidence.missing.
  await db.schema.createIndex('evidence_of_alert').on('evidence').columns(['alert_id', 'kind']).execute()
}

async function makeReports(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one citizen's message about a place. (`source`, `source_id`) is unique: sent twice, it is one report.
  await db.schema
    .createTable('reports')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('service_code', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('address', 'text')
    .addColumn('latitude', words.real)
    .addColumn('longitude', words.real)
    .addColumn('media_url', 'text')
    .addColumn('requested_at_ms', words.integer, (c) => c.notNull())
    .addColumn('updated_at_ms', words.integer, (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('status_notes', 'text')
    .addColumn('area_id', 'text', (c) => c.references('areas.id'))
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('source_id', 'text')
    .addCheckConstraint('reports_status', oneOf('status', ['open', 'closed']))
    .addCheckConstraint('reports_whole_point', sql`(latitude is null) = (longitude is null)`)
    .addCheckConstraint('reports_on_earth', sql`latitude between -90 and 90 and longitude between -180 and 180`)
    .addUniqueConstraint('reports_once', ['source', 'source_id'])
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves reports.list by date (Open311 GET requests), newest first.
  await db.schema.createIndex('reports_by_time').on('reports').columns(['requested_at_ms desc', 'id']).execute()
  // Serves reports.list with updatedAfterMs: other systems that follow ours poll with it.
  await db.schema.createIndex('reports_by_change').on('reports').column('updated_at_ms').execute()
  // One row: how to reach the person who reported. Apart from `reports`, so that no list of reports can carry it along.
  await db.schema
    .createTable('report_contacts')
    .addColumn('report_id', 'text', (c) => c.primaryKey().references('reports.id').onDelete('cascade'))
    .addColumn('name', 'text')
    .addColumn('phone', 'text')
    .addColumn('email', 'text')
    .addColumn('device_id', 'text')
    .addColumn('account_id', 'text')
    .modifyEnd(words.tableEnd)
    .execute()
  // One row: a report and an alert may be the same matter. A pair is proposed once, ever: what a person rejected stays so.
  await db.schema
    .createTable('links')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('report_id', 'text', (c) => c.notNull().references('reports.id'))
    .addColumn('alert_id', 'text', (c) => c.notNull().references('alerts.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('score', words.real, (c) => c.notNull())
    .addColumn('distance_m', words.real)
    .addColumn('minutes_apart', words.integer, (c) => c.notNull())
    .addColumn('decided_by', 'text', (c) => c.references('people.id'))
    .addColumn('decided_at_ms', words.integer)
    .addCheckConstraint('links_state', oneOf('state', ['proposed', 'confirmed', 'rejected']))
    .addCheckConstraint('links_score', sql`score between 0 and 1`)
    .addCheckConstraint('links_decided_by_somebody', sql`(state = 'proposed') = (decided_by is null) and (decided_by is null) = (decided_at_ms is null)`)
    .addUniqueConstraint('links_once', ['report_id', 'alert_id'])
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves links.ofAlert; links.ofReport reads the unique constraint's own index.
  await db.schema.createIndex('links_of_alert').on('links').column('alert_id').execute()
}

async function makeLog(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one thing that was decided or became known, in commit order. No references: the log outlives what it speaks of.
  await db.schema
    .createTable('changes')
    .addColumn('seq', words.integer, (c) => c.primaryKey())
    .addColumn('topic', 'text', (c) => c.notNull())
    .addColumn('entity_id', 'text', (c) => c.notNull())
    .addColumn('area_id', 'text')
    .addColumn('what', 'text', (c) => c.notNull())
    .addColumn('by', 'text')
    .addColumn('at_ms', words.integer, (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .addCheckConstraint('changes_topic', oneOf('topic', ['alert', 'incident', 'camera', 'report', 'link', 'person']))
    .addCheckConstraint('changes_seq', sql`seq >= 1`)
    .addCheckConstraint('changes_facts', words.isJson('facts'))
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves changes.of: the history of one alert, camera or report.
  await db.schema.createIndex('changes_of_entity').on('changes').columns(['topic', 'entity_id', 'seq']).execute()
  // One row: one small named value that outlives a restart (a listener's cursor, a key's version).
  await db.schema
    .createTable('notes')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .modifyEnd(words.tableEnd)
    .execute()
}
