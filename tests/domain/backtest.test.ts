import { endOf, hoursOf, warmUpMs, weighBacktest, type Backtest, type BacktestClaim, type BacktestHour, type SeenHour } from '../../server/domain/backtest.js'
import { tellBacktest, type BacktestResult, type Label } from '../../server/domain/backtest-result.js'
import { matchSightings, type Sighting } from '../../server/domain/claim-match.js'
import type { Rule } from '../../server/domain/seen.js'
import { redLight } from '../support/small-city.js'
import { asId, type BacktestId, type CameraId, type RuleId } from '../../server/domain/ids.js'

const HOUR = 3_600_000
const at = (x: number, y = 0.5, size = 0.1): { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number } => ({ x1: x, y1: y, x2: x + size, y2: y + size })
const seen = (sinceMs: number, untilMs: number, x: number | null = 0.2): Sighting => ({ sinceMs, untilMs, boxes: x === null ? [] : [{ atMs: sinceMs, box: at(x) }] })

const seenAs = (track: number, sinceMs: number, x = 0.2): Sighting => ({ sinceMs, untilMs: sinceMs, boxes: [{ atMs: sinceMs, box: at(x), track }], run: 1 })

describe('one act, seen twice', () => {
  test.each<[sentence: string, a: readonly Sighting[], b: readonly Sighting[], matched: readonly number[]]>([
    ['at the same time in the same place', [seen(1_000, 1_000)], [seen(1_000, 1_000)], [0]],
    ['a version that waits longer tells of the same stop later', [seen(0, 90_000)], [seen(0, 120_000)], [0]],
    ['a fast vehicle is farther on half a second later', [seen(1_000, 1_000, 0.2)], [seen(1_500, 1_500, 0.5)], [0]],
    ['but not at the other end of the street', [seen(1_000, 1_000, 0.0)], [seen(1_000, 1_000, 0.8)], [-1]],
    ['the neighbour at the same instant is another', [seen(1_000, 1_000, 0.2)], [seen(1_000, 1_000, 0.31)], [-1]],
    ['an act of five seconds later is another', [seen(1_000, 1_000)], [seen(6_000, 6_000)], [-1]],
    ['without boxes only time speaks', [seen(1_000, 1_000, null)], [seen(1_800, 1_800)], [0]],
    ['of two the nearest is taken, and each once', [seen(1_000, 1_000), seen(1_500, 1_500)], [seen(1_400, 1_400), seen(1_450, 1_450)], [0, 1]],
    ['what is long over hides no long one behind it', [seen(500_000, 500_000)], [seen(0, 600_000), seen(1_000, 2_000)], [0]],
    ['in one run the number tells who it is, though a neighbour is nearer', [seenAs(7, 1_000, 0.2)], [seenAs(8, 1_100, 0.2), seenAs(7, 7_000, 0.8)], [1]],
    ['nobody takes longer than ten seconds from line to line', [seenAs(7, 1_000)], [seenAs(7, 11_500)], [-1]],
    ['numbers of different runs say nothing', [seenAs(7, 1_000)], [{ ...seenAs(8, 1_000), run: 2 }], [0]],
    ['nothing against nothing', [], [], []],
  ])('%s', (_sentence, a, b, matched) => expect(matchSightings(a, b)).toEqual(matched))
})

const claim = (part: Partial<BacktestClaim> & { readonly x?: number } = {}): BacktestClaim => {
  const { x = 0.2, ...rest } = part
  const sinceMs = rest.sinceMs ?? 1_000
  return { version: 2, sinceMs, beganMs: sinceMs, untilMs: sinceMs, cut: false, class: 'car', boxes: [{ atMs: sinceMs, box: at(x), track: Math.round(x * 10) }], reason: { code: 'illegal_stop', class: 'car', dwellMs: 1 }, ...rest }
}
const hour = (number: number, claims: readonly BacktestClaim[], part: Partial<SeenHour> = {}): SeenHour => {
  const counts: Record<string, number> = {}
  for (const { version } of claims) counts[version] = (counts[version] ?? 0) + 1
  return { state: 'done', fromMs: number * HOUR, toMs: (number + 1) * HOUR, recordedMs: HOUR, gaps: [], away: {}, claims, counts, frames: 18_000, coreMs: 100_000, ...part }
}
const label = (sinceMs: number, right: boolean, x = 0.2): Label => ({ sinceMs, untilMs: sinceMs + 500, boxes: [{ atMs: sinceMs, box: at(x) }], right })
const tell = (hours: readonly BacktestHour[], labels: readonly Label[] = [], baseline: number | null = 1): BacktestResult => tellBacktest({ backtest: { version: 2, baseline }, hours, labels })

