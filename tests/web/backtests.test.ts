import type { BacktestResultView, BacktestsView } from '../../server/contract/rules.js'
import type { Problem } from '../../server/contract/problem.js'
import type { Backtest, BacktestClaim, BacktestHour } from '../../server/domain/backtest.js'
import { asId, type BacktestId, type CameraId, type IncidentId, type PersonId, type RuleId } from '../../server/domain/ids.js'
import { aBacktest } from '../support/a-backtest.js'
import { putLive } from '../support/put-rule.js'
import { incident, redLight } from '../support/small-city.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

const HOUR = 3_600_000
const FROM = Date.UTC(2026, 10, 20, 2, 0, 0)
let house: SmallHouse
let cameraId: CameraId
let by: PersonId
let count = 0
beforeAll(async () => {
  house = await openSmallHouse()
  cameraId = await house.addCamera(house.areas.own)
  by = (await house.app.parts.store.people.list()).find(({ name }) => name === 'admin')!.id
})
afterAll(() => house.close())

const at = (ruleId: string, path = '', camera: string = cameraId): string => `/api/cameras/${camera}/rules/${ruleId}/backtests${path}`
const ask = async <T>(path: string, options: { readonly method?: string; readonly body?: unknown } = {}): Promise<{ readonly status: number; readonly value: T }> => {
  const answered = await house.ask(path, { cookie: house.cookie('admin'), ...options })
  return { status: answered.status, value: (await answered.json()) as T }
}
const freshRule = async (): Promise<RuleId> => {
  const id = asId<RuleId>(`rule-${(count += 1)}`)
  await putLive(house.app.parts.store, cameraId, redLight(id))
  return id
}
const claim = (version: number, sinceMs: number, x = 0.2): BacktestClaim => ({ version, sinceMs, beganMs: sinceMs + 100, untilMs: sinceMs + 200, cut: false, class: 'two_wheeler', boxes: [{ atMs: sinceMs, track: Math.round(x * 10), box: { x1: x, y1: 0.5, x2: x + 0.05, y2: 0.6 } }], reason: { code: 'red_light', class: 'two_wheeler', redForMs: 1_800, yellowMs: null } })
const hour = (claims: readonly BacktestClaim[]): BacktestHour => ({ state: 'done', fromMs: FROM, toMs: FROM + HOUR, recordedMs: HOUR / 2, gaps: [{ fromMs: FROM + HOUR / 2, toMs: FROM + HOUR, cause: 'camera_lost' }], away: {}, claims, counts: { 1: claims.filter(({ version }) => version === 1).length, 2: claims.filter(({ version }) => version === 2).length }, frames: 9_000, coreMs: 90_000 })
const keep = async (ruleId: RuleId, part: Partial<Backtest> = {}, hours: readonly BacktestHour[] = []): Promise<BacktestId> => {
  const { store } = house.app.parts
  const one = aBacktest(`b-${(count += 1)}`, { cameraId, ruleId, version: 2, baseline: 1, by, fromMs: FROM, toMs: FROM + 2 * HOUR, createdAtMs: FROM + count, state: 'done', settledAtMs: FROM + 3 * HOUR, ...part })
  await store.backtests.add(one)
  for (const each of hours) await store.backtests.addHour(one.id, each)
  return one.id
}

test('a finished one is told with its figures, its differences, its gaps and its cost', async () => {
  const ruleId = await freshRule()
  const failed: BacktestHour = { state: 'failed', fromMs: FROM + HOUR, toMs: FROM + 2 * HOUR, recordedMs: HOUR, gaps: [], away: {}, fault: { code: 'died', said: 'the process that looks was ended by SIGKILL' } }
  const id = await keep(ruleId, {}, [hour([claim(1, FROM + 60_000), claim(2, FROM + 60_200), claim(1, FROM + 90_000, 0.7), claim(2, FROM + 120_000)]), failed])
  const { status, value } = await ask<BacktestResultView>(at(ruleId, `/${id}`))
  expect([status, value.state, value.by?.displayName, value.progress]).toEqual([200, 'done', 'Người admin', { hours: 2, done: 1, failed: 1, part: null }])
  expect(value).toMatchObject({ watchedMs: HOUR / 2, missingMs: HOUR / 2, failedMs: HOUR, tested: { version: 2, claims: 2, perDay: 96, judged: null }, live: { version: 1, claims: 2, judged: null }, counts: { kept: 1, vanished: 1, new: 1 }, untold: 0, cost: { fps: 5, coreSecondsAnHour: 180 } })
  expect(value.differences.map(({ is, atMs, box, said }) => [is, atMs - FROM, box?.x1, said])).toEqual([['kept', 60_200, 0.2, null], ['vanished', 90_000, 0.7, null], ['new', 120_000, 0.2, null]])
  expect(value.differences[0]).toMatchObject({ cameraId, reason: { vi: expect.stringMatching(/đèn đã đỏ 1,8 giây/) }, at: `/playback?cams=${cameraId}&at=${encodeURIComponent('2026-11-20T09:01:00.200+07:00')}` })
  expect(value.hours).toEqual([
    { fromMs: FROM, toMs: FROM + HOUR, state: 'done', recordedMs: HOUR / 2, gaps: [{ fromMs: FROM + HOUR / 2, toMs: FROM + HOUR, cause: 'camera_lost', said: { vi: 'camera mất tín hiệu', en: 'the camera sent no picture' } }], claims: { 1: 2, 2: 2 }, fault: null },
    { fromMs: FROM + HOUR, toMs: FROM + 2 * HOUR, state: 'failed', recordedMs: HOUR, gaps: [], claims: {}, fault: { code: 'died', said: 'the process that looks was ended by SIGKILL' } },
  ])
})

