import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

interface OldRule {
  readonly id: string
  readonly camera_id: string
  readonly body: string
  readonly enabled: number
  readonly created_at_ms: number
}

/**
 * A rule has versions, and a standing: which of them is live, which is tried in the shadow, which is proposed. Findings say which
 * version they came from. Rules from before become version 1, made by the system and live, resting where they were switched off.
 */
export async function ruleVersions(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  const { rows } = await sql<OldRule>`select id, camera_id, body, enabled, created_at_ms from rules order by created_at_ms, id`.execute(db)
  // A city has some hundred rules; their table is made anew, because what was one column is now rows of another.
  await db.schema.dropTable('rules').execute()
  await makeRules(db, words)
  await makeVersions(db, words)
  for (const { id, camera_id, body, enabled, created_at_ms } of rows) {
    await sql`insert into rules (id, camera_id, newest, live, resting, judged_from_ms, created_at_ms, revision) values (${id}, ${camera_id}, 1, 1, ${Number(enabled) === 1 ? 0 : 1}, 0, ${created_at_ms}, 1)`.execute(db)
    await sql`insert into rule_versions (rule_id, version, body, made_at_ms, trust) values (${id}, 1, ${body}, ${created_at_ms}, 'approved')`.execute(db)
  }
  await markIncidents(db, words)
}

async function makeRules(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: where one thing to watch for on one camera stands (domain/rule-standing.ts). `owner_id` null: the system's. `live` null: a
  // draft, or throttled. The shadow watches beside it and calls nobody. A proposal stands on a back-test or on a written waiver.
  // `judged_from_ms`: verdicts on older findings are past. `revision` counts deeds: a deed is written only over the one it saw.
  await db.schema
    .createTable('rules')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('camera_id', 'text', (c) => c.notNull().references('cameras.id').onDelete('cascade'))
    .addColumn('owner_id', 'text', (c) => c.references('people.id'))
    .addColumn('newest', words.integer, (c) => c.notNull())
    .addColumn('live', words.integer)
    .addColumn('shadow_version', words.integer)
    .addColumn('shadow_since_ms', words.integer)
    .addColumn('shadow_until_ms', words.integer)
    .addColumn('shadow_why', 'text')
    .addColumn('proposal_version', words.integer)
    .addColumn('proposal_by', 'text', (c) => c.references('people.id'))
    .addColumn('proposal_at_ms', words.integer)
    .addColumn('proposal_backtest_id', 'text')
    .addColumn('proposal_waiver', 'text')
    .addColumn('resting', words.integer, (c) => c.notNull())
    .addColumn('judged_from_ms', words.integer, (c) => c.notNull())
    .addColumn('created_at_ms', words.integer, (c) => c.notNull())
    .addColumn('revision', words.integer, (c) => c.notNull())
    .addCheckConstraint('rules_known_versions', sql`newest >= 1 and (live is null or live between 1 and newest) and (shadow_version is null or shadow_version between 1 and newest) and (proposal_version is null or proposal_version between 1 and newest)`)
    .addCheckConstraint('rules_shadow_whole', sql`(shadow_version is null) = (shadow_since_ms is null) and (shadow_version is null) = (shadow_why is null) and (shadow_version is null) = (shadow_until_ms is null) and (shadow_until_ms is null or shadow_until_ms > shadow_since_ms)`)
    .addCheckConstraint('rules_shadow_why', sql`shadow_why is null or shadow_why in ('trial', 'throttled')`)
    .addCheckConstraint('rules_not_both', sql`live is null or shadow_version is null or live <> shadow_version`)
    .addCheckConstraint('rules_proposal_whole', sql`(proposal_version is null) = (proposal_by is null) and (proposal_version is null) = (proposal_at_ms is null)`)
    .addCheckConstraint('rules_proposal_ground', sql`(proposal_version is null) = (proposal_backtest_id is null and proposal_waiver is null) and (proposal_backtest_id is null or proposal_waiver is null) and (proposal_waiver is null or length(proposal_waiver) >= 10)`)
    .addCheckConstraint('rules_resting', sql`resting in (0, 1)`)
    .addCheckConstraint('rules_revision', sql`revision >= 1`)
    .modifyEnd(words.tableEnd)
    .execute()
  // Serves rules.list(cameraId) and rules.standings(cameraId).
  await db.schema.createIndex('rules_of_camera').on('rules').columns(['camera_id', 'created_at_ms']).execute()
}

async function makeVersions(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // One row: one version of a rule, as it was written; `body` is the whole rule with its zones as JSON. Only `trust` ever changes:
  // null, never live; approved, it may be live again without asking; throttled, only a back-test brings it back. `rule_id` has no
  // reference: a rule may go, what it said stays, because what it saw stays. `made_by` null: the system.
  await db.schema
    .createTable('rule_versions')
    .addColumn('rule_id', 'text', (c) => c.notNull())
    .addColumn('version', words.integer, (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('made_by', 'text', (c) => c.references('people.id'))
    .addColumn('made_at_ms', words.integer, (c) => c.notNull())
    .addColumn('from_version', words.integer)
    .addColumn('trust', 'text')
    .addPrimaryKeyConstraint('rule_versions_once', ['rule_id', 'version'])
    .addCheckConstraint('rule_versions_order', sql`version >= 1 and (from_version is null or from_version between 1 and version - 1)`)
    .addCheckConstraint('rule_versions_body', words.isJson('body'))
    .addCheckConstraint('rule_versions_trust', sql`trust is null or trust in ('approved', 'throttled')`)
    .modifyEnd(words.tableEnd)
    .execute()
}

async function markIncidents(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  // Null: from before versions were kept. What an incident of then went by may have been overwritten since: better unsaid than wrong.
  await db.schema
    .alterTable('incidents')
    .addColumn('rule_version', words.integer, (c) => c.check(sql`rule_version is null or rule_version >= 1`))
    .execute()
  // `shadow`: a version on trial saw it, nobody was called. `held`: the rule is live, and something else explains what was seen.
  await db.schema
    .alterTable('incidents')
    .addColumn('mode', 'text', (c) => c.notNull().defaultTo('live').check(sql`mode in ('live', 'shadow', 'held')`))
    .execute()
  await db.schema
    .alterTable('incidents')
    .addColumn('held_why', 'text', (c) => c.check(sql`(mode = 'held') = (held_why is not null) and (held_why is null or held_why in ('lamp_fault', 'officer', 'roadworks', 'priority_vehicle'))`))
    .execute()
  // Serves rules.findings and rules.judged: the newest of one rule among all incidents.
  await db.schema.createIndex('incidents_of_rule').on('incidents').columns(['rule_id', 'opened_at_ms desc', 'id']).execute()
  // One row: what one person said of one incident that was shown for judging: a shadow's, or a sample of what is live. `blind`: they
  // knew neither the alert's verdict nor the mode. Whoever looks again changes their own word.
  await db.schema
    .createTable('incident_verdicts')
    .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id').onDelete('cascade'))
    .addColumn('right', words.integer, (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull().references('people.id'))
    .addColumn('at_ms', words.integer, (c) => c.notNull())
    .addColumn('blind', words.integer, (c) => c.notNull())
    .addPrimaryKeyConstraint('incident_verdicts_once', ['incident_id', 'by'])
    .addCheckConstraint('incident_verdicts_right', sql`${sql.ref('right')} in (0, 1)`)
    .addCheckConstraint('incident_verdicts_blind', sql`blind in (0, 1)`)
    .modifyEnd(words.tableEnd)
    .execute()
}
