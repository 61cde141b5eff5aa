import { KINDS } from '../../../analytics/rules/kinds.js'
import type { RuleMemory } from '../../../analytics/rules/kind.js'
import type { CrowdRule } from '../../../analytics/rules/rule.js'
import type { Track } from '../../../analytics/track/track.js'
import { wordReason } from '../../../server/domain/reason.js'
import { PLAIN } from '../../support/plain-rule.js'
import { checkFault, type FaultCase } from './claim-table.js'

const zone = [{ x: 0.1, y: 0.1 }, { x: 0.9, y: 0.1 }, { x: 0.9, y: 0.9 }, { x: 0.1, y: 0.9 }]
const rule: CrowdRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'crowd', zone, countMin: 4, holdMsMin: 3000, timesUsual: 3 }
const HOUR_MS = 3_600_000

function people(count: number, atMs: number): Track[] {
  return Array.from({ length: count }, (_, i) => {
    const box = { x1: 0.2 + i * 0.01, y1: 0.4, x2: 0.23 + i * 0.01, y2: 0.5 }
    const at = { x: 0.215 + i * 0.01, y: 0.5 }
    return { id: i + 1, class: 'person', score: 0.8, state: 'confirmed', box, at, firstAtMs: 0, lastSeenAtMs: atMs, path: [{ atMs, at, box }] }
  })
}

/** So many people for so long at this hour; the claims begun, by what they say is usual. */
function show(memory: RuleMemory, count: number, span: { fromMs: number; toMs: number; everyMs: number; hour: number }): [RuleMemory, (number | undefined)[]] {
  let now = memory
  const begun: (number | undefined)[] = []
  for (let atMs = span.fromMs; atMs < span.toMs; atMs += span.everyMs) {
    const [next, said] = now.step(people(count, atMs), { atMs, aspect: 1.5, hour: span.hour, armed: true, lamp: null, changes: [], view: null })
    now = next
    for (const { phase, reason } of said) if (phase === 'began' && reason.code === 'crowd') begun.push(reason.usual)
  }
  return [now, begun]
}

const begin = (of: CrowdRule): RuleMemory => KINDS.crowd.begin(of)
const later = (hour: number) => ({ fromMs: 24 * HOUR_MS, toMs: 24 * HOUR_MS + 10_000, everyMs: 200, hour })

test.each<[sentence: string, minutes: number, count: number, hour: number, begun: (number | undefined)[]]>([
  ['three times what is usual at this hour is a crowd, and the claim says what is usual', 60, 9, 8, [3]],
  ['less is none, although it is more than countMin', 60, 8, 8, []],
  ['at another hour nothing is known yet, and only countMin counts', 60, 8, 9, [undefined]],
  ['after half a day of samples in the hour it is unknown too', 30, 8, 8, [undefined]],
])('%s', (_, minutes, count, hour, begun) => {
  // The usual three are fewer than countMin.
  const [memory] = show(begin(rule), 3, { fromMs: 0, toMs: minutes * 60_000, everyMs: 1000, hour: 8 })
  expect(show(memory, count, later(hour))[1]).toEqual(begun)
})

test('fewer than countMin is none, however few are usual', () => {
  const [memory] = show(begin(rule), 0, { fromMs: 0, toMs: HOUR_MS, everyMs: 1000, hour: 8 })
  expect(show(memory, 3, later(8))[1]).toEqual([])
  expect(show(memory, 4, later(8))[1]).toEqual([0])
})

test('minutes that are themselves claimed teach nothing: a day-long crowd does not become usual', () => {
  const [quiet] = show(begin(rule), 3, { fromMs: 0, toMs: HOUR_MS, everyMs: 1000, hour: 8 })
  const [crowded] = show(quiet, 30, { fromMs: 24 * HOUR_MS, toMs: 25 * HOUR_MS, everyMs: 1000, hour: 8 })
  const [empty] = show(crowded, 3, { fromMs: 48 * HOUR_MS, toMs: 48 * HOUR_MS + 10_000, everyMs: 200, hour: 8 })
  expect(show(empty, 9, { fromMs: 48 * HOUR_MS + 10_000, toMs: 48 * HOUR_MS + 20_000, everyMs: 200, hour: 8 })[1]).toEqual([3])
})

test('one busier hour moves what is usual by a sixth of the way after five others', () => {
  const [first] = show(begin({ ...rule, countMin: 20 }), 4, { fromMs: 0, toMs: 5 * HOUR_MS, everyMs: 1000, hour: 8 })
  const [second] = show(first, 10, { fromMs: 5 * HOUR_MS, toMs: 6 * HOUR_MS, everyMs: 1000, hour: 8 })
  const [usual] = show(second, 25, later(8))[1]
  expect(usual).toBe(5)
})

test('an outage forgets the claim, not what is usual', () => {
  const [memory] = show(begin(rule), 3, { fromMs: 0, toMs: HOUR_MS, everyMs: 1000, hour: 8 })
  expect(show(memory.afterGap(), 8, later(8))[1]).toEqual([])
  expect(show(memory.afterGap(), 9, later(8))[1]).toEqual([3])
})

test('a rule that does not ask learns nothing and says nothing of it', () => {
  const memory = show(begin({ ...rule, timesUsual: null }), 3, { fromMs: 0, toMs: HOUR_MS, everyMs: 1000, hour: 8 })[0]
  const [, said] = show(memory, 4, later(8))
  expect(said).toEqual([undefined])
})

test('the usual number is told in both languages, with a decimal comma in Vietnamese', () => {
  expect(wordReason({ code: 'crowd', count: 30, countMin: 10, heldMs: 12_000, usual: 4.5 })).toEqual({ vi: '30 người trong vùng suốt 12 giây, mức báo 10, giờ này thường có 4,5 người', en: '30 people in the zone for 12 s, limit 10, usually 4.5 at this hour' })
  expect(wordReason({ code: 'crowd', count: 30, countMin: 10, heldMs: 12_000 })).toEqual({ vi: '30 người trong vùng suốt 12 giây, mức báo 10', en: '30 people in the zone for 12 s, limit 10' })
})

test.each<FaultCase>([
  ['less than once the usual', { ...rule, timesUsual: 0.5 }, 'timesUsual', /at least 1/],
  ['a text', { ...rule, timesUsual: 'twice' }, 'timesUsual', /number/],
])('%s is refused by its field', checkFault)
