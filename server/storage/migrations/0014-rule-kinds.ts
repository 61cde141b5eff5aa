import { sql, type Kysely } from 'kysely'
import type { DialectWords } from '../dialect.js'

/** What rules written before this step lack. Defaults of that day; the parser's own may change. */
const NEW_FIELDS = { use: 'screening', permits: [], armedFromMs: null, armedToMs: null }
const NEW_FIELDS_OF: Readonly<Record<string, object>> = { red_light: { yellowMsMin: 0 }, crowd: { timesUsual: null } }

/**
 * Kinds of rule come with every version, and the parser (analytics/rules) knows them: the database no longer lists them. Rules say
 * what they are used for, what is permitted, and when their campaign begins and ends.
 */
export async function ruleKinds(db: Kysely<unknown>, words: DialectWords): Promise<void> {
  for (const table of ['rules', 'incidents', 'alerts']) await words.dropCheck(db, table, `${table}_kind`)
  const { rows } = await sql<{ id: string; kind: string; body: string }>`select id, kind, body from rules`.execute(db)
  for (const { id, kind, body } of rows) {
    const rule = { ...NEW_FIELDS, ...NEW_FIELDS_OF[kind], ...(JSON.parse(body) as object) }
    await sql`update rules set body = ${JSON.stringify(rule)} where id = ${id}`.execute(db)
  }
}
