import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** What rules written before this step lack. Defaults of that day; the parser's own may change. */
const NEW_FIELDS = { holdForClasses: [] }
const NEW_FIELDS_OF: Readonly<Record<string, object>> = { red_light: { phaseMsMax: 180_000 }, stop_line_over: { phaseMsMax: 180_000 } }
const WHYS = sql`('lamp_fault', 'officer_directing', 'roadworks', 'priority_vehicle', 'diversion')`
const SUSPENSIONS = sql`('officer_directing', 'roadworks', 'priority_vehicle', 'diversion')`
const CODES = sql`('stuck', 'dark', 'two_colours', 'too_fast', 'flow', 'feed_differs')`

/**
 * Lamps that err, what was kept apart because of them or on a person's word, who must go and mend them, and the controllers that tell
 * what a lamp shows.
 */
export async function trustedSignals(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  await growRules(db)
  await renameReasons(db)
  // The system itself takes an alert off the desk whose incident is held after the fact: then nobody owns it though it is not new.
  await words.changeCheck(db, 'alerts', 'alerts_new_is_nobodys', `(state = 'new' and owner_id is null) or (state <> 'new' and (owner_id is not null or state = 'rejected'))`)
  await makeHeld(db, words)
  await makeRepairs(db, words)
  await makeSuspensions(db, words)
  await makeSignals(db, words)
}

async function growRules(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ rule_id: string; version: number; body: string }>`select rule_id, version, body from rule_versions`.execute(db)
  for (const { rule_id, version, body } of rows) {
    const rule = JSON.parse(body) as { readonly kind: string }
    const grown = { ...NEW_FIELDS, ...NEW_FIELDS_OF[rule.kind], ...rule }
    await sql`update rule_versions set body = ${JSON.stringify(grown)} where rule_id = ${rule_id} and version = ${version}`.execute(db)
  }
}

/** The column's own check knew other words; a check of a column goes with it, on both databases. */
async function renameReasons(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ id: string; held_why: string }>`select id, held_why from incidents where mode = 'held'`.execute(db)
  await sql`update incidents set mode = 'live', held_why = null where mode = 'held'`.execute(db)
  await db.schema.alterTable('incidents').dropColumn('held_why').execute()
  await db.schema
    .alterTable('incidents')
    .addColumn('held_why', 'text', (c) => c.check(sql`(mode = 'held') = (held_why is not null) and (held_why is null or held_why in ${WHYS})`))
    .execute()
  for (const { id, held_why } of rows) await sql`update incidents set mode = 'held', held_why = ${held_why === 'officer' ? 'officer_directing' : held_why} where id = ${id}`.execute(db)
}

