import type { BacktestId, CameraId, ModelId, PersonId, RuleId } from './ids.js'
import type { GapCause } from './recording.js'
import type { ReplayFault } from './replay.js'
import type { RuleRefusal } from './rule-life.js'
import type { Box, ObjectClass, Reason, Rule } from './seen.js'
import { joined, overlapMs, type TimeSpan } from './unwatched.js'

/** Two weeks hold every weekday twice; more is days of a core for what hardly differs. */
export const BACKTEST_DAYS_MAX = 14
/** As often as a lane looks at its camera. */
export const BACKTEST_FPS = 5
const HOUR_MS = 3_600_000

export const BACKTEST_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type BacktestState = (typeof BACKTEST_STATES)[number]

/** One version of a rule, run on what was recorded of its camera. */
export interface Backtest {
  readonly id: BacktestId
  readonly cameraId: CameraId
  readonly ruleId: RuleId
  readonly version: number
  /** The version that was live when it was asked for, run on the same frames; null: none was, or it is the one that is tried. */
  readonly baseline: number | null
  readonly fromMs: number
  readonly toMs: number
  readonly modelId: ModelId
  /** What watched when it was asked for. Every hour is looked at with this file, whatever watches by then. */
  readonly modelSha256: string
  readonly by: PersonId
  readonly createdAtMs: number
  readonly state: BacktestState
  readonly settledAtMs: number | null
}

export interface SeenBox {
  readonly atMs: number
  readonly box: Box
  /** Its number in the hour's own run; left out of what people judged, which was seen live under other numbers. */
  readonly track?: number
}

/** One thing that a version would have told of: an episode, from the act's beginning to the last word about it. */
export interface BacktestClaim {
  readonly version: number
  readonly sinceMs: number
  readonly beganMs: number
  readonly untilMs: number
  /** It still held when its hour was over: the next hour may meet it again. */
  readonly cut: boolean
  readonly class: ObjectClass | null
  readonly boxes: readonly SeenBox[]
  readonly reason: Reason
}

/** Time of which there was nothing to look at. It is told, and is no quiet time. */
export interface UnseenSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly cause: GapCause | 'expired' | 'unknown'
}

interface HourSpan {
  readonly fromMs: number
  readonly toMs: number
}

interface HourRecord extends HourSpan {
  readonly recordedMs: number
  readonly gaps: readonly UnseenSpan[]
  /** By version that is drawn on one view: when the camera is known to have shown another, or turned. What nobody knows is not in it. */
  readonly away: Readonly<Record<string, readonly TimeSpan[]>>
}

export interface SeenHour extends HourRecord {
  readonly state: 'done'
  readonly claims: readonly BacktestClaim[]
  /** How often each version claimed, beyond what `claims` may hold too. */
  readonly counts: Readonly<Record<string, number>>
  readonly frames: number
  /** What looking took, of one core. */
  readonly coreMs: number
}

export type BacktestHour = SeenHour | (HourRecord & { readonly state: 'failed'; readonly fault: ReplayFault })

/** Whether a recording can try this rule. A lamp that its controller alone tells of is in none: the rule would claim nothing, and that would look like a street where nothing happens. */
export function isInRecordings(rule: Rule): boolean {
  return !('lamp' in rule) || !rule.lamp || 'box' in rule.lamp
}

/** The hours of a back-test, counted from its beginning. Each is run by itself, so that a stop costs one hour at most. */
export function hoursOf({ fromMs, toMs }: HourSpan): readonly HourSpan[] {
  return Array.from({ length: Math.ceil((toMs - fromMs) / HOUR_MS) }, (_, at) => ({ fromMs: fromMs + at * HOUR_MS, toMs: Math.min(toMs, fromMs + (at + 1) * HOUR_MS) }))
}

/** The eyes must learn who stands there before they may claim anything: which of them is new, and what the street looks like. */
const WARM_UP_MS_MIN = 5 * 60_000

/**
 * So much of the street is looked at before each hour, and nothing claimed of it: an act that must last before it is claimed reaches into
 * the hour with all its time. More than an hour nobody waits; such an act is met with its hour's own beginning.
 */
export function warmUpMs(rules: readonly Rule[]): number {
  const waits = rules.flatMap((rule) => Object.entries(rule).flatMap(([field, value]) => (field.endsWith('MsMin') && typeof value === 'number' ? [value] : [])))
  return Math.min(HOUR_MS, WARM_UP_MS_MIN + Math.max(0, ...waits))
}

/** Of an hour's recorded time, how long the camera showed another view than the one that this version is drawn on. What was not recorded is told as that. */
export function awayMs({ gaps, away }: Pick<BacktestHour, 'gaps' | 'away'>, version: number): number {
  const spans = away[version] ?? []
  return spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) - overlapMs(spans, joined(gaps))
}

/** How a back-test of a version ends whose hours are all told. Where it saw nothing at all, nobody may rest a proposal on it. */
export function endOf(hours: readonly BacktestHour[], version: number): 'done' | 'failed' {
  return hours.some((hour) => hour.state === 'done' && hour.recordedMs > awayMs(hour, version)) ? 'done' : 'failed'
}

/** Whether a version may be proposed on this back-test; null: it may. */
export function weighBacktest(backtest: Backtest | null, { cameraId, ruleId, version }: Pick<Backtest, 'cameraId' | 'ruleId' | 'version'>): RuleRefusal | null {
  if (backtest?.ruleId !== ruleId || backtest.cameraId !== cameraId) return { code: 'backtest_unknown' }
  if (backtest.version !== version) return { code: 'backtest_of_other', version: backtest.version }
  return backtest.state === 'done' ? null : { code: 'backtest_unfinished', state: backtest.state }
}
