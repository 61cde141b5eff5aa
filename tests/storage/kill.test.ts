import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { asId, type IncidentId } from '../../server/domain/ids.js'
import { openStore } from '../../server/storage/open.js'
import { forkOurs, runToEnd } from '../../server/system/child.js'
import { silentLog } from '../../server/system/log.js'
import { settle } from '../support/small-city.js'
import { makeStillClock } from '../support/still-clock.js'

const folder = mkdtempSync(join(tmpdir(), 'vonglau-kill-'))
const url = `sqlite:${join(folder, 'city.db')}`
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const KILLS = 10

/** Kills the writer with SIGKILL in the middle of its writing, at a different row each time; answers what it had acknowledged. */
function killWhileWriting(run: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const acknowledged: string[] = []
    const child = forkOurs(new URL('../support/row-writer', import.meta.url), { runId: 'tests:row-writer', args: [url, String(run)] })
    child.on('message', (id) => {
      acknowledged.push(id as string)
      if (acknowledged.length === 20 + run * 13) child.kill('SIGKILL')
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => (signal === 'SIGKILL' ? resolve(acknowledged) : reject(new Error(`the writer ended by itself (${code})`))))
  })
}

test(`kill -9 in mid-write, ${KILLS} times: no acknowledged row is lost, and each has its line in the change log`, async () => {
  const first = await openStore({ url, log: silentLog, clock: makeStillClock() })
  await settle(first)
  await first.close()
  const acknowledged: string[] = []
  for (let run = 0; run < KILLS; run += 1) acknowledged.push(...(await killWhileWriting(run)))

  // Opening checks every page (quick_check): a database torn by the kills would be refused here.
  const store = await openStore({ url, log: silentLog, clock: makeStillClock() })
  const changes = await store.changes.since(0, 1_000_000)
  const logged = new Set(changes.map((change) => change.entityId))
  const kept = await Promise.all(acknowledged.map(async (id) => (await store.incidents.get(asId<IncidentId>(id))) !== null && logged.has(id)))
  const ongoing = (await store.incidents.ongoing()).length
  await store.close()
  expect(acknowledged.length).toBeGreaterThan(KILLS * 20)
  expect(acknowledged.filter((_, at) => !kept[at])).toEqual([])
  // The row and its line are one: neither exists without the other, acknowledged or not.
  expect(ongoing).toBe(changes.length)
  expect(changes.map((change) => change.seq)).toEqual(changes.map((_, at) => at + 1))
}, 120_000)

const strace = ['/usr/bin/strace', '/bin/strace'].find((path) => existsSync(path))
const testTraced = strace ? test : test.skip

// A power cut cannot be had in a test, but what survives one is what was synced: no row may be acknowledged without its own.
testTraced(`each acknowledged row was synced to the disk${strace ? '' : ': strace is not installed (apt-get install strace)'}`, async () => {
  const [rows, trace, database] = [50, join(folder, 'trace'), `sqlite:${join(folder, 'traced.db')}`]
  const store = await openStore({ url: database, log: silentLog, clock: makeStillClock() })
  await settle(store)
  await store.close()
  const script = fileURLToPath(new URL('../support/row-writer.ts', import.meta.url))
  const done = await runToEnd(strace ?? '', ['-f', '-e', 'trace=fdatasync,fsync', '-o', trace, process.execPath, '--import', 'tsx', script, database, 'traced', String(rows)], { timeoutMs: 100_000 })
  expect(done).toMatchObject({ code: 0, timedOut: false })
  const syncs = readFileSync(trace, 'utf8').match(/\b(fdatasync|fsync)\(\d+\) += 0/g) ?? []
  expect(syncs.length).toBeGreaterThanOrEqual(rows)
}, 120_000)
