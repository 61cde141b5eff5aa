import type { GapView } from '../../server/contract/recordings.js'
import type { BacktestHourView, BacktestResultView } from '../../server/contract/rules.js'
import { DAY_MS, HOUR_MS } from './backtest-span.js'

/** One column of the chart: an hour, or a day where there are too many hours for a screen. */
export interface BacktestBar {
  readonly fromMs: number
  readonly toMs: number
  readonly state: 'waiting' | 'running' | 'seen' | 'failed' | 'empty'
  /** 0..1 of it that is over. */
  readonly part: number
  /** 0..1 of it of which nothing was seen, though it is over: not recorded, or failed. */
  readonly missing: number
  readonly tested: number
  /** Null: there was no other version. */
  readonly live: number | null
}

/** Two days by the hour fill a panel. */
const HOURS_SHOWN_MAX = 48

type Told = Pick<BacktestResultView, 'fromMs' | 'toMs' | 'version' | 'baseline' | 'state' | 'progress' | 'hours'>

/** Where each hour stands, in order of time, also of those that nobody has looked at yet. */
export function barsOf(test: Told): { readonly step: 'hour' | 'day'; readonly bars: readonly BacktestBar[] } {
  const hours = hourBars(test)
  return hours.length <= HOURS_SHOWN_MAX ? { step: 'hour', bars: hours } : { step: 'day', bars: byDay(hours) }
}

function hourBars({ fromMs, toMs, version, baseline, state, progress: { part }, hours }: Told): readonly BacktestBar[] {
  const known = new Map(hours.map((hour) => [hour.fromMs, hour]))
  const spans = Array.from({ length: Math.ceil((toMs - fromMs) / HOUR_MS) }, (_, at) => ({ fromMs: fromMs + at * HOUR_MS, toMs: Math.min(toMs, fromMs + (at + 1) * HOUR_MS) }))
  // Hours are looked at in order: the first that is not told is the one under way.
  const next = spans.find((span) => !known.has(span.fromMs))?.fromMs
  return spans.map((span) => {
    const hour = known.get(span.fromMs)
    if (hour) return { ...span, state: stateOf(hour), part: 1, missing: hour.state === 'failed' ? 1 : 1 - hour.recordedMs / (span.toMs - span.fromMs), tested: hour.claims[version] ?? 0, live: baseline === null ? null : (hour.claims[baseline] ?? 0) }
    const runs = state === 'running' && span.fromMs === next
    return { ...span, state: runs ? 'running' : 'waiting', part: runs ? (part ?? 0) : 0, missing: 0, tested: 0, live: baseline === null ? null : 0 }
  })
}

function stateOf({ state, recordedMs }: BacktestHourView): BacktestBar['state'] {
  if (state === 'failed') return 'failed'
  return recordedMs > 0 ? 'seen' : 'empty'
}

/** A day is as far as its hours are. One hour that failed leaves a hole in it; only a day of which nothing was seen has failed. */
function byDay(hours: readonly BacktestBar[]): readonly BacktestBar[] {
  const begin = new Date(hours[0]?.fromMs ?? 0)
  const midnight = new Date(begin.getFullYear(), begin.getMonth(), begin.getDate()).getTime()
  const dayOf = ({ fromMs }: BacktestBar): number => Math.floor((fromMs - midnight) / DAY_MS)
  return [...new Set(hours.map(dayOf))].map((number) => {
    const day = hours.filter((bar) => dayOf(bar) === number)
    const [first, last] = [day[0]!, day.at(-1)!]
    const sum = (read: (bar: BacktestBar) => number): number => day.reduce((total, bar) => total + read(bar), 0)
    const has = (state: BacktestBar['state']): boolean => day.some((bar) => bar.state === state)
    const part = sum((bar) => bar.part) / day.length
    const state = has('running') || (part > 0 && part < 1) ? 'running' : has('waiting') ? 'waiting' : has('seen') ? 'seen' : has('failed') ? 'failed' : 'empty'
    return { fromMs: first.fromMs, toMs: last.toMs, state, part, missing: sum((bar) => bar.missing) / day.length, tested: sum((bar) => bar.tested), live: first.live === null ? null : sum((bar) => bar.live ?? 0) }
  })
}

/** Round numbers above the highest column, so that the scale can be read. */
export function scaleOf(bars: readonly BacktestBar[]): number {
  const most = Math.max(1, ...bars.map(({ tested, live }) => Math.max(tested, live ?? 0)))
  const ten = 10 ** Math.floor(Math.log10(most))
  return [1, 2, 5, 10].map((times) => times * ten).find((round) => round >= most) ?? most
}

const TOUCH_MS = 1_000
export const GAPS_SHOWN_MAX = 6

/** Gaps of all hours, the longest first; one that goes over the end of an hour is one gap. */
export function gapsOf(hours: readonly Pick<BacktestHourView, 'gaps' | 'fromMs'>[]): readonly GapView[] {
  const all = hours.toSorted((a, b) => a.fromMs - b.fromMs).flatMap(({ gaps }) => gaps)
  const whole = all.reduce<readonly GapView[]>((done, gap) => {
    const last = done.at(-1)
    return last && last.cause === gap.cause && gap.fromMs - last.toMs <= TOUCH_MS ? [...done.slice(0, -1), { ...last, toMs: Math.max(last.toMs, gap.toMs) }] : [...done, gap]
  }, [])
  return whole.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))
}
