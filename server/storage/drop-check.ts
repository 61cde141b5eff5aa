import { sql, type Kysely } from 'kysely'

/** SQLite's own list of what a database holds. */
interface Schema {
  sqlite_schema: { type: string; name: string; tbl_name: string; sql: string | null }
}

/**
 * Takes a named check off a table of SQLite, which has no word for it: the table is made anew from its own text without the check,
 * the rows are copied, and the new one takes the old one's name (sqlite.org/lang_altertable.html, section 7). References to
 * the table are not checked meanwhile (upgrade.ts switches them off, which no transaction can); here, at the end, they are.
 */
export async function dropCheckOfSqlite(db: Kysely<unknown>, table: string, check: string): Promise<void> {
  await makeAnew(db, table, (made) => withoutCheck(made, check))
}

/** Puts another condition in its place, the same way. */
export async function changeCheckOfSqlite(db: Kysely<unknown>, table: string, check: string, condition: string): Promise<void> {
  await makeAnew(db, table, (made) => {
    const [from, to] = spanOfCheck(made, check)
    return `${made.slice(0, from)}constraint "${check}" check (${condition})${made.slice(to)}`
  })
}

async function makeAnew(db: Kysely<unknown>, table: string, change: (made: string) => string): Promise<void> {
  const held = await (db as Kysely<Schema>).selectFrom('sqlite_schema').select(['type', 'name', 'sql']).where('tbl_name', '=', table).where('sql', 'is not', null).execute()
  const made = held.find(({ type }) => type === 'table')?.sql
  if (!made) throw new Error(`the table ${table} is missing`)
  const growing = `${table}_anew`
  await sql.raw(change(made).replace(`"${table}"`, `"${growing}"`)).execute(db)
  await sql`insert into ${sql.table(growing)} select * from ${sql.table(table)}`.execute(db)
  await sql`drop table ${sql.table(table)}`.execute(db)
  await sql`alter table ${sql.table(growing)} rename to ${sql.table(table)}`.execute(db)
  for (const index of held) if (index.type === 'index' && index.sql) await sql.raw(index.sql).execute(db)
  const broken = (await sql<{ table: string }>`pragma foreign_key_check`.execute(db)).rows
  if (broken.length > 0) throw new Error(`rows of ${broken[0]?.table} refer to rows that are missing`)
}

/** The text of the table without `constraint "name" check (…)`. */
export function withoutCheck(made: string, check: string): string {
  const [from, to] = spanOfCheck(made, check)
  return made.slice(0, from).replace(/, $/, '') + made.slice(to)
}

function spanOfCheck(made: string, check: string): readonly [from: number, to: number] {
  const head = `constraint "${check}" check `
  const from = made.indexOf(head)
  if (from < 0) throw new Error(`the check ${check} is missing`)
  const start = from + head.length
  let depth = 0
  let end = start
  do {
    if (made[end] === '(') depth += 1
    if (made[end] === ')') depth -= 1
    end += 1
  } while (depth > 0 && end < made.length)
  return [from, end]
}
