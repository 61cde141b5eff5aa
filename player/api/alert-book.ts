import type { AlertList, AlertView, PriorityView } from '../../server/contract/alerts.js'
import type { AlertChange, Resumed } from '../../server/contract/socket.js'

/**
 * Every alert this screen knows, kept by pure steps. A message is a nudge: it may come twice, late, or before the answer to
 * `resume`. An entry gives way only to a higher version, or to the same version said later (evidence may arrive without a
 * deed). The cursor moves only while we are caught up: a push that overtakes the answer to `resume` must not make us skip
 * what lies between.
 */
export interface AlertBook {
  readonly entries: Readonly<Record<string, { readonly alert: AlertView; readonly seq: number }>>
  readonly cursor: number
  /** True once the list has been fetched. */
  readonly seeded: boolean
  /** True from the last answer to `resume` until the connection breaks. */
  readonly caughtUp: boolean
}

export const EMPTY_BOOK: AlertBook = { entries: {}, cursor: 0, seeded: false, caughtUp: false }

/** The list as fetched. What we heard after the list was made stays, and so does a deed the list had not seen yet. */
export function seed(book: AlertBook, list: Pick<AlertList, 'alerts' | 'cursor'>): AlertBook {
  const listed = new Set(list.alerts.map((alert) => alert.id))
  const kept = Object.fromEntries(Object.entries(book.entries).filter(([id, entry]) => entry.seq > list.cursor || listed.has(id)))
  const fresh: AlertBook = { ...book, entries: kept, cursor: book.caughtUp ? Math.max(list.cursor, book.cursor) : list.cursor, seeded: true }
  return list.alerts.reduce((grown, alert) => put(grown, alert, list.cursor), fresh)
}

export function hear(book: AlertBook, change: AlertChange): AlertBook {
  const grown = put(book, change.alert, change.seq)
  return grown.caughtUp && change.seq > grown.cursor ? { ...grown, cursor: change.seq } : grown
}

/** The answer to `resume`. `more`: ask again from the new cursor; `reset`: fetch the list anew. */
export function resumed(book: AlertBook, answer: Resumed): AlertBook {
  if (answer.reset) return { ...book, caughtUp: false }
  const grown = answer.changes.reduce((next, change) => put(next, change.alert, change.seq), book)
  return { ...grown, cursor: Math.max(grown.cursor, answer.cursor), caughtUp: !answer.more }
}

export function parted(book: AlertBook): AlertBook {
  return { ...book, caughtUp: false }
}

/** The answer to a deed of ours is news too; its place in the log is not told, so it only wins by version. */
export function put(book: AlertBook, alert: AlertView, seq: number): AlertBook {
  const known = book.entries[alert.id]
  if (known && (alert.version < known.alert.version || (alert.version === known.alert.version && seq <= known.seq))) return book
  return { ...book, entries: { ...book.entries, [alert.id]: { alert, seq: Math.max(seq, known?.seq ?? 0) } } }
}

const GRAVITY: readonly PriorityView[] = ['critical', 'high', 'medium', 'low']

/** Gravest first, then newest (server/domain/alert.ts, `byUrgency`; a test holds the two together). */
export function byUrgency(a: AlertView, b: AlertView): number {
  return GRAVITY.indexOf(a.priority) - GRAVITY.indexOf(b.priority) || b.raisedAtMs - a.raisedAtMs
}

export function isOpen(alert: AlertView): boolean {
  return alert.state !== 'rejected' && alert.state !== 'resolved'
}

export function openAlerts(book: AlertBook): readonly AlertView[] {
  return Object.values(book.entries).map((entry) => entry.alert).filter(isOpen).sort(byUrgency)
}

export function unclaimedCounts(alerts: readonly AlertView[]): Readonly<Record<PriorityView, number>> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 }
  for (const alert of alerts) if (alert.state === 'new') counts[alert.priority] += 1
  return counts
}
