import type { Box } from '../../../analytics/geometry/box.js'
import type { RemovedObjectRule } from '../../../analytics/rules/rule.js'
import { claimChanges, NO_STILL_CLAIMS, type StillTerms } from '../../../analytics/rules/still-claims.js'
import type { StillChange } from '../../../analytics/still-changes.js'
import { PLAIN } from '../../support/plain-rule.js'

const zone = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }]
const rule: RemovedObjectRule = { id: 'g', name: 'a rule', ...PLAIN, kind: 'removed_object', zone, holdMsMin: 10_000 }
const gone = (x1: number, y1: number, x2: number, y2: number): StillChange => ({ kind: 'gone', sinceMs: 0, box: { x1, y1, x2, y2 } satisfies Box })
const SIGN = gone(0.6, 0.65, 0.68, 0.82)
const ITS_FOOT = gone(0.62, 0.64, 0.71, 0.8)
const FAR_OFF = gone(0.1, 0.6, 0.2, 0.8)

const terms: StillTerms = { holdMsMin: rule.holdMsMin, isMeant: ({ kind }) => kind === 'gone', reason: (_box, heldMs) => ({ code: 'removed_object', heldMs }) }

/** What is said in each of these seconds, in which these changes are seen. */
function say(seconds: readonly (readonly StillChange[])[]): readonly string[] {
  let state = NO_STILL_CLAIMS
  return seconds.map((changes, at) => {
    const [next, said] = claimChanges(rule, state, terms, { atMs: at * 10_000, aspect: 16 / 9, hour: 12, armed: true, lamp: null, changes, view: null })
    state = next
    return said.map(({ phase, witnesses }) => `${phase} ${witnesses[0]!.box.x1}`).join(', ')
  })
}

test('one thing that shows as two changes, one over the other, is claimed once, and goes on as whichever is there', () => {
  expect(say([[SIGN, ITS_FOOT], [SIGN, ITS_FOOT], [ITS_FOOT, SIGN], [ITS_FOOT], [SIGN], []])).toEqual(['', 'began 0.6', 'holds 0.6', 'holds 0.62', 'holds 0.6', 'ended 0.6'])
})

test('two apart are two', () => {
  expect(say([[SIGN, FAR_OFF], [SIGN, FAR_OFF], [FAR_OFF]])).toEqual(['', 'began 0.6, began 0.1', 'ended 0.6, holds 0.1'])
})
