import Database from 'better-sqlite3'
import { CamelCasePlugin, Kysely, SqliteDialect } from 'kysely'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asId } from '../../server/domain/ids.js'
import { SQLITE } from '../../server/storage/dialect.js'
import { STEPS } from '../../server/storage/migrations/steps.js'
import { openStore } from '../../server/storage/open.js'
import { judgeProgress, upgrade } from '../../server/storage/upgrade.js'
import { silentLog } from '../../server/system/log.js'
import { T0 } from '../support/small-city.js'
import { PLAIN } from '../support/plain-rule.js'
import { makeStillClock } from '../support/still-clock.js'

const folder = mkdtempSync(join(tmpdir(), 'vonglau-upgrade-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The whole schema as SQLite keeps it, in one text that people read in review. */
function schemaOf(file: string): string {
  const raw = new Database(file, { readonly: true })
  const rows = raw.prepare("select sql from sqlite_schema where sql is not null and name not like 'kysely%' order by type desc, name").all() as { sql: string }[]
  raw.close()
  return rows.map((row) => row.sql.replaceAll(/, (?=")|, (?=constraint)/g, ',\n  ')).join(';\n\n')
}

async function makeAt(file: string, count: number): Promise<void> {
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(file) }), plugins: [new CamelCasePlugin()] })
  await upgrade(db.withoutPlugins(), SQLITE, STEPS.slice(0, count))
  await db.destroy()
}

const open = (file: string) => openStore({ url: `sqlite:${file}`, log: silentLog, clock: makeStillClock() })

test('the schema is the one that was reviewed: a step that shipped is never edited', async () => {
  const file = join(folder, 'fresh.db')
  await (await open(file)).close()
  expect(schemaOf(file)).toMatchSnapshot()
})

test.each(STEPS.slice(0, -1).map((step, at) => [step.name, at + 1] as const))('a database of %s, with rows, upgraded equals a fresh one; its rows and a copy from before are kept', async (name, count) => {
  const file = join(folder, `from-${name}.db`)
  await makeAt(file, count)
  new Database(file).exec("insert into areas (id, name) values ('an-giang', 'An Giang'); insert into notes values ('cursor', '7')").close()
  const store = await open(file)
  expect([(await store.areas.list()).map((area) => area.name), await store.notes.get('cursor')]).toEqual([['An Giang'], '7'])
  await store.close()
  const fresh = join(folder, `fresh-beside-${name}.db`)
  await (await open(fresh)).close()
  expect(schemaOf(file)).toBe(schemaOf(fresh))

  const backups = readdirSync(folder).filter((found) => found.startsWith(`from-${name}.db.before-`) && !/-(wal|shm)$/.test(found))
  expect(backups).toEqual([`from-${name}.db.before-${STEPS[count]?.name}-${T0}`])
  const backup = new Database(join(folder, backups[0] ?? ''), { readonly: true })
  expect(backup.prepare('select value from notes').pluck().get()).toBe('7')
  expect(backup.prepare('select count(*) from kysely_migration').pluck().get()).toBe(count)
  backup.close()
})

test('kinds of rule are no longer listed: a rule, what it saw and the evidence come through, and references are watched as before', async () => {
  const file = join(folder, 'kinds.db')
  await makeAt(file, 13)
  const hash = 'a'.repeat(64)
  new Database(file)
    .exec(`
      insert into areas (id, name) values ('an-giang', 'An Giang');
      insert into cameras (id, name, area_id, enabled, latitude, longitude, street, street_order, heading, reach_m, origin_kind, created_at_ms) values ('cau', 'Cầu', 'an-giang', 1, 10, 105, 'Cầu', 1, 0, 50, 'rtsp', 1);
      insert into rules values ('r', 'cau', 'crowd', '{"id":"r","name":"Đông người","kind":"crowd","classes":[],"hours":[],"exclusions":[],"zone":[],"countMin":4,"holdMsMin":1}', 1, 1);
      insert into incidents values ('i', 'cau', 'r', 'crowd', 'e', 'ended', 1, 2, 3, 1, '{}', '[]');
      insert into alerts values ('a', 'i', 'cau', 'an-giang', 'crowd', 1, 'new', null, 2, 2, null, null, 1);
      insert into evidence values ('v', 'a', 'cau', 'still', 'v.jpg', 10, '${hash}', 'image/jpeg', 1, 1, 1);
    `)
    .close()
  const store = await open(file)
  expect((await store.rules.list()).map(({ rule }) => rule)).toEqual([{ ...PLAIN, id: 'r', name: 'Đông người', kind: 'crowd', zone: [], countMin: 4, holdMsMin: 1, timesUsual: null }])
  await store.close()
  const raw = new Database(file)
  expect(raw.prepare('select evidence.id, alerts.kind, incidents.rule_id from evidence join incidents on incidents.id = evidence.incident_id join alerts on alerts.incident_id = incidents.id').raw().all()).toEqual([['v', 'crowd', 'r']])
  raw.exec("insert into incidents (id, camera_id, rule_id, kind, episode, state, since_ms, opened_at_ms, last_seen_at_ms, observations, reason, witnesses) values ('j', 'cau', 'r', 'loitering', 'f', 'ended', 1, 2, 3, 1, '{}', '[]')")
  expect(() => raw.exec("delete from incidents where id = 'i'")).toThrow('FOREIGN KEY constraint failed')
  expect(() => raw.exec("insert into incidents (id, camera_id, rule_id, kind, episode, state, since_ms, opened_at_ms, last_seen_at_ms, observations, reason, witnesses) values ('k', 'cau', 'r', 'crowd', 'g', 'gone', 1, 2, 3, 1, '{}', '[]')")).toThrow('incidents_state')
  raw.close()
})

test('rules from before versions were kept are version 1, the system’s and live, and rest where they were off; what they saw stays live', async () => {
  const file = join(folder, 'versions.db')
  await makeAt(file, 14)
  const body = (id: string): string => JSON.stringify({ id, name: 'Đông người', kind: 'crowd', ...PLAIN, zone: [], countMin: 4, holdMsMin: 1, timesUsual: null })
  new Database(file)
    .exec(`
      insert into areas (id, name) values ('an-giang', 'An Giang');
      insert into cameras (id, name, area_id, enabled, latitude, longitude, street, street_order, heading, reach_m, origin_kind, created_at_ms) values ('cau', 'Cầu', 'an-giang', 1, 10, 105, 'Cầu', 1, 0, 50, 'rtsp', 1);
      insert into rules values ('on', 'cau', 'crowd', '${body('on')}', 1, 7), ('off', 'cau', 'crowd', '${body('off')}', 0, 8);
      insert into incidents values ('i', 'cau', 'on', 'crowd', 'e', 'ended', 1, 2, 3, 1, '{}', '[]');
    `)
    .close()
  const store = await open(file)
  expect((await store.rules.list()).map(({ rule, enabled, standing }) => [rule.id, enabled, standing])).toEqual([
    ['on', true, { id: 'on', cameraId: 'cau', ownerId: null, newest: 1, live: 1, shadow: null, proposal: null, resting: false, approved: [1], approvedAlone: [], throttled: [], judgedFromMs: 0, createdAtMs: 7, revision: 1 }],
    ['off', false, expect.objectContaining({ id: 'off', live: 1, resting: true, approved: [1], createdAtMs: 8 })],
  ])
  expect(await store.rules.versions(asId('on'))).toEqual([{ ruleId: 'on', version: 1, body: JSON.parse(body('on')), madeBy: null, madeAtMs: 7, fromVersion: null }])
  expect(await store.incidents.get(asId('i'))).toMatchObject({ ruleVersion: null, mode: 'live', heldWhy: null })
  await store.close()
})

test('masks from before they belonged to a view cover every view', async () => {
  const file = join(folder, 'masks.db')
  await makeAt(file, 21)
  const outline = '[{"x":0,"y":0},{"x":0.5,"y":0},{"x":0,"y":0.5}]'
  const camera = (id: string, masks: string): string => `insert into cameras (id, name, area_id, enabled, latitude, longitude, street, street_order, heading, reach_m, origin_kind, created_at_ms, masks) values ('${id}', '${id}', 'an-giang', 1, 10, 105, 'Cầu', 1, 0, 50, 'rtsp', 1, '${masks}');`
  new Database(file).exec(`insert into areas (id, name) values ('an-giang', 'An Giang'); ${camera('cau', `[${outline},${outline}]`)} ${camera('cho', '[]')}`).close()
  const store = await open(file)
  const points = JSON.parse(outline) as unknown
  expect((await store.cameras.list()).map(({ id, masks }) => [id, masks])).toEqual([['cau', [{ points, preset: null }, { points, preset: null }]], ['cho', []]])
  await store.close()
})

test('a plate of an alert is its incident’s afterwards, and one of an incident that called nobody is kept', async () => {
  const file = join(folder, 'plates.db')
  await makeAt(file, 22)
  const hash = 'a'.repeat(64)
  new Database(file)
    .exec(`
      insert into areas (id, name) values ('an-giang', 'An Giang');
      insert into cameras (id, name, area_id, enabled, latitude, longitude, street, street_order, heading, reach_m, origin_kind, created_at_ms) values ('cau', 'Cầu', 'an-giang', 1, 10, 105, 'Cầu', 1, 0, 50, 'rtsp', 1);
      insert into incidents (id, camera_id, rule_id, kind, episode, state, since_ms, opened_at_ms, last_seen_at_ms, observations, reason, witnesses) values ('i', 'cau', 'r', 'red_light', 'e', 'ended', 1, 2, 3, 1, '{}', '[]'), ('j', 'cau', 'r', 'red_light', 'f', 'ended', 1, 2, 3, 1, '{}', '[]');
      insert into alerts values ('a', 'i', 'cau', 'an-giang', 'red_light', 1, 'new', null, 2, 2, null, null, 1);
      insert into plates values ('a', 'unreadable', 4, null, null, null, null, null, null, null, null, null, null, 5, 'p.jpg', '${hash}', null, null, 9);
    `)
    .close()
  const store = await open(file)
  const kept = { incidentId: 'i', kind: 'unreadable', looks: 4, atMs: 5, raw: { file: 'p.jpg', sha256: hash }, enhanced: null, readAtMs: 9 }
  expect(await store.plates.of(asId('i'))).toEqual(kept)
  await store.plates.add({ ...kept, incidentId: asId('j') } as never)
  expect(await store.plates.of(asId('j'))).toEqual({ ...kept, incidentId: 'j' })
  await store.close()
})

test('hours of back-tests that failed before their reasons had codes get one by what was said', async () => {
  const file = join(folder, 'hours.db')
  await makeAt(file, 18)
  const said = ['the model that the back-test began with is not here any more', 'model.sha256: other bytes', 'model.graph: no', 'ffmpeg ended with 1', 'the process that looks was ended by SIGKILL', 'nothing was heard of it for 300 s', 'the server failed: x']
  new Database(file)
    .exec(`
      insert into areas (id, name) values ('an-giang', 'An Giang');
      insert into people (id, name, name_key, display_name, role, language, disabled, password_hash, created_at_ms) values ('lan', 'lan', 'lan', 'Lan', 'admin', 'vi', 0, 'x', 1);
      insert into cameras (id, name, area_id, enabled, latitude, longitude, street, street_order, heading, reach_m, origin_kind, created_at_ms) values ('cau', 'Cầu', 'an-giang', 1, 10, 105, 'Cầu', 1, 0, 50, 'rtsp', 1);
      insert into backtests values ('b', 'cau', 'r', 2, 1, 0, 9, 'eyes', '${'a'.repeat(64)}', 'lan', 1, 'done', 5);
      insert into backtest_hours values ('b', 100, 101, 'done', 1, '[]', '[]', '{}', 1, 1, null);
      ${said.map((why, at) => `insert into backtest_hours values ('b', ${at}, ${at + 1}, 'failed', 1, '[]', null, null, null, null, '${why}');`).join('\n')}
    `)
    .close()
  const store = await open(file)
  const hours = await store.backtests.hours(asId('b'))
  expect(hours.map((hour) => (hour.state === 'failed' ? hour.fault : null))).toEqual([...['model_gone', 'model_gone', 'model_refused', 'undecodable', 'died', 'silent', 'internal'].map((code, at) => ({ code, said: said[at] })), null])
  await store.close()
  const raw = new Database(file)
  expect(() => raw.exec("update backtest_hours set fault = null where state = 'failed'")).toThrow('backtest_hours_whole')
  expect(() => raw.exec("update backtest_hours set fault = 'tired' where state = 'failed'")).toThrow('CHECK constraint failed')
  raw.close()
})

test('a database that is up to date is opened without another copy', async () => {
  const file = join(folder, 'calm.db')
  await (await open(file)).close()
  await (await open(file)).close()
  expect(readdirSync(folder).filter((name) => name.startsWith('calm.db.before'))).toEqual([])
})

test('a step that fails half-way leaves the database as it was', async () => {
  const file = join(folder, 'half.db')
  await (await open(file)).close()
  const before = schemaOf(file)
  const { openSqlite } = await import('../../server/storage/open-sqlite.js')
  const opened = await openSqlite(file, { url: '', log: silentLog, clock: makeStillClock() })
  const failing = { name: '0099-fails', up: async (db: Kysely<unknown>) => { await db.schema.createTable('half').addColumn('id', 'text').execute(); throw new Error('out of ideas') } }
  await expect(upgrade(opened.db.withoutPlugins() as unknown as Kysely<unknown>, SQLITE, [...STEPS, failing])).rejects.toThrow('the database could not be brought up to date (0099-fails); it is unchanged')
  await opened.db.destroy()
  expect(schemaOf(file)).toBe(before)
  await (await open(file)).close()
})

test.each([
  ['an empty database is new', { done: [], tables: [] }, { is: 'new' }],
  ['tables of others are foreign', { done: [], tables: ['recipes'] }, { is: 'foreign', tables: ['recipes'] }],
  ['all steps done is current', { done: ['a', 'b'], tables: ['x'] }, { is: 'current' }],
  ['a missing step makes it older', { done: ['a'], tables: ['x'] }, { is: 'older', next: 'b' }],
  ['an unknown step makes it newer', { done: ['a', 'b', 'z'], tables: ['x'] }, { is: 'newer', unknown: ['z'] }],
])('%s', (_name, progress, standing) => {
  expect(judgeProgress(progress, [{ name: 'a' }, { name: 'b' }])).toEqual(standing)
})
