import type { Backtest, BacktestHour } from '../domain/backtest.js'
import type { BacktestId, RuleId } from '../domain/ids.js'

/** How far one has come: hours that were looked at, and hours that could not be. */
export interface HoursTold {
  readonly done: number
  readonly failed: number
}

/** Versions of rules that were run on recorded video. */
export interface BacktestStore {
  add(backtest: Backtest): Promise<void>
  get(id: BacktestId): Promise<Backtest | null>
  /** Newest first. */
  of(ruleId: RuleId): Promise<readonly Backtest[]>
  /** What waits or runs, oldest first: a start takes it up. */
  unsettled(): Promise<readonly Backtest[]>
  /** A queued one begins; false when it is no longer queued. */
  begin(id: BacktestId): Promise<boolean>
  /** Ends one that waits or runs; false when it has ended already. */
  settle(id: BacktestId, state: 'done' | 'failed' | 'cancelled', atMs: number): Promise<boolean>
  /** Once an hour; of one that is gone, nothing is kept. */
  addHour(id: BacktestId, hour: BacktestHour): Promise<void>
  /** Oldest first. */
  hours(id: BacktestId): Promise<readonly BacktestHour[]>
  told(id: BacktestId): Promise<HoursTold>
  /** The oldest settled ones of a rule beyond so many go, save what its proposal stands on. Answers how many went. */
  trim(ruleId: RuleId, keptMax: number): Promise<number>
}
