import { asId, type ReportId } from '../domain/ids.js'
import type { Letter, Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import type { Open311Client, OutgoingRequest, Receipt, Remote, RemoteTrouble } from './open311-client.js'
import { laterThan } from './verdicts.js'

/** Another Open311 server to which reports are forwarded. */
export interface Destination {
  readonly name: string
  readonly client: Open311Client
}

/**
 * Forwards reports to other servers and brings their answers back. A letter is a row before it is sent, and stays one until
 * the other side has answered: a fallen network, a fallen server over there or a restart here delays it, nothing loses it.
 */
export interface Outbox {
  /** Queues a report, in the transaction in hand when `tx` is given. Answers false when it is queued already. */
  forward(reportId: ReportId, destination: string, tx?: Store): Promise<boolean>
  /** Sends and follows what is due now; answers how many letters moved. Called by the clock, and by tests. */
  work(): Promise<number>
  close(): Promise<void>
}

interface Sending extends OutgoingRequest {
  readonly reportId: ReportId
}
interface Following {
  readonly reportId: ReportId
  readonly receipt: Receipt
}

const WORK_EVERY_MS = 15_000
const LETTERS_AT_ONCE_MAX = 20
const FIRST_PAUSE_MS = 30_000
const PAUSE_MS_MAX = 60 * 60_000
/** How often an open report over there is asked after. */
const FOLLOW_EVERY_MS = 5 * 60_000

/** A report just sent may not be found over there yet; one that is not found after this many times is gone. */
const ASKED_IN_VAIN_MAX = 20

/** Half a minute, then twice as long each time, at most an hour: a server that is down for a day is asked some thirty times. */
export function pauseAfter(attempts: number): number {
  return Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** Math.min(attempts, 12))
}

export interface OutboxParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly destinations: readonly Destination[]
  readonly onNews: (seq: number) => void
}

