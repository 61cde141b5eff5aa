import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { runToEnd, startChild, type PipedChild } from '../../server/system/child.js'

/** A PostgreSQL cluster of our own, in a temporary folder, on loopback, gone after the tests. */
export interface Postgres {
  /** Makes an empty database and answers its address. */
  fresh(): Promise<string>
  /** Runs one statement by psql, as an administrator would. */
  tell(url: string, statement: string): Promise<void>
  /** As an operator's `pg_ctl restart -m immediate`: no goodbye to clients, recovery from the log. */
  crashAndRestart(): Promise<void>
  stop(): Promise<void>
}

/** Where Debian's package puts the programs; null when PostgreSQL is not installed. */
export function findPostgres(): string | null {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : []
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb'))) ?? null
}

export async function startPostgres(bin: string): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-pg-'))
  const cluster = join(folder, 'cluster')
  // PostgreSQL refuses to run as root: there we become the user that Debian's package made.
  const asWhom = userInfo().uid === 0 ? await becomePostgres(folder) : []
  const [program, ...argv] = [...asWhom, join(bin, 'initdb'), '-D', cluster, '-U', 'vonglau', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync']
  const made = await runToEnd(program, argv, { timeoutMs: 60_000 })
  if (made.code !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const start = (): Promise<PipedChild> => startServer([...asWhom, join(bin, 'postgres'), '-D', cluster, '-h', '127.0.0.1', '-p', String(port), '-k', folder])
  let server = await start()
  let count = 0
  const stopBy = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    const gone = new Promise((resolve) => server.once('exit', resolve))
    server.kill(signal)
    await gone
  }
  return {
    async fresh() {
      const name = `city_${(count += 1)}`
      const done = await runToEnd(join(bin, 'createdb'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'vonglau', name], { timeoutMs: 20_000 })
      if (done.code !== 0) throw new Error(`createdb failed: ${done.stderr}`)
      return `postgres://vonglau@127.0.0.1:${port}/${name}`
    },
    async tell(url, statement) {
      const done = await runToEnd(join(bin, 'psql'), [url, '-v', 'ON_ERROR_STOP=1', '-c', statement], { timeoutMs: 20_000 })
      if (done.code !== 0) throw new Error(`psql failed: ${done.stderr}`)
    },
    async crashAndRestart() {
      await stopBy('SIGQUIT')
      server = await start()
    },
    async stop() {
      await stopBy('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function becomePostgres(folder: string): Promise<readonly string[]> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await runToEnd('id', [flag, 'postgres'], { timeoutMs: 5_000 })).stdout.trim())))
  if (!uid || !gid) throw new Error('there is no user "postgres" to run the test cluster as')
  chownSync(folder, uid, gid)
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--pdeathsig', 'KILL', '--']
}

/** Settles when the server says that it takes connections, with its last words when it ends before. */
function startServer([program = '', ...argv]: readonly string[]): Promise<PipedChild> {
  return new Promise((resolve, reject) => {
    const child = startChild(program, argv, { runId: 'tests:postgres' })
    let said = ''
    child.stdout.resume()
    child.stderr.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-4_000)
      if (said.includes('ready to accept connections')) resolve(child)
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`PostgreSQL ended (${code}): ${said}`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))))
    })
  })
}
