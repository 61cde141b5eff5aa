import { coreFields } from '../../analytics/rules/fields.js'
import { KINDS } from '../../analytics/rules/kinds.js'
import { parseRule } from '../../analytics/rules/parse-rule.js'
import type { RuleKindView } from '../../server/contract/rules.js'
import { KIND_FORMS } from '../../server/domain/rule-form.js'
import { beginDrawing, draw } from '../../player/rules/drawing.js'
import { fieldFaults } from '../../player/rules/fault-words.js'
import { changedFields, proposedBody, readDraft, readShapes, writeBody, type LampFeed, type RuleBody } from '../../player/rules/rule-draft.js'
import { permitField } from '../../player/rules/shape.js'
import { ALWAYS, hoursOf, isNever, isSet, paint, weekOf } from '../../player/rules/week.js'

const spot = (x: number, y: number) => ({ x, y })
const kindOf = (kind: keyof typeof KIND_FORMS): RuleKindView => ({ kind, ...KIND_FORMS[kind] })
const SQUARE = [spot(0.2, 0.8), spot(0.8, 0.8), spot(0.7, 0.3), spot(0.3, 0.3)]
const CORE = { id: 'one', name: 'Một', use: 'screening', classes: ['car'], hours: [{ days: [5], from: '22:15', to: '05:00' }], exclusions: [SQUARE], permits: [{ area: null, fromMs: 1, toMs: 2, reference: 'GP-12' }], armedFromMs: null, armedToMs: 9 }
const LAMP = { box: { x1: 0.8, y1: 0.1, x2: 0.83, y2: 0.2 }, order: 'horizontal' }

const written = (body: RuleBody, kind: RuleKindView): RuleBody => writeBody({ draft: readDraft(body, kind), shapes: readShapes(body, kind), kind, begun: body })

test.each<[string, RuleBody, RuleKindView]>([
  ['a zone', { ...CORE, kind: 'illegal_stop', zone: SQUARE, dwellMsMin: 90_000 }, kindOf('illegal_stop')],
  ['a line with its side', { ...CORE, kind: 'no_entry', line: SQUARE.slice(0, 2), direction: 'left' }, kindOf('no_entry')],
  ['a zone and an arrow of any length', { ...CORE, kind: 'wrong_way', zone: SQUARE, allowed: spot(3, -4), holdMsMin: 800 }, kindOf('wrong_way')],
  ['a stop line, its way and its lamp', { ...CORE, kind: 'red_light', stopLine: SQUARE.slice(0, 2), direction: spot(0, -1), lamp: LAMP, graceMs: 900, yellowMsMin: 0, phaseMsMax: 180_000 }, kindOf('red_light')],
  ['a lamp that a controller tells of, and whom it makes way for', { ...CORE, holdForClasses: ['ambulance'], kind: 'red_light', stopLine: SQUARE.slice(0, 2), direction: spot(0, -1), lamp: { signal: 'nga-tu', approach: 'bac' }, graceMs: 900, yellowMsMin: 0, phaseMsMax: 180_000 }, kindOf('red_light')],
  ['a lamp that is seen and told', { ...CORE, kind: 'red_light', stopLine: SQUARE.slice(0, 2), direction: spot(0, -1), lamp: { ...LAMP, signal: 'nga-tu', approach: 'bac' }, graceMs: 900, yellowMsMin: 0, phaseMsMax: 180_000 }, kindOf('red_light')],
  ['a measured rectangle', { ...CORE, kind: 'speed', use: 'statistics', zone: SQUARE, ground: { corners: SQUARE, widthM: 7, lengthM: 20 }, kmhMin: 60 }, kindOf('speed')],
  ['a measured rectangle and the length it was checked by', { ...CORE, kind: 'speed', use: 'statistics', zone: SQUARE, ground: { corners: SQUARE, widthM: 7, lengthM: 20, check: { line: SQUARE.slice(0, 2), lengthM: 5 } }, kmhMin: 60 }, kindOf('speed')],
  ['a permit for a part of the picture', { ...CORE, kind: 'illegal_stop', zone: SQUARE, dwellMsMin: 90_000, permits: [{ area: null, fromMs: 1, toMs: 2, reference: 'GP-12' }, { area: SQUARE, fromMs: 3, toMs: 4, reference: 'GP-13' }] }, kindOf('illegal_stop')],
  ['words of a model', { ...CORE, kind: 'model_class', classes: [], words: ['smoke'], zone: SQUARE, scoreMin: 0.5, holdMsMin: 2_000 }, kindOf('model_class')],
  ['nothing drawn at all', { ...CORE, kind: 'camera_tamper', classes: [], exclusions: [], holdMsMin: 60_000 }, kindOf('camera_tamper')],
  ['a preset that it is bound to', { ...CORE, kind: 'illegal_stop', zone: SQUARE, dwellMsMin: 90_000, preset: { token: '0', name: 'Cầu', at: { pan: -1, tilt: 0, zoom: 0.5 } } }, kindOf('illegal_stop')],
  ['a number that is left out', { ...CORE, kind: 'crowd', zone: SQUARE, countMin: 20, holdMsMin: 1_000, timesUsual: null }, kindOf('crowd')],
])('who opens and saves changes nothing: %s', (_name, body, kind) => expect(written(body, kind)).toEqual(body))

