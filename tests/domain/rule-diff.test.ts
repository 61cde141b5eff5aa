import { diffRules } from '../../server/domain/rule-diff.js'
import type { Rule } from '../../server/domain/seen.js'
import { redLight } from '../support/small-city.js'

const red = redLight('r') as Extract<Rule, { kind: 'red_light' }>

test.each<[sentence: string, after: Rule, differs: readonly unknown[]]>([
  ['the same says nothing', { ...red }, []],
  ['fields in another order are the same', Object.fromEntries(Object.entries(red).toReversed()) as unknown as Rule, []],
  ['a name', { ...red, name: 'Đông' }, [{ field: 'name', before: red.name, after: 'Đông' }]],
  ['a number and a list', { ...red, graceMs: 900, classes: [] }, [{ field: 'classes', before: ['two_wheeler'], after: [] }, { field: 'graceMs', before: 500, after: 900 }]],
  ['a drawing is one field', { ...red, lamp: { ...red.lamp, order: 'single' } }, [{ field: 'lamp', before: red.lamp, after: { ...red.lamp, order: 'single' } }]],
  ['a field that is new', { ...red, lampHeads: 2 } as Rule, [{ field: 'lampHeads', before: undefined, after: 2 }]],
  ['a list that grew', { ...red, exclusions: [[]] }, [{ field: 'exclusions', before: [], after: [[]] }]],
])('%s', (_sentence, after, differs) => expect(diffRules(red, after)).toEqual(differs))
