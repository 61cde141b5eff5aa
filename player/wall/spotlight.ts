import type { AlertView } from '../../server/contract/alerts.js'

/** What the spotlight shows, and since when it is known that somebody took it. */
export type Spotlight =
  | { readonly is: 'dark' }
  | { readonly is: 'lit'; readonly alertId: string; readonly claimedAtMs: number | null }

export interface SpotlightVerdict {
  readonly alert: AlertView | null
  /** Nobody has taken it; or somebody has, and the wall returns at `untilMs`. */
  readonly why: 'dark' | 'unclaimed' | 'claimed'
  readonly untilMs: number | null
}

export const DARK: Spotlight = { is: 'dark' }
/** Long enough to see what one has taken; then the wall is as it was. */
export const AFTER_CLAIM_MS = 20_000

type Lit = Pick<AlertView, 'id' | 'priority' | 'state' | 'raisedAtMs' | 'changedAtMs'>
const gravity = (alert: Lit): number => (alert.priority === 'critical' ? 0 : 1)
const isUrgent = (alert: Lit): boolean => alert.priority === 'critical' || alert.priority === 'high'

/**
 * Which urgent alert holds the first tile. What is lit stays until it is settled or 20 s after it was taken; only a graver
 * one that nobody has taken comes before. `alerts` are the open ones whose camera this person can see.
 */
export function stepSpotlight<T extends Lit & AlertView>(spotlight: Spotlight, alerts: readonly T[], nowMs: number): readonly [Spotlight, SpotlightVerdict] {
  const lit = spotlight.is === 'lit' ? (alerts.find((alert) => alert.id === spotlight.alertId) ?? null) : null
  const claimedAtMs = spotlight.is === 'lit' && lit && lit.state !== 'new' ? (spotlight.claimedAtMs ?? Math.min(lit.changedAtMs, nowMs)) : null
  const stays = lit !== null && isUrgent(lit) && (claimedAtMs === null || nowMs - claimedAtMs < AFTER_CLAIM_MS)
  const waiting = alerts.filter((alert) => isUrgent(alert) && alert.state === 'new').sort((a, b) => gravity(a) - gravity(b) || a.raisedAtMs - b.raisedAtMs || a.id.localeCompare(b.id))[0] ?? null
  if (stays && (waiting === null || gravity(waiting) >= gravity(lit))) {
    return [{ is: 'lit', alertId: lit.id, claimedAtMs }, { alert: lit, why: claimedAtMs === null ? 'unclaimed' : 'claimed', untilMs: claimedAtMs === null ? null : claimedAtMs + AFTER_CLAIM_MS }]
  }
  if (waiting) return [{ is: 'lit', alertId: waiting.id, claimedAtMs: null }, { alert: waiting, why: 'unclaimed', untilMs: null }]
  return [DARK, { alert: null, why: 'dark', untilMs: null }]
}
