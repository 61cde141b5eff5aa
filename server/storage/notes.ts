import type { Store } from './store.js'
import type { Connection } from './tables.js'

/** Small named values that outlive a restart. */
export function makeNotes({ db }: Connection): Store['notes'] {
  return {
    async get(name) {
      return (await db().selectFrom('notes').select('value').where('name', '=', name).executeTakeFirst())?.value ?? null
    },
    async set(name, value) {
      await db().insertInto('notes').values({ name, value }).onConflict((c) => c.column('name').doUpdateSet({ value })).execute()
    },
  }
}
