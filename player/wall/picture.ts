import type { SessionStateView, StreamView, TroubleView } from '../../server/contract/cameras.js'

/** What the live driver knows of one tile (player/live/tile-state.ts). It sees only this browser; the server knows the camera. */
export type Seen =
  | { readonly is: 'joining' | 'off' }
  | { readonly is: 'playing' | 'behind'; readonly ageMs: number }
  /** Null: no picture ever came. */
  | { readonly is: 'lost'; readonly ageMs: number | null }

/** What the server last said of the stream. */
export interface Said {
  readonly state: SessionStateView
  readonly sinceMs: number
  readonly trouble: TroubleView | null
}

/** What the tile shows. `behind` moves, but late; `lost` stands still; `waiting` has no picture at all. */
export type Picture =
  | { readonly is: 'joining' }
  | { readonly is: 'playing'; readonly ageMs: number }
  | { readonly is: 'behind'; readonly ageMs: number }
  /** A still of a thin link, young enough to say what is there; never called live. */
  | { readonly is: 'still'; readonly ageMs: number }
  | { readonly is: 'lost'; readonly ageMs: number; readonly trouble: TroubleView | null }
  | { readonly is: 'waiting'; readonly sinceMs: number | null; readonly trouble: TroubleView | null }
  | { readonly is: 'off' }

/** A picture older than this is never shown as live: it dims and tells its age. */
export const LIVE_AGE_MS_MAX = 3000
/** From here on it is hatched too. */
export const HATCH_AGE_MS_MIN = 6000

/**
 * One verdict from two witnesses. Only a decoded frame younger than three seconds makes a picture live, whatever either
 * witness claims; and without any decoded frame there is no picture, only a reason why.
 */
export function pictureOf(seen: Seen, said: Said | null, enabled: boolean): Picture {
  if (!enabled || said === null || said.state === 'off') return { is: 'off' }
  const ageMs = seen.is === 'playing' || seen.is === 'behind' || seen.is === 'lost' ? seen.ageMs : null
  if (ageMs !== null) {
    if (seen.is === 'lost') return { is: 'lost', ageMs, trouble: said.trouble }
    return { is: ageMs <= LIVE_AGE_MS_MAX ? 'playing' : 'behind', ageMs }
  }
  // The camera is well, but its picture has no way to a browser for now: the server says why.
  if (said.state === 'live' && said.trouble !== null && poorOf(said) === null) return { is: 'waiting', sinceMs: null, trouble: said.trouble }
  if (said.state === 'waiting' || said.state === 'stalled') return { is: 'waiting', sinceMs: said.sinceMs, trouble: said.trouble }
  // The server has the camera, this browser has no picture: the way between the two is in doubt, since nobody knows when.
  return seen.is === 'lost' ? { is: 'waiting', sinceMs: null, trouble: null } : { is: 'joining' }
}

/** Stills come every five seconds and may be some seconds under way; older than this nothing comes any more. */
export const STILL_AGE_MS_MAX = 15_000

/** The same verdict where stills are shown: `takenAtMs` is when the camera took the one on the glass, by the server's clock. */
export function stillPictureOf(takenAtMs: number | null, { said, enabled, nowMs }: { readonly said: Said | null; readonly enabled: boolean; readonly nowMs: number }): Picture {
  if (!enabled || said === null || said.state === 'off') return { is: 'off' }
  if (takenAtMs !== null) {
    const ageMs = Math.max(0, nowMs - takenAtMs)
    return ageMs <= STILL_AGE_MS_MAX ? { is: 'still', ageMs } : { is: 'lost', ageMs, trouble: said.trouble }
  }
  return said.state === 'waiting' || said.state === 'stalled' ? { is: 'waiting', sinceMs: said.sinceMs, trouble: said.trouble } : { is: 'joining' }
}

type StreamFacts = Pick<StreamView, 'state' | 'stateSinceMs' | 'trouble' | 'newestAtMs'>

/**
 * The stream's state as a person means it. A camera tried again after a failure is "connecting" for some seconds each time;
 * to a person it is still without a picture, for the same reason, since its last packet.
 */
export function saidOf(stream: StreamFacts): Said {
  const retried = stream.state === 'connecting' && stream.trouble !== null
  const failing = retried || stream.state === 'waiting' || stream.state === 'stalled'
  const sinceMs = failing && stream.newestAtMs !== null ? Math.min(stream.newestAtMs, stream.stateSinceMs) : stream.stateSinceMs
  return { state: retried ? 'waiting' : stream.state, sinceMs, trouble: stream.trouble }
}

/** What is said of a stream that runs all the same: its picture is poor, and the link is to blame. */
export function poorOf(said: Said | null): TroubleView | null {
  return said?.state === 'live' && said.trouble?.code === 'degraded' ? said.trouble : null
}

/** The gravest thing a camera's streams say, for lists and counts. */
export function worstOf(streams: readonly StreamFacts[], enabled: boolean): Said {
  const grave: readonly SessionStateView[] = ['waiting', 'stalled', 'connecting', 'live', 'off']
  // Of two that run, the one with something to say (a poor picture) is the graver.
  const rank = ({ state, trouble }: Said): number => grave.indexOf(state) * 2 - (trouble ? 1 : 0)
  const first = streams.map(saidOf).sort((a, b) => rank(a) - rank(b))[0]
  if (!enabled || !first) return { state: 'off', sinceMs: first?.sinceMs ?? 0, trouble: null }
  return first
}
