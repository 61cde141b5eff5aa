import type { Selectable } from 'kysely'
import type { Camera, Place, Stream, StreamRole } from '../domain/camera.js'
import { asId, type AreaId, type CameraId, type StreamId } from '../domain/ids.js'
import type { Clock } from '../system/clock.js'
import { redactUrls } from '../system/log.js'
import type { Store } from './store.js'
import type { Connection, Db, Tables } from './tables.js'

/** Cameras with their streams; credentials apart and sealed. */
export function makeCameras({ db, together }: Connection, clock: Clock): Store['cameras'] {
  return {
    async list() {
      const rows = await db().selectFrom('cameras').selectAll().where('removedAtMs', 'is', null).execute()
      const streams = await db().selectFrom('streams').selectAll().orderBy('role').execute()
      const pushing = new Set((await db().selectFrom('pushKeys').select('cameraId').execute()).map(({ cameraId }) => cameraId))
      return rows.map((row) => cameraOf(row, streams.filter((stream) => stream.cameraId === row.id), pushing.has(row.id))).toSorted((a, b) => a.name.localeCompare(b.name, 'vi') || a.id.localeCompare(b.id))
    },
    get: (id) => readCamera(db(), id),
    add: (draft, createdAtMs) =>
      together(async (tx) => {
        for (const stream of draft.streams) refuseCredentials(stream.url)
        await tx.insertInto('cameras').values({ id: draft.id, name: draft.name, areaId: draft.areaId, enabled: draft.enabled ? 1 : 0, ...placeColumns(draft.place), originKind: draft.origin.kind === 'onvif' ? 'onvif' : 'rtsp', originAddress: draft.origin.kind === 'onvif' ? draft.origin.address : null, createdAtMs, removedAtMs: null, sound: 0, masks: '[]' }).execute()
        if (draft.streams.length > 0) await tx.insertInto('streams').values(draft.streams.map(({ id, role, url, codec, width, height, fps }) => ({ id, cameraId: draft.id, role, url, codec, width, height, fps }))).execute()
        const added = await readCamera(tx, draft.id)
        if (!added) throw new Error(`camera ${draft.id} vanished while it was added`)
        return added
      }),
    change: (id, { place, enabled, name, areaId, sound, masks }) =>
      together(async (tx) => {
        const part = { ...(name === undefined ? {} : { name }), ...(areaId === undefined ? {} : { areaId }), ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }), ...(sound === undefined ? {} : { sound: sound ? 1 : 0 }), ...(masks === undefined ? {} : { masks: JSON.stringify(masks) }), ...(place ? placeColumns(place) : {}) }
        if (Object.keys(part).length > 0) await tx.updateTable('cameras').set(part).where('id', '=', id).where('removedAtMs', 'is', null).execute()
        return readCamera(tx, id)
      }),
    async noteStream(id, { codec, width, height, fps }) {
      await db().updateTable('streams').set({ codec, width, height, fps }).where('id', '=', id).execute()
    },
    remove: (id) =>
      together(async (tx) => {
        const gone = await tx.updateTable('cameras').set({ removedAtMs: clock.wallMs(), enabled: 0 }).where('id', '=', id).where('removedAtMs', 'is', null).executeTakeFirst()
        if (gone.numUpdatedRows === 0n) return false
        for (const table of ['streams', 'rules', 'backtests', 'cameraCredentials', 'pushKeys', 'cameraStands'] as const) await tx.deleteFrom(table).where('cameraId', '=', id).execute()
        return true
      }),
    async credentials(id) {
      const row = await db().selectFrom('cameraCredentials').selectAll().where('cameraId', '=', id).executeTakeFirst()
      return row ? { keyVersion: row.keyVersion, nonce: new Uint8Array(row.nonce), bytes: new Uint8Array(row.bytes) } : null
    },
    async setCredentials(id, sealed) {
      if (!sealed) {
        await db().deleteFrom('cameraCredentials').where('cameraId', '=', id).execute()
        return
      }
      const row = { keyVersion: sealed.keyVersion, nonce: Buffer.from(sealed.nonce), bytes: Buffer.from(sealed.bytes) }
      await db().insertInto('cameraCredentials').values({ cameraId: id, ...row }).onConflict((c) => c.column('cameraId').doUpdateSet(row)).execute()
    },
  }
}

/** The last guard of "credentials only sealed": a stream's address with a user or password in it is never written. */
function refuseCredentials(url: string): void {
  if (redactUrls(url) !== url) throw new Error(`streams.url must not hold a user name or password (${redactUrls(url)}): seal them with setCredentials`)
}

async function readCamera(db: Db, id: CameraId): Promise<Camera | null> {
  const row = await db.selectFrom('cameras').selectAll().where('id', '=', id).where('removedAtMs', 'is', null).executeTakeFirst()
  if (!row) return null
  const key = await db.selectFrom('pushKeys').select('cameraId').where('cameraId', '=', id).executeTakeFirst()
  return cameraOf(row, await db.selectFrom('streams').selectAll().where('cameraId', '=', id).orderBy('role').execute(), key !== undefined)
}

function placeColumns(place: Place): Pick<Tables['cameras'], 'latitude' | 'longitude' | 'street' | 'streetOrder' | 'heading' | 'reachM'> {
  return { latitude: place.latitude, longitude: place.longitude, street: place.street, streetOrder: place.order, heading: place.heading, reachM: place.reachM }
}

function cameraOf(row: Selectable<Tables['cameras']>, streams: readonly Selectable<Tables['streams']>[], pushes: boolean): Camera {
  return {
    id: asId<CameraId>(row.id),
    name: row.name,
    areaId: asId<AreaId>(row.areaId),
    enabled: row.enabled === 1,
    place: { latitude: row.latitude, longitude: row.longitude, street: row.street, order: row.streetOrder, heading: row.heading, reachM: row.reachM },
    origin: pushes ? { kind: 'push' } : row.originKind === 'onvif' ? { kind: 'onvif', address: row.originAddress ?? '' } : { kind: 'rtsp' },
    streams: streams.map(streamOf),
    sound: row.sound === 1,
    masks: JSON.parse(row.masks) as Camera['masks'],
  }
}

function streamOf(row: Selectable<Tables['streams']>): Stream {
  return { id: asId<StreamId>(row.id), cameraId: asId<CameraId>(row.cameraId), role: row.role as StreamRole, url: row.url, codec: row.codec, width: row.width, height: row.height, fps: row.fps }
}
