import { asId, type LampFaultId, type RepairId, type RuleId, type SignalId, type SuspensionId } from '../../server/domain/ids.js'
import type { Suspension } from '../../server/domain/held.js'
import type { KnownFault, Repair } from '../../server/domain/lamp-trust.js'
import type { Store } from '../../server/storage/store.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { refusal } from '../support/refusal.js'
import { incident, JUNCTION, LAN, OTHER_WARD, raise, T0, WARD } from '../support/small-city.js'

const RED = asId<RuleId>('red-1')
const lamp = { box: { x1: 0.8, y1: 0.1, x2: 0.85, y2: 0.25 }, order: 'vertical' } as const
const repair = (id: string, part: Partial<Repair> = {}): Repair => ({ id: asId<RepairId>(id), cameraId: JUNCTION, kind: 'lamp_fault', lamp, code: 'stuck', facts: { code: 'stuck', lastedMs: 181_000 }, openedAtMs: T0, closed: null, ...part })
const fault = (id: string, part: Partial<KnownFault> = {}): KnownFault => ({ id: asId<LampFaultId>(id), cameraId: JUNCTION, ruleId: RED, lamp, code: 'stuck', sinceMs: T0 - 200_000, facts: { code: 'stuck' }, foundAtMs: T0, endedAtMs: null, repairId: asId<RepairId>('p1'), ...part })
const suspension = (id: string, part: Partial<Suspension> = {}): Suspension => ({ id: asId<SuspensionId>(id), cameraId: JUNCTION, ruleId: null, why: 'officer_directing', reason: 'CSGT', by: LAN, fromMs: T0, untilMs: T0 + 600_000, ended: null, ...part })

