import type { Hours, RuleCore } from './rule-core.js'

/** Local time at the site. Analytics knows no time zone: whoever makes a watch says what the clock on the wall shows. */
export interface LocalTime {
  /** 1 Monday … 7 Sunday. */
  readonly weekday: number
  /** 0 at midnight … 1439. */
  readonly minuteOfDay: number
}

const DAY_MINUTES = 24 * 60

/** Minutes after midnight of 'HH:MM'; '24:00' is the end of the day. Null when it is no time of day. */
export function minuteOf(text: string): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(text)
  if (!match) return null
  const minute = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) < 60 && minute <= DAY_MINUTES ? minute : null
}

/** Whether a rule is armed at this instant: in its campaign's time, and in its hours. */
export function isArmed(rule: Pick<RuleCore, 'hours' | 'armedFromMs' | 'armedToMs'>, now: LocalTime & { readonly atMs: number }): boolean {
  return now.atMs >= (rule.armedFromMs ?? -Infinity) && now.atMs < (rule.armedToMs ?? Infinity) && inHours(rule.hours, now)
}

/**
 * No hours: always. A range belongs to the day on which it starts, so Friday 22:00–05:00 covers Saturday's small hours even if
 * Saturday is not listed. The end itself is outside; `from` equal to `to` is the whole day.
 */
export function inHours(hours: readonly Hours[], now: LocalTime): boolean {
  if (hours.length === 0) return true
  const yesterday = now.weekday === 1 ? 7 : now.weekday - 1
  return hours.some((range) => {
    const from = minuteOf(range.from)
    const to = minuteOf(range.to)
    if (from === null || to === null) return false
    const startedToday = range.days.includes(now.weekday)
    if (from < to) return startedToday && now.minuteOfDay >= from && now.minuteOfDay < to
    return (startedToday && now.minuteOfDay >= from) || (range.days.includes(yesterday) && now.minuteOfDay < to)
  })
}
