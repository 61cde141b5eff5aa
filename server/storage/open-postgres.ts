import { CamelCasePlugin, Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import pg from 'pg'
import { redactUrls } from '../system/log.js'
import { POSTGRES } from './dialect.js'
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
  // Without it, an idle connection that the server drops ends our process.
  pool.on('error', (fault) => log.warn({ fault }, 'a resting database connection was lost; the next question makes a new one'))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: pool as PostgresPool }), plugins: [new CamelCasePlugin()] })
  try {
    const plain = db.withoutPlugins() as unknown as Kysely<unknown>
    const standing = judgeProgress(await readProgress(plain))
    refuseStrange(standing, redactUrls(url))
    if (standing.is === 'older' || standing.is === 'new') log.info({ steps: await upgrade(plain, POSTGRES) }, 'the database was brought up to date')
    return { db, words: POSTGRES, mayRunAgain: (fault) => fault instanceof Error && 'code' in fault && RUN_AGAIN.has(String(fault.code)) }
  } catch (fault) {
    await db.destroy()
    if (fault instanceof Error && 'code' in fault && !('severity' in fault)) throw new Error(`the database ${redactUrls(url)} does not answer (${fault.message}): check that PostgreSQL runs there and that this machine may reach it`, { cause: fault })
    throw fault
  }
}
