import { endOf, hoursOf, warmUpMs, type Backtest, type BacktestHour } from '../domain/backtest.js'
import type { BacktestId } from '../domain/ids.js'
import type { Replay, ReplayAnswer } from '../domain/replay.js'
import { laneRule, laneVersion } from '../domain/rule-key.js'
import type { Rule } from '../domain/seen.js'
import type { Stand } from '../domain/stand.js'
import { unwatchedSpans, type TimeSpan } from '../domain/unwatched.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import type { BacktestModels, BacktestSource } from './backtests.js'
import { lineOf } from './perform.js'

export interface BacktestRun {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly source: BacktestSource
  readonly replay: Replay
  readonly models: BacktestModels
  /** Fires when it is cancelled, and when the server stops. */
  readonly signal: AbortSignal
  /** 0..1 of the hour that is being looked at. */
  onPart(part: number): void
}

/** A process that dies twice on the same hour dies of it. */
const TRIES = 2

/** Runs one back-test from where it stands to its end, hour by hour; answers the number of its last line in the log, null when it was not brought to an end. */
export async function runBacktest(run: BacktestRun, id: BacktestId): Promise<number | null> {
  const { store, log, signal, onPart } = run
  const one = await store.backtests.get(id)
  if (!one || one.settledAtMs !== null || signal.aborted) return null
  await store.backtests.begin(id)
  const rules = await rulesOf(store, one)
  const known = new Set((await store.backtests.hours(id)).map(({ fromMs }) => fromMs))
  for (const span of hoursOf(one).filter(({ fromMs }) => !known.has(fromMs))) {
    onPart(0)
    // A rule that is gone needs no trial any more; a camera takes its back-tests along.
    if ((await store.rules.standing(one.ruleId))?.cameraId !== one.cameraId) return settle(run, one, 'cancelled')
    const hour = await runHour(run, one, { rules, span }).catch((fault: unknown): BacktestHour => ({ ...span, state: 'failed', recordedMs: 0, gaps: [], away: {}, fault: { code: 'internal', said: fault instanceof Error ? fault.message.slice(0, 200) : String(fault) } }))
    if (signal.aborted || !hour) return null
    await store.backtests.addHour(id, hour)
    if (hour.state === 'failed') log.warn({ backtestId: id, fromMs: hour.fromMs, fault: hour.fault }, 'an hour of a back-test could not be looked at; the others go on')
  }
  return settle(run, one, endOf(await store.backtests.hours(id), one.version))
}

/** Both versions under names of their own, so that one lane runs them side by side. */
async function rulesOf(store: Store, { ruleId, version, baseline }: Backtest): Promise<readonly Rule[]> {
  const wanted = [version, ...(baseline === null ? [] : [baseline])]
  const found = await Promise.all(wanted.map((each) => store.rules.version(ruleId, each)))
  return found.flatMap((each) => (each ? [laneRule(each.body, { version: each.version, mode: 'live' })] : []))
}

/** Null: it was stopped half-way, and is run anew when it is taken up again. */
async function runHour(run: BacktestRun, { cameraId, modelSha256 }: Backtest, { rules, span }: { readonly rules: readonly Rule[]; readonly span: { readonly fromMs: number; readonly toMs: number } }): Promise<BacktestHour | null> {
  const { store, source, models, replay, signal, onPart } = run
  const warmMs = warmUpMs(rules)
  const { recordedMs, gaps, pieces } = await source.hour(cameraId, span, warmMs)
  const stands = await store.stands.between(cameraId, span.fromMs - warmMs, span.toMs)
  const away = awayOf(rules, stands, span)
  if (recordedMs === 0) return { ...span, state: 'done', recordedMs, gaps, away, claims: [], counts: {}, frames: 0, coreMs: 0 }
  const model = await models.bySha256(modelSha256)
  if (!model) return { ...span, state: 'failed', recordedMs, gaps, away, fault: { code: 'model_gone', said: `no file with SHA-256 ${modelSha256} is kept` } }
  const masks = (await store.cameras.get(cameraId))?.masks ?? []
  let answer: ReplayAnswer = { is: 'failed', fault: { code: 'internal', said: 'nothing was tried' }, again: true }
  for (let tries = 0; tries < TRIES && answer.is === 'failed' && answer.again; tries += 1) {
    if (signal.aborted) return null
    answer = await replay({ pieces, span, rules, model, masks, stands, signal, onProgress: onPart })
  }
  if (signal.aborted || answer.is === 'cancelled') return null
  if (answer.is === 'failed') return { ...span, state: 'failed', recordedMs, gaps, away, fault: answer.fault }
  const { claims, counts, frames, coreMs, damaged } = answer
  const lost = damaged.map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, span.fromMs), toMs: Math.min(toMs, span.toMs), cause: 'damaged' as const })).filter(({ fromMs, toMs }) => toMs > fromMs)
  const lostMs = lost.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
  return { ...span, state: 'done', recordedMs: Math.max(0, recordedMs - lostMs), gaps: [...gaps, ...lost].toSorted((a, b) => a.fromMs - b.fromMs), away, claims, counts, frames, coreMs }
}

/** When each version that is drawn on one view was not looking at it. */
function awayOf(rules: readonly Rule[], stands: readonly Stand[], span: TimeSpan): BacktestHour['away'] {
  return Object.fromEntries(rules.flatMap(({ id, preset }) => (preset ? [[laneVersion(id) ?? 0, unwatchedSpans(preset, stands, span)]] : [])))
}

/** Null: somebody cancelled it in this very moment. */
async function settle({ store, clock }: BacktestRun, { id, ruleId, cameraId, version }: Backtest, state: 'done' | 'failed' | 'cancelled'): Promise<number | null> {
  const atMs = clock.wallMs()
  return store.transact(async (tx) => {
    if (!(await tx.backtests.settle(id, state, atMs))) return null
    const { done, failed } = await tx.backtests.told(id)
    return tx.changes.append(await lineOf(tx, { id: ruleId, cameraId }, { what: `rule_backtest_${state}`, by: null, atMs, facts: { backtestId: id, version, hoursDone: done, hoursFailed: failed } }))
  })
}
