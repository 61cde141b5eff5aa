/** Moments as people here type them, day first whatever the language of the browser; Date would roll 31/02 over to March, so what it made is looked at. */

/** `16:41:57`, `16:41`, `19/11 16:41`, `19/11/2026 16:41:57`: what a person types for a moment, read near `nearMs`. */
export function readTyped(text: string, nearMs: number): number | null {
  const [, day, month, year, hour, minute, second] = /^\s*(?:(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?\s+)?(\d{1,2})[:hg.](\d{2})(?:[:.](\d{2}))?\s*$/.exec(text) ?? []
  if (hour === undefined || minute === undefined) return null
  const near = new Date(nearMs)
  const numbers = { year: Number(year ?? near.getFullYear()), month: month === undefined ? near.getMonth() : Number(month) - 1, day: Number(day ?? near.getDate()), hour: Number(hour), minute: Number(minute), second: Number(second ?? 0) }
  const at = new Date(numbers.year, numbers.month, numbers.day, numbers.hour, numbers.minute, numbers.second)
  return at.getMonth() === numbers.month && at.getDate() === numbers.day && numbers.hour < 24 && numbers.minute < 60 && numbers.second < 60 ? at.getTime() : null
}

/** `19/11/2026`, `19-11-2026`: the beginning of that day. */
export function readDay(text: string): number | null {
  const [, day, month, year] = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(text) ?? []
  const at = new Date(Number(year), Number(month) - 1, Number(day))
  return at.getMonth() === Number(month) - 1 && at.getDate() === Number(day) ? at.getTime() : null
}
