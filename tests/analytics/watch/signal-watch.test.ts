import { parseRule } from '../../../analytics/rules/parse-rule.js'
import type { Observation } from '../../../analytics/rules/observation.js'
import type { Rule } from '../../../analytics/rules/rule.js'
import type { AskFeed, SignalReport } from '../../../analytics/signal-watch.js'
import { makeWatch } from '../../../analytics/watch.js'
import { bike } from '../rules/claims.js'
import { LAMP_BOX, ROUND_THE_CLOCK, shoot, type Film } from '../rules/walks.js'

const told = { signal: 'nga-tu', approach: 'bac' }
const rule = (lamp: object): Rule => {
  const parsed = parseRule({ id: 'r', name: 'a rule', kind: 'red_light', stopLine: [{ x: 0.2, y: 0.6 }, { x: 0.8, y: 0.6 }], direction: { x: 0, y: -1 }, lamp, graceMs: 500 })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.ok
}
const seen = { box: LAMP_BOX, order: 'vertical' }
const late = bike([[8, 0.5, 0.9], [14, 0.5, 0.3]])
const film: Film = { seconds: 20, fps: 3 }
const tells = (colour: 'red' | 'green'): AskFeed => (feed, atMs) => (feed.signal === 'nga-tu' && feed.approach === 'bac' ? { state: atMs < 5_000 ? 'green' : colour, sinceMs: atMs < 5_000 ? 0 : 5_000, flashes: false } : null)

function watch(one: Rule, shot: Film, askFeed?: AskFeed): { readonly said: readonly Observation[]; readonly reports: readonly SignalReport[] } {
  const eyes = makeWatch([one], { ...ROUND_THE_CLOCK, ...(askFeed ? { askFeed } : {}) })
  const sights = shoot([late], shot).map(({ frame, detections }) => eyes.see(frame, detections))
  return { said: sights.flatMap(({ observations }) => observations), reports: sights.flatMap(({ signals }) => signals) }
}

test.each<[sentence: string, lamp: object, film: Film, ask: AskFeed | undefined, claims: readonly (string | null)[]]>([
  ['a lamp that only a controller tells of: who passes its red is claimed', told, film, tells('red'), [null]],
  ['who passes its green is not', told, film, tells('green'), []],
  ['where the controller is silent nobody knows, and nobody is claimed', told, film, undefined, []],
  ['another approach is not this one', { ...told, approach: 'nam' }, film, tells('red'), []],
  ['seen and told alike', { ...seen, ...told }, { ...film, lamp: [[0, 'green'], [5, 'red']] }, tells('red'), [null]],
  ['seen red and told green for longer than three seconds: the claim is in doubt', { ...seen, ...told }, { ...film, lamp: [[0, 'green'], [5, 'red']] }, tells('green'), ['feed_differs']],
])('%s', (_sentence, lamp, shot, ask, claims) => expect(watch(rule(lamp), shot, ask).said.map(({ doubt }) => (doubt?.why === 'lamp_fault' ? doubt.fault.code : null))).toEqual(claims))

test('what a lamp is worth is told when it changes, and once a minute', () => {
  const { reports } = watch(rule({ ...seen, ...told }), { seconds: 130, fps: 3, lamp: [[0, 'green'], [5, 'red'], [30, 'green']] }, tells('green'))
  expect(reports.map(({ atMs, faults, sound }) => [Math.floor(atMs / 1000), faults.map(({ code }) => code), sound.includes('feed_differs')])).toEqual([[8, ['feed_differs'], false], [40, [], true], [100, [], true]])
})

test.each<[string, object, readonly string[]]>([
  ['nothing', {}, ['lamp.box', 'lamp.order']],
  ['half a place', { order: 'vertical' }, ['lamp.box']],
  ['a controller without an approach', { signal: 'nga-tu' }, ['lamp.approach']],
  ['a controller of no name', { signal: 'Ngã Tư', approach: 'bac' }, ['lamp.signal']],
])('a lamp of %s is refused by its field', (_sentence, lamp, fields) => {
  const parsed = parseRule({ id: 'r', name: 'a rule', kind: 'red_light', stopLine: [{ x: 0.2, y: 0.6 }, { x: 0.8, y: 0.6 }], direction: { x: 0, y: -1 }, lamp, graceMs: 500 })
  expect('faults' in parsed && parsed.faults.map(({ field }) => field)).toEqual(fields)
})
