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
  /** The address of an empty database. */
  fresh(): Promise<string>
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
    async fresh() {
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
  return {
    name: 'postgres',
    missing: bin ? null : 'PostgreSQL is not installed (apt-get install postgresql)',
    async start() {
      if (bin) server = await startPostgres(bin)
    },
    async fresh() {
      if (!server) throw new Error('PostgreSQL was not started')
      return server.fresh()
    },
    async stop() {
      await server?.stop()
    },
  }
}
