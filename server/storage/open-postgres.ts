import { CamelCasePlugin, Kysely, PostgresDialect, sql, type PostgresPool } from 'kysely'
import pg from 'pg'
import { redactUrls } from '../system/log.js'
import { codeOf, POSTGRES, wordsOf } from './dialect.js'
import type { Opened, StoreOptions } from './open.js'
import type { Tables } from './tables.js'
import { judgeProgress, readProgress, refuseStrange, upgrade } from './upgrade.js'

const STATEMENT_MS_MAX = 15_000
const CONNECT_MS_MAX = 5_000
const CONNECTIONS_MAX = 10

/** PostgreSQL's numbers for int8, and for "give it another try": serialization failure and broken deadlock. */
const INT8 = 20
const RUN_AGAIN: ReadonlySet<string> = new Set(['40001', '40P01'])

export async function openPostgres({ url, log }: StoreOptions): Promise<Opened> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    statement_timeout: STATEMENT_MS_MAX,
    idle_in_transaction_session_timeout: STATEMENT_MS_MAX,
    keepAlive: true,
    // All our int8 are milliseconds and counts, far below 2^53; pg gives them as text unless told.
    types: { getTypeParser: ((oid: number, format?: 'text') => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format))) as typeof pg.types.getTypeParser },
  })
  // Without these two, a connection that the server drops ends our process: the pool speaks for those at rest, each for
  // itself while it is in a transaction and between two questions (seen when the server crashed under load).
  pool.on('error', (fault) => log.warn({ fault }, 'a resting database connection was lost; the next question makes a new one'))
  pool.on('connect', (client) => client.on('error', (fault) => log.warn({ fault }, 'a database connection was lost in use; what it was doing is undone')))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as PostgresPool }), plugins: [new CamelCasePlugin()] })
  try {
    await assertPromises(db)
    const plain = db.withoutPlugins() as unknown as Kysely<unknown>
    const standing = judgeProgress(await readProgress(plain))
    refuseStrange(standing, redactUrls(url))
    if (standing.is === 'older' || standing.is === 'new') log.info({ steps: await upgrade(plain, POSTGRES) }, 'the database was brought up to date')
    return { db, words: POSTGRES, mayRunAgain: (fault) => RUN_AGAIN.has(codeOf(fault)) }
  } catch (fault) {
    await db.destroy()
    if (/^E[A-Z]+$/.test(codeOf(fault))) throw new Error(`the database ${redactUrls(url)} does not answer (${wordsOf(fault)}): check that PostgreSQL runs there and that this machine may reach it`, { cause: fault })
    throw fault
  }
}

/** What is acknowledged must survive a power cut: a server tuned for speed instead is refused, not trusted. */
async function assertPromises(db: Kysely<Tables>): Promise<void> {
  for (const name of ['fsync', 'synchronous_commit']) {
    const { rows } = await sql<{ value: string }>`select current_setting(${name}) as value`.execute(db)
    if (rows[0]?.value === 'off') throw new Error(`the database server loses acknowledged rows in a power cut: ${name} is off for this connection; set ${name} = on (postgresql.conf, or alter role … reset) and start again`)
  }
}
