import { asId, type IncidentId } from '../../server/domain/ids.js'
import type { PlateReading } from '../../server/domain/plate.js'
import type { Store } from '../../server/storage/store.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { refusal } from '../support/refusal.js'
import { raise, T0 } from '../support/small-city.js'

const A = asId<IncidentId>('of-a1')
const looked = { incidentId: A, looks: 5, readAtMs: T0 + 9_000 }
const crops = { atMs: T0 + 200, raw: { file: 'd/a1/plate-1.jpg', sha256: 'a'.repeat(64) }, enhanced: { file: 'd/a1/plate-1-enhanced.jpg', sha256: 'b'.repeat(64) } }
const noCrops = { atMs: null, raw: null, enhanced: null }
const read = { ...looked, ...crops, kind: 'read', text: '59G163188', shown: '59G1-631.88', shares: [1, 0.98, 0.7, 0.99, 1, 1, 0.91, 1, 0.5], wellFormed: true, province: '59', series: 'G1', number: '63188', rows: 2, colour: 'white', agree: 4 } as const satisfies PlateReading

let store: Store
onEachDatabase('plates', (opened) => void (store = opened), () => {
  beforeEach(() => raise(store, 'a1'))

  test.each<[sentence: string, reading: PlateReading]>([
    ['read and well formed', read],
    ['read, and no pattern of the law', { ...read, wellFormed: false, province: null, series: null, number: null }],
    ['military: a series, and no province', { ...read, text: 'TM1234', shown: 'TM-1234', shares: [1, 1, 1, 1, 1, 1], province: null, series: 'TM', number: '1234', rows: 1, colour: 'red' }],
    ['unreadable, with its crop', { ...looked, ...crops, kind: 'unreadable' }],
    ['unreadable, without one for the eye', { ...looked, ...crops, enhanced: null, kind: 'unreadable' }],
    ['none there', { ...looked, ...noCrops, kind: 'none' }],
    ['too few looks', { ...looked, ...noCrops, looks: 0, kind: 'too_few' }],
  ])('a reading comes back as it was taken: %s', async (_sentence, reading) => {
    expect(await store.plates.of(A)).toBeNull()
    await store.plates.add(reading)
    expect(await store.plates.of(A)).toEqual(reading)
  })

  test.each<[sentence: string, wrong: object]>([
    ['of no incident', { incidentId: 'nobody' }],
    ['of a kind that is none', { kind: 'guessed' }],
    ['that is read and has no picture of it', noCrops],
    ['with a hash that is none', { raw: { file: 'x', sha256: 'abc' } }],
    ['with a picture for the eye alone', { raw: null }],
    ['that more looks say than there were', { agree: 6 }],
    ['well formed without its parts', { province: null, series: null, number: null }],
    ['not well formed, with parts', { wellFormed: false }],
    ['of three rows', { rows: 3 }],
    ['of a colour that no plate has', { colour: 'green' }],
    ['of no letter', { text: '' }],
  ])('the database refuses a reading %s', async (_sentence, wrong) => {
    expect(await refusal(store.plates.add({ ...read, ...wrong } as PlateReading))).toMatch(/check|foreign key/i)
  })

  test('an incident is read once', async () => {
    await store.plates.add(read)
    expect(await refusal(store.plates.add(read))).toMatch(/unique/i)
  })
})
