import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import pg from 'pg'
import { asId, type IncidentId } from '../../server/domain/ids.js'
import { POSTGRES } from '../../server/storage/dialect.js'
import { STEPS } from '../../server/storage/migrations/steps.js'
import { openStore } from '../../server/storage/open.js'
import type { Store } from '../../server/storage/store.js'
import { upgrade } from '../../server/storage/upgrade.js'
import { silentLog } from '../../server/system/log.js'
import { findPostgres, startPostgres, type Postgres } from '../support/postgres.js'
import { incident, JUNCTION, redLight, settle, WARD } from '../support/small-city.js'
import { makeStillClock } from '../support/still-clock.js'

const bin = findPostgres()
const describeHere = bin ? describe : describe.skip

describeHere(`PostgreSQL by itself${bin ? '' : ': PostgreSQL is not installed (apt-get install postgresql)'}`, () => {
  let postgres: Postgres
  beforeAll(async () => {
    if (bin) postgres = await startPostgres(bin)
  }, 90_000)
  afterAll(() => postgres.stop(), 30_000)
  const open = (url: string): Promise<Store> => openStore({ url, log: silentLog, clock: makeStillClock() })

  test('two servers that start on one empty database make its schema once', async () => {
    const url = await postgres.fresh()
    const stores = await Promise.all([open(url), open(url)])
    await settle(stores[0])
    expect((await stores[1].areas.list()).length).toBe(3)
    await Promise.all(stores.map((store) => store.close()))
  })

  test('rules from before versions were kept come through as version 1', async () => {
    const url = await postgres.fresh()
    const old = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) as PostgresPool }) })
    await upgrade(old, POSTGRES, STEPS.slice(0, 14))
    await old.destroy()
    await postgres.tell(url, "insert into areas (id, name) values ('an-giang', 'An Giang')")
    await postgres.tell(url, "insert into cameras (id, name, area_id, enabled, latitude, longitude, street, street_order, heading, reach_m, origin_kind, created_at_ms) values ('cau', 'Cầu', 'an-giang', 1, 10, 105, 'Cầu', 1, 0, 50, 'rtsp', 1)")
    await postgres.tell(url, `insert into rules values ('on', 'cau', 'red_light', '${JSON.stringify(redLight('on'))}', 1, 1700000000000), ('off', 'cau', 'red_light', '${JSON.stringify(redLight('off'))}', 0, 1700000000001)`)
    await postgres.tell(url, "insert into incidents values ('i', 'cau', 'on', 'red_light', 'e', 'ended', 1, 2, 3, 1, '{}', '[]')")
    const store = await open(url)
    expect((await store.rules.list()).map(({ rule, enabled, standing: { live, resting, approved, createdAtMs } }) => [rule, enabled, live, resting, approved, createdAtMs])).toEqual([
      [redLight('on'), true, 1, false, [1], 1_700_000_000_000],
      [redLight('off'), false, 1, true, [1], 1_700_000_000_001],
    ])
    expect(await store.incidents.get(asId<IncidentId>('i'))).toMatchObject({ ruleVersion: null, mode: 'live', heldWhy: null })
    await store.close()
  })

  test('a crash of the database under load loses no acknowledged row, ends no process, and writing goes on afterwards', async () => {
    const store = await open(await postgres.fresh())
    await settle(store)
    const acknowledged: string[] = []
    const faults: string[] = []
    let stopped = false
    const write = async (writer: number): Promise<void> => {
      for (let count = 0; !stopped; count += 1) {
        const id = `w${writer}-${count}`
        await store.transact((tx) => tx.incidents.save(incident(id))).then(
          () => acknowledged.push(id),
          (fault: Error) => faults.push(fault.message),
        )
      }
    }
    const writers = [0, 1, 2, 3].map(write)
    const enough = async (count: number): Promise<void> => {
      while (acknowledged.length < count) await store.ready().then(() => new Promise((resolve) => setImmediate(resolve)))
    }
    await enough(20)
    await postgres.crashAndRestart()
    await enough(acknowledged.length + 20)
    stopped = true
    await Promise.all(writers)
    expect(faults.length).toBeGreaterThan(0)
    const kept = await Promise.all(acknowledged.map((id) => store.incidents.get(asId<IncidentId>(id))))
    expect(kept.filter((found) => found === null)).toEqual([])
    await store.close()
  }, 60_000)

  test('two transactions that wait for each other are untangled: one runs again and both are kept', async () => {
    const store = await open(await postgres.fresh())
    await settle(store)
    const runs = { a: 0, b: 0 }
    const met: Record<'a' | 'b', () => void> = { a: () => undefined, b: () => undefined }
    const arrived = { a: new Promise<void>((resolve) => (met.a = resolve)), b: new Promise<void>((resolve) => (met.b = resolve)) }
    const cross = (mine: 'a' | 'b', other: 'a' | 'b') =>
      store.transact(async (tx) => {
        runs[mine] += 1
        await tx.notes.set(mine, `by ${mine}`)
        met[mine]()
        await arrived[other]
        await tx.notes.set(other, `by ${mine}`)
      })
    await store.notes.set('a', '')
    await store.notes.set('b', '')
    await Promise.all([cross('a', 'b'), cross('b', 'a')])
    expect(runs.a + runs.b).toBe(3)
    expect(await store.notes.get('a')).toBe(await store.notes.get('b'))
    await store.close()
  })

  test('a database of a newer version, and another program’s, are refused', async () => {
    const url = await postgres.fresh()
    const store = await open(url)
    expect(await store.cameras.get(JUNCTION)).toBeNull()
    expect(await store.areas.get(WARD)).toBeNull()
    await store.close()
    await postgres.tell(url, "insert into kysely_migration values ('0099-from-the-future', '2030')")
    await expect(open(url)).rejects.toThrow(/written by a newer version of Vọng Lâu \(it knows 0099-from-the-future\)/)
    const other = await postgres.fresh()
    await postgres.tell(other, 'create table recipes (name text)')
    await expect(open(other)).rejects.toThrow(/belongs to another program \(it holds recipes\)/)
  })

  test.each([['synchronous_commit', 'off'], ['fsync', 'off']])('a server that acknowledges before it syncs (%s = %s) is refused', async (name, value) => {
    const url = await postgres.fresh()
    if (name === 'fsync') {
      await postgres.tell(url, `alter system set ${name} = ${value}`)
      await postgres.tell(url, 'select pg_reload_conf()')
      await postgres.crashAndRestart()
    } else await postgres.tell(url, `alter role vonglau set ${name} = ${value}`)
    await expect(open(url)).rejects.toThrow(new RegExp(`${name} is off .* set ${name} = on`))
    await postgres.tell(url, name === 'fsync' ? 'alter system reset fsync' : 'alter role vonglau reset synchronous_commit')
  })
})
