import type { SpanView } from '../../server/contract/recordings.js'
import type { BacktestHourView, BacktestResultView } from '../../server/contract/rules.js'
import { BACKTEST_DAYS_MAX as DAYS_OF_SERVER } from '../../server/domain/backtest.js'
import { barsOf, gapsOf, scaleOf } from '../../player/rules/backtest-bars.js'
import { armedSpans, BACKTEST_DAYS_MAX, costOf, offersOf, recordedDays, spanFault, type Armed } from '../../player/rules/backtest-span.js'
import { spanWords } from '../../player/rules/backtest-words.js'
import { ALWAYS, weekOf } from '../../player/rules/week.js'

/** A Thursday, by the clock on the wall of whoever runs this. */
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime()
const NOW = at(19, 16, 48)
const HOUR = 3_600_000
const span = (fromMs: number, toMs: number): SpanView => ({ fromMs, toMs })
const always: Armed = { week: ALWAYS, armedFromMs: null, armedToMs: null }
const rush: Armed = { ...always, week: weekOf([{ days: [1, 2, 3, 4, 5], from: '06:00', to: '09:00' }, { days: [1, 2, 3, 4, 5], from: '16:00', to: '19:00' }]) }
const night: Armed = { ...always, week: weekOf([{ days: [3], from: '22:00', to: '05:00' }]) }
const all = [span(at(10, 0), NOW - 20_000)]

test('the screen and the server mean the same most days', () => expect(BACKTEST_DAYS_MAX).toBe(DAYS_OF_SERVER))

test.each<[string, Armed, readonly SpanView[], readonly string[]]>([
  ['always armed: the whole last day', always, all, ['day 18/11 16:48 – 19/11 16:48']],
  ['rush hours: the longest of the last day first, then the others, then all of it', rush, all, ['armed 19/11 06:00–09:00', 'armed 18/11 16:48–19:00', 'armed 19/11 16:00–16:48', 'day 18/11 16:48 – 19/11 16:48']],
  ['a night is one stretch', night, all, ['armed 18/11 22:00 – 19/11 05:00', 'day 18/11 16:48 – 19/11 16:48']],
  ['what was not recorded is cut off', rush, [span(at(19, 7), at(19, 8))], ['day 19/11 07:00–08:00']],
  ['nothing armed was recorded: the day at least', night, [span(at(19, 7), at(19, 8))], ['day 19/11 07:00–08:00']],
  ['nothing of the last day: the newest hour', rush, [span(at(16, 7), at(16, 10))], ['newest 16/11 09:00–10:00']],
  ['nothing at all', rush, [], []],
])('what is proposed: %s', (_name, armed, recorded, expected) => expect(offersOf({ recorded, armed, nowMs: NOW }).map((offer) => `${offer.is} ${spanWords(offer.span)}`)).toEqual(expected))

test('nothing that is proposed is refused', () => {
  for (const armed of [always, rush, night]) for (const offer of offersOf({ recorded: all, armed, nowMs: NOW })) expect(spanFault(offer.span, { recorded: all, nowMs: NOW })).toBeNull()
})

test.each<[string, SpanView, string | null]>([
  ['an hour', span(at(19, 8), at(19, 9)), null],
  ['an end before the beginning', span(at(19, 9), at(19, 8)), 'bad_order'],
  ['the future', span(at(19, 16), at(19, 17)), 'bad_future'],
  ['fifteen days', span(at(4, 0), at(19, 0)), 'bad_days'],
  ['before the camera was there', span(at(8, 0), at(9, 0)), 'bad_empty'],
])('may it begin: %s', (_name, asked, expected) => expect(spanFault(asked, { recorded: all, nowMs: NOW })).toBe(expected))

test('a campaign is armed in its time alone', () => expect(armedSpans({ ...always, armedFromMs: at(18, 12), armedToMs: at(19, 3) }, span(at(18, 0), at(20, 0)))).toEqual([span(at(18, 12), at(19, 3))]))

test('its cost tells what is missing, what nobody watches, and takes an earlier measure for the next', () => {
  const recorded = [span(at(19, 7), at(19, 11))]
  const cost = costOf(span(at(19, 6), at(19, 12)), { recorded, armed: rush, coreSecondsAnHour: 300 })
  expect(cost).toEqual({ recordedMs: 4 * HOUR, missingMs: 2 * HOUR, unarmedMs: 2 * HOUR, coreMs: 1_200_000 })
  expect(costOf(span(at(19, 7), at(19, 8)), { recorded, armed: rush, coreSecondsAnHour: null }).coreMs).toBe(490_000)
})

