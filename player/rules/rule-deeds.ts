import type { RuleStandingView } from '../../server/contract/rules.js'

export type RuleDeedName = 'save' | 'try' | 'end_trial' | 'propose' | 'approve' | 'refuse' | 'withdraw' | 'rest' | 'resume'

/**
 * Which deeds to offer on a rule as it stands; the server decides (server/domain/rule-life.ts) and a test holds this to its verdicts.
 * What is tried and proposed is the newest version: what is not saved yet has none.
 */
export function offeredDeeds(standing: RuleStandingView | null, { meId, dirty, tested }: { readonly meId: string; readonly dirty: boolean; /** A back-test of the newest version is done. */ readonly tested: boolean }): ReadonlySet<RuleDeedName> {
  const deeds = new Set<RuleDeedName>()
  if (dirty) deeds.add('save')
  if (!standing) return deeds.add('save')
  const { newest, live, shadow, proposal, resting } = standing
  // Of a version that was too often wrong no written word is enough: a back-test carries it, or it is mended in a new one.
  const hasGround = tested || !isThrottled(standing, newest)
  if (!dirty && newest !== live && shadow?.why !== 'trial') deeds.add('try')
  if (shadow?.why === 'trial') deeds.add('end_trial')
  if (!dirty && newest !== live && hasGround && (!proposal || (proposal.by?.id === meId && proposal.version !== newest))) deeds.add('propose')
  if (proposal) {
    if (proposal.by?.id === meId) {
      deeds.add('withdraw')
      if (standing.second === 'not_needed') deeds.add('approve')
    }
    else deeds.add('approve').add('refuse')
  }
  if (resting) deeds.add('resume')
  else if (live !== null || shadow) deeds.add('rest')
  return deeds
}

export function isThrottled({ versions }: Pick<RuleStandingView, 'versions'>, version: number): boolean {
  return versions.some((one) => one.version === version && one.trust === 'throttled')
}

/** What is live was approved by the one who proposed it: said wherever the rule is shown. */
export function isLiveAlone({ live, versions }: Pick<RuleStandingView, 'live' | 'versions'>): boolean {
  return versions.some(({ version, alone }) => version === live && alone)
}

/** Whether a version may be live again by one hand. */
export function mayRollBack({ live }: Pick<RuleStandingView, 'live'>, { version, trust }: { readonly version: number; readonly trust: 'approved' | 'throttled' | null }): boolean {
  return trust === 'approved' && version !== live
}

export type RuleState = 'live' | 'trial' | 'throttled' | 'proposed' | 'resting' | 'draft'

/** Every state of a rule at once: a version may be live while another is tried and a third is proposed. */
export function statesOf({ newest, live, shadow, proposal, resting }: Pick<RuleStandingView, 'newest' | 'live' | 'shadow' | 'proposal' | 'resting'>): readonly { readonly is: RuleState; readonly version: number }[] {
  const known: { readonly is: RuleState; readonly version: number }[] = []
  if (resting) known.push({ is: 'resting', version: live ?? newest })
  else if (live !== null) known.push({ is: 'live', version: live })
  if (shadow && !resting) known.push({ is: shadow.why, version: shadow.version })
  if (proposal) known.push({ is: 'proposed', version: proposal.version })
  return known.length > 0 ? known : [{ is: 'draft', version: newest }]
}
