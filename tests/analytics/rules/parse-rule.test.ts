import { parseRule } from '../../../analytics/rules/parse-rule.js'
import { PLAIN } from '../../support/plain-rule.js'

const zone = [{ x: 0.1, y: 0.1 }, { x: 0.9, y: 0.1 }, { x: 0.5, y: 0.9 }]
const line = [{ x: 0.2, y: 0.8 }, { x: 0.8, y: 0.8 }]
const lamp = { box: { x1: 0.8, y1: 0.3, x2: 0.85, y2: 0.45 }, order: 'vertical' }
const core = { id: 'kerb-1', name: 'Lề đường' }

test.each([
  ['line_crossing', { ...core, kind: 'line_crossing', line, direction: 'both' }],
  ['intrusion', { ...core, kind: 'intrusion', zone, dwellMsMin: 2000, hours: [{ days: [5], from: '22:00', to: '05:00' }] }],
  ['wrong_way', { ...core, kind: 'wrong_way', zone, allowed: { x: 0, y: -1 }, holdMsMin: 800 }],
  ['illegal_stop', { ...core, kind: 'illegal_stop', zone, dwellMsMin: 60_000, exclusions: [zone] }],
  ['red_light', { ...core, kind: 'red_light', stopLine: line, direction: { x: 0, y: -1 }, lamp, graceMs: 1000, yellowMsMin: 0, phaseMsMax: 180_000 }],
  ['bound illegal_stop', { ...core, kind: 'illegal_stop', zone, dwellMsMin: 60_000, preset: { token: '0', name: 'Cầu', at: { pan: -1, tilt: 0.25, zoom: 0 } } }],
  ['crowd', { ...core, kind: 'crowd', zone, countMin: 10, holdMsMin: 5000, classes: ['person'], timesUsual: null }],
])('a complete %s rule is taken as it is, with empty lists where none were given', (_, input) => {
  expect(parseRule(input)).toEqual({ ok: { ...PLAIN, ...input } })
})

const stop = { ...core, kind: 'illegal_stop', zone, dwellMsMin: 1000 }
const wrong = { ...core, kind: 'wrong_way', zone, allowed: { x: 0, y: -1 }, holdMsMin: 800 }
const red = { ...core, kind: 'red_light', stopLine: line, direction: { x: 0, y: -1 }, lamp, graceMs: 1000 }

test.each<[string, unknown, string, RegExp]>([
  ['nothing at all', undefined, 'rule', /missing/],
  ['a rule of no kind', { ...stop, kind: 'dancing' }, 'kind', /no kind of rule/],
  ['no kind', { ...core, zone }, 'kind', /no kind of rule/],
  ['a zone of two points', { ...stop, zone: zone.slice(0, 2) }, 'zone', /three points/],
  ['a zone that crosses itself', { ...stop, zone: [{ x: 0.1, y: 0.1 }, { x: 0.9, y: 0.9 }, { x: 0.9, y: 0.1 }, { x: 0.1, y: 0.9 }] }, 'zone', /crosses itself/],
  ['a zone in pixels', { ...stop, zone: [{ x: 10, y: 0.1 }, ...zone.slice(1)] }, 'zone[0].x', /outside the picture/],
  ['a zone with no area', { ...stop, zone: [{ x: 0.1, y: 0.1 }, { x: 0.5, y: 0.5 }, { x: 0.9, y: 0.9 }] }, 'zone', /encloses almost nothing/],
  ['a point without y', { ...stop, zone: [{ x: 0.1 }, ...zone.slice(1)] }, 'zone[0].y', /number|missing/],
  ['a text for a number', { ...stop, dwellMsMin: '5' }, 'dwellMsMin', /number/],
  ['a dwell that is not given', { ...core, kind: 'illegal_stop', zone }, 'dwellMsMin', /missing/],
  ['a dwell below nothing', { ...stop, dwellMsMin: -1 }, 'dwellMsMin', /negative/],
  ['a dwell of a week', { ...stop, dwellMsMin: 7 * 86_400_000 }, 'dwellMsMin', /one day/],
  ['a line without length', { ...red, stopLine: [line[0], line[0]] }, 'stopLine', /no length/],
  ['a line of three points', { ...red, stopLine: [...line, { x: 0.5, y: 0.5 }] }, 'stopLine', /two points/],
  ['a direction that points nowhere', { ...wrong, allowed: { x: 0, y: 0 } }, 'allowed', /nowhere/],
  ['a lamp region without size', { ...red, lamp: { ...lamp, box: { x1: 0.5, y1: 0.5, x2: 0.5, y2: 0.6 } } }, 'lamp.box', /almost nothing/],
  ['a lamp of no known order', { ...red, lamp: { ...lamp, order: 'round' } }, 'lamp.order', /vertical/],
  ['a grace of a minute', { ...red, graceMs: 60_000 }, 'graceMs', /30 seconds/],
  ['an hour that does not exist', { ...stop, hours: [{ days: [1], from: '25:00', to: '05:00' }] }, 'hours[0].from', /time of day/],
  ['an eighth day of the week', { ...stop, hours: [{ days: [8], from: '22:00', to: '05:00' }] }, 'hours[0].days[0]', /weekday/],
  ['hours on no day', { ...stop, hours: [{ days: [], from: '22:00', to: '05:00' }] }, 'hours[0].days', /no day/],
  ['an exclusion that crosses itself', { ...stop, exclusions: [[{ x: 0.1, y: 0.1 }, { x: 0.9, y: 0.9 }, { x: 0.9, y: 0.1 }, { x: 0.1, y: 0.9 }]] }, 'exclusions[0]', /crosses itself/],
  ['a preset without a place', { ...stop, preset: { token: '1', name: 'Cầu' } }, 'preset.at', /missing/],
  ['a preset that no mount reaches', { ...stop, preset: { token: '1', name: 'Cầu', at: { pan: 90, tilt: 0, zoom: 0 } } }, 'preset.at.pan', /no position/],
  ['a preset that zooms out of the lens', { ...stop, preset: { token: '1', name: 'Cầu', at: { pan: 0, tilt: 0, zoom: -0.5 } } }, 'preset.at.zoom', /no position/],
  ['a preset without a token', { ...stop, preset: { token: '', name: 'Cầu', at: { pan: 0, tilt: 0, zoom: 0 } } }, 'preset.token', /empty/],
  ['a preset that is only a name', { ...stop, preset: 'Cầu' }, 'preset', /object/],
  ['an id with a path in it', { ...stop, id: '../etc' }, 'id', /a-z/],
  ['an empty name', { ...stop, name: '  ' }, 'name', /empty/],
  ['a field of another kind', { ...stop, stopLine: line }, 'stopLine', /no such field/],
  ['no people for a crowd', { ...core, kind: 'crowd', zone, countMin: 0, holdMsMin: 0 }, 'countMin', /at least 1/],
])('%s is refused by its field, with a reason and a next step', (_, input, field, reason) => {
  const parsed = parseRule(input)
  if ('ok' in parsed) throw new Error('it was taken')
  const fault = parsed.faults.find((f) => f.field === field)
  expect(parsed.faults.map((f) => f.field)).toContain(field)
  expect(fault?.reason).toMatch(reason)
  expect(fault?.next).toMatch(/\.$/)
})

test('every fault is told at once, not one at a time', () => {
  const parsed = parseRule({ ...stop, name: '', dwellMsMin: -1, zone: [] })
  expect('faults' in parsed && parsed.faults.map((f) => f.field).toSorted()).toEqual(['dwellMsMin', 'name', 'zone'])
})
