const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** What the clock on the wall shows at a site. Weekday 1 is Monday; minutes count from midnight. */
export type LocalTime = (atMs: number) => { readonly weekday: number; readonly minuteOfDay: number }

export function localTimeIn(timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return (atMs) => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]))
    return { weekday: WEEKDAYS.indexOf(parts['weekday'] ?? '') + 1, minuteOfDay: Number(parts['hour']) * 60 + Number(parts['minute']) }
  }
}

/** A moment as people at the site write it: `25/11/2026 16:41:57`. */
export function wallTimeIn(timeZone: string): (atMs: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
  return (atMs) => format.format(atMs).replace(',', '')
}

/** A moment as machines write it, by the clock of the site: `2026-11-25T16:41:57.120+07:00`. */
export function isoTimeIn(timeZone: string): (atMs: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23', timeZoneName: 'longOffset' })
  return (atMs) => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]))
    const offset = (parts['timeZoneName'] ?? '').replace(/^(GMT|UTC)/, '').replace('−', '-') || '+00:00'
    return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}:${parts['second']}.${parts['fractionalSecond']}${offset}`
  }
}
