import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostgres, startPostgres, type Postgres } from './postgres.js'

/** The two databases that every storage test runs on. */
export interface Databases {
  readonly name: 'sqlite' | 'postgres'
  /** Why its tests are skipped, or null. */
  readonly missing: string | null
  start(): Promise<void>
  /** The address of a database without rows, that nobody has open: a new one, or the last one emptied. */
  empty(): Promise<string>
  stop(): Promise<void>
}

export function listDatabases(): readonly Databases[] {
  return [sqlite(), postgres()]
}

function sqlite(): Databases {
  let folder = ''
  let count = 0
  return {
    name: 'sqlite',
    missing: null,
    async start() {
      folder = mkdtempSync(join(tmpdir(), 'vonglau-store-'))
    },
    async empty() {
      return `sqlite:${join(folder, `city-${(count += 1)}.db`)}`
    },
    async stop() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function postgres(): Databases {
  const bin = findPostgres()
  let server: Postgres | null = null
  let address: string | null = null
  return {
    name: 'postgres',
    missing: bin ? null : 'PostgreSQL is not installed (apt-get install postgresql)',
    async start() {
      if (bin) server = await startPostgres(bin)
    },
    async empty() {
      if (!server) throw new Error('PostgreSQL was not started')
      // Making a database costs PostgreSQL some hundred syncs, emptying one costs one; its references are not looked at meanwhile.
      if (address) await server.tell(address, EMPTY_ALL)
      address ??= await server.fresh()
      return address
    },
    async stop() {
      await server?.stop()
    },
  }
}

const EMPTY_ALL = `do $$
declare name text;
begin
  set local session_replication_role = replica;
  for name in select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%' loop
    execute format('delete from %I', name);
  end loop;
end $$`
