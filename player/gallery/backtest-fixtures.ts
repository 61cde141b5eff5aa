import type { SpanView } from '../../server/contract/recordings.js'
import type { BacktestDifferenceView, BacktestHourView, BacktestResultView, BacktestSideView } from '../../server/contract/rules.js'
import { me, NOW_MS } from './fixtures.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const FROM_MS = NOW_MS - (NOW_MS % HOUR_MS) - 6 * HOUR_MS

/** Three days, with a morning without power. */
export const recorded: readonly SpanView[] = [2, 1, 0].map((ago) => ({ fromMs: NOW_MS - ago * DAY_MS - (ago === 1 ? 6 : 15) * HOUR_MS, toMs: NOW_MS - ago * DAY_MS + (ago === 0 ? -60_000 : 5 * HOUR_MS) }))

const seen = (at: number, [live, tested]: readonly [number, number], part: Partial<BacktestHourView> = {}): BacktestHourView => ({ fromMs: FROM_MS + at * HOUR_MS, toMs: FROM_MS + (at + 1) * HOUR_MS, state: 'done', recordedMs: HOUR_MS, gaps: [], claims: { 3: live, 4: tested }, fault: null, ...part })
const gap = (at: number, fromMinute: number, toMinute: number) => ({ fromMs: FROM_MS + at * HOUR_MS + fromMinute * 60_000, toMs: FROM_MS + at * HOUR_MS + toMinute * 60_000, cause: 'camera_lost', said: { vi: 'mất kết nối camera', en: 'the camera was lost' } })
const failed = (at: number): BacktestHourView => seen(at, [0, 0], { state: 'failed', claims: {}, fault: { code: 'died', said: 'the process that looks was ended by SIGKILL' } })

export const hours: readonly BacktestHourView[] = [seen(0, [9, 3]), seen(1, [12, 4]), seen(2, [7, 2], { recordedMs: HOUR_MS / 2, gaps: [gap(2, 30, 60)] }), seen(3, [0, 0], { recordedMs: HOUR_MS / 3, gaps: [gap(3, 0, 40)] }), failed(4), seen(5, [14, 6])]

const REASON = { vi: 'Ô tô con dừng trong vùng cấm dừng 312 giây', en: 'A car stood in the no-stopping zone for 312 s' }
const SHORT = { vi: 'Ô tô con dừng trong vùng cấm dừng 131 giây', en: 'A car stood in the no-stopping zone for 131 s' }
const difference = (is: BacktestDifferenceView['is'], minute: number, said: BacktestDifferenceView['said'] = null): BacktestDifferenceView => ({ is, cameraId: 'cam-3', atMs: FROM_MS + minute * 60_000, untilMs: FROM_MS + (minute + 5) * 60_000, box: null, reason: is === 'vanished' ? SHORT : REASON, said, at: '/playback' })
export const differences: readonly BacktestDifferenceView[] = [difference('vanished', 12, 'wrong'), difference('kept', 31, 'right'), difference('vanished', 47, 'right'), difference('new', 74), difference('new', 96, 'wrong'), difference('kept', 111), difference('kept', 118, 'wrong'), difference('new', 121, 'right')]

const side = (version: number, claims: number, judged: BacktestSideView['judged'] = null): BacktestSideView => ({ version, claims, awayMs: 0, perDay: (claims / 5) * 24, judged })
const tested = side(4, 15, { precision: { point: 0.86, low: 0.79, high: 0.91, n: 14 }, recall: { point: 0.96, low: 0.9, high: 0.99, n: 112 }, missed: 4 })
const live = side(3, 42, { precision: { point: 0.25, low: 0.21, high: 0.29, n: 198 }, recall: { point: 0.97, low: 0.92, high: 0.99, n: 112 }, missed: 3 })

