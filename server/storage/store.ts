import type { Alert, AlertState } from '../domain/alert.js'
import type { Area } from '../domain/area.js'
import type { Camera, Place, StreamRole } from '../domain/camera.js'
import type { EvidenceItem } from '../domain/evidence.js'
import type { AlertId, AreaId, CameraId, EvidenceId, IncidentId, LinkId, PersonId, RepairId, ReportId, RuleId, SignInId, StreamId, WallId } from '../domain/ids.js'
import type { Incident } from '../domain/incident.js'
import type { Person, Role } from '../domain/person.js'
import type { PlateReading } from '../domain/plate.js'
import type { PrivacyMask } from '../domain/privacy-mask.js'
import type { RedactedCopy } from '../domain/redaction.js'
import type { Link, Report } from '../domain/report.js'
import type { Stand } from '../domain/stand.js'
import type { Wall, WallScreen, WallShowing } from '../domain/wall.js'
import type { Language } from '../domain/words.js'
import type { BacktestStore } from './backtest-store.js'
import type { BookmarkStore, ExportStore } from './export-store.js'
import type { MeetingStore } from './meeting-store.js'
import type { ModelStore } from './model-store.js'
import type { HoldStore, RecordingStore } from './recording-store.js'
import type { RuleStore } from './rule-store.js'
import type { HeldStore, LampFaultStore, RepairStore, SignalStore, SuspensionStore } from './signal-store.js'

/** One line of the change log, written in the same transaction as the rows it speaks of. `seq` only grows, in commit order. */
export interface Change {
  readonly seq: number
  readonly topic: 'alert' | 'incident' | 'camera' | 'report' | 'link' | 'person'
  readonly entityId: string
  /** Whose eyes may see it: null for the whole city. */
  readonly areaId: AreaId | null
  readonly what: string
  readonly by: PersonId | null
  readonly atMs: number
  /** Small facts for the reader's log line (a reason, a note, old and new state); never a secret. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}
export type NewChange = Omit<Change, 'seq'>

export interface SignIn {
  readonly id: SignInId
  readonly personId: PersonId
  readonly createdAtMs: number
  readonly lastSeenAtMs: number
  readonly expiresAtMs: number
}

export interface Sealed {
  readonly keyVersion: number
  readonly nonce: Uint8Array
  readonly bytes: Uint8Array
}

export interface CameraDraft {
  readonly id: CameraId
  readonly name: string
  readonly areaId: AreaId
  readonly enabled: boolean
  readonly place: Place
  readonly origin: Camera['origin']
  /** Addresses without user name and password: `add` refuses others. */
  readonly streams: readonly { readonly id: StreamId; readonly role: StreamRole; readonly url: string; readonly codec: string | null; readonly width: number | null; readonly height: number | null; readonly fps: number | null }[]
}

export interface AlertFilter {
  /** Areas the reader is given (already widened to all inside); undefined: all. */
  readonly areas?: readonly AreaId[] | undefined
  readonly kinds?: readonly string[] | undefined
  readonly states?: readonly AlertState[] | undefined
  readonly cameraId?: CameraId | undefined
  readonly raisedAfterMs?: number | undefined
  readonly limit: number
}

/** What must reach another system, kept until it did; `letter` and `answer` are JSON texts that only their sender reads. */
export interface Letter {
  readonly id: string
  readonly destination: string
  readonly letter: string
  readonly state: 'waiting' | 'delivered' | 'refused'
  readonly attempts: number
  readonly nextAtMs: number
  readonly lastFault: string | null
  readonly answer: string | null
  readonly queuedAtMs: number
  readonly settledAtMs: number | null
}

/**
 * What the server remembers. Every method is one statement or one transaction; `transact` joins several. On SQLite each
 * connection runs at synchronous=FULL: what is acknowledged survives a power cut (measured at NORMAL: hundreds of rows lost).
 */
