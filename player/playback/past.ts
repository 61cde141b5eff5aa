import type { GapView, SpanView, TimelineView } from '../../server/contract/recordings.js'

/** What there is of a camera at a moment, in the words of the timeline. */
export type There =
  | { readonly is: 'recorded'; readonly until: number }
  | { readonly is: 'gap'; readonly gap: GapView }
  | { readonly is: 'expired' }
  /** After the newest recording: the present itself. */
  | { readonly is: 'ahead' }
  | { readonly is: 'unknown' }

export function thereAt(timeline: Pick<TimelineView, 'recorded' | 'gaps' | 'expiredBeforeMs' | 'nowMs'>, atMs: number): There {
  const span = timeline.recorded.find((one) => one.fromMs <= atMs && atMs < one.toMs)
  if (span) return { is: 'recorded', until: span.toMs }
  const gap = timeline.gaps.find((one) => one.fromMs <= atMs && atMs < one.toMs)
  if (gap) return gap.cause === 'expired' ? { is: 'expired' } : { is: 'gap', gap }
  if (timeline.expiredBeforeMs !== null && atMs < timeline.expiredBeforeMs) return { is: 'expired' }
  const newest = timeline.recorded.at(-1)?.toMs
  return newest !== undefined && atMs >= newest ? { is: 'ahead' } : { is: 'unknown' }
}

/** While one camera has a picture the clock runs; where none has, it jumps to the first that has one again. Null: stay. */
export function jumpOverGap(timelines: readonly Pick<TimelineView, 'recorded'>[], atMs: number): number | null {
  const spans: readonly SpanView[] = timelines.flatMap(({ recorded }) => recorded)
  if (spans.some((one) => one.fromMs <= atMs && atMs < one.toMs)) return null
  const next = spans.reduce((soonest, one) => (one.fromMs > atMs ? Math.min(soonest, one.fromMs) : soonest), Infinity)
  return Number.isFinite(next) ? next : null
}

/** The end of everything recorded of these cameras; null while nothing is known. */
export function newestOf(timelines: readonly Pick<TimelineView, 'recorded'>[]): number | null {
  const newest = Math.max(-Infinity, ...timelines.flatMap(({ recorded }) => recorded.map(({ toMs }) => toMs)))
  return Number.isFinite(newest) ? newest : null
}

const BEFORE_MS = 5 * 60_000
const AFTER_MS = 25 * 60_000
const STEP_MS = 60_000
/** A list is asked for anew so long before it ends. */
const MARGIN_MS = 15_000

/**
 * The span whose list is opened for a moment: half an hour around it, not the whole day. Whole minutes, so that cameras and
 * repeated looks ask for the same address. Null: the list in hand still serves.
 */
export function windowFor(atMs: number, inHand: SpanView | null, newestMs: number | null): SpanView | null {
  if (inHand && atMs >= inHand.fromMs && (atMs < inHand.toMs - MARGIN_MS || (newestMs !== null && newestMs <= inHand.toMs && atMs < newestMs))) return null
  const fromMs = Math.max(0, Math.floor((atMs - BEFORE_MS) / STEP_MS) * STEP_MS)
  return { fromMs, toMs: Math.ceil((atMs + AFTER_MS) / STEP_MS) * STEP_MS }
}

/** A picture further from the wanted moment than this is another moment's. */
const STANDS_MS_MAX = 2_000

/** Whether the picture on the glass may stand for the wanted moment while nothing newer can be decoded: a tile that runs dry for an instant is behind, not empty. */
export function standsFor(shownMs: number, wantedMs: number, speed: number): boolean {
  return Math.abs(wantedMs - shownMs) <= STANDS_MS_MAX * Math.max(1, speed)
}

/** Holes of what is loaded that a player steps over: recordings of one stream may begin some milliseconds after the list says. Seconds. */
export const HOLE_S_MAX = 0.5

/** Where what is loaded from `at` on ends, in media seconds; `at` itself where nothing is. `ranges` in order, as `video.buffered` has them. */
export function loadedTo(ranges: readonly { readonly start: number; readonly end: number }[], at: number): number {
  return ranges.reduce((end, range) => (range.start <= end + HOLE_S_MAX ? Math.max(end, range.end) : end), at)
}

/** One segment of a list that is open: where it lies on the media's time line, and when it really was. */
export interface ListPiece {
  readonly start: number
  readonly duration: number
  readonly programDateTime: number | null
}

/** Media seconds of a moment, or null where the list has no picture. The end of one piece and the wall clock of the next are a few milliseconds apart: such a hole is the next one's first picture. */
export function mediaTimeOf(pieces: readonly ListPiece[], atMs: number): number | null {
  const at = pieces.findLastIndex(({ programDateTime }) => programDateTime !== null && programDateTime <= atMs)
  const [piece, next] = [pieces[at], pieces[at + 1]]
  if (!piece || piece.programDateTime === null) return null
  const seconds = (atMs - piece.programDateTime) / 1000
  if (seconds < piece.duration) return piece.start + seconds
  return next?.programDateTime != null && (next.programDateTime - piece.programDateTime) / 1000 - piece.duration <= HOLE_S_MAX ? next.start : null
}

export function momentOfMedia(pieces: readonly ListPiece[], mediaTime: number): number | null {
  const piece = pieces.findLast(({ start }) => start <= mediaTime + 0.001)
  return piece?.programDateTime == null ? null : piece.programDateTime + Math.min(piece.duration, mediaTime - piece.start) * 1000
}
