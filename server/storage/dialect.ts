import { sql, type Kysely, type RawBuilder } from 'kysely'
import { changeCheckOfSqlite, dropCheckOfSqlite } from './drop-check.js'
import type { Db } from './tables.js'

/** All in which the two databases differ, so that no other file asks which one it talks to. */
export interface DialectWords {
  readonly name: 'sqlite' | 'postgres'
  readonly integer: RawBuilder<unknown>
  readonly real: RawBuilder<unknown>
  readonly bytes: RawBuilder<unknown>
  /** STRICT makes SQLite refuse a text in an integer column, as PostgreSQL does by itself. */
  readonly tableEnd: RawBuilder<unknown>
  /** A condition that holds for well-formed JSON text (PostgreSQL 15 has no IS JSON: the cast throws). */
  isJson(column: string): RawBuilder<boolean>
  readonly lockChanges: (db: Db) => Promise<void>
  /** Takes a named check off a table; only within `upgrade`. */
  readonly dropCheck: (db: Kysely<unknown>, table: string, check: string) => Promise<void>
  /** Puts another condition, written for both databases, in the place of a named check; only within `upgrade`. */
  readonly changeCheck: (db: Kysely<unknown>, table: string, check: string, condition: string) => Promise<void>
  /** Whether references between tables are watched; no transaction can change it. */
  readonly watchReferences: (db: Kysely<unknown>, watched: boolean) => Promise<void>
}

export const SQLITE: DialectWords = {
  name: 'sqlite',
  integer: sql`integer`,
  real: sql`real`,
  bytes: sql`blob`,
  tableEnd: sql`strict`,
  isJson: (column) => sql<boolean>`json_valid(${sql.ref(column)})`,
  // BEGIN IMMEDIATE already lets in one writer at a time (open-sqlite.ts).
  lockChanges: () => Promise.resolve(),
  dropCheck: dropCheckOfSqlite,
  changeCheck: changeCheckOfSqlite,
  watchReferences: async (db, watched) => {
    await sql`pragma foreign_keys = ${sql.lit(watched ? 1 : 0)}`.execute(db)
  },
}

/** Any number will do, as long as nobody else who shares the database takes the same one. */
const CHANGES_LOCK = 5_642_617

export const POSTGRES: DialectWords = {
  name: 'postgres',
  integer: sql`bigint`,
  real: sql`double precision`,
  bytes: sql`bytea`,
  tableEnd: sql``,
  isJson: (column) => sql<boolean>`(${sql.ref(column)})::jsonb is not null`,
  lockChanges: async (db) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(CHANGES_LOCK)})`.execute(db)
  },
  dropCheck: async (db, table, check) => {
    await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(check)}`.execute(db)
  },
  changeCheck: async (db, table, check, condition) => {
    await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(check)}, add constraint ${sql.ref(check)} check (${sql.raw(condition)})`.execute(db)
  },
  // PostgreSQL changes a table in place.
  watchReferences: () => Promise.resolve(),
}

/** A driver's code for what went wrong, or ''. Asked by shape: a native driver's errors may come from another realm's Error. */
export function codeOf(fault: unknown): string {
  return typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : ''
}

/** The driver's own last words. */
export function wordsOf(fault: unknown): string {
  const said = typeof fault === 'object' && fault !== null && 'message' in fault ? String(fault.message) : ''
  return said || codeOf(fault) || String(fault)
}