test('days without recordings take no room', () => expect(recordedDays({ recorded: [span(at(16, 22), at(17, 2)), span(at(19, 1), at(19, 2))], armed: always, nowMs: NOW }).map((day) => spanWords(day.recorded[0]!))).toEqual(['16/11 22:00 – 17/11 00:00', '17/11 00:00–02:00', '19/11 01:00–02:00']))

const hour = (n: number, part: Partial<BacktestHourView> = {}): BacktestHourView => ({ fromMs: at(18, n), toMs: at(18, n + 1), state: 'done', recordedMs: HOUR, gaps: [], claims: { 4: 2, 3: 5 }, fault: null, ...part })
const test4 = (part: Partial<BacktestResultView>) => ({ version: 4, baseline: 3, fromMs: at(18, 0), toMs: at(18, 4), state: 'running' as const, progress: { hours: 4, done: 2, failed: 1, part: 0.5 }, hours: [hour(0), hour(1, { recordedMs: HOUR / 4 }), hour(2, { state: 'failed', claims: {}, fault: { code: 'died', said: 'out of memory' } })], ...part })

test('each hour stands where it is: seen, seen in part, failed, under way', () =>
  expect(barsOf(test4({})).bars.map(({ state, part, missing, tested, live }) => [state, part, missing, tested, live])).toEqual([['seen', 1, 0, 2, 5], ['seen', 1, 0.75, 2, 5], ['failed', 1, 1, 0, 0], ['running', 0.5, 0, 0, 0]]))
test('an hour without a recording is empty and not quiet; one that nobody looked at waits', () =>
  expect(barsOf(test4({ state: 'queued', hours: [hour(0, { recordedMs: 0, claims: {} })] })).bars.map(({ state }) => state)).toEqual(['empty', 'waiting', 'waiting', 'waiting']))
test('without a version to compare with there is one column', () => expect(barsOf(test4({ baseline: null })).bars[0]).toMatchObject({ tested: 2, live: null }))
test('the last hour may be a short one', () => expect(barsOf(test4({ toMs: at(18, 3, 30), hours: [] })).bars.at(-1)).toMatchObject({ fromMs: at(18, 3), toMs: at(18, 3, 30) }))

test('more than two days are told by the day, and a day that failed in part has a hole', () => {
  const hours = Array.from({ length: 72 }, (_, n) => hour(n, n === 30 ? { state: 'failed', claims: {} } : {}))
  const { step, bars } = barsOf(test4({ state: 'done', toMs: at(21, 0), hours }))
  expect([step, bars.map(({ state, tested, live, missing }) => [state, tested, live, Math.round(missing * 24)])]).toEqual(['day', [['seen', 48, 120, 0], ['seen', 46, 115, 1], ['seen', 48, 120, 0]]])
})
test('a day under way is told as such', () => expect(barsOf(test4({ toMs: at(21, 0), hours: Array.from({ length: 30 }, (_, n) => hour(n)) })).bars.map(({ state }) => state)).toEqual(['seen', 'running', 'waiting']))

test.each([[0, 1], [1, 1], [3, 5], [14, 20], [120, 200]])('a scale above %p is %p', (most, round) => expect(scaleOf(barsOf(test4({ hours: [hour(0, { claims: { 4: most } })] })).bars)).toBe(round))

test('a gap over the end of an hour is one, and the longest comes first', () => {
  const gap = (from: number, to: number, cause: string) => ({ fromMs: from, toMs: to, cause, said: { vi: cause, en: cause } })
  const hours = [hour(1, { gaps: [gap(at(18, 1), at(18, 1, 50), 'camera_lost')] }), hour(0, { gaps: [gap(at(18, 0, 10), at(18, 0, 12), 'server_down'), gap(at(18, 0, 50), at(18, 1), 'camera_lost')] })]
  expect(gapsOf(hours).map(({ fromMs, toMs, cause }) => [cause, (toMs - fromMs) / 60_000])).toEqual([['camera_lost', 60], ['server_down', 2]])
})