let store: Store
onEachDatabase('signals', (opened) => void (store = opened), () => {
  test('what is held comes back whole, in one’s areas, newest first, and is settled once', async () => {
    for (const [id, at] of [['h1', 1], ['h2', 2]] as const) {
      await store.incidents.save(incident(id, { mode: 'held', heldWhy: 'diversion' }))
      await store.held.add({ incidentId: asId(id), why: 'diversion', facts: { reason: 'phân luồng', fromMs: 5, by: null }, heldAtMs: T0 + at })
    }
    const seen = { areas: [WARD], kinds: ['red_light'], settled: false, limit: 9 }
    expect((await store.held.list(seen)).map(({ incidentId, why, facts, heldAtMs, outcome, areaId, incident: { mode } }) => [incidentId, why, facts, heldAtMs, outcome, areaId, mode])).toEqual([['h2', 'diversion', { reason: 'phân luồng', fromMs: 5, by: null }, T0 + 2, null, WARD, 'held'], ['h1', 'diversion', expect.anything(), T0 + 1, null, WARD, 'held']])
    expect([await store.held.list({ ...seen, areas: [OTHER_WARD] }), await store.held.list({ ...seen, areas: [] }), await store.held.list({ ...seen, kinds: ['crowd'] }), await store.held.list({ ...seen, ruleId: asId('red-9') })]).toEqual([[], [], [], []])
    const outcome = { is: 'released', by: LAN, atMs: T0 + 9, reason: 'rõ' } as const
    expect([await store.held.settle(asId('h1'), outcome), await store.held.settle(asId('h1'), { ...outcome, is: 'dismissed' }), await store.held.settle(asId('none'), outcome)]).toEqual([true, false, false])
    expect([(await store.held.get(asId('h1')))?.outcome, (await store.held.list(seen)).length, (await store.held.list({ ...seen, settled: true })).length]).toEqual([outcome, 1, 1])
  })

  test('a mode that was set stays, whoever extends the incident; live ones since an instant are found', async () => {
    await store.incidents.save(incident('i1'))
    await store.incidents.save(incident('i2', { sinceMs: T0 + 5_000, openedAtMs: T0 + 6_000 }))
    await store.incidents.save(incident('other', { ruleId: asId('red-9'), openedAtMs: T0 + 6_000, sinceMs: T0 + 6_000 }))
    expect((await store.incidents.liveSince(JUNCTION, RED, T0)).map(({ id }) => id)).toEqual(['i2'])
    await store.incidents.setMode(asId('i2'), { mode: 'held', heldWhy: 'lamp_fault' })
    await store.incidents.save(incident('i2', { sinceMs: T0 + 5_000, openedAtMs: T0 + 6_000, observations: 7 }))
    expect([await store.incidents.get(asId('i2')), await store.incidents.liveSince(JUNCTION, RED, T0 - 9_000)]).toEqual([expect.objectContaining({ mode: 'held', heldWhy: 'lamp_fault', observations: 7 }), [expect.objectContaining({ id: 'i1' })]])
  })

  test('faults and repairs: what stands, what is open, what was closed by whom', async () => {
    await store.repairs.add(repair('p1'))
    await store.lampFaults.add(fault('f1'))
    await store.lampFaults.add(fault('f2', { ruleId: asId('over-1'), lamp: { signal: 's', approach: 'bac' } }))
    expect(await store.lampFaults.standing({ cameraId: JUNCTION, ruleId: RED })).toEqual([fault('f1')])
    expect((await store.lampFaults.standing()).map(({ id, lamp: at }) => [id, at])).toEqual([['f1', lamp], ['f2', { signal: 's', approach: 'bac' }]])
    await store.lampFaults.end(asId('f1'), T0 + 5)
    expect((await store.lampFaults.standing()).map(({ id }) => id)).toEqual(['f2'])
    await store.lampFaults.add(fault('f3'))
    expect([await store.repairs.openOf(JUNCTION), await store.repairs.list({ areas: [WARD], open: true, limit: 9 }), await store.repairs.list({ areas: [OTHER_WARD], open: true, limit: 9 })]).toEqual([[repair('p1')], [repair('p1')], []])
    const closed = { by: LAN, atMs: T0 + 9, note: 'đã thay' }
    expect([await store.repairs.close(asId('p1'), closed), await store.repairs.close(asId('p1'), { ...closed, by: null })]).toEqual([true, false])
    expect([await store.repairs.get(asId('p1')), await store.repairs.openOf(JUNCTION)]).toEqual([repair('p1', { closed }), []])
  })

  test('suspensions: within a span, over, ended once', async () => {
    await store.suspensions.add(suspension('s1'))
    await store.suspensions.add(suspension('s2', { ruleId: RED, fromMs: T0 + 1_000_000, untilMs: T0 + 2_000_000, why: 'roadworks' }))
    const within = async (fromMs: number, toMs: number) => (await store.suspensions.within(JUNCTION, fromMs, toMs)).map(({ id }) => id)
    expect([await within(T0 - 9, T0), await within(T0 + 600_000, T0 + 600_001), await within(T0, T0 + 1_000_000)]).toEqual([['s1'], [], ['s1', 's2']])
    expect((await store.suspensions.over(T0 + 600_000)).map(({ id }) => id)).toEqual(['s1'])
    const list = async (nowMs: number, standing: boolean, areas = [WARD]) => (await store.suspensions.list({ areas, standing, nowMs, limit: 9 })).map(({ id }) => id)
    expect([await list(T0, true), await list(T0 + 600_000, true), await list(T0 + 600_000, false), await list(T0, true, [OTHER_WARD]), await list(T0, true, [])]).toEqual([['s2', 's1'], ['s2'], ['s1'], [], []])
    expect([await store.suspensions.end(asId('s1'), LAN, T0 + 7), await store.suspensions.end(asId('s1'), null, T0 + 8), await store.suspensions.over(T0 + 600_000), await list(T0, true), await list(T0, false)]).toEqual([true, false, [], ['s2'], ['s1']])
    expect(await store.suspensions.of(JUNCTION, 9)).toEqual([suspension('s2', { ruleId: RED, fromMs: T0 + 1_000_000, untilMs: T0 + 2_000_000, why: 'roadworks' }), suspension('s1', { ended: { by: LAN, atMs: T0 + 7 } })])
  })

  test('controllers: a new key takes the old one’s place', async () => {
    const signal = { id: asId<SignalId>('nga-tu'), name: 'Ngã tư', areaId: WARD, keyHash: 'a'.repeat(64), staleMs: 5_000, madeAtMs: T0 }
    await store.signals.add(signal)
    expect([await store.signals.setKey(signal.id, 'b'.repeat(64)), await store.signals.setKey(asId('none'), 'c'.repeat(64)), await store.signals.list()]).toEqual([true, false, [{ ...signal, keyHash: 'b'.repeat(64) }]])
    expect([await store.signals.remove(signal.id), await store.signals.remove(signal.id), await store.signals.get(signal.id)]).toEqual([true, false, null])
  })

  test('the system may take a new alert off the desk; nobody else leaves one without an owner', async () => {
    const alert = await raise(store, 'a1')
    expect(await store.alerts.replace({ ...alert, state: 'rejected', rejectReason: 'lamp_fault', version: 2 })).toBe(true)
    expect(await store.alerts.replace({ ...alert, state: 'new', version: 3 })).toBe(true)
    expect(await refusal(store.alerts.replace({ ...alert, state: 'claimed', version: 4 }))).toMatch(/constraint/i)
    expect(await refusal(store.alerts.replace({ ...alert, ownerId: LAN, version: 4 }))).toMatch(/constraint/i)
  })

  test.each<[sentence: string, write: () => Promise<unknown>]>([
    ['two of one fault standing for one rule', async () => store.repairs.add(repair('p1')).then(() => store.lampFaults.add(fault('f1'))).then(() => store.lampFaults.add(fault('f2')))],
    ['a fault that nobody is sent for', async () => store.lampFaults.add(fault('f1'))],
    ['a repair that is closed without a word', async () => store.repairs.add(repair('p1', { closed: { by: LAN, atMs: T0, note: null as never } }))],
    ['a suspension that never begins', async () => store.suspensions.add(suspension('s', { untilMs: T0 }))],
    ['one of two days', async () => store.suspensions.add(suspension('s', { untilMs: T0 + 2 * 86_400_000 }))],
    ['one without a reason', async () => store.suspensions.add(suspension('s', { reason: '' }))],
    ['one for a mood', async () => store.suspensions.add(suspension('s', { why: 'mood' as never }))],
    ['a controller whose word never grows old', async () => store.signals.add({ id: asId('s'), name: 'x', areaId: WARD, keyHash: 'a'.repeat(64), staleMs: 3_600_000, madeAtMs: T0 })],
    ['a key that is no hash', async () => store.signals.add({ id: asId('s'), name: 'x', areaId: WARD, keyHash: 'khóa', staleMs: 5_000, madeAtMs: T0 })],
  ])('the tables themselves refuse %s', async (_sentence, write) => expect(await refusal(write())).toMatch(/constraint/i))
})
