import { parseRule } from '../../analytics/rules/parse-rule.js'
import { isId } from '../../server/domain/ids.js'
import type { SeenBy } from '../../server/domain/incident.js'
import { laneRule, splitObservation } from '../../server/domain/rule-key.js'
import type { Observation, Rule } from '../../server/domain/seen.js'
import { watchFilm, type Walker } from '../analytics/rules/walks.js'
import { PLAIN } from '../support/plain-rule.js'
import { redLight } from '../support/small-city.js'

const claim = (ruleId: string): Observation => ({ ruleId, kind: 'red_light', episode: `${ruleId}:7:0`, phase: 'began', atMs: 1, sinceMs: 0, witnesses: [], reason: { code: 'red_light', class: 'car', redForMs: 900, yellowMs: null } })

test.each<[sentence: string, laneId: string, ruleId: string, seenBy: SeenBy]>([
  ['a live version', laneRule(redLight('den-do-1'), { version: 3, mode: 'live' }).id, 'den-do-1', { ruleVersion: 3, mode: 'live' }],
  ['one on trial', laneRule(redLight('den-do-1'), { version: 12, mode: 'shadow' }).id, 'den-do-1', { ruleVersion: 12, mode: 'shadow' }],
  ['a rule that nobody versioned', 'den-do-1', 'den-do-1', { ruleVersion: null, mode: 'live' }],
])('%s is known again by what it says', (_sentence, laneId, ruleId, seenBy) => {
  expect(splitObservation(claim(laneId))).toEqual({ observation: { ...claim(laneId), ruleId }, seenBy })
})

test('the lane keeps live and trial apart, and no rule can be named like one of them', () => {
  const ids = [laneRule(redLight('r'), { version: 1, mode: 'live' }), laneRule(redLight('r'), { version: 1, mode: 'shadow' }), laneRule(redLight('r'), { version: 2, mode: 'live' })].map(({ id }) => id)
  expect(new Set(ids).size).toBe(3)
  expect(ids.map((id) => [isId(id), 'ok' in parseRule(redLight(id))])).toEqual(ids.map(() => [false, false]))
})

test('on the same film both find what is theirs, and each finding says whose it is', () => {
  const rule: Rule = { ...PLAIN, id: 'r', name: 'Dừng', kind: 'illegal_stop', zone: [{ x: 0.3, y: 0.3 }, { x: 0.7, y: 0.3 }, { x: 0.7, y: 0.9 }, { x: 0.3, y: 0.9 }], dwellMsMin: 3_000 }
  const lane = [laneRule(rule, { version: 1, mode: 'live' }), laneRule({ ...rule, dwellMsMin: 6_000 }, { version: 2, mode: 'shadow' })]
  const car: Walker = { class: 'car', size: [0.16, 0.14], way: [[0, 0.5, 0.6], [60, 0.5, 0.6]] }
  const began = watchFilm(lane, [car], { seconds: 12 }).filter(({ phase }) => phase === 'began').map(splitObservation)
  expect(began.map(({ observation: { ruleId, atMs }, seenBy }) => [ruleId, atMs, seenBy])).toEqual([
    ['r', 3_000, { ruleVersion: 1, mode: 'live' }],
    ['r', 6_000, { ruleVersion: 2, mode: 'shadow' }],
  ])
  expect(new Set(began.map(({ observation: { episode } }) => episode)).size).toBe(2)
})
