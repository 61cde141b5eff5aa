import { z } from 'zod'
import { coreFields } from './fields.js'
import { KINDS, RULE_KINDS } from './kinds.js'
import type { Rule } from './rule.js'

/** One thing to mend: which field (`zone[2].x`), why it was refused, and what to do next. English; screens word it anew. */
export interface RuleFault {
  readonly field: string
  readonly reason: string
  readonly next: string
}

export type ParsedRule = { readonly ok: Rule } | { readonly faults: readonly RuleFault[] }

/** The only door for rules: the API, settings and the judge all come through here, and trust what comes out. */
export function parseRule(input: unknown): ParsedRule {
  const parsed = ruleShape.safeParse(input, { reportInput: true })
  return parsed.success ? { ok: parsed.data as unknown as Rule } : { faults: parsed.error.issues.flatMap(faultsOf) }
}

const shapes = Object.values(KINDS).map(({ kind, fields }) => z.strictObject({ ...coreFields, kind: z.literal(kind), ...fields }))
const ruleShape = z.discriminatedUnion('kind', shapes as [(typeof shapes)[0], ...typeof shapes])

function faultsOf(issue: z.core.$ZodIssue): RuleFault[] {
  const field = fieldOf(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: field ? `${field}.${key}` : key, reason: 'this kind of rule has no such field', next: 'Remove the field, or check its spelling.' }))
  }
  if (issue.code === 'invalid_union') {
    return [{ field: 'kind', reason: 'is no kind of rule', next: `Use one of: ${RULE_KINDS.join(', ')}.` }]
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  const reason = missing ? 'is missing' : issue.message
  return [{ field: field || 'rule', reason, next: nextFor(field, reason) }]
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, part) => (typeof part === 'number' ? `${field}[${part}]` : field ? `${field}.${String(part)}` : String(part)), '')
}

function nextFor(field: string, reason: string): string {
  if (/crosses itself/.test(reason)) return 'Draw the zone again so that its edges do not cross.'
  if (/three points|encloses almost nothing/.test(reason)) return 'Draw a larger area on the picture.'
  if (/outside the picture/.test(reason)) return 'Give places as shares of the picture, 0 to 1, not as pixels.'
  if (/no length|two points/.test(reason)) return 'Draw the line from one side of the road to the other.'
  if (/corners/.test(reason)) return 'Mark the four corners of a rectangle on the road, one after the other round it.'
  if (/must be 'statistics'/.test(reason)) return "Set use to 'statistics'."
  if (/points nowhere/.test(reason)) return 'Draw an arrow in the direction of travel.'
  if (/names no class/.test(reason)) return 'Name the classes of vehicle that this is about, for example car and truck.'
  if (field.startsWith('preset')) return 'Choose one of the presets that the camera tells (GET …/presets), or leave the field out.'
  if (/time of day/.test(reason)) return 'Write hours as 22:00; 24:00 is the end of the day.'
  return `Give ${field || 'the rule'} a value that fits, as listed for this kind of rule.`
}
