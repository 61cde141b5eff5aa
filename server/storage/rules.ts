import type { Rule } from '../domain/seen.js'
import { asId, type CameraId } from '../domain/ids.js'
import type { Store } from './store.js'
import type { Connection } from './tables.js'

/** What each camera watches for, oldest first. */
export function makeRules({ db }: Connection): Store['rules'] {
  return {
    async list(cameraId) {
      const all = db().selectFrom('rules').selectAll().orderBy('createdAtMs').orderBy('id')
      const rows = await (cameraId === undefined ? all : all.where('cameraId', '=', cameraId)).execute()
      return rows.map((row) => ({ cameraId: asId<CameraId>(row.cameraId), rule: JSON.parse(row.body) as Rule, enabled: row.enabled === 1, createdAtMs: row.createdAtMs }))
    },
    async put(cameraId, rule, enabled, atMs) {
      const part = { kind: rule.kind, body: JSON.stringify(rule), enabled: enabled ? 1 : 0 }
      const done = await db()
        .insertInto('rules')
        .values({ id: rule.id, cameraId, createdAtMs: atMs, ...part })
        .onConflict((c) => c.column('id').doUpdateSet(part).where('rules.cameraId', '=', cameraId))
        .executeTakeFirst()
      if (done.numInsertedOrUpdatedRows === 0n) throw new Error(`rule ${rule.id} belongs to another camera: give the new rule an id of its own`)
    },
    async remove(id) {
      return (await db().deleteFrom('rules').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n
    },
  }
}
