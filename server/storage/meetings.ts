import type { Selectable } from 'kysely'
import { asId, type MeetingId, type PersonId } from '../domain/ids.js'
import type { Meeting } from '../domain/meeting.js'
import type { MeetingStore } from './meeting-store.js'
import type { Connection, Tables } from './tables.js'

/** Links that people gave to meeting rooms. */
export function makeMeetings({ db }: Connection): MeetingStore {
  const one = async (column: 'id' | 'tokenHash' | 'guestHash', value: string): Promise<Meeting | null> => {
    const row = await db().selectFrom('meetings').selectAll().where(column, '=', value).executeTakeFirst()
    return row ? meetingOf(row) : null
  }
  return {
    async add({ id, by, name, pages, showing, turn, createdAtMs, endsAtMs, guestHash, openedAtMs, revokedAtMs }, tokenHash) {
      await db().insertInto('meetings').values({ id, tokenHash, byId: by, name, pages: JSON.stringify(pages), showing: JSON.stringify(showing), turn, createdAtMs, endsAtMs, guestHash, openedAtMs, revokedAtMs, revokedById: null }).execute()
    },
    get: (id) => one('id', id),
    byToken: (tokenHash) => one('tokenHash', tokenHash),
    byGuest: (guestHash) => one('guestHash', guestHash),
    async running(atMs) {
      return (await db().selectFrom('meetings').selectAll().where('endsAtMs', '>', atMs).where('revokedAtMs', 'is', null).orderBy('createdAtMs', 'desc').orderBy('id').execute()).map(meetingOf)
    },
    async take(id, guestHash, atMs) {
      const done = await db().updateTable('meetings').set({ guestHash, openedAtMs: atMs }).where('id', '=', id).where('guestHash', 'is', null).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
    async show(id, showing) {
      const row = await db().updateTable('meetings').set((e) => ({ showing: JSON.stringify(showing), turn: e('turn', '+', 1) })).where('id', '=', id).returningAll().executeTakeFirst()
      return row ? meetingOf(row) : null
    },
    async revoke(id, by, atMs) {
      const done = await db().updateTable('meetings').set({ revokedAtMs: atMs, revokedById: by }).where('id', '=', id).where('revokedAtMs', 'is', null).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
    async sweep(endedBeforeMs) {
      return Number((await db().deleteFrom('meetings').where('endsAtMs', '<', endedBeforeMs).executeTakeFirst()).numDeletedRows)
    },
  }
}

function meetingOf(row: Selectable<Tables['meetings']>): Meeting {
  const { name, turn, createdAtMs, endsAtMs, guestHash, openedAtMs, revokedAtMs } = row
  return { id: asId<MeetingId>(row.id), by: asId<PersonId>(row.byId), name, pages: JSON.parse(row.pages) as Meeting['pages'], showing: JSON.parse(row.showing) as Meeting['showing'], turn, createdAtMs, endsAtMs, guestHash, openedAtMs, revokedAtMs }
}