describe('what hours say together', () => {
  test('alerts a day are of the time that was watched: a gap is no quiet time, nor is an hour that failed', () => {
    const gap = { fromMs: HOUR, toMs: HOUR + HOUR / 2, cause: 'camera_lost' as const }
    const told = tell([hour(0, [claim()]), hour(1, [claim({ sinceMs: HOUR + 2_000_000 })], { recordedMs: HOUR / 2, gaps: [gap] }), { state: 'failed', fromMs: 2 * HOUR, toMs: 3 * HOUR, recordedMs: HOUR, gaps: [], away: {}, fault: { code: 'died', said: 'x' } }])
    expect(told).toMatchObject({ watchedMs: 1.5 * HOUR, missingMs: HOUR / 2, failedMs: HOUR, tested: { claims: 2, perDay: 32 }, live: { version: 1, claims: 0, perDay: 0 } })
    expect(told.coreSecondsAnHour).toBeCloseTo(200 / 1.5)
  })

  test('time in which the camera showed another view is no quiet time of the version drawn on one, and nothing of it was missed', () => {
    const gap = { fromMs: 0, toMs: HOUR / 4, cause: 'camera_lost' as const }
    // Half of the first hour, of which a quarter was not recorded anyway; the live version is bound to nothing.
    const away = { 2: [{ fromMs: 0, toMs: HOUR / 2 }] }
    const told = tell([hour(0, [claim({ sinceMs: 0.8 * HOUR })], { recordedMs: 0.75 * HOUR, gaps: [gap], away }), hour(1, [])], [label(0.4 * HOUR, true), label(0.8 * HOUR, true)])
    expect(told).toMatchObject({ watchedMs: 1.75 * HOUR, tested: { awayMs: HOUR / 4, perDay: 16, judged: { missed: 0, recall: { n: 1 } } }, live: { awayMs: 0, judged: { missed: 2 } } })
  })

  test('nothing was watched: no figure is made up', () => {
    const told = tell([hour(0, [], { recordedMs: 0 })])
    expect([told.tested.perDay, told.coreSecondsAnHour, told.missingMs]).toEqual([null, null, HOUR])
  })

  test('without a label there are counts only', () => expect(tell([hour(0, [claim()])]).tested.judged).toBeNull())

  test('with labels, how often it was right, what it missed, and what each difference costs', () => {
    const claims = [claim({ sinceMs: 1_000 }), claim({ sinceMs: 60_000, x: 0.6 }), claim({ sinceMs: 200_000 }), claim({ version: 1, sinceMs: 1_100 }), claim({ version: 1, sinceMs: 400_000, x: 0.4 })]
    const told = tell([hour(0, claims)], [label(1_000, true), label(60_000, false, 0.6), label(400_000, true, 0.4), label(900_000, true), label(9 * HOUR, true)])
    expect(told.tested.judged).toEqual({ precision: { point: 0.5, low: expect.closeTo(0.0945, 3), high: expect.closeTo(0.9055, 3), n: 2 }, recall: { point: 1 / 3, low: expect.any(Number), high: expect.any(Number), n: 3 }, missed: 2 })
    expect(told.live?.judged).toMatchObject({ precision: { point: 1, n: 2 }, missed: 1 })
    expect(told.differences.map(({ is, claim: { sinceMs }, said }) => [is, sinceMs, said])).toEqual([['kept', 1_000, 'right'], ['new', 60_000, 'wrong'], ['new', 200_000, null], ['vanished', 400_000, 'right']])
    expect(told.counts).toEqual({ kept: 1, vanished: 1, new: 2 })
  })

  test('what nobody recorded nobody missed', () => {
    const gaps = [{ fromMs: 0, toMs: 10_000, cause: 'unknown' as const }]
    expect(tell([hour(0, [], { gaps, recordedMs: HOUR - 10_000 })], [label(5_000, true)]).tested.judged).toBeNull()
  })

  test('a car that stands over three hours is one claim, and the next one in its place another', () => {
    const stands = claim({ sinceMs: 1_000, beganMs: 2_000_000, untilMs: HOUR - 500, cut: true })
    const met = claim({ sinceMs: HOUR - 300_000, beganMs: HOUR + 1_500_000, untilMs: 2 * HOUR - 200, cut: true })
    const again = claim({ sinceMs: 2 * HOUR - 300_000, beganMs: 2 * HOUR + 1_500_000, untilMs: 2 * HOUR + 1_600_000 })
    const other = claim({ sinceMs: 2 * HOUR + 1_700_000, untilMs: 2 * HOUR + 1_800_000 })
    const beside = claim({ sinceMs: HOUR - 300_000, beganMs: HOUR + 9_000, untilMs: HOUR + 10_000, x: 0.6 })
    const told = tell([hour(0, [stands]), hour(1, [met, beside]), hour(2, [again, other])], [], null)
    expect(told.differences.map(({ is, claim: one }) => [is, one.sinceMs, one.untilMs])).toEqual([['new', 1_000, 2 * HOUR + 1_600_000], ['new', HOUR - 300_000, HOUR + 10_000], ['new', 2 * HOUR + 1_700_000, 2 * HOUR + 1_800_000]])
    expect([told.tested.claims, told.live]).toEqual([3, null])
  })

  test('claims that no row holds are counted all the same', () => expect(tell([hour(0, [claim()], { counts: { 2: 900 } })]).tested.claims).toBe(900))

  test('in whatever order hours and labels come, the words are the same to the byte', () => {
    const hours = [hour(0, [claim(), claim({ version: 1, sinceMs: 1_300 })]), hour(1, [claim({ sinceMs: HOUR + 5 })])]
    const labels = [label(1_000, true), label(1_000, false), label(HOUR, true)]
    const [one, other] = [tell(hours, labels), tell(hours.toReversed(), labels.toReversed())]
    expect(JSON.stringify(one)).toBe(JSON.stringify(other))
  })

  test('two weeks of a busy draft are told within a second', () => {
    const busy = (version: number): BacktestClaim[] => Array.from({ length: 40 }, (_, n) => claim({ version, sinceMs: n * 60_000, x: (n % 9) / 10 }))
    const hours = Array.from({ length: 336 }, (_, n) => hour(n, [...busy(1), ...busy(2)].map((one) => ({ ...one, sinceMs: one.sinceMs + n * HOUR, beganMs: one.beganMs + n * HOUR, untilMs: one.untilMs + n * HOUR }))))
    expect(tell(hours).counts).toEqual({ kept: 336 * 40, vanished: 0, new: 0 })
  }, 10_000)
})

