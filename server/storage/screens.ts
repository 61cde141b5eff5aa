import type { Selectable } from 'kysely'
import { asId, type PersonId } from '../domain/ids.js'
import type { WallScreen, WallShowing } from '../domain/wall.js'
import type { Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** What the big screens show. A row appears when a screen is first sent something, or named. */
export function makeScreens({ db }: Connection): Store['screens'] {
  return {
    async list() {
      return (await db().selectFrom('screens').selectAll().orderBy('number').execute()).map(screenOf)
    },
    async get(number) {
      const row = await db().selectFrom('screens').selectAll().where('number', '=', number).executeTakeFirst()
      return row ? screenOf(row) : null
    },
    async put({ number, name, showing, by, atMs }) {
      const part = { showing: showing && JSON.stringify(showing), byId: by, sinceMs: atMs, ...(name === undefined ? {} : { name }) }
      const row = await db().insertInto('screens').values({ number, name: null, ...part }).onConflict((c) => c.column('number').doUpdateSet(part)).returningAll().executeTakeFirstOrThrow()
      return screenOf(row)
    },
  }
}

function screenOf(row: Selectable<Tables['screens']>): WallScreen {
  return { number: row.number, name: row.name, showing: row.showing === null ? null : (JSON.parse(row.showing) as WallShowing), by: asId<PersonId>(row.byId), sinceMs: row.sinceMs }
}
