import type { Selectable } from 'kysely'
import { asId, type PersonId, type SignInId } from '../domain/ids.js'
import { readPerson } from './people.js'
import type { SignIn, Store } from './store.js'
import type { Connection, Tables } from './tables.js'

/** Signed-in browsers. Whether one has expired or its person is disabled is judged by the caller, who has the clock. */
export function makeSignIns({ db }: Connection): Store['signIns'] {
  return {
    async add({ id, tokenHash, personId, createdAtMs, lastSeenAtMs, expiresAtMs }) {
      await db().insertInto('signIns').values({ id, tokenHash, personId, createdAtMs, lastSeenAtMs, expiresAtMs }).execute()
    },
    async find(tokenHash) {
      const row = await db().selectFrom('signIns').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst()
      if (!row) return null
      const person = await readPerson(db(), row.personId)
      return person ? { ...signInOf(row), person } : null
    },
    async touch(id, lastSeenAtMs) {
      await db().updateTable('signIns').set({ lastSeenAtMs }).where('id', '=', id).execute()
    },
    async listOf(personId) {
      return (await db().selectFrom('signIns').selectAll().where('personId', '=', personId).orderBy('createdAtMs').orderBy('id').execute()).map(signInOf)
    },
    async end(id) {
      await db().deleteFrom('signIns').where('id', '=', id).execute()
    },
    async endAllOf(personId) {
      await db().deleteFrom('signIns').where('personId', '=', personId).execute()
    },
    async sweep(nowMs) {
      return Number((await db().deleteFrom('signIns').where('expiresAtMs', '<=', nowMs).executeTakeFirst()).numDeletedRows)
    },
  }
}

function signInOf(row: Selectable<Tables['signIns']>): SignIn {
  return { id: asId<SignInId>(row.id), personId: asId<PersonId>(row.personId), createdAtMs: row.createdAtMs, lastSeenAtMs: row.lastSeenAtMs, expiresAtMs: row.expiresAtMs }
}
