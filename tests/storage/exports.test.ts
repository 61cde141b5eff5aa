import type { Bookmark, Export } from '../../server/domain/export.js'
import { asId, type BookmarkId, type ExportId } from '../../server/domain/ids.js'
import type { Store } from '../../server/storage/store.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { refusal } from '../support/refusal.js'
import { JUNCTION, LAN, T0 } from '../support/small-city.js'

const bookmark = (id: string, part: Partial<Bookmark> = {}): Bookmark => ({ id: asId<BookmarkId>(id), cameraId: JUNCTION, atMs: T0, note: 'xe bỏ chạy', tags: ['va chạm'], by: LAN, createdAtMs: T0, ...part })
const copy = (id: string, part: Partial<Export> = {}): Export => ({ id: asId<ExportId>(id), cameraId: JUNCTION, fromMs: T0, toMs: T0 + 1_000, reason: 'hồ sơ', watermark: true, redact: false, covered: null, by: LAN, createdAtMs: T0, state: 'queued', gaps: [{ fromMs: T0, toMs: T0 + 500, cause: 'camera_lost', said: { vi: 'mất', en: 'lost' } }], bytes: null, sha256: null, trouble: null, settledAtMs: null, removedAtMs: null, ...part })

let store: Store
onEachDatabase('bookmarks and exports', (opened) => void (store = opened), () => {
  test('bookmarks of a span come in order of time, as they were given, and a removed one no more', async () => {
    for (const one of [bookmark('b', { atMs: T0 + 5 }), bookmark('a'), bookmark('c', { atMs: T0 + 10 })]) await store.bookmarks.add(one)
    expect(await store.bookmarks.of(JUNCTION, { fromMs: T0, toMs: T0 + 10 }, 9)).toEqual([bookmark('a'), bookmark('b', { atMs: T0 + 5 })])
    expect([await store.bookmarks.remove(asId('a'), T0), await store.bookmarks.remove(asId('a'), T0), await store.bookmarks.get(asId('a'))]).toEqual([true, false, null])
    expect((await store.bookmarks.of(JUNCTION, { fromMs: 0, toMs: T0 * 2 }, 1)).map(({ id }) => id)).toEqual(['b'])
  })

  test('an export begins once and ends once', async () => {
    await store.exports.add(copy('e1'))
    expect([await store.exports.begin(asId('e1')), await store.exports.begin(asId('e1'))]).toEqual([true, false])
    expect((await store.exports.unsettled()).map(({ id }) => id)).toEqual(['e1'])
    expect(await store.exports.settle(asId('e1'), { state: 'ready', bytes: 7, sha256: 'b'.repeat(64), covered: null }, T0 + 9)).toBe(true)
    expect(await store.exports.settle(asId('e1'), { state: 'cancelled' }, T0 + 10)).toBe(false)
    expect(await store.exports.get(asId('e1'))).toEqual(copy('e1', { state: 'ready', bytes: 7, sha256: 'b'.repeat(64), settledAtMs: T0 + 9 }))
  })

  test('a redacted copy says what was covered once it is ready, and no other copy says it', async () => {
    await store.exports.add(copy('e1', { redact: true }))
    expect((await store.exports.get(asId('e1')))?.covered).toBeNull()
    expect(await refusal(store.exports.settle(asId('e1'), { state: 'ready', bytes: 7, sha256: 'b'.repeat(64), covered: null }, T0 + 9))).toMatch(/exports|constraint/i)
    expect(await store.exports.settle(asId('e1'), { state: 'ready', bytes: 7, sha256: 'b'.repeat(64), covered: 'heads' }, T0 + 9)).toBe(true)
    expect(await store.exports.get(asId('e1'))).toMatchObject({ state: 'ready', redact: true, covered: 'heads' })
    await store.exports.add(copy('e2', { redact: true }))
    expect(await store.exports.settle(asId('e2'), { state: 'failed', trouble: 'not_looked_at' }, T0 + 9)).toBe(true)
    await store.exports.add(copy('e3'))
    expect(await refusal(store.exports.settle(asId('e3'), { state: 'ready', bytes: 7, sha256: 'b'.repeat(64), covered: 'heads' }, T0 + 9))).toMatch(/exports|constraint/i)
  })

  test('the list shows the newest first, of one person or all, without what was removed; the row stays', async () => {
    for (const [n, id] of ['e1', 'e2', 'e3'].entries()) await store.exports.add(copy(id, { createdAtMs: T0 + n }))
    for (const id of ['e1', 'e2', 'e3']) await store.exports.settle(asId(id), { state: 'failed', trouble: 'killed' }, T0 + 5)
    expect((await store.exports.due(T0 + 6)).map(({ id }) => id)).toEqual(['e1', 'e2', 'e3'])
    await store.exports.noteRemoved(asId('e2'), T0 + 7)
    expect((await store.exports.list({ limit: 9 })).map(({ id }) => id)).toEqual(['e3', 'e1'])
    expect((await store.exports.list({ by: asId('nobody'), limit: 9 })).length).toBe(0)
    expect([(await store.exports.get(asId('e2')))?.removedAtMs, (await store.exports.due(T0 + 6)).length]).toEqual([T0 + 7, 2])
  })

  test.each([
    ['a file without its hash', copy('x', { state: 'ready', settledAtMs: T0, bytes: 7 })],
    ['a failure without its cause', copy('x', { state: 'failed', settledAtMs: T0 })],
    ['one that runs and has ended', copy('x', { state: 'running', settledAtMs: T0 })],
    ['a span without length', copy('x', { toMs: T0 })],
    ['no reason', copy('x', { reason: '' })],
    ['a cover that nobody knows', copy('x', { redact: true, covered: 'faces' as never, state: 'ready', settledAtMs: T0, bytes: 7, sha256: 'b'.repeat(64) })],
  ])('the database refuses %s', async (_name, one) => expect(await refusal(store.exports.add(one))).toMatch(/exports|constraint/i))
})
