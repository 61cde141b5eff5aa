import { parseRule } from '../../analytics/rules/parse-rule.js'
import { isId } from '../../server/domain/ids.js'
import type { SeenBy } from '../../server/domain/incident.js'
import { laneRule, splitObservation } from '../../server/domain/rule-key.js'
import type { Observation } from '../../server/domain/seen.js'
import { redLight } from '../support/small-city.js'

const claim = (ruleId: string): Observation => ({ ruleId, kind: 'red_light', episode: `${ruleId}:7:0`, phase: 'began', atMs: 1, sinceMs: 0, witnesses: [], reason: { code: 'red_light', class: 'car', redForMs: 900 } })

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
