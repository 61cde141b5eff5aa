import type { LineCrossingRule, RedLightRule } from '../../../analytics/rules/rule.js'
import { LAMP_BOX, told, watchFilm, type Film, type Walker } from './walks.js'
import { PLAIN } from '../../support/plain-rule.js'

const core = { id: 'r', name: 'a rule', ...PLAIN }
const line: LineCrossingRule = { ...core, kind: 'line_crossing', line: [{ x: 0.2, y: 0.5 }, { x: 0.8, y: 0.5 }], direction: 'right' }
const light: RedLightRule = { ...core, kind: 'red_light', stopLine: [{ x: 0.2, y: 0.6 }, { x: 0.8, y: 0.6 }], direction: { x: 0, y: -1 }, lamp: { box: LAMP_BOX, order: 'vertical' }, graceMs: 1000, yellowMsMin: 0, phaseMsMax: 180_000 }

const bike = (way: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'two_wheeler', size: [0.05, 0.12], way, ...more })
/** From bottom to top through the middle: who walks to the right passes it. */
const UPRIGHT: Partial<LineCrossingRule> = { line: [{ x: 0.5, y: 1 }, { x: 0.5, y: 0 }], direction: 'both' }
const film: Film = { seconds: 12, tremble: 0.04 }
const red: Film = { ...film, lamp: [[0, 'red']] }

test.each<[string, Partial<LineCrossingRule>, Walker[], Film, string[]]>([
  ['one who walks down over the line, right of a → b, is claimed once', {}, [bike([[0, 0.5, 0.2], [10, 0.5, 0.9]])], film, ['began since 4.3']],
  ['one who comes back is not, unless both directions count', {}, [bike([[0, 0.5, 0.9], [10, 0.5, 0.2]])], film, []],
  ['both directions count when both are watched', { direction: 'both' }, [bike([[0, 0.5, 0.9], [10, 0.5, 0.2]])], film, ['began since 5.7']],
  ['who passes beside the end of the line has not passed it', {}, [bike([[0, 0.9, 0.2], [10, 0.9, 0.9]])], film, []],
  ['who goes round the end and back over the line counts once, on the way over it', { direction: 'both' }, [bike([[0, 0.9, 0.3], [4, 0.9, 0.7], [6, 0.5, 0.7], [10, 0.5, 0.3]])], film, ['began since 8.0']],
  ['who stands on the line and trembles has not passed it', {}, [bike([[0, 0.5, 0.5], [12, 0.5, 0.5]])], film, []],
  ['who stops on the line and goes on later passes once', {}, [bike([[0, 0.5, 0.2], [3, 0.5, 0.5], [8, 0.5, 0.5], [10, 0.5, 0.9]])], { ...film, tremble: 0.03 }, ['began since 7.9']],
  ['who is hidden while passing is still one object, and passes', {}, [bike([[0, 0.5, 0.3], [6, 0.5, 0.7]], { hidden: [[2.6, 3.5]] })], film, ['began since 3.0']],
  ['a car called truck now and then is one car', {}, [{ class: 'car', size: [0.2, 0.15], way: [[0, 0.5, 0.3], [6, 0.5, 0.7]], called: [[2, 2.5, 'truck'], [3, 3.3, 'bus']] }], film, ['began since 3.0']],
  ['two who follow each other over the same place are two', {}, [bike([[0, 0.5, 0.3], [4, 0.5, 0.9]]), bike([[1, 0.5, 0.3], [5, 0.5, 0.9]])], film, ['began since 1.3', 'began since 2.3']],
  ['a near person found twice, whole and without legs, is one, though one box passes after the other', UPRIGHT, [{ class: 'person', size: [0.14, 0.55], way: [[0, 0.1, 0.6], [2.5, 0.9, 0.6]] }, { class: 'person', size: [0.16, 0.9], way: [[0, 0.09, 0.92], [1.4, 0.49, 0.92], [1.6, 0.63, 0.92], [2.5, 0.88, 0.92]] }], { ...film, tremble: 0 }, ['began since 1.3']],
  ['a near person who leaves the picture over a line beside its edge passes it', { line: [{ x: 0.85, y: 1 }, { x: 0.85, y: 0 }], direction: 'both' }, [{ class: 'person', size: [0.36, 0.9], way: [[0, 0.5, 0.95], [3, 0.5, 0.95], [4.4, 1.1, 0.95]] }], { ...film, tremble: 0.02 }, ['began since 3.8']],
  ['a near person who stands before such a line, cut by the edge, has not passed it', { line: [{ x: 0.85, y: 1 }, { x: 0.85, y: 0 }], direction: 'both' }, [{ class: 'person', size: [0.36, 0.9], way: [[0, 0.5, 0.95], [3, 0.83, 0.95], [12, 0.83, 0.95]] }], { ...film, tremble: 0.02 }, []],
  ['a car that drives out below, over a line near the lower edge, passes it', { line: [{ x: 0.2, y: 0.97 }, { x: 0.8, y: 0.97 }] }, [{ class: 'car', size: [0.3, 0.3], way: [[0, 0.5, 0.5], [3, 0.5, 1.2]] }], { ...film, tremble: 0.02 }, ['began since 2.0']],
  ['classes that the rule does not name are left alone', { classes: ['car'] }, [bike([[0, 0.5, 0.2], [10, 0.5, 0.9]])], film, []],
  ['who passes in an exclusion is left alone', { exclusions: [[{ x: 0.4, y: 0.4 }, { x: 0.6, y: 0.4 }, { x: 0.6, y: 0.6 }, { x: 0.4, y: 0.6 }]] }, [bike([[0, 0.5, 0.2], [10, 0.5, 0.9]])], film, []],
])('line crossing: %s', (_, rule, walkers, shot, expected) => {
  expectRoughly(told(watchFilm([{ ...line, ...rule }], walkers, shot)), expected)
})

