/** Numbers and times as people here read them. Pure: the moment and the language are passed in. */
export type Language = 'vi' | 'en'

const two = (n: number): string => String(n).padStart(2, '0')

/** 1234.5 → 1.234,5 in Vietnamese. */
export function number(value: number, language: Language, digits = 0): string {
  return value.toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** The age of a picture: tenths while it is young, because 1,1 s and 2,9 s are different pictures. */
export function pictureAge(ms: number, language: Language): string {
  if (ms < 10_000) return `${number(Math.max(0, ms) / 1000, language, 1)} s`
  if (ms < 100_000) return `${Math.floor(ms / 1000)} s`
  return span(ms, language)
}

/** How long: 47 s, 14 ph, 2 g 14 ph, 3 ngày. */
export function span(ms: number, language: Language): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  const [minute, hour, day] = language === 'vi' ? ['ph', 'g', 'ngày'] : ['min', 'h', 'd']
  if (s < 60) return `${s} s`
  const m = Math.floor(s / 60)
  if (m < 60) return `${m} ${minute}`
  const h = Math.floor(m / 60)
  if (h < 48) return m % 60 ? `${h} ${hour} ${m % 60} ${minute}` : `${h} ${hour}`
  return `${Math.floor(h / 24)} ${day}`
}

/** A running clock of an alert: 00:38, 12:40, 1:02:10; from two days on, days. */
export function elapsed(ms: number, language: Language): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  if (s >= 48 * 3600) return span(ms, language)
  const h = Math.floor(s / 3600)
  const tail = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
  return h ? `${h}:${tail}` : tail
}

export function clock(atMs: number): string {
  const at = new Date(atMs)
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}

/** Day first, as in both languages here. */
export function day(atMs: number): string {
  const at = new Date(atMs)
  return `${two(at.getDate())}/${two(at.getMonth() + 1)}/${at.getFullYear()}`
}

/** Today only the time; another day with its date. */
export function moment(atMs: number, nowMs: number): string {
  return day(atMs) === day(nowMs) ? clock(atMs) : `${day(atMs).slice(0, 5)} ${clock(atMs).slice(0, 5)}`
}

/** Wall time with its zone, as addresses carry it. */
export function isoLocal(atMs: number, offsetMinutes = -new Date(atMs).getTimezoneOffset()): string {
  const two = (n: number): string => String(Math.floor(Math.abs(n))).padStart(2, '0')
  const local = new Date(atMs + offsetMinutes * 60_000).toISOString().slice(0, 19)
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${two(offsetMinutes / 60)}:${two(offsetMinutes % 60)}`
}

export function bytes(count: number, language: Language): string {
  if (count < 1000) return `${count} B`
  if (count < 1_000_000) return `${number(count / 1000, language)} KB`
  return `${number(count / 1_000_000, language, 1)} MB`
}

/** Vietnamese without its marks, for search: people type `hung vuong` and mean Hùng Vương. */
export function bare(text: string): string {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase()
}

/** Every word asked for is found somewhere. */
export function found(asked: string, texts: readonly (string | null)[]): boolean {
  const words = bare(asked).split(/\s+/).filter(Boolean)
  if (!words.length) return true
  const all = bare(texts.filter((text) => text !== null).join(' '))
  return words.every((word) => all.includes(word))
}
