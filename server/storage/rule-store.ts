import type { CameraId, IncidentId, PersonId, RuleId } from '../domain/ids.js'
import type { Incident, IncidentMode } from '../domain/incident.js'
import type { RuleFinding } from '../domain/rule-precision.js'
import type { RuleStanding, RuleVersion } from '../domain/rule-standing.js'
import type { Rule } from '../domain/seen.js'
import type { NewChange } from './store.js'

/** A rule as screens show it: what is live, else what is tried, else what was written last (domain/rule-standing.ts shownVersion). */
export interface StoredRule {
  readonly cameraId: CameraId
  readonly rule: Rule
  /** Its findings become alerts. */
  readonly enabled: boolean
  readonly standing: RuleStanding
}

export interface IncidentVerdict {
  readonly incidentId: IncidentId
  readonly right: boolean
  readonly by: PersonId
  readonly atMs: number
  /** The judge knew neither the alert's verdict nor the mode. */
  readonly blind: boolean
}

/** What a rule saw, and what people said of it. */
export interface StoredFinding extends RuleFinding {
  readonly incident: Incident
  readonly judged: readonly IncidentVerdict[]
}

/** What each camera watches for, and how it came to. */
export interface RuleStore {
  /** Oldest first. */
  list(cameraId?: CameraId): Promise<readonly StoredRule[]>
  standings(cameraId?: CameraId): Promise<readonly RuleStanding[]>
  standing(id: RuleId): Promise<RuleStanding | null>
  /** Oldest first. They outlive their rule. */
  versions(id: RuleId): Promise<readonly RuleVersion[]>
  version(id: RuleId, version: number): Promise<RuleVersion | null>
  /**
   * A deed: the standing, the version that it wrote, if any, and its line in the change log, together. Answers the line's number; null
   * when somebody was first: the stored revision is no longer the one before, or (revision 1) the id is taken.
   */
  act(done: { readonly standing: RuleStanding; readonly version: RuleVersion | null; readonly change: NewChange }): Promise<number | null>
  /** Its versions stay. */
  remove(id: RuleId): Promise<boolean>
  /** A person's word on a finding; their own earlier one is replaced. */
  judge(verdict: IncidentVerdict): Promise<void>
  /** Newest first. */
  findings(id: RuleId, filter: { readonly mode?: IncidentMode | undefined; readonly version?: number | undefined; readonly limit: number }): Promise<readonly StoredFinding[]>
  /** Of one version, newest first: only those of which somebody has said something. */
  judged(id: RuleId, filter: { readonly version: number; readonly openedFromMs: number; readonly limit: number }): Promise<readonly StoredFinding[]>
  /** Of every version, opened in the span, newest first: only those of which somebody has said something. */
  judgedBetween(id: RuleId, span: { readonly fromMs: number; readonly toMs: number; readonly limit: number }): Promise<readonly StoredFinding[]>
}