test('what people judged since is told the next time it is read', async () => {
  const ruleId = await freshRule()
  const id = await keep(ruleId, {}, [hour([claim(1, FROM + 60_000), claim(2, FROM + 60_000), claim(1, FROM + 90_000)])])
  const { store, rules } = house.app.parts
  for (const [name, sinceMs, right] of [['wrong', FROM + 60_000, false], ['right', FROM + 90_000, true]] as const) {
    const incidentId = asId<IncidentId>(`${ruleId}-${name}`)
    await store.incidents.save(incident(incidentId, { cameraId, ruleId, sinceMs, openedAtMs: sinceMs, lastSeenAtMs: sinceMs + 200, mode: 'shadow', ruleVersion: 1, witnesses: [{ trackId: 1, class: 'two_wheeler', score: 0.9, box: { x1: 0.2, y1: 0.5, x2: 0.25, y2: 0.6 }, atMs: sinceMs }] }))
    await rules.judge(incidentId, { right, blind: true }, by)
  }
  const { value } = await ask<BacktestResultView>(at(ruleId, `/${id}`))
  expect([value.tested.judged, value.live?.judged]).toMatchObject([{ precision: { point: 0, n: 1 }, recall: { point: 0, n: 1 }, missed: 1 }, { precision: { point: 0.5, n: 2 }, missed: 0 }])
  expect(value.differences.map(({ is, said }) => [is, said])).toEqual([['kept', 'wrong'], ['vanished', 'right']])
})

test('of more differences than can be shown, what changed comes first', async () => {
  const ruleId = await freshRule()
  const claims = Array.from({ length: 300 }, (_, n) => [claim(1, FROM + n * 5_000), claim(2, FROM + n * 5_000)]).flat()
  const changed = Array.from({ length: 300 }, (_, n) => claim(2, FROM + n * 5_000 + 2_500, 0.8))
  const { value } = await ask<BacktestResultView>(at(ruleId, `/${await keep(ruleId, {}, [hour([...claims, ...changed])])}`))
  expect([value.counts, value.differences.length, value.untold, value.differences.filter(({ is }) => is === 'new').length]).toEqual([{ kept: 300, vanished: 0, new: 300 }, 500, 100, 300])
})

test('they are listed newest first, by the rule they are of', async () => {
  const [ruleId, other] = [await freshRule(), await freshRule()]
  const ids = [await keep(ruleId), await keep(ruleId, { state: 'cancelled' })]
  await keep(other)
  const { value } = await ask<BacktestsView>(at(ruleId))
  expect(value.backtests.map(({ id, state, version, baseline }) => [id, state, version, baseline])).toEqual([[ids[1], 'cancelled', 2, 1], [ids[0], 'done', 2, 1]])
  const foreign = await Promise.all([at(other, `/${ids[0]}`), at(ruleId, '/nowhere'), at('nowhere'), at(ruleId, `/${ids[0]}`, await house.addCamera(house.areas.own))].map(async (path) => (await ask(path)).status))
  expect(foreign).toEqual([404, 404, 404, 404])
})

test('one that waits is cancelled once; what has ended is not', async () => {
  const ruleId = await freshRule()
  const id = await keep(ruleId, { state: 'queued', settledAtMs: null })
  const cancel = (one: string) => ask<Problem>(at(ruleId, `/${one}`), { method: 'DELETE' })
  expect([(await cancel(id)).status, (await cancel('nowhere')).status]).toEqual([200, 404])
  expect((await cancel(id)).value).toMatchObject({ status: 409, code: 'backtest_over' })
  expect((await house.app.parts.store.changes.of('camera', cameraId)).at(-1)).toMatchObject({ what: 'rule_backtest_cancelled', by, facts: { rule: ruleId, backtestId: id } })
})

test.each<[sentence: string, body: object, status: number, code: string]>([
  ['a span without a beginning', { version: 1, toMs: FROM }, 400, 'bad_form'],
  ['a version that is none', { version: 0, fromMs: 0, toMs: FROM }, 400, 'bad_form'],
  ['a word too many', { version: 1, fromMs: 0, toMs: FROM, fps: 25 }, 400, 'bad_form'],
  ['a machine without ffmpeg', { version: 1, fromMs: FROM, toMs: FROM + HOUR }, 503, 'tools_missing'],
])('%s is refused', async (_sentence, body, status, code) => {
  const answered = await ask<Problem>(at(await freshRule()), { method: 'POST', body })
  expect([answered.status, answered.value.code]).toEqual([status, code])
})

test.each(['police', 'traffic', 'ioc'] as const)('%s, who manages no rules, sees none', async (role) => {
  expect((await house.ask(at(await freshRule()), { cookie: house.cookie(role) })).status).toBe(403)
})