async function makeHeld(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one incident that was kept apart. `facts` is JSON of the numbers that said so, as they were then. A released one calls
  // people after all, a dismissed one was no offence; both stay, with who said so and why.
  await db.schema
    .createTable('held_incidents')
    .addColumn('incident_id', 'text', (c) => c.primaryKey().references('incidents.id').onDelete('cascade'))
    .addColumn('why', 'text', (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('held_at_ms', words.integer, (c) => c.notNull())
    .addColumn('outcome', 'text')
    .addColumn('outcome_by', 'text', (c) => c.references('people.id'))
    .addColumn('outcome_at_ms', words.integer)
    .addColumn('outcome_reason', 'text')
    .addCheckConstraint('held_incidents_why', sql`why in ${WHYS}`)
    .addCheckConstraint('held_incidents_facts', words.isJson('facts'))
    .addCheckConstraint('held_incidents_outcome', sql`(outcome is null and outcome_by is null and outcome_at_ms is null and outcome_reason is null) or (outcome in ('released', 'dismissed') and outcome_by is not null and outcome_at_ms is not null and length(outcome_reason) > 0)`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves held.list: what nobody has looked at yet, newest first.
  await db.schema.createIndex('held_incidents_open').on('held_incidents').columns(['held_at_ms desc', 'incident_id']).where(sql.ref('outcome'), 'is', null).execute()
}

async function makeRepairs(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: somebody must go and look at one lamp for one fault. `lamp` is JSON of where it is seen or who tells of it. `closed_by`
  // null of a closed one: the lamp was seen to be in order again.
  await db.schema
    .createTable('repairs')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('lamp', 'text', (c) => c.notNull())
    .addColumn('code', 'text', (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('opened_at_ms', words.integer, (c) => c.notNull())
    .addColumn('closed_at_ms', words.integer)
    .addColumn('closed_by', 'text', (c) => c.references('people.id'))
    .addColumn('note', 'text')
    .addCheckConstraint('repairs_kind', sql`kind in ('lamp_fault')`)
    .addCheckConstraint('repairs_code', sql`code in ${CODES}`)
    .addCheckConstraint('repairs_json', sql`${words.isJson('lamp')} and ${words.isJson('facts')}`)
    .addCheckConstraint('repairs_closed', sql`(closed_at_ms is null) = (note is null) and (closed_at_ms is not null or closed_by is null)`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves repairs.list and repairs.openOf.
  await db.schema.createIndex('repairs_open').on('repairs').columns(['camera_id', 'opened_at_ms']).where(sql.ref('closed_at_ms'), 'is', null).execute()
  // One row: one fault of the lamp of one rule, from when it was found until the lamp was seen in order again; its beginning in the
  // street is `since_ms`. It outlives a restart, so that nobody is called because the eyes have just opened. Rules that judge by one
  // lamp share its repair.
  await db.schema
    .createTable('lamp_faults')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('rule_id', 'text', (c) => c.notNull())
    .addColumn('lamp', 'text', (c) => c.notNull())
    .addColumn('code', 'text', (c) => c.notNull())
    .addColumn('since_ms', words.integer, (c) => c.notNull())
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('found_at_ms', words.integer, (c) => c.notNull())
    .addColumn('ended_at_ms', words.integer)
    .addColumn('repair_id', 'text', (c) => c.notNull().references('repairs.id'))
    .addCheckConstraint('lamp_faults_code', sql`code in ${CODES}`)
    .addCheckConstraint('lamp_faults_json', sql`${words.isJson('lamp')} and ${words.isJson('facts')}`)
    .modifyEnd(words.tableEnd)
    .execute()
  // A fault stands once for a rule. Serves lampFaults.standing.
  await db.schema.createIndex('lamp_faults_standing').unique().on('lamp_faults').columns(['camera_id', 'rule_id', 'code']).where(sql.ref('ended_at_ms'), 'is', null).execute()
}

async function makeSuspensions(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: a person's word that for some time something lawful explains what a rule sees. `rule_id` refers to no row, because a rule
  // may go; null: the traffic rules of the camera. `ended_by` null of an ended one: its time was over.
  await db.schema
    .createTable('suspensions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id'))
    .addColumn('rule_id', 'text')
    .addColumn('why', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('from_ms', words.integer, (c) => c.notNull())
    .addColumn('until_ms', words.integer, (c) => c.notNull())
    .addColumn('ended_at_ms', words.integer)
    .addColumn('ended_by', 'text', (c) => c.references('people.id'))
    .addCheckConstraint('suspensions_why', sql`why in ${SUSPENSIONS}`)
    .addCheckConstraint('suspensions_reason', sql`length(reason) > 0`)
    .addCheckConstraint('suspensions_span', sql`until_ms > from_ms and until_ms - from_ms <= 86400000`)
    .addCheckConstraint('suspensions_ended', sql`ended_at_ms is not null or ended_by is null`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves suspensions.of and suspensions.standing.
  await db.schema.createIndex('suspensions_of_camera').on('suspensions').columns(['camera_id', 'until_ms']).execute()
  // Serves suspensions.over: the few that stand, among all that ever did.
  await db.schema.createIndex('suspensions_standing').on('suspensions').columns(['until_ms']).where(sql.ref('ended_at_ms'), 'is', null).execute()
}

async function makeSignals(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one controller of a junction, which tells what its lamps show. `key_hash` is SHA-256 in hex of a key that is shown once and
  // kept nowhere. What it tells is worth seconds, and is kept in memory alone.
  await db.schema
    .createTable('signals')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('area_id', 'text', (c) => c.notNull().references('areas.id'))
    .addColumn('key_hash', 'text', (c) => c.notNull().unique())
    .addColumn('stale_ms', words.integer, (c) => c.notNull())
    .addColumn('made_at_ms', words.integer, (c) => c.notNull())
    .addCheckConstraint('signals_name', sql`length(name) between 1 and 120`)
    .addCheckConstraint('signals_hash', sql`length(key_hash) = 64`)
    .addCheckConstraint('signals_stale', sql`stale_ms between 1000 and 600000`)
    .modifyEnd(words.tableEnd)
    .execute()
}
