import { BACKTEST_DAYS_MAX, isInRecordings, type Backtest, type UnseenSpan } from '../domain/backtest.js'
import type { BacktestId, CameraId, ModelId, PersonId } from '../domain/ids.js'
import type { RecordedPiece } from '../domain/recording.js'
import type { Replay, ReplayModel } from '../domain/replay.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import type { Log } from '../system/log.js'
import { lineOf } from './perform.js'
import { runBacktest } from './run-backtest.js'
import type { RuleAt } from './write-version.js'

/** What is known of one recorded hour. */
export interface RecordedHour {
  readonly recordedMs: number
  readonly gaps: readonly UnseenSpan[]
  /** From some minutes before the hour on, in order of recording. */
  readonly pieces: readonly RecordedPiece[]
}

export interface BacktestSource {
  hour(cameraId: CameraId, span: { readonly fromMs: number; readonly toMs: number }, warmUpMs: number): Promise<RecordedHour>
}

export interface BacktestModels {
  /** What watches now; null: nothing does. */
  watching(): Promise<(ReplayModel & { readonly id: ModelId }) | null>
  /** The file of these bytes, if it is still here. */
  bySha256(sha256: string): Promise<ReplayModel | null>
}

export interface BacktestWish {
  readonly version: number
  readonly fromMs: number
  readonly toMs: number
}

export type BacktestBegun =
  | { readonly is: 'begun'; readonly backtest: Backtest }
  | { readonly is: 'unknown' | 'bad_span' | 'nothing_recorded' | 'lamp_not_recorded' | 'nothing_watches' | 'no_tools' | 'too_many' }
  | { readonly is: 'unknown_version'; readonly newest: number }

export interface Backtests {
  begin(at: RuleAt, wish: BacktestWish, by: PersonId): Promise<BacktestBegun>
  /** 0..1 of the hour that is being looked at; null: it waits, or has ended. */
  partOf(id: BacktestId): number | null
  /** False: it is not of this rule, or has ended already. */
  cancel(at: RuleAt, id: BacktestId, by: PersonId): Promise<boolean>
  /** Settles when nothing is left to run: for tests. */
  idle(): Promise<void>
  /** What runs is taken up again at the next start. */
  close(): Promise<void>
}

export interface BacktestOptions {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  /** Null where nothing is recorded. */
  readonly source: BacktestSource | null
  /** Null where there is no ffmpeg. */
  readonly replay: Replay | null
  readonly models: BacktestModels
}

/** Each is hours of a core: whoever finds so many before theirs comes back tomorrow. */
const WAITING_MAX = 8
/** Enough to see how a rule came to what it is. */
const KEPT_MAX = 20
const DAY_MS = 86_400_000

interface Running {
  readonly id: BacktestId
  readonly endedBy: AbortController
  part: number
}

/** Runs versions of rules on recorded video, one at a time; what is over is a row before anybody hears of it. */
export async function openBacktests(options: BacktestOptions): Promise<Backtests> {
  const { store, bus, clock, source, replay, models } = options
  const log = options.log.child({ stage: 'rules' })
  const closing = new AbortController()
  let running: Running | null = null
  let line: Promise<void> = Promise.resolve()

  const run = async (id: BacktestId): Promise<void> => {
    if (closing.signal.aborted || !source || !replay) return
    const mine: Running = { id, endedBy: new AbortController(), part: 0 }
    running = mine
    const seq = await runBacktest({ store, clock, log, source, replay, models, signal: AbortSignal.any([closing.signal, mine.endedBy.signal]), onPart: (part) => void (mine.part = part) }, id)
    running = null
    if (seq !== null) bus.publish('changes.appended', { seq })
  }
  const later = (id: BacktestId): void => void (line = line.then(() => run(id)).catch((fault: unknown) => log.error({ backtestId: id, fault }, 'a back-test stopped; the next start takes it up again')))
  for (const { id } of await store.backtests.unsettled()) later(id)

  return {
    partOf: (id) => (running?.id === id ? running.part : null),
    async begin(at, wish, by) {
      if (!source) return { is: 'nothing_recorded' }
      if (!replay) return { is: 'no_tools' }
      const begun = await planBacktest({ store, models, nowMs: clock.wallMs() }, at, { ...wish, by })
      if (begun.is !== 'begun') return begun
      const { backtest } = begun
      const seq = await store.transact(async (tx) => {
        await tx.backtests.add(backtest)
        await tx.backtests.trim(backtest.ruleId, KEPT_MAX)
        return tx.changes.append(await lineOf(tx, { id: backtest.ruleId, cameraId: backtest.cameraId }, { what: 'rule_backtest', by, atMs: backtest.createdAtMs, facts: { backtestId: backtest.id, version: backtest.version, fromMs: backtest.fromMs, toMs: backtest.toMs } }))
      })
      bus.publish('changes.appended', { seq })
      later(backtest.id)
      return begun
    },
    async cancel({ cameraId, ruleId }, id, by) {
      const seq = await store.transact(async (tx) => {
        const one = await tx.backtests.get(id)
        if (one?.cameraId !== cameraId || one.ruleId !== ruleId || !(await tx.backtests.settle(id, 'cancelled', clock.wallMs()))) return null
        return tx.changes.append(await lineOf(tx, { id: ruleId, cameraId }, { what: 'rule_backtest_cancelled', by, atMs: clock.wallMs(), facts: { backtestId: id, version: one.version } }))
      })
      if (seq === null) return false
      if (running?.id === id) running.endedBy.abort()
      bus.publish('changes.appended', { seq })
      return true
    },
    idle: () => line,
    async close() {
      closing.abort()
      await line
    },
  }
}

/** Everything that can be known before hours of work begin is told now. */
async function planBacktest({ store, models, nowMs }: { readonly store: Store; readonly models: BacktestModels; readonly nowMs: number }, { cameraId, ruleId }: RuleAt, { version, fromMs, toMs, by }: BacktestWish & { readonly by: PersonId }): Promise<BacktestBegun> {
  const standing = await store.rules.standing(ruleId)
  if (standing?.cameraId !== cameraId) return { is: 'unknown' }
  const tried = version > standing.newest ? null : await store.rules.version(ruleId, version)
  if (!tried) return { is: 'unknown_version', newest: standing.newest }
  if (!isInRecordings(tried.body)) return { is: 'lamp_not_recorded' }
  if (toMs <= fromMs || toMs > nowMs || toMs - fromMs > BACKTEST_DAYS_MAX * DAY_MS) return { is: 'bad_span' }
  if ((await store.backtests.unsettled()).length >= WAITING_MAX) return { is: 'too_many' }
  const outline = await store.recordings.outline(cameraId, fromMs, toMs, toMs - fromMs)
  if (outline.length === 0) return { is: 'nothing_recorded' }
  const model = await models.watching()
  if (!model) return { is: 'nothing_watches' }
  const baseline = standing.live === version ? null : standing.live
  return { is: 'begun', backtest: { id: newId<BacktestId>(), cameraId, ruleId, version, baseline, fromMs, toMs, modelId: model.id, modelSha256: model.sha256, by, createdAtMs: nowMs, state: 'queued', settledAtMs: null } }
}
