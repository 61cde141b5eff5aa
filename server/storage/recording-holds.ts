import type { Selectable } from 'kysely'
import type { Hold } from '../domain/recording.js'
import { asId, type CameraId, type HoldId, type PersonId } from '../domain/ids.js'
import type { HoldStore } from './recording-store.js'
import type { Connection, Tables } from './tables.js'

/** Spans that people want kept, with the reason and the end. */
export function makeHolds({ db }: Connection): HoldStore {
  const inForce = (nowMs: number) => db().selectFrom('recordingHolds').selectAll().where('endedAtMs', 'is', null).where('untilMs', '>', nowMs)
  return {
    async get(id) {
      const row = await db().selectFrom('recordingHolds').selectAll().where('id', '=', id).where('endedAtMs', 'is', null).executeTakeFirst()
      return row ? holdOf(row) : null
    },
    async add({ id, cameraId, fromMs, toMs, untilMs, reason, by, createdAtMs }) {
      await db().insertInto('recordingHolds').values({ id, cameraId, fromMs, toMs, untilMs, reason, by, createdAtMs, endedAtMs: null, endedBy: null }).execute()
    },
    async end(id, by, atMs) {
      const done = await db().updateTable('recordingHolds').set({ endedAtMs: atMs, endedBy: by }).where('id', '=', id).where('endedAtMs', 'is', null).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
    async extend(id, untilMs, nowMs) {
      const done = await db().updateTable('recordingHolds').set({ untilMs }).where('id', '=', id).where('endedAtMs', 'is', null).where('untilMs', '>', nowMs).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
    async of(cameraId, { fromMs, toMs }, nowMs) {
      return (await inForce(nowMs).where('cameraId', '=', cameraId).where('fromMs', '<', toMs).where('toMs', '>', fromMs).orderBy('fromMs').orderBy('id').execute()).map(holdOf)
    },
    async endingBefore(untilMs, nowMs) {
      return (await inForce(nowMs).where('untilMs', '<', untilMs).orderBy('untilMs').orderBy('id').execute()).map(holdOf)
    },
  }
}

function holdOf({ id, cameraId, fromMs, toMs, untilMs, reason, by, createdAtMs }: Selectable<Tables['recordingHolds']>): Hold {
  return { id: asId<HoldId>(id), cameraId: asId<CameraId>(cameraId), fromMs, toMs, untilMs, reason, by: asId<PersonId>(by), createdAtMs }
}
