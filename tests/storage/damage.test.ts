import Database from 'better-sqlite3'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../server/storage/open.js'
import { silentLog } from '../../server/system/log.js'
import { incident, settle } from '../support/small-city.js'
import { makeStillClock } from '../support/still-clock.js'

const folder = mkdtempSync(join(tmpdir(), 'vonglau-damage-'))
const whole = join(folder, 'whole.db')
const open = (file: string) => openStore({ url: `sqlite:${file}`, log: silentLog, clock: makeStillClock() })

beforeAll(async () => {
  const store = await open(whole)
  await settle(store)
  await store.transact(async (tx) => {
    for (let count = 0; count < 400; count += 1) await tx.incidents.save(incident(`i${count}`))
  })
  await store.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function overwrite(file: string, from: number, bytes: Buffer): void {
  const all = readFileSync(file)
  bytes.copy(all, from)
  writeFileSync(file, all)
}

test.each<[string, (file: string) => void]>([
  ['an empty file', (file) => truncateSync(file, 0)],
  ['a file cut in the middle', (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ['a file cut inside its first page', (file) => truncateSync(file, 700)],
  ['a file whose head is overwritten', (file) => overwrite(file, 0, Buffer.alloc(100, 0x5a))],
  ['a file with a page of zeros in the middle', (file) => overwrite(file, 4096 * Math.floor(statSync(file).size / 4096 / 2), Buffer.alloc(4096))],
  ['a picture with a database’s name', (file) => writeFileSync(file, Buffer.from('ffd8ffe000104a464946000101', 'hex'))],
])('%s is refused in plain words and left as it is', async (_name, damage) => {
  const file = join(folder, 'damaged.db')
  copyFileSync(whole, file)
  damage(file)
  const before = readFileSync(file)
  await expect(open(file)).rejects.toThrow(/^the database .*damaged\.db is damaged \(.+\): nothing was changed\. Restore it from a backup/)
  expect(readFileSync(file).equals(before)).toBe(true)
})

test('a missing file beside its leftover log is refused, not begun anew', async () => {
  const file = join(folder, 'gone.db')
  writeFileSync(`${file}-wal`, 'what is left')
  await expect(open(file)).rejects.toThrow(/gone\.db is missing but .*gone\.db-wal is there: put the database file back/)
  expect(existsSync(file)).toBe(false)
})

test('another program’s database is refused', async () => {
  const file = join(folder, 'other.db')
  new Database(file).exec('create table recipes (name text)').close()
  await expect(open(file)).rejects.toThrow(/other\.db belongs to another program \(it holds recipes\)/)
})

test('a database of a newer version is refused with what to do', async () => {
  const file = join(folder, 'newer.db')
  copyFileSync(whole, file)
  new Database(file).exec("insert into kysely_migration values ('0099-from-the-future', '2030-01-01')").close()
  await expect(open(file)).rejects.toThrow(/newer version of Vọng Lâu \(it knows 0099-from-the-future\): start that version again, or restore the backup/)
})

test.each([
  ['mysql://root:secret@host/db', /the database address "mysql:\/\/\*\*\*@host\/db" is not understood: write sqlite:/],
  ['sqlite:', /needs a file: write sqlite:\/path\/to\/file\.db/],
  ['sqlite::memory:', /needs a file/],
  ['postgres://me:secret@127.0.0.1:1/x', /the database postgres:\/\/\*\*\*@127\.0\.0\.1:1\/x does not answer .*check that PostgreSQL runs there/],
])('the address %p is refused without its password', async (url, said) => {
  const fault: Error = await openStore({ url, log: silentLog, clock: makeStillClock() }).then(() => new Error('it was accepted'), (thrown: Error) => thrown)
  expect(fault.message).toMatch(said)
  expect(fault.message).not.toContain('secret')
})

test('a new database keeps its promises, can be read by its owner only, and leaves nothing half-made beside it', async () => {
  const file = join(folder, 'fresh', 'city.db')
  const store = await open(file)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(folder, 'fresh')).filter((name) => !/^city\.db(-wal|-shm)?$/.test(name))).toEqual([])
  expect(readdirSync(join(folder, 'fresh')).every((name) => (statSync(join(folder, 'fresh', name)).mode & 0o077) === 0)).toBe(true)
  await store.close()
})

test('a half-made database of a start that was killed is made again', async () => {
  const file = join(folder, 'again.db')
  writeFileSync(`${file}.new`, 'half')
  await (await open(file)).close()
  expect([existsSync(file), existsSync(`${file}.new`)]).toEqual([true, false])
})