export const backtest = (part: Partial<BacktestResultView> = {}): BacktestResultView => ({
  id: 'backtest-1', version: 4, baseline: 3, fromMs: FROM_MS, toMs: FROM_MS + 6 * HOUR_MS, modelId: 'eyes', modelSha256: 'a'.repeat(64), by: { id: me.id, displayName: me.displayName }, createdAtMs: NOW_MS - 1_800_000, state: 'done', settledAtMs: NOW_MS - 60_000,
  progress: { hours: 6, done: 5, failed: 1, part: null }, watchedMs: 3.83 * HOUR_MS, missingMs: 1.17 * HOUR_MS, failedMs: HOUR_MS, tested, live, counts: { kept: 3, vanished: 2, new: 3 }, differences, untold: 0, hours, cost: { fps: 5, coreSecondsAnHour: 438 },
  ...part,
})
const nothing = { differences: [], counts: { kept: 0, vanished: 0, new: 0 } }
const alone = { baseline: null, live: null, tested: { ...tested, judged: null }, differences: differences.filter(({ is }) => is === 'new').map((one) => ({ ...one, said: null })), counts: { kept: 0, vanished: 0, new: 3 } }

/** Two weeks of an hourly rhythm, some days short of recordings. */
const weeks = Array.from({ length: 14 * 24 }, (_, at) => seen(at, [Math.round(3 + 2 * Math.sin(at / 4)), at % 3 === 0 ? 1 : 0], at % 97 < 20 ? { recordedMs: 0, claims: {} } : {}))

export const backtests: readonly (readonly [name: string, test: BacktestResultView])[] = [
  ['waiting', backtest({ state: 'queued', settledAtMs: null, hours: [], progress: { hours: 6, done: 0, failed: 0, part: null }, watchedMs: 0, ...nothing })],
  ['its first hour', backtest({ state: 'running', settledAtMs: null, hours: [], progress: { hours: 6, done: 0, failed: 0, part: 0.4 }, watchedMs: 0, missingMs: 0, failedMs: 0, ...nothing })],
  ['running, some hours over', backtest({ state: 'running', settledAtMs: null, hours: hours.slice(0, 3), progress: { hours: 6, done: 3, failed: 0, part: 0.62 }, watchedMs: 2.5 * HOUR_MS, missingMs: HOUR_MS / 2, failedMs: 0 })],
  ['done, judged', backtest()],
  ['done, nobody judged', backtest({ live: { ...live, judged: null }, tested: { ...tested, judged: null }, differences: differences.map((one) => ({ ...one, said: null })) })],
  ['done, no version was live', backtest(alone)],
  ['done, many not listed', backtest({ differences: differences.slice(0, 2), untold: 1_240, counts: { kept: 900, vanished: 300, new: 42 } })],
  ['done, nothing told', backtest({ ...nothing, tested: side(4, 0), live: side(3, 0), hours: hours.map((hour) => ({ ...hour, claims: {} })) })],
  ['done, the camera was turned away', backtest({ tested: { ...tested, awayMs: 0.6 * HOUR_MS }, live: { ...live, awayMs: 1.2 * HOUR_MS } })],
  ['done, it was turned away, no version was live', backtest({ ...alone, tested: { ...tested, judged: null, awayMs: 0.2 * HOUR_MS } })],
  ['turned away all the while', backtest({ ...alone, ...nothing, state: 'failed', hours: [seen(0, [0, 0])], toMs: FROM_MS + HOUR_MS, progress: { hours: 1, done: 1, failed: 0, part: null }, watchedMs: HOUR_MS, missingMs: 0, failedMs: 0, tested: { ...side(4, 0), awayMs: HOUR_MS, perDay: null } })],
  ['two weeks, by the day', backtest({ toMs: FROM_MS + 14 * DAY_MS, hours: weeks, progress: { hours: 336, done: 336, failed: 0, part: null }, watchedMs: 11 * DAY_MS, missingMs: 3 * DAY_MS, failedMs: 0 })],
  ['every hour failed', backtest({ state: 'failed', hours: [failed(0), failed(1)], toMs: FROM_MS + 2 * HOUR_MS, progress: { hours: 2, done: 0, failed: 2, part: null }, ...nothing })],
  ['nothing left to look at', backtest({ state: 'failed', hours: [seen(0, [0, 0], { recordedMs: 0, claims: {}, gaps: [gap(0, 0, 60)] })], toMs: FROM_MS + HOUR_MS, progress: { hours: 1, done: 1, failed: 0, part: null }, ...nothing })],
  ['cancelled', backtest({ state: 'cancelled', hours: hours.slice(0, 2), progress: { hours: 6, done: 2, failed: 0, part: null }, watchedMs: 2 * HOUR_MS, missingMs: 0, failedMs: 0 })],
]
