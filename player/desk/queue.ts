import type { AlertView } from '../../server/contract/alerts.js'
import { found } from '../words/measures.js'

export type View = 'all' | 'new' | 'mine'
export const VIEWS: readonly View[] = ['all', 'new', 'mine']

export interface Queue {
  readonly mine: readonly AlertView[]
  readonly unclaimed: readonly AlertView[]
  readonly others: readonly AlertView[]
  /** New rows that wait behind "3 mới". */
  readonly held: readonly AlertView[]
}

/**
 * The one queue in its three parts. Places do not move: an alert raised after the person last looked (`admitted`) waits
 * behind a button, unless it is critical; what the person or a colleague has taken is never held back.
 */
export function makeQueue(alerts: readonly AlertView[], me: string, admitted: ReadonlySet<string>): Queue {
  const waits = (alert: AlertView): boolean => alert.state === 'new' && alert.priority !== 'critical' && !admitted.has(alert.id)
  return {
    mine: alerts.filter((alert) => alert.owner?.id === me),
    unclaimed: alerts.filter((alert) => alert.state === 'new' && !waits(alert)),
    others: alerts.filter((alert) => alert.state !== 'new' && alert.owner?.id !== me),
    held: alerts.filter(waits),
  }
}

export function matches(alert: AlertView, asked: string): boolean {
  return found(asked, [alert.title.vi, alert.title.en, alert.reason.vi, alert.reason.en, alert.cameraName, alert.street, alert.areaName, alert.ruleName, alert.owner?.displayName ?? null])
}

/** More than ten in ten minutes is more than an operator can answer (EEMUA 191, by way of the glossary). */
export const FLOOD_IN_WINDOW = 10
export const RATE_WINDOW_MS = 600_000

/** Alerts raised in each of the last windows, oldest first; the last one ends now. */
export function rate(raisedAtMs: readonly number[], nowMs: number, windows = 12): readonly number[] {
  const counts = Array.from({ length: windows }, () => 0)
  for (const at of raisedAtMs) {
    const ago = Math.floor((nowMs - at) / RATE_WINDOW_MS)
    const slot = windows - 1 - Math.max(0, ago)
    if (slot >= 0) counts[slot] = (counts[slot] ?? 0) + 1
  }
  return counts
}

/** During a flood rows fold by kind and camera; critical ones never do. */
export function fold(alerts: readonly AlertView[]): readonly { readonly lead: AlertView; readonly rest: readonly AlertView[] }[] {
  const groups = new Map<string, { lead: AlertView; rest: AlertView[] }>()
  for (const alert of alerts) {
    const name = alert.priority === 'critical' ? alert.id : `${alert.kind} ${alert.cameraId}`
    const group = groups.get(name)
    if (group) group.rest.push(alert)
    else groups.set(name, { lead: alert, rest: [] })
  }
  return [...groups.values()]
}
