import { STREET_CLASSES } from '../../analytics/detection.js'
import { KINDS, RULE_KINDS } from '../../analytics/rules/kinds.js'
import { parseRule } from '../../analytics/rules/parse-rule.js'
import { USES } from '../../analytics/rules/rule-core.js'
import type { RuleKind } from '../../analytics/rules/rule.js'
import { KIND_FORMS, type KindForm, type NumberForm, type ShapeForm } from '../../server/domain/rule-form.js'

const spot = (x: number, y: number) => ({ x, y })
const SQUARE = [spot(0.2, 0.8), spot(0.8, 0.8), spot(0.7, 0.3), spot(0.3, 0.3)]
const DRAWN: Readonly<Record<ShapeForm['is'], unknown>> = { zone: SQUARE, line: [spot(0.1, 0.5), spot(0.9, 0.5)], arrow: spot(0, -1), lamp: { box: { x1: 0.8, y1: 0.1, x2: 0.83, y2: 0.2 }, order: 'vertical' }, ground: { corners: SQUARE, widthM: 3.5, lengthM: 20 } }

/** A rule as the form proposes it, with something drawn for every shape. */
function proposal(kind: RuleKind, { shapes, numbers, classes, words, uses }: KindForm = KIND_FORMS[kind]): Record<string, unknown> {
  const drawn = shapes.flatMap(({ field, is, side }) => [[field, DRAWN[is]], ...(side ? [[side, 'both']] : [])])
  return { id: 'one', name: 'Một', kind, use: uses[0], classes: classes.proposed, ...(words ? { words: words.proposed } : {}), ...Object.fromEntries(drawn), ...Object.fromEntries(numbers.map(({ field, proposed }) => [field, proposed])) }
}
const faults = (rule: unknown): readonly string[] => {
  const parsed = parseRule(rule)
  return 'ok' in parsed ? [] : parsed.faults.map(({ field }) => field)
}
const kinds = RULE_KINDS.map((kind) => [kind, KIND_FORMS[kind]] as const)

test('every kind of rule can be drawn, and no other', () => expect(Object.keys(KIND_FORMS).toSorted()).toEqual([...RULE_KINDS].toSorted()))
test.each(kinds)('%s: what is proposed is taken as it stands', (kind) => expect(faults(proposal(kind))).toEqual([]))

test.each(kinds)('%s: the form sets every field that the kind has, and nothing else', (kind, { shapes, numbers, words }) => {
  const set = [...shapes.flatMap(({ field, side }) => (side ? [field, side] : [field])), ...numbers.map(({ field }) => field), ...(words ? ['words'] : [])]
  expect(set.toSorted()).toEqual(Object.keys(KINDS[kind].fields).filter((field) => field !== 'use' && field !== 'classes').toSorted())
})

const bounds = kinds.flatMap(([kind, { numbers }]) => numbers.map((number): [string, RuleKind, NumberForm] => [`${kind}.${number.field}`, kind, number]))
test.each(bounds)('%s: its bounds are the parser’s', (_name, kind, { field, least, most, whole }) => {
  const step = whole ? 1 : 0.01
  const taken = [least, most, least - step, most + step].map((value) => faults({ ...proposal(kind), [field]: value }).length === 0)
  expect(taken).toEqual([true, true, false, false])
})

test.each(kinds)('%s: the classes offered are those that it makes sense for', (kind, { classes }) => expect([...classes.offered].toSorted()).toEqual(STREET_CLASSES.filter((name) => KINDS[kind].classes.includes(name)).toSorted()))
test.each(kinds)('%s: a class is needed where the parser asks for one', (kind, { classes }) => expect(faults({ ...proposal(kind), classes: [] }).length > 0).toBe(classes.needed))
test.each(kinds)('%s: what it may be used for', (kind, { uses }) => expect(USES.filter((use) => faults({ ...proposal(kind), use }).length === 0).toSorted()).toEqual([...uses].toSorted()))
test('both languages say everything', () => expect(kinds.flatMap(([, form]) => [form.title, form.means, ...form.shapes.map(({ says }) => says), ...form.numbers.map(({ says }) => says)]).filter(({ vi, en }) => !vi.trim() || !en.trim())).toEqual([]))