describe('who tells of a lamp', () => {
  const kind = kindOf('red_light')
  const body: RuleBody = { ...CORE, kind: 'red_light', stopLine: SQUARE.slice(0, 2), direction: spot(0, -1), lamp: LAMP, graceMs: 900, yellowMsMin: 0, phaseMsMax: 180_000 }
  const lampOf = (feed: LampFeed | null, from: RuleBody = body, shapes = readShapes(from, kind)) => writeBody({ draft: { ...readDraft(from, kind), feed }, shapes, kind, begun: from })['lamp']
  const feed = { signal: 'nga-tu', approach: 'bac' }
  test.each<[string, unknown, unknown]>([
    ['a controller stands beside what is drawn', lampOf(feed), { ...LAMP, ...feed }],
    ['without anything drawn it stands alone', lampOf(feed, body, []), feed],
    ['taken away, what is drawn is left', lampOf(null, { ...body, lamp: { ...LAMP, ...feed } }), LAMP],
    ['with nothing drawn and nobody telling there is no lamp', lampOf(null, { ...body, lamp: feed }), undefined],
    ['an approach that is not chosen is left out, so that the server names it', lampOf({ signal: 'nga-tu', approach: null }), { ...LAMP, signal: 'nga-tu' }],
  ])('%s', (_name, written, expected) => expect(written).toEqual(expected))
  test('another approach is a change of the lamp', () => expect([...changedFields(writeBody({ draft: { ...readDraft(body, kind), feed }, shapes: readShapes(body, kind), kind, begun: body }), body)]).toEqual(['lamp']))
})

test('an arrow that was turned is another one', () => {
  const body: RuleBody = { ...CORE, kind: 'wrong_way', zone: SQUARE, allowed: spot(0, 1), holdMsMin: 800 }
  const kind = kindOf('wrong_way')
  const shapes = readShapes(body, kind).map((shape) => (shape.is === 'arrow' ? { ...shape, points: [spot(0.5, 0.5), spot(0.75, 0.5)] } : shape))
  expect(writeBody({ draft: readDraft(body, kind), shapes, kind, begun: body })['allowed']).toEqual(spot(0.25, 0))
})

describe('where a permit holds', () => {
  const kind = kindOf('illegal_stop')
  const body: RuleBody = { ...CORE, kind: 'illegal_stop', zone: SQUARE, dwellMsMin: 90_000, permits: [{ area: SQUARE, fromMs: 1, toMs: 2, reference: 'A' }, { area: null, fromMs: 3, toMs: 4, reference: 'B' }] }
  const draft = readDraft(body, kind)
  const shapes = readShapes(body, kind)
  const areas = (permits: typeof draft.permits, drawn: typeof shapes) => (writeBody({ draft: { ...draft, permits }, shapes: drawn, kind, begun: body })['permits'] as readonly { area: unknown; reference: string }[]).map(({ area, reference }) => [reference, area])
  const part = [spot(0.1, 0.1), spot(0.4, 0.1), spot(0.2, 0.5)]
  test('is drawn for one of them', () => expect(areas(draft.permits, [...shapes, { is: 'permit', field: permitField(1), points: part }])).toEqual([['A', SQUARE], ['B', part]]))
  test('stays with its own when the one before is removed', () => expect(areas(draft.permits.slice(1), [...shapes.filter(({ field }) => field !== permitField(0)), { is: 'permit', field: permitField(1), points: part }])).toEqual([['B', part]]))
  test('is all of the picture when it is taken away', () => expect(areas(draft.permits, draw(beginDrawing(shapes), { do: 'drop', field: permitField(0) }).shapes)).toEqual([['A', null], ['B', null]]))
  test('counts as a change of the permits', () => expect([...changedFields(writeBody({ draft, shapes: shapes.filter(({ is }) => is !== 'permit'), kind, begun: body }), body)]).toEqual(['permits']))
})

test('a new rule begins as proposed, with nothing drawn', () => {
  const kind = kindOf('wrong_lane')
  const body = proposedBody(kind, 'Làn xe buýt')
  expect([readShapes(body, kind), written(body, kind)]).toEqual([[], { kind: 'wrong_lane', name: 'Làn xe buýt', use: 'screening', classes: ['car'], holdMsMin: 3_000, hours: [], exclusions: [], permits: [], armedFromMs: null, armedToMs: null }])
})