export function makeOutbox({ store, clock, log, destinations, onNews }: OutboxParts): Outbox {
  const followings = (name: string): string => `${name}#follow`

  const postpone = async (letter: Letter, trouble: RemoteTrouble): Promise<void> => {
    await store.outbox.postpone(letter.id, clock.wallMs() + pauseAfter(letter.attempts), `${trouble.code}: ${trouble.tried}: ${trouble.said}`)
  }

  /** The letter is settled, its following queued and the report's log written at once: a kill in between repeats all or nothing. */
  const delivered = async (name: string, letter: Letter, reportId: ReportId, receipt: Receipt): Promise<void> => {
    const atMs = clock.wallMs()
    const seq = await store.transact(async (tx) => {
      await tx.outbox.settle(letter.id, 'delivered', JSON.stringify(receipt), atMs)
      await tx.outbox.queue({ id: `follow-${letter.id}`, destination: followings(name), letter: JSON.stringify({ reportId, receipt } satisfies Following), queuedAtMs: atMs })
      return appendLine(tx, reportId, 'forwarded', { destination: name, reference: receipt.is === 'request' ? receipt.requestId : receipt.token }, atMs)
    })
    onNews(seq)
  }

  const refused = async (name: string, letter: Letter, reportId: ReportId, trouble: RemoteTrouble): Promise<void> => {
    const atMs = clock.wallMs()
    const seq = await store.transact(async (tx) => {
      await tx.outbox.settle(letter.id, 'refused', JSON.stringify(trouble), atMs)
      return appendLine(tx, reportId, 'forwarding_refused', { destination: name, said: trouble.said }, atMs)
    })
    log.warn({ destination: name, letter: letter.id, trouble }, 'another server refused a report: a person must look')
    onNews(seq)
  }

  const send = async ({ name, client }: Destination, letter: Letter): Promise<void> => {
    const { reportId, ...request } = JSON.parse(letter.letter) as Sending
    const answer = await client.send(request)
    if (answer.ok) await delivered(name, letter, reportId, answer.value)
    else if (answer.trouble.mayPass) await postpone(letter, answer.trouble)
    else await refused(name, letter, reportId, answer.trouble)
  }

  const follow = async ({ name, client }: Destination, letter: Letter): Promise<void> => {
    const { reportId, receipt } = JSON.parse(letter.letter) as Following
    const requestId = await requestIdOf(client, receipt)
    if (!requestId.ok) return postpone(letter, requestId.trouble)
    const answer = requestId.value === null ? null : await client.follow(requestId.value)
    if (answer && !answer.ok) return answer.trouble.mayPass || letter.attempts < ASKED_IN_VAIN_MAX ? postpone(letter, answer.trouble) : lost(name, letter, reportId, answer.trouble)
    const heard = answer?.value ?? null
    const seq = await store.transact(async (tx) => {
      const [atMs, report] = [clock.wallMs(), await tx.reports.get(reportId)]
      if (heard?.status === 'closed') await tx.outbox.settle(letter.id, 'delivered', JSON.stringify(heard), atMs)
      else await tx.outbox.postpone(letter.id, atMs + FOLLOW_EVERY_MS, heard ? 'still open' : 'no number for the token yet')
      // The other side's answer becomes ours only where no person of ours has closed the report.
      if (!heard || !report || report.status === 'closed' || (heard.statusNotes === report.statusNotes && heard.status === report.status)) return null
      await tx.reports.change(reportId, { status: heard.status, statusNotes: heard.statusNotes ?? report.statusNotes, updatedAtMs: laterThan(report.updatedAtMs, atMs) })
      return appendLine(tx, reportId, heard.status === 'closed' ? 'closed' : 'answered', { destination: name, notes: heard.statusNotes }, atMs)
    })
    if (seq !== null) onNews(seq)
  }

  const lost = async (name: string, letter: Letter, reportId: ReportId, trouble: RemoteTrouble): Promise<void> => {
    const atMs = clock.wallMs()
    const seq = await store.transact(async (tx) => {
      await tx.outbox.settle(letter.id, 'refused', JSON.stringify(trouble), atMs)
      return appendLine(tx, reportId, 'no_longer_followed', { destination: name, said: trouble.said }, atMs)
    })
    onNews(seq)
  }

  const workOnce = async (): Promise<number> => {
    let moved = 0
    for (const destination of destinations) {
      for (const [queue, act] of [[destination.name, send], [followings(destination.name), follow]] as const) {
        for (const letter of await store.outbox.due(queue, clock.wallMs(), LETTERS_AT_ONCE_MAX)) {
          await act(destination, letter)
          moved += 1
        }
      }
    }
    return moved
  }

  // One round at a time: two would send one letter twice.
  let round: Promise<number> | null = null
  const work = (): Promise<number> => (round ??= workOnce().finally(() => (round = null)))
  const stop = destinations.length === 0 ? () => undefined : clock.every(WORK_EVERY_MS, () => void work().catch((fault: unknown) => log.error({ fault }, 'the outbox could not work; it tries again')))

  return {
    async forward(reportId, destination, tx = store) {
      if (!destinations.some((known) => known.name === destination)) throw new Error(`destination "${destination}" is not known: name one of ${destinations.map((known) => known.name).join(', ') || 'none (add one to the settings)'}`)
      const report = await tx.reports.get(reportId)
      if (!report) throw new Error(`report ${reportId} does not exist`)
      const letter: Sending = { reportId, externalId: reportId, serviceCode: report.serviceCode, description: report.description, latitude: report.latitude, longitude: report.longitude, address: report.address, mediaUrl: report.mediaUrl }
      return tx.outbox.queue({ id: `${destination}-${reportId}`, destination, letter: JSON.stringify(letter), queuedAtMs: clock.wallMs() })
    },
    work,
    async close() {
      stop()
      await round?.catch(() => undefined)
    },
  }
}

async function requestIdOf(client: Open311Client, receipt: Receipt): Promise<Remote<string | null>> {
  return receipt.is === 'request' ? { ok: true, value: receipt.requestId } : client.redeem(receipt.token)
}

async function appendLine(tx: Store, reportId: ReportId, what: string, facts: Readonly<Record<string, string | null>>, atMs: number): Promise<number> {
  const report = await tx.reports.get(asId<ReportId>(reportId))
  return tx.changes.append({ topic: 'report', entityId: reportId, areaId: report?.areaId ?? null, what, by: null, atMs, facts })
}
