import type { Rule } from './seen.js'
import type { CameraId, PersonId, RuleId } from './ids.js'

/** On what a version is to be believed: what it found in recorded video, or a person's written word that it needs no such trial. */
export type Ground = { readonly backtestId: string } | { readonly waiver: string }

/** Runs beside what is live and calls nobody, until a day. */
export interface Shadow {
  readonly version: number
  readonly sinceMs: number
  readonly untilMs: number
  readonly why: 'trial' | 'throttled'
}

export interface Proposal {
  readonly version: number
  readonly by: PersonId
  readonly atMs: number
  readonly on: Ground
}

/** Where one rule of one camera stands: which of its versions watch, and in what mode. What each version says is kept beside it. */
export interface RuleStanding {
  readonly id: RuleId
  readonly cameraId: CameraId
  /** Who drew it first and is told when it is throttled; null: the system (the sandbox, and rules from before versions were kept). */
  readonly ownerId: PersonId | null
  readonly newest: number
  /** The version whose findings become alerts; null: a draft, or throttled. */
  readonly live: number | null
  readonly shadow: Shadow | null
  readonly proposal: Proposal | null
  /** Switched off by a person: neither live nor shadow watches until it is resumed. */
  readonly resting: boolean
  /** Versions that were approved: they may be live again without asking. */
  readonly approved: readonly number[]
  /** Of these, what the proposer approved too, because the city had set that one person is enough. Said wherever the rule is shown. */
  readonly approvedAlone: readonly number[]
  /** Versions that were too often wrong: no waiver brings them back, only a back-test. */
  readonly throttled: readonly number[]
  /** Verdicts on what was found before are past: a throttled version came back, and is judged anew. 0: all count. */
  readonly judgedFromMs: number
  readonly createdAtMs: number
  /** Counts every deed; who decides must have seen the newest, so that two people cannot both win. */
  readonly revision: number
}

/** One version of a rule, as it was written. Never changed and never removed: findings name it. */
export interface RuleVersion {
  readonly ruleId: RuleId
  readonly version: number
  readonly body: Rule
  /** Null: the system. */
  readonly madeBy: PersonId | null
  readonly madeAtMs: number
  /** The version that it was made from; null: the first. */
  readonly fromVersion: number | null
}

/** A rule just drawn is a draft: nothing watches. `first` goes on behind the versions of a removed rule of that name. */
export function draftRule({ id, cameraId, by, atMs, first }: { readonly id: RuleId; readonly cameraId: CameraId; readonly by: PersonId | null; readonly atMs: number; readonly first: number }): RuleStanding {
  return { id, cameraId, ownerId: by, newest: first, live: null, shadow: null, proposal: null, resting: false, approved: [], approvedAlone: [], throttled: [], judgedFromMs: 0, createdAtMs: atMs, revision: 1 }
}

/** The version that a screen shows: what is live, else what is tried, else what was written last. */
export function shownVersion({ live, shadow, newest }: Pick<RuleStanding, 'live' | 'shadow' | 'newest'>): number {
  return live ?? shadow?.version ?? newest
}

/** The versions that the lane runs, each with its mode. */
export function watchedVersions({ live, shadow, resting }: Pick<RuleStanding, 'live' | 'shadow' | 'resting'>): readonly { readonly version: number; readonly mode: 'live' | 'shadow' }[] {
  if (resting) return []
  return [...(live === null ? [] : [{ version: live, mode: 'live' as const }]), ...(shadow ? [{ version: shadow.version, mode: 'shadow' as const }] : [])]
}
