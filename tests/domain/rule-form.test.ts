import { STREET_CLASSES } from '../../analytics/detection.js'
import { KINDS, RULE_KINDS } from '../../analytics/rules/kinds.js'
import { parseRule } from '../../analytics/rules/parse-rule.js'
import { USES } from '../../analytics/rules/rule-core.js'
import type { RuleKind } from '../../analytics/rules/rule.js'
import { KIND_FORMS, type NumberForm } from '../../server/domain/rule-form.js'
import { proposedRule } from '../support/proposed-rule.js'

const faults = (rule: unknown): readonly string[] => {
  const parsed = parseRule(rule)
  return 'ok' in parsed ? [] : parsed.faults.map(({ field }) => field)
}
const kinds = RULE_KINDS.map((kind) => [kind, KIND_FORMS[kind]] as const)

test('every kind of rule can be drawn, and no other', () => expect(Object.keys(KIND_FORMS).toSorted()).toEqual([...RULE_KINDS].toSorted()))
test.each(kinds)('%s: what is proposed is taken as it stands', (kind) => expect(faults(proposedRule(kind))).toEqual([]))

test.each(kinds)('%s: the form sets every field that the kind has, and nothing else', (kind, { shapes, numbers, words }) => {
  const set = [...shapes.flatMap(({ field, side }) => (side ? [field, side] : [field])), ...numbers.map(({ field }) => field), ...(words ? ['words'] : [])]
  expect(set.toSorted()).toEqual(Object.keys(KINDS[kind].fields).filter((field) => field !== 'use' && field !== 'classes').toSorted())
})

const bounds = kinds.flatMap(([kind, { numbers }]) => numbers.map((number): [string, RuleKind, NumberForm] => [`${kind}.${number.field}`, kind, number]))
test.each(bounds)('%s: its bounds are the parser’s', (_name, kind, { field, least, most, whole }) => {
  const step = whole ? 1 : 0.01
  const taken = [least, most, least - step, most + step].map((value) => faults({ ...proposedRule(kind), [field]: value }).length === 0)
  expect(taken).toEqual([true, true, false, false])
})

test.each(kinds)('%s: the classes offered are those that it makes sense for', (kind, { classes }) => expect([...classes.offered].toSorted()).toEqual(STREET_CLASSES.filter((name) => KINDS[kind].classes.includes(name)).toSorted()))
test.each(kinds)('%s: a class is needed where the parser asks for one', (kind, { classes }) => expect(faults({ ...proposedRule(kind), classes: [] }).length > 0).toBe(classes.needed))
test.each(kinds)('%s: what it may be used for', (kind, { uses }) => expect(USES.filter((use) => faults({ ...proposedRule(kind), use }).length === 0).toSorted()).toEqual([...uses].toSorted()))
test('both languages say everything', () => expect(kinds.flatMap(([, form]) => [form.title, form.means, ...form.shapes.map(({ says }) => says), ...form.numbers.map(({ says }) => says)]).filter(({ vi, en }) => !vi.trim() || !en.trim())).toEqual([]))
