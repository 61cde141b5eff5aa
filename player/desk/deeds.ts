import type { AlertView } from '../../server/contract/alerts.js'

export type DeedName = 'claim' | 'release' | 'confirm' | 'reject' | 'resolve' | 'note'

/** Numbered on the desk: B, then 1 to 6. The order is the contract's. */
export const REJECT_REASONS = ['not_there', 'wrong_object', 'shadow_or_light', 'permitted', 'lamp_fault', 'other'] as const
export type RejectReason = (typeof REJECT_REASONS)[number]

/**
 * Which keys to offer; the server decides (server/domain/alert.ts) and a test holds this to its verdicts. Offline only a
 * claim can be asked for: it waits, and only the server confirms it.
 */
export function offered(alert: AlertView, me: { readonly id: string; readonly acts: boolean }, online: boolean): ReadonlySet<DeedName> {
  const deeds = new Set<DeedName>()
  if (!me.acts) return deeds
  if (alert.state === 'new') deeds.add('claim')
  if (!online) return deeds
  deeds.add('note')
  if (alert.owner?.id !== me.id) return deeds
  if (alert.state === 'claimed') deeds.add('release').add('confirm')
  if (alert.state === 'claimed' || alert.state === 'confirmed') deeds.add('reject')
  if (alert.state === 'confirmed') deeds.add('resolve')
  return deeds
}

/** The four steps above the decision. `rejected` ends after the first two. */
export const STEPS = ['new', 'claimed', 'confirmed', 'resolved'] as const
export function stepOf(state: AlertView['state']): number {
  return state === 'rejected' ? 3 : STEPS.indexOf(state)
}
