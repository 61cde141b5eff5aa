import type { EvidenceItem } from '../../server/domain/evidence.js'
import { asId, type EvidenceId } from '../../server/domain/ids.js'
import type { RedactedCopy } from '../../server/domain/redaction.js'
import type { Store } from '../../server/storage/store.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { refusal } from '../support/refusal.js'
import { raise, T0 } from '../support/small-city.js'

const copy = (of: string, part: Partial<RedactedCopy> = {}): RedactedCopy => ({ evidenceId: asId<EvidenceId>(of), file: `day/${of}-redacted.jpg`, bytes: 7, sha256: 'b'.repeat(64), covered: 'heads', madeAtMs: T0, ...part })

let store: Store
onEachDatabase('redacted copies', (opened) => void (store = opened), () => {
  beforeEach(async () => {
    const { incidentId, cameraId } = await raise(store, 'alert-1')
    const item = (id: string): EvidenceItem => ({ id: asId(id), incidentId, repairId: null, cameraId, kind: 'still', file: `day/${id}.jpg`, bytes: 9, sha256: 'a'.repeat(64), mediaType: 'image/jpeg', fromMs: T0, toMs: T0, madeAtMs: T0 })
    for (const id of ['e1', 'e2']) await store.evidence.add(item(id))
  })

  test('an item has one copy at most, and one that is removed may be made anew', async () => {
    expect(await store.redactedCopies.of(asId('e1'))).toBeNull()
    await store.redactedCopies.add(copy('e1'))
    expect(await store.redactedCopies.of(asId('e1'))).toEqual(copy('e1'))
    expect(await refusal(store.redactedCopies.add(copy('e1', { file: 'other.jpg' })))).toMatch(/unique|duplicate/i)
    expect([await store.redactedCopies.remove(asId('e1')), await store.redactedCopies.remove(asId('e1')), await store.redactedCopies.of(asId('e1'))]).toEqual([true, false, null])
    await store.redactedCopies.add(copy('e1', { covered: 'heads_and_plates' }))
    expect((await store.redactedCopies.of(asId('e1')))?.covered).toBe('heads_and_plates')
  })

  test('the list has the oldest first', async () => {
    await store.redactedCopies.add(copy('e1', { madeAtMs: T0 + 5 }))
    await store.redactedCopies.add(copy('e2'))
    expect((await store.redactedCopies.list()).map(({ evidenceId }) => evidenceId)).toEqual(['e2', 'e1'])
  })

  test.each([
    ['a copy of nothing', copy('e3')],
    ['an empty file', copy('e1', { bytes: 0 })],
    ['half a hash', copy('e1', { sha256: 'b' })],
    ['a cover that nobody knows', copy('e1', { covered: 'faces' as never })],
  ])('the database refuses %s', async (_name, one) => expect(await refusal(store.redactedCopies.add(one))).toMatch(/constraint/i))
})