export interface Store {
  readonly areas: {
    list(): Promise<readonly Area[]>
    get(id: AreaId): Promise<Area | null>
    add(area: { readonly id: AreaId; readonly name: string; readonly parent: AreaId | null }): Promise<Area>
  }
  readonly people: {
    count(): Promise<number>
    list(): Promise<readonly Person[]>
    get(id: PersonId): Promise<Person | null>
    /** Name compares without case. Includes the password hash: for sign-in only. */
    findForSignIn(name: string): Promise<{ readonly person: Person; readonly passwordHash: string } | null>
    add(person: { readonly id: PersonId; readonly name: string; readonly displayName: string; readonly role: Role; readonly areas: readonly AreaId[]; readonly language: Language; readonly passwordHash: string; readonly createdAtMs: number }): Promise<Person>
    change(id: PersonId, part: Partial<{ displayName: string; role: Role; areas: readonly AreaId[]; language: Language; disabled: boolean; passwordHash: string }>): Promise<Person | null>
  }
  readonly signIns: {
    /** `tokenHash` is SHA-256 of the cookie's token: a stolen database opens no session. */
    add(signIn: SignIn & { readonly tokenHash: string }): Promise<void>
    find(tokenHash: string): Promise<(SignIn & { readonly person: Person }) | null>
    touch(id: SignInId, lastSeenAtMs: number): Promise<void>
    listOf(personId: PersonId): Promise<readonly SignIn[]>
    end(id: SignInId): Promise<void>
    endAllOf(personId: PersonId): Promise<void>
    sweep(nowMs: number): Promise<number>
  }
  readonly cameras: {
    list(): Promise<readonly Camera[]>
    get(id: CameraId): Promise<Camera | null>
    add(draft: CameraDraft, createdAtMs: number): Promise<Camera>
    change(id: CameraId, part: Partial<{ name: string; areaId: AreaId; enabled: boolean; place: Place; sound: boolean; masks: readonly PrivacyMask[] }>): Promise<Camera | null>
    noteStream(id: StreamId, seen: { readonly codec: string; readonly width: number; readonly height: number; readonly fps: number | null }): Promise<void>
    /** Streams, rules, back-tests and credentials go; the name stays, for the alerts that speak of it. */
    remove(id: CameraId): Promise<boolean>
    credentials(id: CameraId): Promise<Sealed | null>
    setCredentials(id: CameraId, sealed: Sealed | null): Promise<void>
  }
  /** Cameras that push: SHA-256 of the key that lets each in, and the networks it may come from (none: any). */
  readonly pushKeys: {
    of(cameraId: CameraId): Promise<{ readonly keyHash: string; readonly networks: readonly string[]; readonly madeAtMs: number } | null>
    /** From now on the camera is one that pushes; a key that it had opens nothing any more. */
    set(cameraId: CameraId, key: { readonly keyHash: string; readonly networks: readonly string[]; readonly madeAtMs: number }): Promise<void>
  }
  /** Where cameras that turn were known to stand still. */
  readonly stands: {
    /** Written anew as it grows, under its beginning. */
    keep(cameraId: CameraId, stand: Stand): Promise<void>
    /** Those that reach into a span, oldest first. */
    between(cameraId: CameraId, fromMs: number, toMs: number): Promise<readonly Stand[]>
    /** Those that ended before; answers how many went. */
    forgetBefore(atMs: number): Promise<number>
  }
  readonly rules: RuleStore
  readonly backtests: BacktestStore
  readonly incidents: {
    get(id: IncidentId): Promise<Incident | null>
    /** The newest incident of this camera and episode. */
    find(cameraId: CameraId, episode: string): Promise<Incident | null>
    ongoing(): Promise<readonly Incident[]>
    /** Of one that is known its mode stays: who extends it may not know that it was held or released meanwhile. */
    save(incident: Incident): Promise<void>
    setMode(id: IncidentId, mode: { readonly mode: Incident['mode']; readonly heldWhy: Incident['heldWhy'] }): Promise<void>
    /** Live ones of one rule whose act began at or after this, oldest first. */
    liveSince(cameraId: CameraId, ruleId: RuleId, sinceMs: number): Promise<readonly Incident[]>
  }
  readonly held: HeldStore
  readonly lampFaults: LampFaultStore
  readonly repairs: RepairStore
  readonly suspensions: SuspensionStore
  readonly signals: SignalStore
  readonly alerts: {
    get(id: AlertId): Promise<Alert | null>
    ofIncident(incidentId: IncidentId): Promise<Alert | null>
    /** Gravest first, then newest. */
    list(filter: AlertFilter): Promise<readonly Alert[]>
    add(alert: Alert): Promise<void>
    /** Writes only if the stored version is still `alert.version - 1`; false when somebody was first. */
    replace(alert: Alert): Promise<boolean>
    /** How many nobody has claimed, by priority, zeros included: what the desk's badge shows. */
    countOpen(filter: Pick<AlertFilter, 'areas' | 'kinds'>): Promise<Readonly<Record<string, number>>>
  }
  readonly evidence: {
    get(id: EvidenceId): Promise<EvidenceItem | null>
    /** Of the alert's incident. */
    of(alertId: AlertId): Promise<readonly EvidenceItem[]>
    ofIncident(incidentId: IncidentId): Promise<readonly EvidenceItem[]>
    ofRepair(repairId: RepairId): Promise<readonly EvidenceItem[]>
    add(item: EvidenceItem): Promise<void>
    /** Alerts raised after `sinceMs` that lack an item of this kind: for picking up after a crash. */
    missing(kind: 'still' | 'clip', sinceMs: number): Promise<readonly AlertId[]>
    /** Incidents held after `sinceMs`, which never called anybody and which nobody has settled, that lack one. */
    missingHeld(kind: 'still' | 'clip', sinceMs: number): Promise<readonly IncidentId[]>
    /** Repairs opened after `sinceMs` that lack a still and are open. */
    missingRepairs(sinceMs: number): Promise<readonly RepairId[]>
  }
  readonly reports: {
    get(id: ReportId): Promise<Report | null>
    findBySource(source: string, sourceId: string): Promise<Report | null>
    /** Newest first. */
    list(filter: { readonly areas?: readonly AreaId[] | undefined; readonly status?: 'open' | 'closed' | undefined; readonly serviceCodes?: readonly string[] | undefined; readonly ids?: readonly ReportId[] | undefined; readonly fromMs?: number | undefined; readonly toMs?: number | undefined; readonly updatedAfterMs?: number | undefined; readonly limit: number; readonly offset?: number | undefined }): Promise<readonly Report[]>
    /** Contact details are stored apart and never listed. */
    add(report: Report, contact: { readonly name: string | null; readonly phone: string | null; readonly email: string | null; readonly deviceId: string | null; readonly accountId: string | null } | null): Promise<void>
    change(id: ReportId, part: Partial<Pick<Report, 'status' | 'statusNotes' | 'updatedAtMs' | 'areaId'>>): Promise<Report | null>
  }
  readonly links: {
    get(id: LinkId): Promise<Link | null>
    ofReport(reportId: ReportId): Promise<readonly Link[]>
    ofAlert(alertId: AlertId): Promise<readonly Link[]>
    /** Proposes once: a pair already known stays as it is. True when it is new. */
    propose(link: Link): Promise<boolean>
    decide(id: LinkId, state: 'confirmed' | 'rejected', by: PersonId, atMs: number): Promise<Link | null>
  }
  readonly changes: {
    append(change: NewChange): Promise<number>
    /** Changes after a cursor, oldest first. */
    since(cursor: number, limit: number): Promise<readonly Change[]>
    of(topic: Change['topic'], entityId: string): Promise<readonly Change[]>
    newest(): Promise<number>
  }
  /** Small named values: keys' versions, listeners' cursors, remote servers. */
  readonly notes: {
    get(name: string): Promise<string | null>
    set(name: string, value: string): Promise<void>
  }
  /** What people keep of the wall. */
  readonly walls: {
    get(id: WallId): Promise<Wall | null>
    /** The person's own, in their order; then what others share, by name. */
    seenBy(personId: PersonId): Promise<readonly Wall[]>
    /** Stands last among the owner's. */
    add(wall: Wall, atMs: number): Promise<Wall>
    change(id: WallId, part: Pick<Wall, 'name' | 'pages' | 'dwellS' | 'shared'>): Promise<Wall | null>
    /** Those named come first, in this order; walls of others and unknown ones are left alone. */
    order(ownerId: PersonId, ids: readonly WallId[]): Promise<void>
    remove(id: WallId): Promise<boolean>
  }
  /** The big screens of the room, by number. */
  readonly screens: {
    list(): Promise<readonly WallScreen[]>
    get(number: number): Promise<WallScreen | null>
    /** A name that is not given stays as it is. */
    put(screen: { readonly number: number; readonly name?: string | undefined; readonly showing: WallShowing | null; readonly by: PersonId; readonly atMs: number }): Promise<WallScreen>
  }
  readonly meetings: MeetingStore
  readonly models: ModelStore
  /** What was read of the vehicle that an incident speaks of; once an incident, and never changed. */
  readonly plates: {
    of(incidentId: IncidentId): Promise<PlateReading | null>
    add(reading: PlateReading): Promise<void>
  }
  /** Redacted copies of kept stills and clips: one an item at most. */
  readonly redactedCopies: {
    of(evidenceId: EvidenceId): Promise<RedactedCopy | null>
    /** Oldest first. */
    list(): Promise<readonly RedactedCopy[]>
    add(copy: RedactedCopy): Promise<void>
    /** False when there was none. */
    remove(evidenceId: EvidenceId): Promise<boolean>
  }
  /** Letters to other systems. A delivered or refused letter stays, as the record of what was sent. */
  readonly outbox: {
    /** True when it is new: an id is queued once. */
    queue(letter: Pick<Letter, 'id' | 'destination' | 'letter' | 'queuedAtMs'>): Promise<boolean>
    get(id: string): Promise<Letter | null>
    /** Waiting letters whose time has come, oldest first. */
    due(destination: string, nowMs: number, limit: number): Promise<readonly Letter[]>
    postpone(id: string, nextAtMs: number, fault: string): Promise<void>
    settle(id: string, state: 'delivered' | 'refused', answer: string | null, atMs: number): Promise<void>
  }
  readonly recordings: RecordingStore
  readonly bookmarks: BookmarkStore
  readonly exports: ExportStore
  readonly holds: HoldStore
  /**
   * All or nothing. Use only the store given to `work` inside it: the outer one refuses, and so does a nested `transact`.
   * On PostgreSQL `work` runs again (at most twice more) when the database breaks a deadlock, so it does nothing but store.
   */
  transact<T>(work: (store: Store) => Promise<T>): Promise<T>
  /** Answers whether the database can be written now. */
  ready(): Promise<boolean>
  close(): Promise<void>
}
