import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '../system/clock.js'
import { redactUrls, type Log } from '../system/log.js'
import { makeAlerts } from './alerts.js'
import { makeAreas } from './areas.js'
import { makeBacktests } from './backtests.js'
import { makeCameras } from './cameras.js'
import { makeChanges } from './changes.js'
import type { DialectWords } from './dialect.js'
import { makeEvidence } from './evidence.js'
import { makeBookmarks, makeExports } from './exports.js'
import { makeHeld } from './held.js'
import { makeIncidents } from './incidents.js'
import { makeLampFaults } from './lamp-faults.js'
import { makeLinks } from './links.js'
import { makeMeetings } from './meetings.js'
import { makeModels } from './models.js'
import { makeNotes } from './notes.js'
import { openPostgres } from './open-postgres.js'
import { openSqlite } from './open-sqlite.js'
import { makeOutbox } from './outbox.js'
import { makePeople } from './people.js'
import { makePlates } from './plates.js'
import { makeRedactedCopies } from './redacted-copies.js'
import { makeHolds } from './recording-holds.js'
import { makeRecordings } from './recordings.js'
import { makePushKeys } from './push-keys.js'
import { makeRepairs } from './repairs.js'
import { makeReports } from './reports.js'
import { makeRules } from './rules.js'
import { makeScreens } from './screens.js'
import { makeSignIns } from './sign-ins.js'
import { makeSignals } from './signals.js'
import type { Store } from './store.js'
import { makeStands } from './stands.js'
import { makeSuspensions } from './suspensions.js'
import { makeWalls } from './walls.js'
import type { Connection, Db } from './tables.js'

export interface StoreOptions {
  /** `sqlite:/path/to/file.db` or `postgres://user@host/name`. */
  readonly url: string
  readonly log: Log
  readonly clock: Clock
}

/** An opened database whose schema is ours and up to date. */
export interface Opened {
  readonly db: Db
  readonly words: DialectWords
  /** Whether the database gave up on a transaction through no fault of ours, so that it may simply run again. */
  mayRunAgain(fault: unknown): boolean
}

/**
 * Opens what the server remembers, bringing its schema up to date. Refuses, in words with a next step, a file that is
 * broken, empty or another program's, and a schema newer than this program.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (options.url.startsWith('sqlite:')) return makeStore(await openSqlite(options.url.slice('sqlite:'.length), options), options)
  if (/^postgres(ql)?:\/\//.test(options.url)) return makeStore(await openPostgres(options), options)
  throw new Error(`the database address "${redactUrls(options.url)}" is not understood: write sqlite:/path/to/file.db or postgres://user@host/name`)
}

/** The database may break a deadlock by ending one transaction; more often than this in a row something else is wrong. */
const RUNS_MAX = 3

function makeStore(opened: Opened, { log, clock }: StoreOptions): Store {
  // Known for each chain of calls: whether a transaction is in hand. Using the whole store inside one would wait for itself
  // for ever on SQLite (one connection) and silently stand outside the transaction on PostgreSQL.
  const inHand = new AsyncLocalStorage<{ open: boolean }>()
  const whole = (): Db => {
    if (inHand.getStore()?.open) throw new Error('the whole store was used inside transact: use the store that transact gives to its work')
    return opened.db
  }
  const outer: Connection = {
    db: whole,
    together: async (work) => whole().transaction().execute(work),
    lockChanges: (db) => opened.words.lockChanges(db),
  }

  const runOnce = <T>(work: (store: Store) => Promise<T>): Promise<T> =>
    whole()
      .transaction()
      .execute(async (tx) => {
        const mark = { open: true }
        const current = (): Db => {
          if (!mark.open) throw new Error('this transaction is over: its store cannot be used any more (was a promise left unawaited?)')
          return tx
        }
        const connection: Connection = { db: current, together: async (join) => join(current()), lockChanges: outer.lockChanges }
        const refuse = (what: string) => (): Promise<never> => Promise.reject(new Error(`${what} was called inside transact: ${what === 'transact' ? 'transactions do not nest, do the work in the one in hand' : 'call it on the whole store, afterwards'}`))
        const store: Store = { ...makeNouns(connection, clock), transact: refuse('transact'), ready: refuse('ready'), close: refuse('close') }
        try {
          return await inHand.run(mark, () => work(store))
        } finally {
          mark.open = false
        }
      })

  return {
    ...makeNouns(outer, clock),
    async transact(work) {
      for (let run = 1; ; run += 1) {
        try {
          return await runOnce(work)
        } catch (fault) {
          if (run === RUNS_MAX || !opened.mayRunAgain(fault)) throw fault
          log.warn({ fault, run }, 'the database ended a transaction to break a deadlock; it runs again')
        }
      }
    },
    ready: makeReadiness(outer, { log, clock }),
    async close() {
      await opened.db.destroy()
    },
  }
}

function makeNouns(connection: Connection, clock: Clock): Omit<Store, 'transact' | 'ready' | 'close'> {
  return {
    areas: makeAreas(connection),
    people: makePeople(connection),
    signIns: makeSignIns(connection),
    cameras: makeCameras(connection, clock),
    pushKeys: makePushKeys(connection),
    stands: makeStands(connection),
    rules: makeRules(connection),
    backtests: makeBacktests(connection),
    incidents: makeIncidents(connection),
    held: makeHeld(connection),
    lampFaults: makeLampFaults(connection),
    repairs: makeRepairs(connection),
    suspensions: makeSuspensions(connection),
    signals: makeSignals(connection),
    alerts: makeAlerts(connection),
    evidence: makeEvidence(connection),
    reports: makeReports(connection),
    links: makeLinks(connection),
    changes: makeChanges(connection),
    notes: makeNotes(connection),
    outbox: makeOutbox(connection),
    recordings: makeRecordings(connection),
    bookmarks: makeBookmarks(connection),
    exports: makeExports(connection),
    holds: makeHolds(connection),
    walls: makeWalls(connection),
    screens: makeScreens(connection),
    meetings: makeMeetings(connection),
    models: makeModels(connection),
    plates: makePlates(connection),
    redactedCopies: makeRedactedCopies(connection),
  }
}

/** Asked every few seconds by whoever watches the server; a real write each time would be a sync of the disk each time. */
const READY_AGE_MS_MAX = 1_000

function makeReadiness(connection: Connection, { log, clock }: Pick<StoreOptions, 'log' | 'clock'>): () => Promise<boolean> {
  const notes = makeNotes(connection)
  let last: { readonly atMs: number; readonly ready: boolean } | null = null
  return async () => {
    const atMs = clock.monotonicMs()
    if (last && atMs - last.atMs < READY_AGE_MS_MAX) return last.ready
    try {
      // Only a write tells: a full disk and a read-only replica still answer questions.
      await notes.set('store.ready', String(clock.wallMs()))
      last = { atMs, ready: true }
    } catch (fault) {
      if (last?.ready !== false) log.error({ fault }, 'the database cannot be written')
      last = { atMs, ready: false }
    }
    return last.ready
  }
}
