import type { Rule } from './seen.js'
import type { PersonId } from './ids.js'
import { diffRules } from './rule-diff.js'
import type { Ground, RuleStanding } from './rule-standing.js'

export const TRIAL_DAYS_MAX = 30
/** A sentence that another person can weigh, not "ok". */
export const WAIVER_LETTERS_MIN = 10
const DAY_MS = 24 * 60 * 60_000
/** A throttled version is watched on for so long, so that there is something to judge when its owner mends it. */
const THROTTLED_DAYS = 30

export type RuleDeed =
  /** `over`: what the newest version says. */
  | { readonly do: 'save'; readonly body: Rule; readonly over: Rule }
  | { readonly do: 'try'; readonly version: number; readonly days: number }
  | { readonly do: 'end_trial' }
  | { readonly do: 'propose'; readonly version: number; readonly on: Ground }
  | { readonly do: 'approve' }
  /** Takes back one's own proposal; `refuse` is the second person's no. */
  | { readonly do: 'withdraw'; readonly reason: string }
  | { readonly do: 'refuse'; readonly reason: string }
  | { readonly do: 'roll_back'; readonly version: number }
  | { readonly do: 'rest' }
  | { readonly do: 'resume' }
  /** The system's own: too often wrong; and the sandbox city, which settles itself. */
  | { readonly do: 'throttle' }
  | { readonly do: 'put_live'; readonly version: number }

export type RuleRefusal =
  | { readonly code: 'unchanged' }
  | { readonly code: 'unknown_version'; readonly newest: number }
  | { readonly code: 'already_live' }
  | { readonly code: 'days_out_of_range'; readonly daysMax: number }
  | { readonly code: 'trial_running'; readonly version: number; readonly untilMs: number }
  | { readonly code: 'no_trial' }
  | { readonly code: 'waiver_short'; readonly lettersMin: number }
  | { readonly code: 'backtest_missing' }
  /** There is none of this name, or it is another rule's. */
  | { readonly code: 'backtest_unknown' }
  | { readonly code: 'backtest_of_other'; readonly version: number }
  | { readonly code: 'backtest_unfinished'; readonly state: string }
  /** The version was throttled: a written word is not enough. */
  | { readonly code: 'backtest_needed' }
  | { readonly code: 'proposal_open'; readonly version: number; readonly by: PersonId }
  | { readonly code: 'no_proposal' }
  | { readonly code: 'second_person' }
  /** Nobody but the proposer may approve here: there must be somebody first. */
  | { readonly code: 'no_second_person' }
  | { readonly code: 'not_yours'; readonly by: PersonId }
  | { readonly code: 'reason_missing' }
  | { readonly code: 'never_live' }
  | { readonly code: 'not_live' }
  | { readonly code: 'resting' }
  | { readonly code: 'not_resting' }
  | { readonly code: 'person_needed' }
  | { readonly code: 'system_only' }

/** Who may approve what one person proposed: somebody else is there, nobody else is, or the city has set that nobody else is needed. */
export type SecondPerson = 'there' | 'nobody' | 'not_needed'

export type RuleVerdict = { readonly ok: true; readonly standing: RuleStanding } | { readonly ok: false; readonly refusal: RuleRefusal }

/**
 * What a deed makes of a rule. A version is written, tried in the shadow, proposed on a back-test or a written waiver, and goes live
 * by a second person, where the city has not set otherwise; what was approved once may be rolled back to by anyone with the right, because a bad night needs a quick hand.
 * The whole table is in tests/domain/rule-life.test.ts.
 */
export function decideRule(standing: RuleStanding, deed: RuleDeed, { by, atMs, second = 'there' }: { readonly by: PersonId | null; readonly atMs: number; readonly second?: SecondPerson }): RuleVerdict {
  const isSystems = deed.do === 'throttle' || deed.do === 'put_live'
  if (isSystems && by !== null) return refuse({ code: 'system_only' })
  switch (deed.do) {
    case 'save':
      return diffRules(deed.over, deed.body).length === 0 ? refuse({ code: 'unchanged' }) : change(standing, { newest: standing.newest + 1 })
    case 'try':
      return beginTrial(standing, deed, atMs)
    case 'end_trial':
      return standing.shadow ? change(standing, { shadow: null }) : refuse({ code: 'no_trial' })
    case 'propose':
      return by === null ? refuse({ code: 'person_needed' }) : propose(standing, deed, { by, atMs })
    case 'approve':
    case 'withdraw':
    case 'refuse':
      return by === null ? refuse({ code: 'person_needed' }) : answer(standing, deed, { by, atMs, second })
    case 'roll_back':
      if (!isKnown(standing, deed.version)) return refuse({ code: 'unknown_version', newest: standing.newest })
      if (standing.live === deed.version) return refuse({ code: 'already_live' })
      return standing.approved.includes(deed.version) ? change(standing, goLive(standing, deed.version)) : refuse({ code: 'never_live' })
    case 'rest':
      return standing.resting ? refuse({ code: 'resting' }) : change(standing, { resting: true })
    case 'resume':
      return standing.resting ? change(standing, { resting: false }) : refuse({ code: 'not_resting' })
    case 'throttle':
      return throttle(standing, atMs)
    case 'put_live':
      return isKnown(standing, deed.version) ? change(standing, goLive(standing, deed.version)) : refuse({ code: 'unknown_version', newest: standing.newest })
  }
}

