import { missingWords } from '../../../analytics/rules/kinds/model-class.js'
import { parseRule } from '../../../analytics/rules/parse-rule.js'
import type { ModelClassRule } from '../../../analytics/rules/rule.js'
import { makeWatch } from '../../../analytics/watch.js'
import { wordReason } from '../../../server/domain/reason.js'
import { PLAIN } from '../../support/plain-rule.js'
import { checkClaims, checkFault, sayBy, type Case, type FaultCase } from './claim-table.js'
import { ROUND_THE_CLOCK, shoot, told, watchFilm, type Film, type Walker } from './walks.js'

const zone = [{ x: 0.2, y: 0.2 }, { x: 0.8, y: 0.2 }, { x: 0.8, y: 0.9 }, { x: 0.2, y: 0.9 }]
const rule: ModelClassRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'model_class', zone, words: ['fire', 'smoke'], scoreMin: 0.6, holdMsMin: 3_000 }
const film: Film = { seconds: 12, tremble: 0.08 }
const fire = (more: Partial<Walker> = {}): Walker => ({ class: 'fire', size: [0.1, 0.12], way: [[0, 0.5, 0.6], [99, 0.5, 0.6]], ...more })

test.each<Case>([
  ['what the model is sure of for long enough is claimed once', rule, [fire()], film, 1, 0],
  ['at 3 frames a second too', rule, [fire()], { ...film, fps: 3 }, 1, 0],
  ['and at 10', rule, [fire()], { ...film, fps: 10 }, 1, 0],
  ['it ends when it is gone', rule, [fire({ way: [[0, 0.5, 0.6], [6, 0.5, 0.6]] })], { ...film, seconds: 20 }, 1, 1],
  ['for a moment it is none', rule, [fire({ way: [[0, 0.5, 0.6], [2, 0.5, 0.6]] })], film, 0, 0],
  ['of what it is less sure of nothing is said', rule, [fire({ score: 0.55 })], film, 0, 0],
  ['of a word that the rule does not name neither', rule, [fire({ class: 'steam' })], film, 0, 0],
  ['nor of what is outside the zone', rule, [fire({ way: [[0, 0.1, 0.6], [99, 0.1, 0.6]] })], film, 0, 0],
  ['fire and smoke are two', rule, [fire(), fire({ class: 'smoke', way: [[0, 0.7, 0.6], [99, 0.7, 0.6]] })], film, 2, 0],
  ['three seconds out of sight make no second claim', rule, [fire({ hidden: [[6, 9]] })], { ...film, seconds: 16 }, 1, 0],
  ['flickers in one place that are each too short are none', rule, [fire({ hidden: [[1.4, 6.5], [8, 14]] })], { ...film, seconds: 15 }, 0, 0],
  ['in an exclusion, a street kitchen, it is left alone', { ...rule, exclusions: [zone] }, [fire()], film, 0, 0],
  ['with a permit too', { ...rule, permits: [{ area: null, fromMs: 0, toMs: 60_000, reference: 'GP 1' }] }, [fire()], film, 0, 0],
])('model class: %s', checkClaims)

test.each<[sentence: string, scores: (second: number) => number, said: string[]]>([
  ['a score that dips for a second does not begin anew', (s) => (s > 2 && s < 2.9 ? 0.5 : 0.8), ['began since 0.4']],
  ['one that dips for two seconds does', (s) => (s > 2 && s < 4.1 ? 0.45 : 0.8), ['began since 4.2']],
  ['a claim holds while the score is a little low', (s) => (s < 5 ? 0.8 : 0.45), ['began since 0.4']],
  ['and ends when it stays far below', (s) => (s < 5 ? 0.8 : 0.3), ['began since 0.4', 'ended']],
])('%s', (_, scores, said) => {
  const watch = makeWatch([rule], ROUND_THE_CLOCK)
  const observations = shoot([fire()], { seconds: 12 }).flatMap(({ frame, detections }) => watch.see(frame, detections.map((one) => ({ ...one, score: scores(frame.atMs / 1000) }))).observations)
  expect(told(observations)).toEqual(said)
})

test('the reason tells the word, the score and how long', () => {
  const [claim] = watchFilm([rule], [fire()], film)
  expect(claim?.reason).toMatchObject({ code: 'model_class', class: 'fire', score: 0.8, scoreMin: 0.6, heldMs: 3000 })
  expect(wordReason(claim!.reason).vi).toBe('Mô hình nhận thấy “fire” suốt 3,0 giây, độ tin cậy 80%, mức báo 60%')
})

test('when the hours end, the claim ends', () => {
  const clock = (second: number) => ({ weekday: 6, minuteOfDay: second < 6 ? 60 : 5 * 60 })
  expect(sayBy({ ...rule, hours: [{ days: [5], from: '22:00', to: '05:00' }] }, [fire()], film, clock)).toEqual(['began 3', 'ended 6'])
})

test('words that a model does not know are told, so that nobody waits for them', () => {
  expect(missingWords(rule, ['fire', 'person'])).toEqual(['smoke'])
  expect(missingWords(rule, ['fire', 'smoke'])).toEqual([])
})

test('a rule without classes is taken, with an empty list', () => {
  const { classes, ...rest } = rule
  expect(parseRule(rest)).toEqual({ ok: { ...rest, classes } })
})

test.each<FaultCase>([
  ['no word', { ...rule, words: [] }, 'words', /no class/],
  ['33 words', { ...rule, words: Array.from({ length: 33 }, (_, i) => `w${i}`) }, 'words', /more than 32/],
  ['a word that no model can have', { ...rule, words: ['Fire!'] }, 'words[0]', /no name of a class/],
  ['classes beside the words', { ...rule, classes: ['person'] }, 'classes', /must be empty/],
  ['a score above one', { ...rule, scoreMin: 60 }, 'scoreMin', /at most 1/],
])('%s is refused by its field', checkFault)
