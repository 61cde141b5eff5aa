import type { LinkId, PersonId, ReportId } from '../domain/ids.js'
import type { Link, Report } from '../domain/report.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'

/** What people decide about reports: the row and its line in the change log are one. */
export interface Verdicts {
  /** Null when there is no such link. A person may change their mind: the newest verdict stands, the log keeps all. */
  linkReport(id: LinkId, verdict: 'confirmed' | 'rejected', by: PersonId): Promise<Link | null>
  /** The answer goes back to the citizen as Open311 status and status_notes. Null when there is no such report. */
  answerReport(id: ReportId, answer: { readonly notes: string; readonly close: boolean }, by: PersonId): Promise<Report | null>
}

export function makeVerdicts({ store, clock, onDecided }: { readonly store: Store; readonly clock: Clock; readonly onDecided: (seq: number) => void }): Verdicts {
  /** Commits, then tells: `work` answers the row and the number of its line. */
  const decide = async <Row>(work: (tx: Store, atMs: number) => Promise<{ readonly row: Row; readonly seq: number } | null>): Promise<Row | null> => {
    const done = await store.transact((tx) => work(tx, clock.wallMs()))
    if (done) onDecided(done.seq)
    return done?.row ?? null
  }
  return {
    linkReport: (id, verdict, by) =>
      decide(async (tx, atMs) => {
        const row = await tx.links.decide(id, verdict, by, atMs)
        if (!row) return null
        const report = await tx.reports.get(row.reportId)
        const seq = await tx.changes.append({ topic: 'link', entityId: id, areaId: report?.areaId ?? null, what: verdict, by, atMs, facts: { reportId: row.reportId, alertId: row.alertId } })
        return { row, seq }
      }),
    answerReport: (id, { notes, close }, by) =>
      decide(async (tx, atMs) => {
        const before = await tx.reports.get(id)
        if (!before) return null
        if (!notes.trim()) throw new Error('notes are empty: write what was done, the citizen reads it')
        const row = await tx.reports.change(id, { statusNotes: notes.trim(), updatedAtMs: laterThan(before.updatedAtMs, atMs), ...(close ? { status: 'closed' as const } : {}) })
        if (!row) return null
        const seq = await tx.changes.append({ topic: 'report', entityId: id, areaId: row.areaId, what: close ? 'closed' : 'answered', by, atMs, facts: { notes: notes.trim(), was: before.status } })
        return { row, seq }
      }),
  }
}

/** Others poll with `updated_after`: a clock that was set back must not hide an answer from them. */
export function laterThan(beforeMs: number, nowMs: number): number {
  return Math.max(nowMs, beforeMs + 1)
}
