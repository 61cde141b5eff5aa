import type { SpanView } from '../../server/contract/recordings.js'
import type { Week } from './week.js'

/** As the server bounds them (server/domain/backtest.ts). */
export const BACKTEST_DAYS_MAX = 14
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
const MINUTE_MS = 60_000
/** Of one core for an hour of a busy street in 1280x720 (server/rules/README.md), and the five minutes that are looked at before each hour. */
const CORE_SECONDS_AN_HOUR = 490

/** When the tested version watches. */
export interface Armed {
  readonly week: Week
  readonly armedFromMs: number | null
  readonly armedToMs: number | null
}

export interface Offer {
  readonly is: 'armed' | 'day' | 'newest'
  readonly span: SpanView
}

/** What to run it on, the proposed one first: the longest recorded part of the last day in which the rule watches. */
export function offersOf({ recorded, armed, nowMs }: { readonly recorded: readonly SpanView[]; readonly armed: Armed; readonly nowMs: number }): readonly Offer[] {
  const lastDay = { fromMs: nowMs - DAY_MS, toMs: nowMs }
  const ofDay = overlap(recorded, lastDay)
  const windows = armedSpans(armed, lastDay).flatMap((window) => hullOf(overlap(ofDay, window)))
  const armedOffers = windows.toSorted((a, b) => lengthOf(overlap(ofDay, b)) - lengthOf(overlap(ofDay, a)) || b.fromMs - a.fromMs).map((span): Offer => ({ is: 'armed', span: wholeMinutes(span, nowMs) }))
  const day = hullOf(ofDay).map((span): Offer => ({ is: 'day', span: wholeMinutes(span, nowMs) }))
  const last = recorded.at(-1)
  const newest: readonly Offer[] = ofDay.length === 0 && last ? [{ is: 'newest', span: wholeMinutes({ fromMs: Math.max(last.fromMs, last.toMs - HOUR_MS), toMs: last.toMs }, nowMs) }] : []
  return [...armedOffers.filter(({ span }) => !day.some((whole) => isSameSpan(whole.span, span))), ...day, ...newest]
}

/** The hours of the rule between two moments, by the clock on the wall; parts that touch are one. */
export function armedSpans({ week, armedFromMs, armedToMs }: Armed, within: SpanView): readonly SpanView[] {
  const first = new Date(within.fromMs)
  const midnight = (days: number, minutes = 0): number => new Date(first.getFullYear(), first.getMonth(), first.getDate() + days, 0, minutes).getTime()
  const spans: SpanView[] = []
  for (let days = 0; midnight(days) < within.toMs; days += 1) {
    // Sunday is 0 to JavaScript and the last day of the week to us.
    const ofDay = week[(new Date(midnight(days)).getDay() + 6) % 7] ?? []
    spans.push(...ofDay.map(({ from, to }) => ({ fromMs: midnight(days, from), toMs: midnight(days, to) })))
  }
  return overlap(joined(spans), { fromMs: Math.max(within.fromMs, armedFromMs ?? -Infinity), toMs: Math.min(within.toMs, armedToMs ?? Infinity) })
}

export type SpanFault = 'bad_order' | 'bad_days' | 'bad_future' | 'bad_empty'

/** Why the server would refuse the span; null: it may begin. */
export function spanFault(span: SpanView, { recorded, nowMs }: { readonly recorded: readonly SpanView[]; readonly nowMs: number }): SpanFault | null {
  if (span.toMs <= span.fromMs) return 'bad_order'
  if (span.toMs > nowMs) return 'bad_future'
  if (span.toMs - span.fromMs > BACKTEST_DAYS_MAX * DAY_MS) return 'bad_days'
  return overlap(recorded, span).length === 0 ? 'bad_empty' : null
}

export interface Cost {
  readonly recordedMs: number
  readonly missingMs: number
  /** Recorded, but at hours at which the rule does not watch. */
  readonly unarmedMs: number
  readonly coreMs: number
}

/** What a back-test of the span will take; `coreSecondsAnHour` as an earlier one of this rule was measured, where there is one. */
export function costOf(span: SpanView, { recorded, armed, coreSecondsAnHour }: { readonly recorded: readonly SpanView[]; readonly armed: Armed; readonly coreSecondsAnHour: number | null }): Cost {
  const seen = overlap(recorded, span)
  const recordedMs = lengthOf(seen)
  const watchedMs = armedSpans(armed, span).reduce((sum, window) => sum + lengthOf(overlap(seen, window)), 0)
  return { recordedMs, missingMs: span.toMs - span.fromMs - recordedMs, unarmedMs: recordedMs - watchedMs, coreMs: (recordedMs / HOUR_MS) * (coreSecondsAnHour ?? CORE_SECONDS_AN_HOUR) * 1000 }
}

export function overlap(spans: readonly SpanView[], { fromMs, toMs }: SpanView): readonly SpanView[] {
  return spans.map((span) => ({ fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(span.toMs, toMs) })).filter((span) => span.fromMs < span.toMs)
}

export function lengthOf(spans: readonly SpanView[]): number {
  return spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
}

export interface RecordedDay extends SpanView {
  readonly recorded: readonly SpanView[]
  readonly armed: readonly SpanView[]
}

/** The days of which anything is recorded, oldest first, midnight to midnight. */
export function recordedDays({ recorded, armed, nowMs }: { readonly recorded: readonly SpanView[]; readonly armed: Armed; readonly nowMs: number }): readonly RecordedDay[] {
  const today = new Date(nowMs)
  const midnight = (ago: number): number => new Date(today.getFullYear(), today.getMonth(), today.getDate() - ago).getTime()
  return Array.from({ length: BACKTEST_DAYS_MAX + 1 }, (_, at) => BACKTEST_DAYS_MAX - at).flatMap((ago) => {
    const day = { fromMs: midnight(ago), toMs: midnight(ago - 1) }
    const ofDay = overlap(recorded, day)
    return ofDay.length > 0 ? [{ ...day, recorded: ofDay, armed: armedSpans(armed, day) }] : []
  })
}

function joined(spans: readonly SpanView[]): readonly SpanView[] {
  return spans.toSorted((a, b) => a.fromMs - b.fromMs).reduce<readonly SpanView[]>((done, span) => {
    const last = done.at(-1)
    return last && span.fromMs <= last.toMs ? [...done.slice(0, -1), { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) }] : [...done, span]
  }, [])
}

/** From the first moment to the last, as a list of one or none. */
function hullOf(spans: readonly SpanView[]): readonly SpanView[] {
  const [first, last] = [spans[0], spans.at(-1)]
  return first && last ? [{ fromMs: first.fromMs, toMs: last.toMs }] : []
}

/** People name minutes; what is not over yet is no part of the past. */
function wholeMinutes({ fromMs, toMs }: SpanView, nowMs: number): SpanView {
  return { fromMs: Math.floor(fromMs / MINUTE_MS) * MINUTE_MS, toMs: Math.min(Math.ceil(toMs / MINUTE_MS) * MINUTE_MS, nowMs) }
}

function isSameSpan(a: SpanView, b: SpanView): boolean {
  return a.fromMs === b.fromMs && a.toMs === b.toMs
}
