import Database from 'better-sqlite3'
import { CamelCasePlugin, CompiledQuery, Kysely, SqliteAdapter, SqliteDialect, SqliteDriver, type Dialect } from 'kysely'
import { chmodSync, closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { codeOf, SQLITE, wordsOf } from './dialect.js'
import type { Opened, StoreOptions } from './open.js'
import type { Tables } from './tables.js'
import { judgeProgress, readProgress, refuseStrange, upgrade } from './upgrade.js'

/** Another process may hold the write lock this long before we give up on it. */
const BUSY_MS_MAX = 5_000
/** Below it, two connections in WAL mode can lose a committed row (the WAL-reset race, fixed in 3.51.3). */
const SQLITE_VERSION_MIN = [3, 51, 3] as const

export async function openSqlite(path: string, { log, clock }: StoreOptions): Promise<Opened> {
  if (path === '' || path === ':memory:') throw new Error('the database address "sqlite:" needs a file: write sqlite:/path/to/file.db')
  const file = resolve(path)
  mkdirSync(dirname(file), { recursive: true })
  if (!existsSync(file)) await makeFresh(file)
  const raw = connect(file)
  const db = new Kysely<Tables>({ dialect: dialectOf(raw), plugins: [new CamelCasePlugin()] })
  try {
    refuseBroken(raw, file)
    const plain = db.withoutPlugins() as unknown as Kysely<unknown>
    const standing = judgeProgress(await readProgress(plain))
    refuseStrange(standing, file)
    if (standing.is === 'older' || standing.is === 'new') {
      const backup = `${file}.before-${standing.is === 'older' ? standing.next : 'first'}-${clock.wallMs()}`
      await raw.backup(backup)
      chmodSync(backup, 0o600)
      log.info({ backup, steps: await upgrade(plain, SQLITE) }, 'the database was brought up to date; the copy from before is kept')
    }
    return { db, words: SQLITE, mayRunAgain: () => false }
  } catch (fault) {
    // Closed by hand: Kysely closes only what it has used, and damage is found before it was.
    raw.close()
    throw fault
  }
}

/**
 * A new database is made complete under another name and then linked to its own. So a file by this name is always whole,
 * and an empty or half one means damage: SQLite by itself takes an empty file for a new database, and a truncated one
 * would silently start the city from nothing.
 */
async function makeFresh(file: string): Promise<void> {
  for (const rest of [`${file}-wal`, `${file}-journal`]) {
    if (existsSync(rest)) throw new Error(`${file} is missing but ${rest} is there: put the database file back beside it, or restore both from a backup; to start anew, move ${rest} away`)
  }
  const growing = `${file}.new`
  for (const rest of ['', '-wal', '-shm']) rmSync(growing + rest, { force: true })
  const raw = connect(growing)
  const db = new Kysely<unknown>({ dialect: dialectOf(raw) })
  try {
    await upgrade(db, SQLITE)
  } finally {
    await db.destroy()
  }
  // Readable by its owner only: it holds password hashes and reporters' telephone numbers. SQLite gives -wal the same mode.
  chmodSync(growing, 0o600)
  syncPath(growing)
  giveName(growing, file)
  syncPath(dirname(file))
}

/** A link never replaces what stands there already; where the file system has no links (some network and USB disks), a move. */
function giveName(growing: string, file: string): void {
  try {
    linkSync(growing, file)
  } catch (fault) {
    if (codeOf(fault) === 'EEXIST') return rmSync(growing)
    renameSync(growing, file)
    return
  }
  rmSync(growing)
}

function syncPath(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function connect(file: string): Database.Database {
  if (existsSync(file) && statSync(file).size === 0 && !file.endsWith('.new')) throw new Error(broken(file, 'it is empty'))
  let raw: Database.Database | null = null
  try {
    raw = new Database(file, { timeout: BUSY_MS_MAX })
    raw.pragma('journal_mode = WAL')
    // After WAL, not before: better-sqlite3 is compiled to open WAL databases at NORMAL, which acknowledges before it syncs
    // (measured: a power cut lost 344 to 806 acknowledged rows at NORMAL, none at FULL).
    raw.pragma('synchronous = FULL')
    raw.pragma('foreign_keys = ON')
    raw.pragma('trusted_schema = OFF')
    raw.pragma('cell_size_check = ON')
    assertPromises(raw)
    return raw
  } catch (fault) {
    raw?.close()
    throw isDamage(fault) ? new Error(broken(file, wordsOf(fault)), { cause: fault }) : fault
  }
}

/** What the promises rest on is checked, not assumed: a rebuilt or replaced library must not weaken them in silence. */
function assertPromises(raw: Database.Database): void {
  const version = raw.prepare('select sqlite_version() as version').pluck().get() as string
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  const [a, b, c] = SQLITE_VERSION_MIN
  if (major * 1e6 + minor * 1e3 + patch < a * 1e6 + b * 1e3 + c) throw new Error(`SQLite ${version} can lose committed rows in WAL mode: install the better-sqlite3 named in package.json (needs SQLite ${SQLITE_VERSION_MIN.join('.')} or newer)`)
  const found = { journal_mode: raw.pragma('journal_mode', { simple: true }), synchronous: raw.pragma('synchronous', { simple: true }), foreign_keys: raw.pragma('foreign_keys', { simple: true }) }
  if (found.journal_mode !== 'wal' || found.synchronous !== 2 || found.foreign_keys !== 1) throw new Error(`the database did not accept its safety settings (${JSON.stringify(found)}): keep it on a local disk, not on a network share`)
}

/** Reads every page once. A city's first year is some hundred megabytes: a second or two at start, against wrong answers for months. */
function refuseBroken(raw: Database.Database, file: string): void {
  let said: string
  try {
    said = raw.pragma('quick_check(1)', { simple: true }) as string
  } catch (fault) {
    if (!isDamage(fault)) throw fault
    said = wordsOf(fault)
  }
  if (said !== 'ok') throw new Error(broken(file, said.split('\n').at(-1) ?? said))
}

function isDamage(fault: unknown): boolean {
  return /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(fault))
}

function broken(file: string, said: string): string {
  return `the database ${file} is damaged (${said}): nothing was changed. Restore it from a backup (files named ${file}.before-… were made before upgrades), or move it away to start with an empty one`
}

/** Kysely's SQLite dialect, with two changes: transactions take the write lock at once, and a migration is one transaction. */
function dialectOf(raw: Database.Database): Dialect {
  const config = { database: raw }
  const usual = new SqliteDialect(config)
  return {
    createDriver() {
      const driver = new SqliteDriver(config)
      // A deferred transaction that reads, then writes, can fail at the write (BUSY_SNAPSHOT) whatever the timeout.
      driver.beginTransaction = async (connection) => {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'))
      }
      return driver
    },
    createAdapter: () => Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true }),
    createQueryCompiler: () => usual.createQueryCompiler(),
    createIntrospector: (db) => usual.createIntrospector(db),
  }
}
