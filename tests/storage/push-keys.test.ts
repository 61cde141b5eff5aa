import { asId, type CameraId, type StreamId } from '../../server/domain/ids.js'
import type { Store } from '../../server/storage/store.js'
import { hashOfPushKey, makePushKey } from '../../server/system/push-key.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { cameraDraft, JUNCTION, T0 } from '../support/small-city.js'
import { refusal } from '../support/refusal.js'

const PUSHING = asId<CameraId>('pushing')

let store: Store
const take = async (opened: Store): Promise<void> => {
  store = opened
  await store.cameras.add(cameraDraft({ id: PUSHING, origin: { kind: 'push' }, streams: [{ id: asId<StreamId>('pushing-main'), role: 'main', url: 'push:', codec: null, width: null, height: null, fps: null }] }), T0)
}

onEachDatabase('cameras that push', take, () => {
  test('a camera with a key is one that pushes, in the list and alone; the others are what they were', async () => {
    const key = { keyHash: hashOfPushKey(makePushKey()), networks: ['10.20.0.0/16'], madeAtMs: T0 }
    await store.pushKeys.set(PUSHING, key)
    expect(await store.pushKeys.of(PUSHING)).toEqual(key)
    expect((await store.cameras.get(PUSHING))?.origin).toEqual({ kind: 'push' })
    expect(Object.fromEntries((await store.cameras.list()).map(({ id, origin }) => [id, origin.kind]))).toEqual({ [PUSHING]: 'push', [JUNCTION]: 'onvif' })
    expect(await store.pushKeys.of(JUNCTION)).toBeNull()
  })

  test('a new key takes the place of the old; two cameras cannot share one; what is no hash is refused', async () => {
    const [one, two] = [hashOfPushKey(makePushKey()), hashOfPushKey(makePushKey())]
    await store.pushKeys.set(PUSHING, { keyHash: one, networks: [], madeAtMs: T0 })
    await store.pushKeys.set(PUSHING, { keyHash: two, networks: [], madeAtMs: T0 + 1 })
    expect(await store.pushKeys.of(PUSHING)).toEqual({ keyHash: two, networks: [], madeAtMs: T0 + 1 })
    expect(await refusal(store.pushKeys.set(JUNCTION, { keyHash: two, networks: [], madeAtMs: T0 }))).toMatch(/unique/i)
    expect(await refusal(store.pushKeys.set(JUNCTION, { keyHash: makePushKey(), networks: [], madeAtMs: T0 }))).toMatch(/check/i)
  })

  test('a camera that is removed takes its key with it', async () => {
    await store.pushKeys.set(PUSHING, { keyHash: hashOfPushKey(makePushKey()), networks: [], madeAtMs: T0 })
    await store.cameras.remove(PUSHING)
    expect(await store.pushKeys.of(PUSHING)).toBeNull()
  })
})
