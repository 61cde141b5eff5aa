import type { Camera, Place } from '../domain/camera.js'
import type { AreaId, CameraId, PersonId, StreamId } from '../domain/ids.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import { hashOfPushKey, makePushKey } from '../system/push-key.js'

export interface NewPushCamera {
  readonly name: string
  readonly areaId: AreaId
  readonly place: Place
  /** Where its encoder may come from; empty: anywhere. */
  readonly networks: readonly string[]
}

/** Cameras behind encoders and recorders that can only push. The key is given out once and kept nowhere: a lost one is replaced. */
export interface PushCameras {
  add(form: NewPushCamera, by: PersonId | null): Promise<{ readonly camera: Camera; readonly key: string }>
  /** The old key opens nothing any more, and whoever pushes with it is let go. Null for a camera that does not push. */
  newKey(id: CameraId, by: PersonId): Promise<string | null>
}

export function makePushCameras({ store, bus, clock }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock }): PushCameras {
  const tell = (cameraId: CameraId, seq: number): void => {
    bus.publish('camera.changed', { cameraId })
    bus.publish('changes.appended', { seq })
  }
  return {
    async add(form, by) {
      const id = newId<CameraId>()
      const key = makePushKey()
      const atMs = clock.wallMs()
      const { camera, seq } = await store.transact(async (tx) => {
        await tx.cameras.add({ id, name: form.name, areaId: form.areaId, enabled: true, place: form.place, origin: { kind: 'push' }, streams: [{ id: newId<StreamId>(), role: 'main', url: PUSHED_URL, codec: null, width: null, height: null, fps: null }] }, atMs)
        await tx.pushKeys.set(id, { keyHash: hashOfPushKey(key), networks: form.networks, madeAtMs: atMs })
        const added = await tx.cameras.get(id)
        if (!added) throw new Error(`camera ${id} vanished while it was added`)
        return { camera: added, seq: await tx.changes.append({ topic: 'camera', entityId: id, areaId: added.areaId, what: 'added', by, atMs, facts: { name: form.name } }) }
      })
      tell(id, seq)
      return { camera, key }
    },
    async newKey(id, by) {
      const key = makePushKey()
      const atMs = clock.wallMs()
      const seq = await store.transact(async (tx) => {
        const before = await tx.pushKeys.of(id)
        const camera = await tx.cameras.get(id)
        if (!before || !camera) return null
        await tx.pushKeys.set(id, { keyHash: hashOfPushKey(key), networks: before.networks, madeAtMs: atMs })
        return tx.changes.append({ topic: 'camera', entityId: id, areaId: camera.areaId, what: 'push_key_made', by, atMs, facts: {} })
      })
      if (seq === null) return null
      tell(id, seq)
      return key
    },
  }
}

/** A stream that is pushed has no address of its own; the row wants one, and this is never dialled. */
const PUSHED_URL = 'push:'
