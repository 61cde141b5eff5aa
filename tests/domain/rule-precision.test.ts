import type { AlertState, RejectReason } from '../../server/domain/alert.js'
import { judgementOf, judgePrecision, wilson, type RuleFinding, type RuleJudgement } from '../../server/domain/rule-precision.js'

const DAY_MS = 86_400_000
const NOW = 1_000 * DAY_MS

/** Mulberry32: a stream that is the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One verdict an hour, the newest now; each is right with the given chance. */
function stream(seed: number, precision: number, count: number): readonly RuleJudgement[] {
  const next = seeded(seed)
  return Array.from({ length: count }, (_, at) => ({ right: next() < precision, atMs: NOW - at * 3_600_000 }))
}
const counts = (right: number, wrong: number): readonly RuleJudgement[] => Array.from({ length: right + wrong }, (_, at) => ({ right: at < right, atMs: NOW - at }))

// Worked apart, by the formula of the paper in another language.
test.each([
  [10, 20, 0.299298, 0.700702],
  [43, 52, 0.702691, 0.906175],
  [0, 10, 0, 0.277533],
  [10, 10, 0.722467, 1],
  [0, 0, 0, 1],
])('%i right of %i lies between %d and %d', (right, n, low, high) => {
  const interval = wilson(right, n)
  expect(interval.low).toBeCloseTo(low, 4)
  expect(interval.high).toBeCloseTo(high, 4)
})

test('the interval holds the truth in about 95 of 100 seeded streams', () => {
  for (const truth of [0.5, 0.7, 0.9]) {
    const held = Array.from({ length: 400 }, (_, seed) => {
      const { low, high } = judgePrecision(stream(seed, truth, 120), { target: 0.7, atMs: NOW })
      return low <= truth && truth <= high
    }).filter(Boolean).length
    expect([truth, held / 400 > 0.92 && held / 400 < 0.98]).toEqual([truth, true])
  }
})

test.each<[sentence: string, precision: number, count: number, underOf200: (streams: number) => boolean]>([
  ['a rule that is right every second time is throttled, nearly always', 0.5, 200, (count) => count > 195],
  ['a rule exactly on target hardly ever', 0.7, 200, (count) => count <= 10],
  ['a good rule never', 0.9, 200, (count) => count === 0],
  ['nineteen verdicts never, not even all wrong', 0, 19, (count) => count === 0],
  ['twenty that are all wrong always', 0, 20, (count) => count === 200],
])('%s', (_sentence, precision, count, holds) => {
  const under = Array.from({ length: 200 }, (_, seed) => judgePrecision(stream(7_000 + seed, precision, count), { target: 0.7, atMs: NOW }).verdict).filter((verdict) => verdict === 'under').length
  expect([under, holds(under)]).toEqual([under, true])
})

test('the threshold is exact: a bound on the target is fine, a hair below it is under', () => {
  const judgements = counts(12, 18)
  const { high } = judgePrecision(judgements, { target: 0, atMs: NOW })
  expect(judgePrecision(judgements, { target: high, atMs: NOW }).verdict).toBe('fine')
  expect(judgePrecision(judgements, { target: high + 1e-12, atMs: NOW }).verdict).toBe('under')
  expect(judgePrecision(judgements, { target: high + 1e-12, atMs: NOW, countMin: 31 }).verdict).toBe('too_few')
  // One verdict decides it: of 30, twelve right reach to 0.5768 and thirteen to 0.6080.
  expect([11, 12, 13].map((right) => judgePrecision(counts(right, 30 - right), { target: 0.6, atMs: NOW }).verdict)).toEqual(['under', 'under', 'fine'])
})

test('the window moves: the newest two hundred, and nothing older than ninety days', () => {
  const old = counts(0, 300).map((one) => ({ ...one, atMs: one.atMs - DAY_MS }))
  expect(judgePrecision([...old, ...counts(150, 0)], { target: 0.7, atMs: NOW })).toMatchObject({ n: 200, point: 0.75 })
  expect(judgePrecision([...counts(0, 30).map(({ right }) => ({ right, atMs: NOW - 90 * DAY_MS - 1 })), ...counts(5, 0)], { target: 0.7, atMs: NOW })).toMatchObject({ n: 5, verdict: 'too_few' })
  expect(judgePrecision([{ right: true, atMs: NOW - 90 * DAY_MS }], { target: 0.7, atMs: NOW }).n).toBe(1)
})

test.each<[sentence: string, state: AlertState, reason: RejectReason | null, right: boolean | null]>([
  ['confirmed is right', 'confirmed', null, true],
  ['resolved is right', 'resolved', null, true],
  ['nothing there is wrong', 'rejected', 'not_there', false],
  ['the wrong object is wrong', 'rejected', 'wrong_object', false],
  ['a shadow on the road is wrong', 'rejected', 'shadow_or_light', false],
  ['for other reasons is wrong', 'rejected', 'other', false],
  ['a permit says nothing of the sight', 'rejected', 'permitted', null],
  ['nor does a broken lamp', 'rejected', 'lamp_fault', null],
  ['nobody has said yet', 'claimed', null, null],
])('%s', (_sentence, state, rejectReason, right) => {
  const alert = { state, rejectReason, changedAtMs: 5 }
  expect(judgementOf({ alert, judged: [] })).toEqual(right === null ? null : { right, atMs: 5 })
})

test.each<[sentence: string, finding: RuleFinding, judgement: RuleJudgement | null]>([
  ['what nobody judged says nothing', { alert: null, judged: [] }, null],
  ['a finding in the shadow counts when a person judged it', { alert: null, judged: [{ right: false, atMs: 3, blind: false }] }, { right: false, atMs: 3 }],
  ['a blind sample says more than the desk', { alert: { state: 'confirmed', rejectReason: null, changedAtMs: 9 }, judged: [{ right: false, atMs: 3, blind: true }] }, { right: false, atMs: 3 }],
  ['and more than one that was not blind', { alert: null, judged: [{ right: true, atMs: 8, blind: false }, { right: false, atMs: 3, blind: true }] }, { right: false, atMs: 3 }],
  ['of equals the newest counts, once', { alert: null, judged: [{ right: true, atMs: 3, blind: true }, { right: false, atMs: 4, blind: true }] }, { right: false, atMs: 4 }],
])('%s', (_sentence, finding, judgement) => expect(judgementOf(finding)).toEqual(judgement))
