import { asId, type CameraId, type PersonId, type WallId } from '../../server/domain/ids.js'
import type { Wall } from '../../server/domain/wall.js'
import type { Store } from '../../server/storage/store.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { refusal } from '../support/refusal.js'
import { JUNCTION, LAN, T0, WARD } from '../support/small-city.js'

const AN = asId<PersonId>('an')
const wall = (id: string, part: Partial<Wall> = {}): Wall => ({ id: asId<WallId>(id), ownerId: LAN, name: `Tường ${id}`, pages: [{ layout: '2x2', cameraIds: [JUNCTION, null] }], dwellS: 20, shared: false, ...part })

let store: Store
const take = async (opened: Store): Promise<void> => {
  store = opened
  await store.people.add({ id: AN, name: 'an', displayName: 'Trần An', role: 'police', areas: [WARD], language: 'vi', passwordHash: 'x', createdAtMs: T0 })
}

onEachDatabase('walls and screens', take, () => {
  test('a wall comes back as it was saved, changes whole, and goes', async () => {
    const saved = wall('w1', { pages: [{ layout: '1+12', cameraIds: [JUNCTION] }, { layout: '1', cameraIds: [null] }], shared: true, dwellS: 5 })
    await store.walls.add(saved, T0)
    expect(await store.walls.get(saved.id)).toEqual(saved)
    expect(await store.walls.change(saved.id, { ...saved, name: 'Trục Hùng Vương', shared: false })).toEqual({ ...saved, name: 'Trục Hùng Vương', shared: false })
    expect(await store.walls.change(asId<WallId>('none'), saved)).toBeNull()
    expect([await store.walls.remove(saved.id), await store.walls.remove(saved.id), await store.walls.get(saved.id)]).toEqual([true, false, null])
  })

  test('own walls stand in their owner’s order, then what others share; what they do not share stays theirs', async () => {
    for (const one of [wall('a'), wall('b'), wall('c'), wall('x', { ownerId: AN, shared: true }), wall('y', { ownerId: AN })]) await store.walls.add(one, T0)
    const ids = async (person: PersonId) => (await store.walls.seenBy(person)).map(({ id }) => id)
    expect([await ids(LAN), await ids(AN)]).toEqual([['a', 'b', 'c', 'x'], ['x', 'y']])
    await store.walls.order(LAN, ['c', 'x', 'c', 'nowhere', 'a'].map((id) => asId<WallId>(id)))
    expect(await ids(LAN)).toEqual(['c', 'a', 'b', 'x'])
    expect(await ids(AN)).toEqual(['x', 'y'])
    await store.walls.add(wall('d'), T0)
    expect(await ids(LAN)).toEqual(['c', 'a', 'b', 'd', 'x'])
  })

  test.each<[sentence: string, part: Partial<Wall>]>([
    ['no name', { name: '' }],
    ['a dwell below five seconds', { dwellS: 4 }],
    ['nobody who owns it', { ownerId: asId<PersonId>('nobody') }],
  ])('the database refuses a wall with %s', async (_sentence, part) => {
    expect(await refusal(store.walls.add(wall('bad', part), T0))).toMatch(/check|foreign key/i)
  })

  test('a screen keeps its name while what it shows changes, and tells who sent it and when', async () => {
    expect(await store.screens.get(2)).toBeNull()
    await store.screens.put({ number: 2, name: 'Phòng họp', showing: { kind: 'camera', cameraId: JUNCTION }, by: LAN, atMs: T0 })
    expect(await store.screens.put({ number: 2, showing: { kind: 'wall', wallId: asId<WallId>('w') }, by: AN, atMs: T0 + 1 })).toEqual({ number: 2, name: 'Phòng họp', showing: { kind: 'wall', wallId: 'w' }, by: AN, sinceMs: T0 + 1 })
    await store.screens.put({ number: 1, showing: null, by: LAN, atMs: T0 })
    expect(await store.screens.list()).toEqual([{ number: 1, name: null, showing: null, by: LAN, sinceMs: T0 }, await store.screens.get(2)])
    expect(await refusal(store.screens.put({ number: 100, showing: { kind: 'camera', cameraId: asId<CameraId>('c') }, by: LAN, atMs: T0 }))).toMatch(/check/i)
  })
})
