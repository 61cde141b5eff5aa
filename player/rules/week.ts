/** A part of a day, in minutes after midnight. */
export interface Span {
  readonly from: number
  readonly to: number
}
/** Monday to Sunday; each day's spans in order, apart from one another. */
export type Week = readonly (readonly Span[])[]

/** As a rule keeps them (analytics/rules/rule-core.ts): `to` before `from` crosses midnight and belongs to the day it begins on. */
export interface HoursOfRule {
  readonly days: readonly number[]
  readonly from: string
  readonly to: string
}

const DAYS = 7
const DAY_MINUTES = 24 * 60
/** What a click sets. Finer times that a rule came with stay as they are. */
export const STEP_MINUTES = 30

export const ALWAYS: Week = Array.from({ length: DAYS }, () => [{ from: 0, to: DAY_MINUTES }])

/** No hours are all hours. */
export function weekOf(hours: readonly HoursOfRule[]): Week {
  if (hours.length === 0) return ALWAYS
  return hours.reduce<Week>((week, { days, from, to }) => {
    const [begin, end] = [minuteOf(from), minuteOf(to)]
    return days.reduce((grown, day) => {
      if (begin < end) return paint(grown, day - 1, { from: begin, to: end }, true)
      return paint(paint(grown, day - 1, { from: begin, to: DAY_MINUTES }, true), day % DAYS, { from: 0, to: end }, true)
    }, week)
  }, Array.from({ length: DAYS }, () => []))
}

/** Days with the same spans share one line; all of the week is no hours at all. */
export function hoursOf(week: Week): readonly HoursOfRule[] {
  if (isAlways(week)) return []
  const lines = new Map<string, { readonly span: Span; readonly days: number[] }>()
  week.forEach((spans, at) => {
    for (const span of spans) {
      const key = `${span.from} ${span.to}`
      const line = lines.get(key)
      if (line) line.days.push(at + 1)
      else lines.set(key, { span, days: [at + 1] })
    }
  })
  return [...lines.values()].map(({ span, days }) => ({ days, from: timeOf(span.from), to: timeOf(span.to) }))
}

export function isAlways(week: Week): boolean {
  return week.every((spans) => spans.length === 1 && spans[0]!.from === 0 && spans[0]!.to === DAY_MINUTES)
}

export function isNever(week: Week): boolean {
  return week.every((spans) => spans.length === 0)
}

export function isSet(week: Week, day: number, minute: number): boolean {
  return (week[day] ?? []).some(({ from, to }) => minute >= from && minute < to)
}

/** Sets or clears a part of one day. */
export function paint(week: Week, day: number, { from, to }: Span, on: boolean): Week {
  if (from >= to) return week
  const cut = (week[day] ?? []).flatMap((span) => [{ from: span.from, to: Math.min(span.to, from) }, { from: Math.max(span.from, to), to: span.to }]).filter((span) => span.from < span.to)
  return week.map((spans, at) => (at === day ? joined(on ? [...cut, { from, to }] : cut) : spans))
}

function joined(spans: readonly Span[]): readonly Span[] {
  return [...spans].sort((a, b) => a.from - b.from).reduce<readonly Span[]>((done, span) => {
    const last = done.at(-1)
    return last && span.from <= last.to ? [...done.slice(0, -1), { from: last.from, to: Math.max(last.to, span.to) }] : [...done, span]
  }, [])
}

function minuteOf(text: string): number {
  const [hours, minutes] = text.split(':').map(Number)
  return (hours ?? 0) * 60 + (minutes ?? 0)
}

export function timeOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}
