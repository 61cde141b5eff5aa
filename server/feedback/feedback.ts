import type { Bus } from '../flow/topics.js'
import type { AlertId, LinkId, PersonId, ReportId } from '../domain/ids.js'
import type { Link, Report } from '../domain/report.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { makeApiKeys } from './api-keys.js'
import { makeMatching } from './matching.js'
import { makeOpen311Client, type ClientOptions } from './open311-client.js'
import { makeOpen311Door } from './open311-door.js'
import { makeOpen311Methods } from './open311-methods.js'
import type { Open311Answer, Open311Request } from './open311-terms.js'
import { makeOutbox } from './outbox.js'
import { makeVerdicts } from './verdicts.js'

/** The citizen's side: reports in, matched with what the cameras saw, forwarded and answered. */
export interface Feedback {
  /** The whole Open311 endpoint as one function; HTTP stays outside. */
  open311(request: Open311Request): Promise<Open311Answer>
  linkReport(id: LinkId, verdict: 'confirmed' | 'rejected', by: PersonId): Promise<Link | null>
  answerReport(id: ReportId, answer: { readonly notes: string; readonly close: boolean }, by: PersonId): Promise<Report | null>
  proposeForReport(id: ReportId): Promise<readonly Link[]>
  proposeForAlert(id: AlertId): Promise<readonly Link[]>
  /** Queues a report for another Open311 server named in `destinations`; its answer comes back by itself. */
  forward(id: ReportId, destination: string): Promise<boolean>
  /** Sends and follows what is due now, instead of waiting for the clock. */
  workOutbox(): Promise<number>
  close(): Promise<void>
}

export interface FeedbackOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly bus?: Bus | undefined
  /** SHA-256 (hex) of the keys of the systems that may post and read reports. */
  readonly apiKeyHashes: readonly string[]
  /** Lets anyone read reports (without contacts), as many cities do. Off: reports are people's words about people. */
  readonly publicReading?: boolean | undefined
  readonly destinations?: readonly (Omit<ClientOptions, 'clock'> & { readonly name: string })[] | undefined
}

export async function openFeedback({ store, clock, log, bus, apiKeyHashes, publicReading = false, destinations = [] }: FeedbackOptions): Promise<Feedback> {
  const say = (seq: number): void => bus?.publish('changes.appended', { seq })
  const matching = makeMatching({ store, clock, onLinked: say })
  const verdicts = makeVerdicts({ store, clock, onDecided: say })
  const outbox = makeOutbox({ store, clock, log, onNews: say, destinations: destinations.map(({ name, ...options }) => ({ name, client: makeOpen311Client({ ...options, clock }) })) })
  const open311 = makeOpen311Door({
    methods: makeOpen311Methods({ store, clock }),
    keys: makeApiKeys(apiKeyHashes),
    publicReading,
    nowMs: () => clock.wallMs(),
    async onCreated(report, seq) {
      say(seq)
      // The report is stored and will be answered as received whatever happens here; catchUp finds what was left out.
      await matching.proposeForReport(report.id).catch((fault: unknown) => log.error({ fault, report: report.id }, 'a report could not be matched; it is tried again at the next start'))
    },
  })
  const quit = bus?.subscribe('alert.raised', async ({ alertId }) => {
    await matching.proposeForAlert(alertId)
  })
  const caughtUp = await matching.catchUp()
  if (caughtUp > 0) log.info({ links: caughtUp }, 'reports and alerts of the last hour were proposed to each other')

  return {
    open311,
    ...verdicts,
    proposeForReport: (id) => matching.proposeForReport(id),
    proposeForAlert: (id) => matching.proposeForAlert(id),
    forward: (id, destination) => outbox.forward(id, destination),
    workOutbox: () => outbox.work(),
    async close() {
      quit?.()
      await outbox.close()
    },
  }
}
