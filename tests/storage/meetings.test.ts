import { asId, type MeetingId, type PersonId } from '../../server/domain/ids.js'
import type { Meeting } from '../../server/domain/meeting.js'
import type { Store } from '../../server/storage/store.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { refusal } from '../support/refusal.js'
import { JUNCTION, LAN, T0 } from '../support/small-city.js'

const HOUR_MS = 3_600_000
const meeting = (id: string, part: Partial<Meeting> = {}): Meeting => ({ id: asId<MeetingId>(id), by: LAN, name: `Giao ban ${id}`, pages: [{ layout: '2x2', cameraIds: [JUNCTION, null] }], showing: { kind: 'page', page: 0 }, turn: 0, createdAtMs: T0, endsAtMs: T0 + HOUR_MS, guestHash: null, openedAtMs: null, revokedAtMs: null, ...part })
const hash = (letter: string): string => letter.repeat(64)

let store: Store
onEachDatabase('meetings', (opened) => void (store = opened), () => {
  test('a meeting comes back as it was made, by its id and by the hash of its link, and by no other', async () => {
    const made = meeting('m1', { pages: [{ layout: '1+12', cameraIds: [JUNCTION] }, { layout: '1', cameraIds: [null] }] })
    await store.meetings.add(made, hash('a'))
    expect([await store.meetings.get(made.id), await store.meetings.byToken(hash('a'))]).toEqual([made, made])
    expect([await store.meetings.byToken(hash('b')), await store.meetings.byGuest(hash('a')), await store.meetings.get(asId('m2'))]).toEqual([null, null, null])
  })

  test('one browser takes it; of two that come at once, one', async () => {
    await store.meetings.add(meeting('m1'), hash('a'))
    const took = await Promise.all([store.meetings.take(asId('m1'), hash('c'), T0 + 1), store.meetings.take(asId('m1'), hash('d'), T0 + 1)])
    expect(took.filter((first) => first)).toEqual([true])
    const winner = took[0] ? hash('c') : hash('d')
    expect(await store.meetings.byGuest(winner)).toEqual(meeting('m1', { guestHash: winner, openedAtMs: T0 + 1 }))
    expect(await store.meetings.take(asId('nowhere'), hash('e'), T0)).toBe(false)
  })

  test('each move of the presenter counts', async () => {
    await store.meetings.add(meeting('m1'), hash('a'))
    expect(await store.meetings.show(asId('m1'), { kind: 'camera', cameraId: JUNCTION })).toEqual(meeting('m1', { showing: { kind: 'camera', cameraId: JUNCTION }, turn: 1 }))
    expect(await store.meetings.show(asId('m1'), { kind: 'blank' })).toMatchObject({ showing: { kind: 'blank' }, turn: 2 })
    expect(await store.meetings.show(asId('nowhere'), { kind: 'blank' })).toBeNull()
  })

  test('running are those that neither ended nor were revoked; what ended long ago is forgotten', async () => {
    for (const one of [meeting('old', { createdAtMs: T0 - 2 * HOUR_MS, endsAtMs: T0 - HOUR_MS }), meeting('now'), meeting('newer', { createdAtMs: T0 + 5 }), meeting('gone')]) await store.meetings.add(one, hash('x').slice(one.id.length) + one.id)
    expect([await store.meetings.revoke(asId('gone'), LAN, T0 + 9), await store.meetings.revoke(asId('gone'), LAN, T0 + 10)]).toEqual([true, false])
    const ids = async (atMs: number) => (await store.meetings.running(atMs)).map(({ id }) => id)
    expect([await ids(T0), await ids(T0 + HOUR_MS - 1), await ids(T0 + HOUR_MS)]).toEqual([['newer', 'now'], ['newer', 'now'], []])
    expect(await store.meetings.sweep(T0)).toBe(1)
    expect([await store.meetings.get(asId('old')), (await store.meetings.get(asId('gone')))?.revokedAtMs]).toEqual([null, T0 + 9])
  })

  test.each<[sentence: string, part: Partial<Meeting>, tokenHash: string]>([
    ['no name', { name: '' }, hash('b')],
    ['a length of fourteen minutes', { endsAtMs: T0 + 14 * 60_000 }, hash('b')],
    ['a length of over four hours', { endsAtMs: T0 + 4 * HOUR_MS + 1 }, hash('b')],
    ['a browser and no time when it came', { guestHash: hash('c') }, hash('b')],
    ['a revocation by nobody', { revokedAtMs: T0 }, hash('b')],
    ['a token for a hash', {}, 'ABEiM0RVZneImaq7zN3u_w'],
    ['the hash of another', {}, hash('a')],
    ['nobody who made it', { by: asId<PersonId>('nobody') }, hash('b')],
  ])('the database refuses a meeting with %s', async (_sentence, part, tokenHash) => {
    await store.meetings.add(meeting('m1'), hash('a'))
    expect(await refusal(store.meetings.add(meeting('bad', part), tokenHash))).toMatch(/check|foreign key|unique/i)
  })
})
