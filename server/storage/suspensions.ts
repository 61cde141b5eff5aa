import type { Selectable } from 'kysely'
import type { Suspension, SuspensionWhy } from '../domain/held.js'
import { asId, type CameraId, type PersonId, type RuleId, type SuspensionId } from '../domain/ids.js'
import type { SuspensionStore } from './signal-store.js'
import type { Connection, Tables } from './tables.js'

/** People's words that something lawful explains what a rule sees. */
export function makeSuspensions({ db }: Connection): SuspensionStore {
  return {
    async get(id) {
      const row = await db().selectFrom('suspensions').selectAll().where('id', '=', id).executeTakeFirst()
      return row ? suspensionOf(row) : null
    },
    async of(cameraId, limit) {
      return (await db().selectFrom('suspensions').selectAll().where('cameraId', '=', cameraId).orderBy('fromMs', 'desc').orderBy('id').limit(limit).execute()).map(suspensionOf)
    },
    async list({ areas, standing, nowMs, limit }) {
      if (areas.length === 0) return []
      const rows = await db()
        .selectFrom('suspensions')
        .innerJoin('cameras', 'cameras.id', 'suspensions.cameraId')
        .selectAll('suspensions')
        .where('cameras.areaId', 'in', areas)
        .where((on) => (standing ? on.and([on('endedAtMs', 'is', null), on('untilMs', '>', nowMs)]) : on.or([on('endedAtMs', 'is not', null), on('untilMs', '<=', nowMs)])))
        .orderBy('fromMs', 'desc')
        .orderBy('suspensions.id')
        .limit(limit)
        .execute()
      return rows.map(suspensionOf)
    },
    async within(cameraId, fromMs, toMs) {
      return (await db().selectFrom('suspensions').selectAll().where('cameraId', '=', cameraId).where('untilMs', '>', fromMs).where('fromMs', '<=', toMs).orderBy('fromMs').orderBy('id').execute()).map(suspensionOf)
    },
    async over(nowMs) {
      return (await db().selectFrom('suspensions').selectAll().where('endedAtMs', 'is', null).where('untilMs', '<=', nowMs).orderBy('untilMs').orderBy('id').execute()).map(suspensionOf)
    },
    async add({ ended, ...rest }) {
      await db().insertInto('suspensions').values({ ...rest, endedAtMs: ended?.atMs ?? null, endedBy: ended?.by ?? null }).execute()
    },
    async end(id, endedBy, endedAtMs) {
      const done = await db().updateTable('suspensions').set({ endedBy, endedAtMs }).where('id', '=', id).where('endedAtMs', 'is', null).executeTakeFirst()
      return done.numUpdatedRows === 1n
    },
  }
}

function suspensionOf({ id, cameraId, ruleId, why, by, endedAtMs, endedBy, ...rest }: Selectable<Tables['suspensions']>): Suspension {
  const ended = endedAtMs === null ? null : { by: endedBy === null ? null : asId<PersonId>(endedBy), atMs: endedAtMs }
  return { ...rest, id: asId<SuspensionId>(id), cameraId: asId<CameraId>(cameraId), ruleId: ruleId === null ? null : asId<RuleId>(ruleId), why: why as SuspensionWhy, by: asId<PersonId>(by), ended }
}
