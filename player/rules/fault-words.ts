import type { Problem } from '../../server/contract/problem.js'
import type { WordKey } from '../words/vi.js'

/** Why the parser refused a field (analytics/rules/fields.ts says it in English), in the words of the screens. */
const REASONS: readonly (readonly [RegExp, WordKey])[] = [
  [/crosses itself|corners cross/, 'rule.fault.crosses'],
  [/at least three points|encloses almost nothing|no length|two points|four corners|on a line/, 'rule.fault.small'],
  [/outside the picture/, 'rule.fault.outside'],
  [/no picture of a rectangle/, 'rule.fault.dented'],
  [/points nowhere/, 'rule.fault.nowhere'],
  [/names no class/, 'rule.fault.no_class'],
  [/no name of a class|more than 32 classes/, 'rule.fault.class_name'],
  [/must be 'statistics'/, 'rule.fault.statistics'],
  [/names no day|time of day|weekday/, 'rule.fault.hours'],
  [/ends before it begins/, 'rule.fault.ends_before'],
  [/no position/, 'rule.fault.no_position'],
  [/is empty/, 'rule.fault.empty'],
  [/is longer than|has more than/, 'rule.fault.too_long'],
  [/at most|is too large/, 'rule.fault.most'],
  [/at least|must not be negative/, 'rule.fault.least'],
  [/is missing/, 'rule.fault.missing'],
  [/must be a number|whole number/, 'rule.fault.number'],
  [/of a-z, 0-9 and -/, 'rule.fault.controller'],
  [/must be '/, 'rule.fault.choice'],
]

export interface FieldFault {
  /** The field of the rule: `zone`, `permits`, `holdMsMin`; an empty one is about the rule as a whole. */
  readonly field: string
  /** Null: a reason that we have no words for; `said` is the parser's own. */
  readonly key: WordKey | null
  readonly said: string
}

/** `rule.zone[2].x` is told at the zone; each field once, by its first fault. */
export function fieldFaults({ faults }: Pick<Problem, 'faults'>): readonly FieldFault[] {
  const seen = new Set<string>()
  return faults.flatMap(({ field, reason }) => {
    const name = /^rule\.?([A-Za-z]*)/.exec(field)?.[1] ?? field
    if (seen.has(name)) return []
    seen.add(name)
    return [{ field: name, key: REASONS.find(([said]) => said.test(reason))?.[1] ?? null, said: reason }]
  })
}
