/** Rows of rules, their versions, and what people said of findings (migrations/0015-rule-versions.ts). */
export interface RuleTables {
  rules: {
    id: string
    cameraId: string
    ownerId: string | null
    newest: number
    live: number | null
    shadowVersion: number | null
    shadowSinceMs: number | null
    shadowUntilMs: number | null
    shadowWhy: string | null
    proposalVersion: number | null
    proposalBy: string | null
    proposalAtMs: number | null
    proposalBacktestId: string | null
    proposalWaiver: string | null
    resting: number
    judgedFromMs: number
    createdAtMs: number
    revision: number
  }
  ruleVersions: { ruleId: string; version: number; body: string; madeBy: string | null; madeAtMs: number; fromVersion: number | null; trust: string | null; alone: number }
  incidentVerdicts: { incidentId: string; right: number; by: string; atMs: number; blind: number }
}
