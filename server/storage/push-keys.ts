import type { Store } from './store.js'
import type { Connection } from './tables.js'

/** What a camera that pushes must show to be let in; the key itself is nowhere. */
export function makePushKeys({ db }: Connection): Store['pushKeys'] {
  return {
    async of(cameraId) {
      const row = await db().selectFrom('pushKeys').selectAll().where('cameraId', '=', cameraId).executeTakeFirst()
      return row ? { keyHash: row.keyHash, networks: JSON.parse(row.networks) as string[], madeAtMs: row.madeAtMs } : null
    },
    async set(cameraId, { keyHash, networks, madeAtMs }) {
      const row = { keyHash, networks: JSON.stringify(networks), madeAtMs }
      await db().insertInto('pushKeys').values({ cameraId, ...row }).onConflict((c) => c.column('cameraId').doUpdateSet(row)).execute()
    },
  }
}
