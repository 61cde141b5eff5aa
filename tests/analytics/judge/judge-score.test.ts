import type { FlowCount, Observation } from '../../../analytics/rules/observation.js'
import { figuresOfCount } from '../../../server/commands/judge-figures.js'
import { scoreCounts } from '../../../server/commands/judge-counts.js'
import { figuresOfKind } from '../../../server/commands/judge-figures.js'
import { rulesFromTruth } from '../../../server/commands/judge-rules.js'
import { precisionOf, recallOf, scoreKind, type Claim } from '../../../server/commands/judge-score.js'
import { parseTruth, type Truth } from '../../../server/commands/judge-truth.js'

const box = { x1: 0.4, y1: 0.6, x2: 0.5, y2: 0.8 }
const elsewhere = { x1: 0.7, y1: 0.6, x2: 0.8, y2: 0.8 }

function truthOf(events: readonly object[], undecided: readonly object[] = []): Truth {
  return parseTruth(JSON.stringify({
    geometry: { stop_line: { pts: [[0.2, 0.7], [0.8, 0.7]], travel_direction: [0, -1] }, lamp_region: { box: [0.9, 0.1, 0.95, 0.3] }, counting_line: { pts: [[0, 0.5], [1, 0.5]] } },
    events,
    undecided,
    counts: [{ line: 'counting_line', from: 0, to: 20, by_class: { car: 2 }, by_direction: { up: 1, down: 1 }, total: 2, certainty: 'sure' }],
  }))
}

const event = (t: number, more: object = {}): object => ({ kind: 'red_light', t_start: t, t_end: t + 0.4, class: 'car', certainty: 'sure', box_at_t: { t, box: [box.x1, box.y1, box.x2, box.y2] }, ...more })

function claim(sinceS: number, at = box, more: Partial<Claim> = {}): Claim {
  const first: Observation = { ruleId: 'red-light-stop-line', kind: 'red_light', episode: `e${sinceS}-${at.x1}`, phase: 'began', atMs: sinceS * 1000, sinceMs: sinceS * 1000, witnesses: [], reason: { code: 'red_light', class: 'car', redForMs: 5000, yellowMs: null } }
  return { ruleId: first.ruleId, episode: first.episode, sinceS, beganS: sinceS, endedS: sinceS, class: 'car', steps: [{ atMs: sinceS * 1000, at: { x: 0, y: 0 }, box: at }], first, ...more }
}

test.each<[string, Truth, Claim[], { hits: number; again: number; wrong: number; missed: number; neutral: number }]>([
  ['a claim at its time and place finds its event', truthOf([event(5)]), [claim(5.1)], { hits: 1, again: 0, wrong: 0, missed: 0, neutral: 0 }],
  ['at another time it is false, and the event is missed', truthOf([event(5)]), [claim(9)], { hits: 0, again: 0, wrong: 1, missed: 1, neutral: 0 }],
  ['so it is at another place', truthOf([event(5)]), [claim(5.1, elsewhere)], { hits: 0, again: 0, wrong: 1, missed: 1, neutral: 0 }],
  ['two claims of one event: one finds it, one is again', truthOf([event(5)]), [claim(5.1), claim(5.3)], { hits: 1, again: 1, wrong: 0, missed: 0, neutral: 0 }],
  ['two events at one time are told apart by place', truthOf([event(5), event(5, { box_at_t: { t: 5, box: [0.7, 0.6, 0.8, 0.8] } })]), [claim(5.1), claim(5.1, elsewhere)], { hits: 2, again: 0, wrong: 0, missed: 0, neutral: 0 }],
  ['an event that is only likely counts for neither side, found', truthOf([event(5, { certainty: 'likely' })]), [claim(5.1)], { hits: 0, again: 0, wrong: 0, missed: 0, neutral: 1 }],
  ['nor missed', truthOf([event(5, { certainty: 'likely' })]), [], { hits: 0, again: 0, wrong: 0, missed: 0, neutral: 0 }],
  ['nor does an undecided one', truthOf([], [event(5, { certainty: 'sure' })]), [claim(5.1)], { hits: 0, again: 0, wrong: 0, missed: 0, neutral: 1 }],
  ['a track that was not there at the instant of the box is judged by its time', truthOf([event(5)]), [claim(5.1, box, { steps: [{ atMs: 9000, at: { x: 0, y: 0 }, box: elsewhere }] })], { hits: 1, again: 0, wrong: 0, missed: 0, neutral: 0 }],
])('%s', (_, truth, claims, expected) => {
  const score = scoreKind('red_light', truth, rulesFromTruth(truth), claims)
  expect({ hits: score.hits, again: score.again.length, wrong: score.falseClaims.length, missed: score.missed.length, neutral: score.neutral }).toEqual(expected)
})

