import { openStore } from '../../server/storage/open.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { settle } from './small-city.js'
import { makeStillClock } from './still-clock.js'
import { listDatabases } from './store-databases.js'

/** The same tests on SQLite and on PostgreSQL: `take` is given the store before each test, with the small city settled in it and nothing else. */
export function onEachDatabase(title: string, take: (store: Store) => void | Promise<void>, tell: () => void): void {
  for (const databases of listDatabases()) {
    const describeHere = databases.missing ? describe.skip : describe
    describeHere(`${title} on ${databases.name}${databases.missing ? `: ${databases.missing}` : ''}`, () => {
      let store: Store
      beforeAll(() => databases.start(), 90_000)
      afterAll(() => databases.stop(), 30_000)
      beforeEach(async () => {
        store = await openStore({ url: await databases.empty(), log: silentLog, clock: makeStillClock() })
        await settle(store)
        await take(store)
      })
      afterEach(() => store.close())
      tell()
    })
  }
}
