import type { RuleCore } from '../../analytics/rules/rule-core.js'

/** What a rule has beside its name and what is drawn for it, where a test does not care. */
export const PLAIN: Omit<RuleCore, 'id' | 'name'> = { use: 'screening', classes: [], hours: [], exclusions: [], permits: [], holdForClasses: [], armedFromMs: null, armedToMs: null }
