import { Migrator, type Kysely, type Migration } from 'kysely'
import type { DialectWords } from './dialect.js'
import { STEPS, type Step } from './migrations/steps.js'

/** Which steps this database has behind it; null when it has no tables of ours at all. */
export interface Progress {
  readonly done: readonly string[]
  readonly tables: readonly string[]
}

export async function readProgress(db: Kysely<unknown>): Promise<Progress> {
  const tables = (await db.introspection.getTables({ withInternalKyselyTables: true })).map((table) => table.name)
  if (!tables.includes(JOURNAL)) return { done: [], tables }
  const rows = await (db as Kysely<{ [JOURNAL]: { name: string } }>).selectFrom(JOURNAL).select('name').orderBy('name').execute()
  return { done: rows.map((row) => row.name), tables }
}

/** Kysely's own journal of migrations. */
const JOURNAL = 'kysely_migration'

export type Standing =
  | { readonly is: 'new' }
  | { readonly is: 'current' }
  | { readonly is: 'older'; readonly next: string }
  | { readonly is: 'newer'; readonly unknown: readonly string[] }
  | { readonly is: 'foreign'; readonly tables: readonly string[] }

/** Where the database stands to this program. Pure, so that every case is a line in a test. */
export function judgeProgress({ done, tables }: Progress, steps: readonly Pick<Step, 'name'>[] = STEPS): Standing {
  if (done.length === 0) return tables.some((name) => !name.startsWith(JOURNAL)) ? { is: 'foreign', tables } : { is: 'new' }
  const unknown = done.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0) return { is: 'newer', unknown }
  const next = steps.find((step) => !done.includes(step.name))
  return next ? { is: 'older', next: next.name } : { is: 'current' }
}

/** Refuses what must not be touched, in words with a next step. `where` names the database without a password. */
export function refuseStrange(standing: Standing, where: string): void {
  if (standing.is === 'newer') throw new Error(`${where} was written by a newer version of Vọng Lâu (it knows ${standing.unknown.join(', ')}): start that version again, or restore the backup made before its upgrade`)
  if (standing.is === 'foreign') throw new Error(`${where} belongs to another program (it holds ${standing.tables.slice(0, 3).join(', ')}): name a file or database of its own for Vọng Lâu`)
}

/** Takes all missing steps in one transaction: a kill at any moment leaves the old schema or the new one, never a half. */
export async function upgrade(db: Kysely<unknown>, words: DialectWords, steps: readonly Step[] = STEPS): Promise<readonly string[]> {
  const migrations = Object.fromEntries(steps.map((step): [string, Migration] => [step.name, { up: (tx: Kysely<unknown>) => step.up(tx, words) }]))
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } })
  // A step that makes a table anew would otherwise be refused, or take the rows that refer to it along (drop-check.ts checks them itself).
  await words.watchReferences(db, false)
  const { error, results } = await migrator.migrateToLatest()
  await words.watchReferences(db, true)
  if (error) throw new Error(`the database could not be brought up to date (${results?.find((result) => result.status === 'Error')?.migrationName ?? 'before the first step'}); it is unchanged`, { cause: error })
  return (results ?? []).map((result) => result.migrationName)
}
