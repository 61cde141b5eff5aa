import type { Backtest } from '../../server/domain/backtest.js'
import { asId, type BacktestId, type ModelId, type RuleId } from '../../server/domain/ids.js'
import { JUNCTION, LAN, T0 } from './small-city.js'

/** A back-test of the small city's red light, where a test does not care. */
export function aBacktest(id: string, part: Partial<Backtest> = {}): Backtest {
  return { id: asId<BacktestId>(id), cameraId: JUNCTION, ruleId: asId<RuleId>('red-1'), version: 1, baseline: null, fromMs: T0 - 7_200_000, toMs: T0, modelId: asId<ModelId>('eyes'), modelSha256: 'a'.repeat(64), by: LAN, createdAtMs: T0, state: 'queued', settledAtMs: null, ...part }
}
