import type { BacktestHour } from '../../server/domain/backtest.js'
import { asId, type BacktestId, type IncidentId, type RuleId } from '../../server/domain/ids.js'
import type { Store } from '../../server/storage/store.js'
import { aBacktest } from '../support/a-backtest.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { putLive } from '../support/put-rule.js'
import { refusal } from '../support/refusal.js'
import { incident, JUNCTION, LAN, redLight, T0 } from '../support/small-city.js'

const B = asId<BacktestId>('b-1')
const RED = asId<RuleId>('red-1')
const seen: BacktestHour = { state: 'done', fromMs: T0, toMs: T0 + 10, recordedMs: 9, gaps: [{ fromMs: T0, toMs: T0 + 1, cause: 'camera_lost' }], away: { 2: [{ fromMs: T0 + 5, toMs: T0 + 6 }] }, claims: [{ version: 2, sinceMs: T0 + 2, beganMs: T0 + 3, untilMs: T0 + 4, cut: false, class: 'car', boxes: [{ atMs: T0 + 2, box: { x1: 0.1, y1: 0.2, x2: 0.3, y2: 0.4 } }], reason: { code: 'illegal_stop', class: 'car', dwellMs: 1 } }], counts: { 2: 1 }, frames: 3, coreMs: 40 }
const failed: BacktestHour = { state: 'failed', fromMs: T0 - 20, toMs: T0 - 10, recordedMs: 4, gaps: [], away: {}, fault: { code: 'died', said: 'the process that looks was ended by SIGKILL' } }

let store: Store
onEachDatabase('back-tests', (opened) => void (store = opened), () => {
  test('one comes back as it was written, with its hours in order, each written once', async () => {
    await store.backtests.add(aBacktest('b-1', { baseline: 3, version: 4 }))
    await store.backtests.addHour(B, seen)
    await store.backtests.addHour(B, failed)
    await store.backtests.addHour(B, { ...seen, frames: 99 })
    expect(await store.backtests.get(B)).toEqual(aBacktest('b-1', { baseline: 3, version: 4 }))
    expect([await store.backtests.hours(B), await store.backtests.told(B), await store.backtests.get(asId('none'))]).toEqual([[failed, seen], { done: 1, failed: 1 }, null])
    await store.backtests.addHour(asId('gone'), seen)
    expect(await store.backtests.hours(asId('gone'))).toEqual([])
  })

  test('it waits, runs and ends once', async () => {
    await store.backtests.add(aBacktest('b-2', { createdAtMs: T0 + 1 }))
    await store.backtests.add(aBacktest('b-1'))
    expect([await store.backtests.begin(B), await store.backtests.begin(B), (await store.backtests.unsettled()).map(({ id, state }) => `${id} ${state}`)]).toEqual([true, false, ['b-1 running', 'b-2 queued']])
    expect([await store.backtests.settle(B, 'done', T0 + 9), await store.backtests.settle(B, 'cancelled', T0 + 10)]).toEqual([true, false])
    expect((await store.backtests.of(RED)).map(({ id, state, settledAtMs }) => [id, state, settledAtMs])).toEqual([['b-2', 'queued', null], ['b-1', 'done', T0 + 9]])
    expect((await store.backtests.unsettled()).map(({ id }) => id)).toEqual(['b-2'])
  })

  test('the oldest beyond the limit go with their hours; what runs, and what a proposal stands on, stays', async () => {
    const ended = { state: 'done' as const, settledAtMs: T0 }
    for (const at of [1, 2, 3, 4]) await store.backtests.add(aBacktest(`b-${at}`, { createdAtMs: T0 + at, ...(at === 2 ? {} : ended) }))
    await store.backtests.add(aBacktest('other', { ruleId: asId('red-2'), ...ended }))
    await store.backtests.addHour(B, seen)
    expect([await store.backtests.trim(RED, 2), (await store.backtests.of(RED)).map(({ id }) => id), await store.backtests.hours(B)]).toEqual([1, ['b-4', 'b-3', 'b-2'], []])
    await putLive(store, JUNCTION, redLight('red-1'), { live: null, approved: [], proposal: { version: 1, by: LAN, atMs: T0, on: { backtestId: 'b-3' } } })
    expect([await store.backtests.trim(RED, 1), (await store.backtests.of(RED)).map(({ id }) => id)]).toEqual([0, ['b-4', 'b-3', 'b-2']])
    expect(await store.backtests.get(asId('other'))).not.toBeNull()
  })

  test('a camera that is removed takes its back-tests along; a rule that is removed leaves them', async () => {
    await putLive(store, JUNCTION, redLight('red-1'))
    await store.backtests.add(aBacktest('b-1'))
    await store.backtests.addHour(B, seen)
    await store.rules.remove(RED)
    expect(await store.backtests.of(RED)).toHaveLength(1)
    await store.cameras.remove(JUNCTION)
    expect([await store.backtests.get(B), await store.backtests.hours(B)]).toEqual([null, []])
  })

  test.each<[sentence: string, part: object]>([
    ['of more than fourteen days', { fromMs: T0 - 15 * 86_400_000 }],
    ['that ends before it begins', { toMs: T0 - 8_000_000 }],
    ['that compares a version with itself', { baseline: 1 }],
    ['in a state that nobody knows', { state: 'paused' }],
    ['that is done and was never settled', { state: 'done' }],
    ['of a model without a hash', { modelSha256: 'abc' }],
    ['by nobody', { by: 'ghost' }],
  ])('the table itself refuses one %s', async (_sentence, part) => expect(await refusal(store.backtests.add(aBacktest('bad', part)))).toMatch(/constraint/i))

  test('the table itself refuses an hour that claims to have recorded more than it lasted', async () => {
    await store.backtests.add(aBacktest('b-1'))
    expect(await refusal(store.backtests.addHour(B, { ...seen, recordedMs: 11 }))).toMatch(/constraint/i)
  })

  test('what people judged in a span is found, of every version', async () => {
    for (const [id, version, openedAtMs] of [['early', 1, T0 - 5], ['one', 1, T0], ['two', 2, T0 + 5], ['late', 2, T0 + 10], ['unjudged', 1, T0 + 1]] as const) {
      await store.incidents.save(incident(id, { ruleVersion: version, openedAtMs, mode: 'shadow' }))
      if (id !== 'unjudged') await store.rules.judge({ incidentId: asId<IncidentId>(id), right: true, by: LAN, atMs: T0, blind: true })
    }
    expect((await store.rules.judgedBetween(RED, { fromMs: T0, toMs: T0 + 10, limit: 9 })).map(({ incident: { id } }) => id)).toEqual(['two', 'one'])
  })
})