test.each<[sentence: string, span: { readonly fromMs: number; readonly toMs: number }, hours: readonly (readonly number[])[]]>([
  ['an hour and a half', { fromMs: 500, toMs: 500 + 1.5 * HOUR }, [[500, 500 + HOUR], [500 + HOUR, 500 + 1.5 * HOUR]]],
  ['a minute', { fromMs: 0, toMs: 60_000 }, [[0, 60_000]]],
])('%s is cut into hours from its own beginning', (_sentence, span, hours) => expect(hoursOf(span).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual(hours))

test.each<[sentence: string, hours: readonly BacktestHour[], end: string]>([
  ['one hour seen is enough', [{ state: 'failed', fromMs: 0, toMs: HOUR, recordedMs: HOUR, gaps: [], away: {}, fault: { code: 'died', said: 'x' } }, hour(1, [])], 'done'],
  ['all failed', [{ state: 'failed', fromMs: 0, toMs: HOUR, recordedMs: HOUR, gaps: [], away: {}, fault: { code: 'died', said: 'x' } }], 'failed'],
  ['nothing was there any more', [hour(0, [], { recordedMs: 0 })], 'failed'],
  ['the camera was turned away all the while', [hour(0, [], { away: { 4: [{ fromMs: 0, toMs: HOUR }] } })], 'failed'],
  ['it was turned away for the other version', [hour(0, [], { away: { 3: [{ fromMs: 0, toMs: HOUR }] } })], 'done'],
])('%s', (_sentence, hours, end) => expect(endOf(hours, 4)).toBe(end))

test.each<[sentence: string, rules: readonly Rule[], minutes: number]>([
  ['an act that is claimed at once', [redLight('r')], 5],
  ['a stop of ten minutes, beside one of two', [{ ...redLight('r'), kind: 'illegal_stop', dwellMsMin: 600_000 } as unknown as Rule, { ...redLight('r'), kind: 'illegal_stop', dwellMsMin: 120_000 } as unknown as Rule], 15],
  ['a thing that lies for an hour', [{ ...redLight('r'), kind: 'left_object', dwellMsMin: 3_600_000 } as unknown as Rule], 60],
])('before the hour, for %s, the street is looked at', (_sentence, rules, minutes) => expect(warmUpMs(rules)).toBe(minutes * 60_000))

const done: Backtest = { id: asId<BacktestId>('b'), cameraId: asId<CameraId>('c'), ruleId: asId<RuleId>('r'), version: 2, baseline: 1, fromMs: 0, toMs: HOUR, modelId: asId('eyes'), modelSha256: 'a'.repeat(64), by: asId('lan'), createdAtMs: 1, state: 'done', settledAtMs: 2 }
test.each<[sentence: string, backtest: Backtest | null, refusal: object | null]>([
  ['what was run to its end carries a proposal', done, null],
  ['what is not there carries none', null, { code: 'backtest_unknown' }],
  ['nor does another rule’s', { ...done, ruleId: asId('s') }, { code: 'backtest_unknown' }],
  ['nor one of a camera that once had a rule of that name', { ...done, cameraId: asId('d') }, { code: 'backtest_unknown' }],
  ['nor another version’s', { ...done, version: 1 }, { code: 'backtest_of_other', version: 1 }],
  ['nor one that still runs', { ...done, state: 'running', settledAtMs: null }, { code: 'backtest_unfinished', state: 'running' }],
  ['nor one that was cancelled', { ...done, state: 'cancelled' }, { code: 'backtest_unfinished', state: 'cancelled' }],
])('%s', (_sentence, backtest, refusal) => expect(weighBacktest(backtest, { cameraId: done.cameraId, ruleId: done.ruleId, version: 2 })).toEqual(refusal))
