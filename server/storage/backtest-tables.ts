/** Rows of back-tests and their hours (migrations/0016-backtests.ts). */
export interface BacktestTables {
  backtests: {
    id: string
    cameraId: string
    ruleId: string
    version: number
    baseline: number | null
    fromMs: number
    toMs: number
    modelId: string
    modelSha256: string
    by: string
    createdAtMs: number
    state: string
    settledAtMs: number | null
  }
  backtestHours: {
    backtestId: string
    fromMs: number
    toMs: number
    state: string
    recordedMs: number
    gaps: string
    away: string
    claims: string | null
    counts: string | null
    frames: number | null
    coreMs: number | null
    fault: string | null
    why: string | null
  }
}
