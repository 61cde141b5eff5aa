import type { Observation, Rule, SignalReport } from './seen.js'
import type { SeenBy } from './incident.js'

/** Stands in no id (ids.ts, and the rule's own parser), so a lane's rule can never be taken for another. */
const SEAM = '~'

/**
 * A rule as the lane runs it. The live version and one on trial run beside each other under one rule's id; the lane keeps apart what
 * differs in its id, so it is given `id~version`, or `id~version~shadow`.
 */
export function laneRule(rule: Rule, { version, mode }: { readonly version: number; readonly mode: SeenBy['mode'] }): Rule {
  return { ...rule, id: [rule.id, version, ...(mode === 'shadow' ? ['shadow'] : [])].join(SEAM) }
}

/** Takes that apart again where an observation leaves the lane: from here on the rule has its own id. */
export function splitObservation(observation: Observation): { readonly observation: Observation; readonly seenBy: SeenBy } {
  const { ruleId, seenBy } = splitRuleId(observation.ruleId)
  return { observation: { ...observation, ruleId }, seenBy }
}

/** The same for what the lane says of a rule's lamp. */
export function splitReport(report: SignalReport): { readonly report: SignalReport; readonly seenBy: SeenBy } {
  const { ruleId, seenBy } = splitRuleId(report.ruleId)
  return { report: { ...report, ruleId }, seenBy }
}

/** Of a rule as the lane runs it. */
export function laneVersion(laneId: string): number | null {
  return splitRuleId(laneId).seenBy.ruleVersion
}

/** The rule's own id. */
export function laneRuleId(laneId: string): string {
  return splitRuleId(laneId).ruleId
}

function splitRuleId(laneId: string): { readonly ruleId: string; readonly seenBy: SeenBy } {
  const [ruleId = '', version, mode] = laneId.split(SEAM)
  return { ruleId, seenBy: { ruleVersion: version === undefined ? null : Number(version), mode: mode === 'shadow' ? 'shadow' : 'live' } }
}
