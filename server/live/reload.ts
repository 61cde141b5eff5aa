import { segmentAt, type Shelf } from './shelf.js'

/** What a blocking reload waits for (RFC 8216bis §6.2.5.2). */
export interface Awaited {
  readonly sequence: number
  readonly part: number | null
}

export type ReloadWish = { readonly kind: 'now' } | { readonly kind: 'wait'; readonly for: Awaited } | { readonly kind: 'bad'; readonly reason: string }

const WHOLE = /^\d{1,15}$/

export function readReload(query: { readonly msn?: string | undefined; readonly part?: string | undefined }): ReloadWish {
  const { msn, part } = query
  if (msn === undefined) return part === undefined ? { kind: 'now' } : { kind: 'bad', reason: '_HLS_part: needs _HLS_msn beside it' }
  if (!WHOLE.test(msn)) return { kind: 'bad', reason: '_HLS_msn: must be a whole number' }
  if (part !== undefined && !WHOLE.test(part)) return { kind: 'bad', reason: '_HLS_part: must be a whole number' }
  return { kind: 'wait', for: { sequence: Number(msn), part: part === undefined ? null : Number(part) } }
}

/** Whether the shelf holds it. A part past the end of a whole segment means the first of the next one. */
export function holds(shelf: Shelf, wanted: Awaited): boolean {
  const last = shelf.segments.at(-1)
  if (!last || wanted.sequence > last.sequence) return false
  const segment = segmentAt(shelf, wanted.sequence)
  if (!segment) return true // older than the window
  if (wanted.part === null) return segment.whole
  if (wanted.part < segment.parts.length) return true
  return segment.whole && holds(shelf, { sequence: wanted.sequence + 1, part: 0 })
}

/** Too far ahead to be an honest wish: two segments, or three seconds of parts (the Advance Part Limit). */
export function tooFar(shelf: Shelf, wanted: Awaited, partMsMax: number): boolean {
  const last = shelf.segments.at(-1)
  if (!last) return false
  if (wanted.sequence > last.sequence + 2) return true
  const ahead = (wanted.sequence > last.sequence ? 0 : last.parts.length) + Math.ceil(3_000 / partMsMax)
  return wanted.part !== null && wanted.sequence >= last.sequence && wanted.part > ahead
}