/** What becomes of a rule whose trial's time is over; null: it is not. Findings stay, nothing goes live by itself. */
export function trialOver(standing: RuleStanding, atMs: number): RuleStanding | null {
  return standing.shadow && atMs >= standing.shadow.untilMs ? { ...standing, shadow: null, revision: standing.revision + 1 } : null
}

function beginTrial(standing: RuleStanding, { version, days }: { readonly version: number; readonly days: number }, atMs: number): RuleVerdict {
  if (!isKnown(standing, version)) return refuse({ code: 'unknown_version', newest: standing.newest })
  if (!Number.isInteger(days) || days < 1 || days > TRIAL_DAYS_MAX) return refuse({ code: 'days_out_of_range', daysMax: TRIAL_DAYS_MAX })
  if (standing.live === version) return refuse({ code: 'already_live' })
  // A throttled version makes room: what its owner tries next is worth more than more of what was wrong.
  if (standing.shadow?.why === 'trial') return refuse({ code: 'trial_running', version: standing.shadow.version, untilMs: standing.shadow.untilMs })
  return change(standing, { shadow: { version, sinceMs: atMs, untilMs: atMs + days * DAY_MS, why: 'trial' } })
}

function propose(standing: RuleStanding, { version, on }: { readonly version: number; readonly on: Ground }, { by, atMs }: { readonly by: PersonId; readonly atMs: number }): RuleVerdict {
  if (!isKnown(standing, version)) return refuse({ code: 'unknown_version', newest: standing.newest })
  if (standing.live === version) return refuse({ code: 'already_live' })
  // One's own proposal is replaced by the next; another person's waits for its answer.
  if (standing.proposal && standing.proposal.by !== by) return refuse({ code: 'proposal_open', version: standing.proposal.version, by: standing.proposal.by })
  if ('backtestId' in on) return on.backtestId.trim() ? change(standing, { proposal: { version, by, atMs, on } }) : refuse({ code: 'backtest_missing' })
  if (standing.throttled.includes(version)) return refuse({ code: 'backtest_needed' })
  const waiver = on.waiver.trim()
  return waiver.length >= WAIVER_LETTERS_MIN ? change(standing, { proposal: { version, by, atMs, on: { waiver } } }) : refuse({ code: 'waiver_short', lettersMin: WAIVER_LETTERS_MIN })
}

function answer(standing: RuleStanding, deed: { readonly do: 'approve' } | { readonly do: 'withdraw' | 'refuse'; readonly reason: string }, { by, atMs, second }: { readonly by: PersonId; readonly atMs: number; readonly second: SecondPerson }): RuleVerdict {
  const { proposal } = standing
  if (!proposal) return refuse({ code: 'no_proposal' })
  if (deed.do === 'approve') {
    const isAlone = proposal.by === by
    if (isAlone && second !== 'not_needed') return refuse({ code: second === 'nobody' ? 'no_second_person' : 'second_person' })
    // While it waited, the version may have been throttled.
    if (standing.throttled.includes(proposal.version) && 'waiver' in proposal.on) return refuse({ code: 'backtest_needed' })
    const approvedAlone = [...standing.approvedAlone.filter((one) => one !== proposal.version), ...(isAlone ? [proposal.version] : [])].toSorted((a, b) => a - b)
    return change(standing, { ...goLive(standing, proposal.version), approvedAlone, proposal: null, ...(standing.throttled.includes(proposal.version) ? { judgedFromMs: atMs } : {}) })
  }
  if (!deed.reason.trim()) return refuse({ code: 'reason_missing' })
  if (deed.do === 'withdraw' && proposal.by !== by) return refuse({ code: 'not_yours', by: proposal.by })
  return change(standing, { proposal: null })
}

/** A trial of another version goes on; the shadow of what was throttled ends, because the rule is live again. */
function goLive({ shadow, approved, throttled }: RuleStanding, version: number): Partial<RuleStanding> {
  const isDone = shadow?.version === version || shadow?.why === 'throttled'
  return { live: version, shadow: isDone ? null : shadow, approved: [...approved.filter((one) => one !== version), version].toSorted((a, b) => a - b), throttled: throttled.filter((one) => one !== version) }
}

/** It loses its approval too: a roll-back would otherwise bring it back within the minute. A person's running trial is not ended for it. */
function throttle(standing: RuleStanding, atMs: number): RuleVerdict {
  const { live, shadow, approved, throttled } = standing
  if (live === null) return refuse({ code: 'not_live' })
  return change(standing, {
    live: null,
    shadow: shadow ?? { version: live, sinceMs: atMs, untilMs: atMs + THROTTLED_DAYS * DAY_MS, why: 'throttled' },
    approved: approved.filter((one) => one !== live),
    approvedAlone: standing.approvedAlone.filter((one) => one !== live),
    throttled: [...throttled, live].toSorted((a, b) => a - b),
  })
}

function isKnown({ newest }: RuleStanding, version: number): boolean {
  return Number.isInteger(version) && version >= 1 && version <= newest
}

function change(standing: RuleStanding, part: Partial<RuleStanding>): RuleVerdict {
  return { ok: true, standing: { ...standing, ...part, revision: standing.revision + 1 } }
}

function refuse(refusal: RuleRefusal): RuleVerdict {
  return { ok: false, refusal }
}