test('who binds a rule, or lets it go, changes that field alone', () => {
  const [body, kind] = [{ ...CORE, kind: 'illegal_stop', zone: SQUARE, dwellMsMin: 90_000 } as RuleBody, kindOf('illegal_stop')]
  const preset = { token: '2', name: 'Cầu', at: { pan: 0, tilt: 0, zoom: 0 } }
  const bind = (begun: RuleBody, to: typeof preset | null): RuleBody => writeBody({ draft: { ...readDraft(begun, kind), preset: to }, shapes: readShapes(begun, kind), kind, begun })
  expect([bind(body, preset), bind(bind(body, preset), null), [...changedFields(bind(body, preset), body)]]).toEqual([{ ...body, preset }, body, ['preset']])
})

test('what differs is told by its field; the id and the order of fields say nothing', () => {
  expect([...changedFields({ id: 'a', name: 'x', zone: SQUARE, holdMsMin: 1 }, { holdMsMin: 2, zone: [...SQUARE], name: 'x', id: 'b', hours: [] })].toSorted()).toEqual(['holdMsMin', 'hours'])
})

describe('a week', () => {
  const night = weekOf([{ days: [5, 7], from: '22:00', to: '05:00' }])
  test('no hours are all hours, and back', () => expect([weekOf([]), hoursOf(ALWAYS)]).toEqual([ALWAYS, []]))
  test('a night belongs to two days; Sunday’s goes on on Monday', () => expect(night.map((spans) => spans.length)).toEqual([1, 0, 0, 0, 1, 1, 1]))
  test.each<[string, number, number, boolean]>([['Friday 22:00', 4, 1320, true], ['Friday 21:59', 4, 1319, false], ['Saturday 04:59', 5, 299, true], ['Saturday 05:00', 5, 300, false], ['Monday 00:00', 0, 0, true]])('%s', (_name, day, minute, expected) => expect(isSet(night, day, minute)).toBe(expected))
  test('days alike share a line', () => expect(hoursOf(weekOf([{ days: [1], from: '06:00', to: '08:00' }, { days: [2], from: '06:00', to: '08:00' }]))).toEqual([{ days: [1, 2], from: '06:00', to: '08:00' }]))
  test('the end of a day is 24:00', () => expect(hoursOf(paint(weekOf([{ days: [1], from: '06:00', to: '08:00' }]), 0, { from: 1380, to: 1440 }, true)).at(-1)).toEqual({ days: [1], from: '23:00', to: '24:00' }))
  test('what is cleared in the middle leaves two parts', () => expect(paint(ALWAYS, 2, { from: 600, to: 660 }, false)[2]).toEqual([{ from: 0, to: 600 }, { from: 660, to: 1440 }]))
  test('parts that touch are one', () => expect(paint(paint(weekOf([{ days: [1], from: '06:00', to: '08:00' }]), 0, { from: 480, to: 600 }, true), 0, { from: 300, to: 360 }, true)[0]).toEqual([{ from: 300, to: 600 }]))
  test('a week without any hour is told', () => expect(isNever(ALWAYS.reduce((week, _spans, day) => paint(week, day, { from: 0, to: 1440 }, false), ALWAYS))).toBe(true))
})

test('whatever the parser finds wrong with a value of the right type has words of the screen', () => {
  const odd = [-1, 1e9, 0.5, undefined, [], '', 'x'.repeat(300), 'odd', {}, { signal: 'No Such', approach: 'bac' }]
  const bodies = Object.values(KINDS).flatMap(({ kind, fields }) => Object.keys({ ...coreFields, ...fields }).flatMap((field) => odd.map((value) => ({ kind, [field]: value }))))
  const faults = bodies.flatMap((body) => {
    const parsed = parseRule(body)
    return 'faults' in parsed ? fieldFaults({ faults: parsed.faults.map(({ field, reason, next }) => ({ field: `rule.${field}`, reason: `${reason}: ${next}` })) }) : []
  })
  // Another type than the field's own is what no form writes.
  const unworded = faults.filter(({ key, said }) => key === null && !/^(Invalid input|must be text)/.test(said))
  expect([faults.length > 1_000, [...new Set(unworded.map(({ field, said }) => `${field}: ${said}`))]]).toEqual([true, []])
})

test('what the parser refuses is told once at its field', () =>
  expect(fieldFaults({ faults: [{ field: 'rule.zone[2].x', reason: 'lies outside the picture: Give places as shares.' }, { field: 'rule.zone', reason: 'the outline crosses itself: Draw' }, { field: 'rule.holdMsMin', reason: 'is missing: Give holdMsMin a value' }, { field: 'rule.preset.at.pan', reason: 'is no position: must be at most 1. Choose' }, { field: 'rule', reason: 'odd' }] })).toEqual([
    { field: 'zone', key: 'rule.fault.outside', said: 'lies outside the picture: Give places as shares.' },
    { field: 'holdMsMin', key: 'rule.fault.missing', said: 'is missing: Give holdMsMin a value' },
    { field: 'preset', key: 'rule.fault.no_position', said: 'is no position: must be at most 1. Choose' },
    { field: '', key: null, said: 'odd' },
  ]))
