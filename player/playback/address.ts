import { readSpeed, type Speed } from './play-clock.js'

/** All of the screen's state lives in its address: which cameras, which moment, how fast. */
export interface PlaybackSearch {
  readonly cams?: string
  readonly at?: string
  readonly speed?: Speed
}

export const TILES_MAX = 9

export function readCams(cams: string | undefined): readonly string[] {
  return [...new Set((cams ?? '').split(',').map((id) => id.trim()).filter((id) => /^[a-z0-9][a-z0-9-]{0,63}$/.test(id)))].slice(0, TILES_MAX)
}

/** ISO with the offset of whoever wrote it. An address turns a bare `+` into a space: both are read. */
export function readAt(text: unknown): number | null {
  if (typeof text !== 'string') return null
  const atMs = Date.parse(text.trim().replace(/ (?=\d\d:\d\d$)/, '+'))
  return Number.isFinite(atMs) && atMs > 0 ? atMs : null
}

const two = (n: number): string => String(Math.floor(n)).padStart(2, '0')

/** Local time with its offset, so that a person can read the moment in the address. */
export function writeAt(atMs: number, offsetMinutes = -new Date(atMs).getTimezoneOffset()): string {
  const local = new Date(atMs + offsetMinutes * 60_000).toISOString().slice(0, 19)
  const off = Math.abs(offsetMinutes)
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${two(off / 60)}:${two(off % 60)}`
}

export function readPlayback(search: Record<string, unknown>): PlaybackSearch {
  const cams = readCams(typeof search['cams'] === 'string' ? search['cams'] : undefined)
  const at = readAt(search['at'])
  const speed = readSpeed(search['speed'])
  return { ...(cams.length ? { cams: cams.join(',') } : {}), ...(at === null ? {} : { at: writeAt(at) }), ...(speed === null || speed === 1 ? {} : { speed }) }
}

/** Tiles side by side: 1, 2, 4, 6, 9. */
export function columnsOf(tiles: number): number {
  return tiles <= 1 ? 1 : tiles <= 4 ? 2 : 3
}
