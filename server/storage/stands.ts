import type { Store } from './store.js'
import type { Connection } from './tables.js'

/** Where cameras that turn were known to stand still. */
export function makeStands({ db }: Connection): Store['stands'] {
  return {
    async keep(cameraId, { fromMs, toMs, at, preset }) {
      const grown = { toMs, preset }
      await db().insertInto('cameraStands').values({ cameraId, fromMs, ...at, ...grown }).onConflict((c) => c.columns(['cameraId', 'fromMs']).doUpdateSet(grown)).execute()
    },
    async between(cameraId, fromMs, toMs) {
      const rows = await db().selectFrom('cameraStands').selectAll().where('cameraId', '=', cameraId).where('fromMs', '<', toMs).where('toMs', '>', fromMs).orderBy('fromMs').execute()
      return rows.map((row) => ({ fromMs: row.fromMs, toMs: row.toMs, at: { pan: row.pan, tilt: row.tilt, zoom: row.zoom }, preset: row.preset }))
    },
    async forgetBefore(atMs) {
      return Number((await db().deleteFrom('cameraStands').where('toMs', '<', atMs).executeTakeFirst()).numDeletedRows)
    },
  }
}
