import type { Kysely } from 'kysely'
import type { BacktestTables } from './backtest-tables.js'
import type { ExportTables } from './export-tables.js'
import type { ModelTables } from './model-tables.js'
import type { PlateTables } from './plate-tables.js'
import type { RecordingTables } from './recording-tables.js'
import type { RuleTables } from './rule-tables.js'
import type { SignalTables } from './signal-tables.js'

/**
 * One type for the rows of both databases. Columns are written snake_case in SQL and camelCase here (Kysely's plugin turns
 * them). Times are whole milliseconds since 1970 UTC, yes/no is 1 or 0, structured values are JSON text: the three things in
 * which SQLite and PostgreSQL differ are thereby the same on both. What a row is and why a column exists stands in the
 * migration that makes it.
 */
export interface Tables extends RecordingTables, ExportTables, ModelTables, PlateTables, RuleTables, BacktestTables, SignalTables {
  areas: { id: string; name: string; parent: string | null }
  people: { id: string; name: string; nameKey: string; displayName: string; role: string; language: string; disabled: number; passwordHash: string; createdAtMs: number }
  personAreas: { personId: string; areaId: string; position: number }
  signIns: { id: string; tokenHash: string; personId: string; createdAtMs: number; lastSeenAtMs: number; expiresAtMs: number }
  cameras: {
    id: string
    name: string
    areaId: string
    enabled: number
    latitude: number
    longitude: number
    street: string
    streetOrder: number
    heading: number
    reachM: number
    originKind: string
    originAddress: string | null
    createdAtMs: number
    removedAtMs: number | null
    sound: number
    masks: string
  }
  cameraStands: { cameraId: string; fromMs: number; toMs: number; pan: number; tilt: number; zoom: number; preset: string | null }
  streams: { id: string; cameraId: string; role: string; url: string; codec: string | null; width: number | null; height: number | null; fps: number | null }
  cameraCredentials: { cameraId: string; keyVersion: number; nonce: Uint8Array; bytes: Uint8Array }
  pushKeys: { cameraId: string; keyHash: string; networks: string; madeAtMs: number }
  incidents: {
    id: string
    cameraId: string
    ruleId: string
    kind: string
    episode: string
    state: string
    sinceMs: number
    openedAtMs: number
    lastSeenAtMs: number
    observations: number
    reason: string
    witnesses: string
    ruleVersion: number | null
    mode: string
    heldWhy: string | null
  }
  alerts: {
    id: string
    incidentId: string
    cameraId: string
    areaId: string
    kind: string
    /** Place in PRIORITIES: 0 is the gravest. */
    priority: number
    state: string
    ownerId: string | null
    raisedAtMs: number
    changedAtMs: number
    rejectReason: string | null
    note: string | null
    version: number
  }
  evidence: { id: string; incidentId: string | null; repairId: string | null; cameraId: string; kind: string; file: string; bytes: number; sha256: string; mediaType: string; fromMs: number; toMs: number; madeAtMs: number }
  redactedCopies: { evidenceId: string; file: string; bytes: number; sha256: string; covered: string; madeAtMs: number }
  reports: {
    id: string
    serviceCode: string
    description: string
    address: string | null
    latitude: number | null
    longitude: number | null
    mediaUrl: string | null
    requestedAtMs: number
    updatedAtMs: number
    status: string
    statusNotes: string | null
    areaId: string | null
    source: string
    sourceId: string | null
  }
  reportContacts: { reportId: string; name: string | null; phone: string | null; email: string | null; deviceId: string | null; accountId: string | null }
  links: { id: string; reportId: string; alertId: string; state: string; score: number; distanceM: number | null; minutesApart: number; decidedBy: string | null; decidedAtMs: number | null }
  changes: { seq: number; topic: string; entityId: string; areaId: string | null; what: string; by: string | null; atMs: number; facts: string }
  notes: { name: string; value: string }
  walls: { id: string; ownerId: string; name: string; pages: string; dwellS: number; shared: number; position: number; createdAtMs: number }
  screens: { number: number; name: string | null; showing: string | null; byId: string; sinceMs: number }
  meetings: {
    id: string
    tokenHash: string
    byId: string
    name: string
    pages: string
    showing: string
    turn: number
    createdAtMs: number
    endsAtMs: number
    guestHash: string | null
    openedAtMs: number | null
    revokedAtMs: number | null
    revokedById: string | null
  }
  outbox: { id: string; destination: string; letter: string; state: string; attempts: number; nextAtMs: number; lastFault: string | null; answer: string | null; queuedAtMs: number; settledAtMs: number | null }
}

export type Db = Kysely<Tables>

/** What the file of each noun is given: the database (or the transaction in hand), and a way to do several statements as one. */
export interface Connection {
  /** Refuses when the transaction it belongs to is over, or when the whole store is used inside one. */
  readonly db: () => Db
  /** Joins the transaction in hand, or makes one. */
  readonly together: <T>(work: (db: Db) => Promise<T>) => Promise<T>
  /** Held until the transaction ends, so that two change lines are numbered in the order in which they are committed. */
  readonly lockChanges: (db: Db) => Promise<void>
}