test.each<[string, Walker[], Film, string[]]>([
  ['who rides over the stop line on red is claimed once', [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], red, ['began since 3.0']],
  ['on green nobody is', [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], { ...film, lamp: [[0, 'green']] }, []],
  ['on yellow nobody is', [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], { ...film, lamp: [[0, 'yellow']] }, []],
  ['when no lamp can be seen nobody is', [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], film, []],
  ['who passes within the grace after the change is not', [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], { ...film, lamp: [[0, 'yellow'], [2.4, 'red']] }, []],
  ['who passes after the grace is', [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], { ...film, lamp: [[0, 'yellow'], [1.6, 'red']] }, ['began since 3.0']],
  ['who passes just after green began is not, although the belief in green comes later', [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], { ...film, lamp: [[0, 'red'], [2.9, 'green']] }, []],
  ['who passed just before green began is', [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], { ...film, lamp: [[0, 'red'], [3.3, 'green']] }, ['began since 3.0']],
  ['one frame of glare in the lamp changes nothing', [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], { ...film, lamp: [[0, 'red'], [2.9, 'green'], [3.05, 'red']] }, ['began since 3.0']],
  ['a red lamp that beats dark for half a second is still red', [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], { ...film, lamp: [[0, 'red'], [2.7, 'dark'], [3.3, 'red']] }, ['began since 3.0']],
  ['oncoming traffic over the same line is not governed by this lamp', [bike([[0, 0.5, 0.3], [6, 0.5, 0.9]])], red, []],
  ['who stops astride the line and goes on, still on red, is claimed once', [bike([[0, 0.5, 0.9], [2, 0.5, 0.6], [8, 0.5, 0.6], [10, 0.5, 0.4]])], red, ['began since 8.1']],
  ['who stops astride the line and goes on with green is not', [bike([[0, 0.5, 0.9], [2, 0.5, 0.61], [8, 0.5, 0.61], [10, 0.5, 0.4]])], { ...red, lamp: [[0, 'red'], [7.5, 'green']] }, []],
  ['who waits behind the line and is shaken by the wind is not', [bike([[0, 0.5, 0.63], [12, 0.5, 0.63]])], { ...red, tremble: 0.06 }, []],
  ['a person on foot is no vehicle', [{ class: 'person', size: [0.03, 0.12], way: [[0, 0.5, 0.9], [6, 0.5, 0.3]] }], red, []],
  ['three side by side are three', [bike([[0, 0.3, 0.9], [6, 0.3, 0.3]]), bike([[0, 0.5, 0.9], [6, 0.5, 0.3]]), bike([[0, 0.7, 0.9], [6, 0.7, 0.3]])], red, ['began since 3.0', 'began since 3.0', 'began since 3.0']],
])('red light: %s', (_, walkers, shot, expected) => {
  expectRoughly(told(watchFilm([light], walkers, shot)), expected)
})

test('the reason tells how long it had been red, and the witness is shown on the line', () => {
  const [claim] = watchFilm([light], [bike([[0, 0.5, 0.9], [6, 0.5, 0.3]])], { seconds: 8, lamp: [[0, 'green'], [0.9, 'red']] })
  expect(claim?.reason).toEqual({ code: 'red_light', class: 'two_wheeler', redForMs: 2000, yellowMs: null })
  expect(claim?.witnesses[0]?.box.y2).toBeCloseTo(0.58, 1)
})

/** Boxes tremble, so an instant is right to half a second. */
function expectRoughly(lines: readonly string[], expected: readonly string[]): void {
  const second = (line: string): number => Number(/[\d.]+$/.exec(line)?.[0])
  expect(lines.length).toBe(expected.length)
  lines.forEach((line, i) => expect(Math.abs(second(line) - second(expected[i] ?? ''))).toBeLessThan(0.5))
}
