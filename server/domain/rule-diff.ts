import type { Rule } from './seen.js'

export interface RuleDifference {
  /** As the rule's own JSON names it; a zone or a lamp is one field: people compare drawings, not corners. */
  readonly field: string
  readonly before: unknown
  readonly after: unknown
}

/** Field by field what `b` says otherwise than `a`; a field that one of them lacks is undefined there. Empty: they watch for the same. */
export function diffRules(a: Rule, b: Rule): readonly RuleDifference[] {
  const [before, after] = [a, b].map((rule) => new Map<string, unknown>(Object.entries(rule))) as [Map<string, unknown>, Map<string, unknown>]
  const fields = new Set([...before.keys(), ...after.keys()])
  return [...fields].filter((field) => !isSame(before.get(field), after.get(field))).map((field) => ({ field, before: before.get(field), after: after.get(field) }))
}

/** By what they say: rows written by older steps hold the same fields in another order. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>]
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...keys].every((key) => isSame(left[key], right[key]))
}
