import { trialOver } from '../domain/rule-life.js'
import { judgementOf, judgePrecision, type Precision } from '../domain/rule-precision.js'
import { shownVersion, type RuleStanding } from '../domain/rule-standing.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { lineOf, perform, precisionFacts } from './perform.js'

export type RulePrecision = Precision & { readonly version: number; readonly target: number }

/** More than the window of judgePrecision, because of those that count as neither. */
const JUDGED_MAX = 500

/** Of what is live, else of what is tried, as far as people judged it. Another version's verdicts say nothing of this one. */
export async function measureRule(store: Store, standing: RuleStanding, { target, atMs }: { readonly target: number; readonly atMs: number }): Promise<RulePrecision> {
  const version = shownVersion(standing)
  const findings = await store.rules.judged(standing.id, { version, openedFromMs: standing.judgedFromMs, limit: JUDGED_MAX })
  return { ...judgePrecision(findings.map(judgementOf).filter((one) => one !== null), { target, atMs }), version, target }
}

interface LookParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly target: number
  tell(standing: RuleStanding, seq: number): void
}

/** What time and verdicts make of every rule: trials end, and what is too often wrong calls nobody any more. */
export async function lookAtRules(parts: LookParts): Promise<void> {
  const { store, log } = parts
  for (const standing of await store.rules.standings()) {
    const looked = endTrial(parts, standing).then((now) => throttleWrong(parts, now))
    await looked.catch((fault: unknown) => log.error({ ruleId: standing.id, fault }, 'a rule could not be looked at; the next hour tries again'))
  }
}

async function endTrial({ store, clock, tell }: LookParts, standing: RuleStanding): Promise<RuleStanding> {
  const atMs = clock.wallMs()
  const over = trialOver(standing, atMs)
  if (!over) return standing
  const seq = await store.transact(async (tx) => tx.rules.act({ standing: over, version: null, change: await lineOf(tx, standing, { what: 'rule_trial_over', by: null, atMs, facts: { version: standing.shadow?.version ?? null } }) }))
  // Null: a person was first; the next hour looks again.
  if (seq === null) return standing
  tell(over, seq)
  return over
}

/** The owner is told by the line in the log, with the figures that decided. */
async function throttleWrong({ store, clock, log, target, tell }: LookParts, standing: RuleStanding): Promise<void> {
  if (standing.live === null || standing.resting) return
  const atMs = clock.wallMs()
  const measured = await measureRule(store, standing, { target, atMs })
  if (measured.verdict !== 'under') return
  const facts = { version: standing.live, owner: standing.ownerId, ...precisionFacts(measured) }
  const acted = await store.transact((tx) => perform(tx, standing, { do: 'throttle' }, { by: null, atMs, facts }))
  if (!acted.ok) return
  tell(acted.standing, acted.seq)
  log.warn({ cameraId: standing.cameraId, ruleId: standing.id, ...facts }, 'a rule is too often wrong: it is watched on, and calls nobody')
}
