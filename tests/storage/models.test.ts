import { asId, type ModelId, type PersonId } from '../../server/domain/ids.js'
import type { BroughtModel, Evaluation } from '../../server/domain/model.js'
import type { Store } from '../../server/storage/store.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { refusal } from '../support/refusal.js'
import { LAN, T0 } from '../support/small-city.js'

const model = (id: string, part: Partial<BroughtModel> = {}): BroughtModel => ({ id: asId<ModelId>(id), name: 'YOLOX nano', sha256: id.padEnd(64, '0'), bytes: 3_660_092, licence: 'Apache-2.0', attribution: 'Megvii', format: 'yolox', classes: ['person', 'car'], input: { width: 416, height: 416 }, thresholds: { other: 0.4 }, frameMs: 9.3, runsOn: 'cpu', addedBy: LAN, addedAtMs: T0, broken: null, ...part })
const evaluation = (id: string, part: Partial<Evaluation> = {}): Evaluation => ({ id, modelId: asId<ModelId>('m1'), clip: 'Ngã tư 16:30', frames: 50, frameMs: 11.5, objects: { car: 120, two_wheeler: 7 }, by: LAN, atMs: T0, ...part })

let store: Store
onEachDatabase('models', (opened) => void (store = opened), () => {
  test('a model comes back as it was brought, by its id and by its file, and by no other', async () => {
    await store.models.add(model('m1'))
    expect([await store.models.get(asId('m1')), await store.models.bySha256('m1'.padEnd(64, '0'))]).toEqual([model('m1'), model('m1')])
    expect([await store.models.get(asId('m2')), await store.models.bySha256('f'.repeat(64))]).toEqual([null, null])
  })

  test('they are listed in the order in which they came', async () => {
    for (const one of [model('b', { addedAtMs: T0 + 5 }), model('a'), model('c', { addedAtMs: T0 + 9 })]) await store.models.add(one)
    expect((await store.models.list()).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })

  test('one that broke says why, until it works again', async () => {
    const trouble = { field: 'model.sha256', message: 'changed', next: 'Upload it again.' }
    await store.models.add(model('m1'))
    await store.models.noteBroken(asId('m1'), trouble)
    expect(await store.models.get(asId('m1'))).toEqual(model('m1', { broken: trouble }))
    await store.models.noteBroken(asId('m1'), null)
    expect(await store.models.get(asId('m1'))).toEqual(model('m1'))
  })

  test('what it saw goes with it, and what others saw stays', async () => {
    await store.models.add(model('m1'))
    const ours = evaluation('e2', { modelId: asId('eyes'), atMs: T0 + 2 })
    for (const one of [evaluation('e1'), ours]) await store.models.addEvaluation(one)
    expect(await store.models.evaluations(9)).toEqual([ours, evaluation('e1')])
    expect((await store.models.evaluations(1)).map(({ id }) => id)).toEqual(['e2'])
    expect([await store.models.remove(asId('m1')), await store.models.remove(asId('m1'))]).toEqual([true, false])
    expect(await store.models.evaluations(9)).toEqual([ours])
  })

  test.each<[sentence: string, part: Partial<BroughtModel>]>([
    ['the name of our own', { id: asId<ModelId>('eyes') }],
    ['no name', { name: '' }],
    ['no licence', { licence: '' }],
    ['a hash that is none', { sha256: 'abc' }],
    ['the file of another', { sha256: 'm1'.padEnd(64, '0') }],
    ['an input of nothing', { input: { width: 0, height: 416 } }],
    ['nobody who brought it', { addedBy: asId<PersonId>('nobody') }],
  ])('the database refuses a model with %s', async (_sentence, part) => {
    await store.models.add(model('m1'))
    expect(await refusal(store.models.add(model('m2', part)))).toMatch(/check|foreign key|unique/i)
  })
})
