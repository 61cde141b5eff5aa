import type { RedLightRule } from '../../../analytics/rules/rule.js'
import { parseRule } from '../../../analytics/rules/parse-rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, checkFor, everyKind, expectRefused, expectTaken, type Case } from './claims.js'
import { LAMP_BOX, watchFilm, type Film } from './walks.js'

/** What red_light says of the yellow before; who passes at all is in crossing-rules.test.ts. */
const rule: RedLightRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'red_light', stopLine: [{ x: 0.2, y: 0.6 }, { x: 0.8, y: 0.6 }], direction: { x: 0, y: -1 }, lamp: { box: LAMP_BOX, order: 'vertical' }, graceMs: 500, yellowMsMin: 2500, phaseMsMax: 180_000 }
/** Over the line at second 7. */
const late = bike([[4, 0.5, 0.9], [10, 0.5, 0.3]])
const yellowFrom = (second: number): Film => ({ seconds: 12, tremble: 0.04, lamp: [[0, 'green'], [second, 'yellow'], [6, 'red']] })

test.each<Case<RedLightRule>>([
  ['after three seconds of yellow who passes on red is claimed', {}, [late], yellowFrom(3), 1, 0],
  ['after one second nobody is: the lamp jumped', {}, [late], yellowFrom(5), 0, 0],
  ['where any yellow will do, he is', { yellowMsMin: 0 }, [late], yellowFrom(5), 1, 0],
  ['where no yellow was seen (a lamp of two colours) he is', {}, [late], { ...yellowFrom(3), lamp: [[0, 'green'], [6, 'red']] }, 1, 0],
  ['where the watching began in the yellow nobody knows how long it was: he is', {}, [late], { ...yellowFrom(3), lamp: [[0, 'yellow'], [1, 'red']] }, 1, 0],
  ['the yellow of the round before does not count', {}, [late], { ...yellowFrom(3), lamp: [[0, 'green'], [1, 'yellow'], [1.6, 'red'], [3, 'green'], [3.2, 'yellow'], [6, 'red']] }, 1, 0],
])('red light: %s', checkFor(rule))

describe('red light', () => everyKind({ rule, walkers: [late], film: yellowFrom(3), hoursEndAtSecond: null }))

test.each<[string, Film, number | null]>([
  ['a yellow of three seconds', yellowFrom(3), 3000],
  ['no yellow', { ...yellowFrom(3), lamp: [[0, 'green'], [6, 'red']] }, null],
  ['a yellow that was there when the watching began', { ...yellowFrom(3), lamp: [[0, 'yellow'], [6, 'red']] }, null],
])('the reason tells of %s', (_, film, yellowMs) => {
  expect(watchFilm([rule], [late], film)[0]?.reason).toMatchObject({ code: 'red_light', yellowMs })
})

test('red light: a rule from before yellow was asked for takes any', () => {
  const { yellowMsMin: _, ...older } = rule
  expect(parseRule(older)).toEqual({ ok: { ...rule, yellowMsMin: 0 } })
})

test('red light: a yellow of a minute is refused by its name', () => expectRefused({ ...rule, yellowMsMin: 60_000 }, 'yellowMsMin', /30 seconds/))

test('red light: a complete rule is taken', () => expectTaken(rule))
