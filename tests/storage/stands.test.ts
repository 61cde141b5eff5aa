import type { Store } from '../../server/storage/store.js'
import type { Stand } from '../../server/domain/stand.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { refusal } from '../support/refusal.js'
import { JUNCTION, T0 } from '../support/small-city.js'

const stand = (fromMs: number, toMs: number, preset: string | null = 'Home'): Stand => ({ fromMs: T0 + fromMs, toMs: T0 + toMs, at: { pan: -0.25, tilt: 0.125, zoom: 0 }, preset })

let store: Store
onEachDatabase('where cameras stood', (opened) => void (store = opened), () => {
  test('a stand is written anew as it grows, and those that reach into a span come back in order', async () => {
    await store.stands.keep(JUNCTION, stand(500, 900, null))
    await store.stands.keep(JUNCTION, stand(0, 100))
    await store.stands.keep(JUNCTION, stand(0, 300, 'Cầu'))
    const between = async (fromMs: number, toMs: number): Promise<readonly Stand[]> => store.stands.between(JUNCTION, T0 + fromMs, T0 + toMs)
    expect(await between(-10, 2_000)).toEqual([stand(0, 300, 'Cầu'), stand(500, 900, null)])
    expect([(await between(300, 500)).length, (await between(299, 301)).length, (await between(899, 5_000)).length]).toEqual([0, 1, 1])
  })

  test('old ones are forgotten, a camera takes its own along, and one without a length is refused', async () => {
    await store.stands.keep(JUNCTION, stand(0, 100))
    await store.stands.keep(JUNCTION, stand(200, 300))
    expect([await store.stands.forgetBefore(T0 + 200), (await store.stands.between(JUNCTION, T0, T0 + 900)).length]).toEqual([1, 1])
    expect(await refusal(store.stands.keep(JUNCTION, stand(400, 400)))).toMatch(/camera_stands_order/)
    await store.cameras.remove(JUNCTION)
    expect(await store.stands.between(JUNCTION, T0, T0 + 900)).toEqual([])
  })
})