test.each<[string, readonly object[], number, number]>([
  ['with the event’s numbers it finds it', [{ class: 'car', side: 'left', count: 2 }, { class: 'bus', side: 'left', count: 1 }, { class: 'car', side: 'right', count: 4 }], 1, 0],
  ['with one more it is false', [{ class: 'car', side: 'left', count: 4 }, { class: 'car', side: 'right', count: 4 }], 0, 1],
  ['with one side untold it is false', [{ class: 'car', side: 'left', count: 3 }], 0, 1],
])('a claim that counts: %s', (_, counts, hits, wrong) => {
  const line = { id: 'f', name: 'f', kind: 'flow', line: [{ x: 0, y: 0.5 }, { x: 1, y: 0.5 }], everyMs: 10_000, use: 'statistics' }
  const truth = parseTruth(JSON.stringify({ geometry: {}, rules: [line], events: [{ kind: 'flow', t_start: 14, t_end: 16, certainty: 'sure', tells: { left: [3, 3], right: [4, 5] } }] }))
  const first: Observation = { ...claim(10).first, ruleId: 'f', kind: 'flow', reason: { code: 'flow', spanMs: 10_000, watchedMs: 10_000, counts: counts as FlowCount[] } }
  const score = scoreKind('flow', truth, rulesFromTruth(truth), [claim(10, box, { ruleId: 'f', endedS: 20, steps: [], first })])
  expect([score.hits, score.falseClaims.length]).toEqual([hits, wrong])
})

test('precision, recall and claims per event come with their bars', () => {
  const truth = truthOf([event(5), event(9)])
  const score = scoreKind('red_light', truth, rulesFromTruth(truth), [claim(5.1), claim(5.2), claim(15)])
  expect(precisionOf(score)).toBeCloseTo(1 / 3)
  expect(recallOf(score)).toBe(0.5)
  expect(figuresOfKind(score).map((f) => [f.figure, f.value, f.against, f.bar, f.held])).toEqual([
    ['red_light precision', 0.333, 3, 0.8, false],
    ['red_light recall', 0.5, 2, 0.8, false],
    ['red_light claims per event', 2, 1, 1.1, false],
  ])
})

test('a kind with no event and no claim has no figure, not a perfect one', () => {
  const truth = truthOf([])
  expect(figuresOfKind(scoreKind('red_light', truth, rulesFromTruth(truth), [])).map((f) => [f.value, f.held])).toEqual([[null, null], [null, null], [null, null]])
})

test('passages are counted in all and by the word for their direction', () => {
  const truth = truthOf([])
  const pass = (sinceS: number, direction: 'left' | 'right'): Claim => {
    const c = claim(sinceS, box, { ruleId: 'line-crossing-counting-line' })
    return { ...c, first: { ...c.first, reason: { code: 'line_crossing', class: 'car', direction } } }
  }
  // A line drawn to the right: up arrives on its left. The passage at 25 s is after the counted part.
  const counts = scoreCounts(truth, rulesFromTruth(truth), [pass(3, 'left'), pass(4, 'left'), pass(5, 'right'), pass(25, 'right')])
  expect(counts.map((c) => [c.direction, c.ours, c.truth])).toEqual([[null, 3, 2], ['up', 2, 1], ['down', 1, 1]])
  // Three where two passed: half too many, told once for the line, not for its ways.
  expect(counts.flatMap(figuresOfCount).filter((f) => f.bar !== null)).toEqual([{ figure: 'count deviation counting_line 0-20 s', value: 0.5, unit: 'share', against: null, ratio: null, bar: 0.1, held: false }])
})

test('the geometry’s names and fields make the rules, pieces of one stop line make one', () => {
  const zone = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9]]
  const truth = parseTruth(JSON.stringify({
    geometry: {
      stop_line: { pts: [[0.3, 0.8], [0.85, 0.82]], travel_direction: [0, -1] },
      stop_line_extension: { pts: [[0, 0.79], [0.3, 0.8]], travel_direction: [0, -1] },
      lamp_region: [{ name: 'countdown', box: [0.8, 0.3, 0.9, 0.35] }, { name: 'main head', box: [0.86, 0.37, 0.888, 0.48], order: 'red top, yellow middle, green bottom' }],
      carriageway: { polygon: zone, allowed_direction: [0, -1], valid: [0, 8] },
      far_side: { polygon: zone, allowed_direction: [0, 1], note: 'not used for events' },
      no_stopping_kerb: { polygon: zone, dwell_s_min: 20 },
      square: { polygon: zone, rule: 'crowd', count_min: 8 },
      yard: { polygon: zone, rule: 'intrusion' },
      zebra: { polygon: zone },
    },
    events: [],
  }))
  const rules = rulesFromTruth(truth)
  expect(rules.map((r) => r.kind)).toEqual(['red_light', 'wrong_way', 'illegal_stop', 'crowd', 'intrusion'])
  expect(rules[0]?.rule).toMatchObject({ stopLine: [{ x: 0, y: 0.79 }, { x: 0.85, y: 0.82 }], lamp: { box: { x1: 0.86 }, order: 'vertical' } })
  expect(rules[1]?.validS).toEqual([0, 8])
  expect(rules[2]?.rule).toMatchObject({ dwellMsMin: 20_000 })
  expect(rules[3]?.rule).toMatchObject({ countMin: 8 })
})
