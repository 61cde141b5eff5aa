import type { GapCause, RecordedSegment, RecordingGap } from '../domain/recording.js'
import type { OutlineSlice } from '../storage/recording-store.js'

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}
export interface ToldGap extends Span {
  readonly cause: GapCause | 'expired' | 'unknown'
}

/** Segments of one run end where the next begins; arrival times and rounding leave less than this between two that touch. */
const TOUCH_MS = 1_000

/** Spans that touch or overlap become one; whatever their order was. */
export function joinSpans(spans: readonly Span[], touchMs = TOUCH_MS): readonly Span[] {
  const joined: { fromMs: number; toMs: number }[] = []
  for (const { fromMs, toMs } of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1)
    if (last && fromMs - last.toMs <= touchMs) last.toMs = Math.max(last.toMs, toMs)
    else joined.push({ fromMs, toMs })
  }
  return joined
}

export function clip<T extends Span>(spans: readonly T[], within: Span): readonly T[] {
  return spans.flatMap((span) => {
    const [fromMs, toMs] = [Math.max(span.fromMs, within.fromMs), Math.min(span.toMs, within.toMs)]
    return toMs > fromMs ? [{ ...span, fromMs, toMs }] : []
  })
}

/** What of `within` none of these covers. */
export function holesIn(within: Span, covered: readonly Span[]): readonly Span[] {
  const holes: Span[] = []
  let at = within.fromMs
  for (const { fromMs, toMs } of joinSpans(covered, 0)) {
    if (fromMs > at) holes.push({ fromMs: at, toMs: Math.min(fromMs, within.toMs) })
    at = Math.max(at, toMs)
    if (at >= within.toMs) break
  }
  if (at < within.toMs) holes.push({ fromMs: at, toMs: within.toMs })
  return holes.filter(({ fromMs, toMs }) => toMs > fromMs)
}

export interface GapFacts {
  readonly within: Span
  readonly recorded: readonly Span[]
  readonly gaps: readonly RecordingGap[]
  readonly damaged: readonly Span[]
  /** What is not being recorded right now. */
  readonly open: { readonly cause: GapCause; readonly fromMs: number } | null
  readonly expiredBeforeMs: number | null
  /** The beginning and the end of all that is known of the camera: before and after there is nothing to explain. */
  readonly known: Span | null
}

/**
 * Every gap with its cause, oldest first: the stored ones where there is really nothing, the open one, damaged files, and
 * what is left, as expired (older than the retention reached) or unknown. Nothing that is missing goes unsaid.
 */
export function tellGaps({ within, recorded, gaps, damaged, open, expiredBeforeMs, known }: GapFacts): readonly ToldGap[] {
  const told: ToldGap[] = []
  const add = (cause: ToldGap['cause'], span: Span): void => {
    for (const { fromMs, toMs } of holesIn(span, [...recorded, ...told])) if (toMs - fromMs > TOUCH_MS || cause === 'disk_slow') told.push({ cause, fromMs, toMs })
  }
  for (const gap of clip(gaps, within)) add(gap.cause, gap)
  for (const span of clip(damaged, within)) add('damaged', span)
  if (open) for (const span of clip([{ fromMs: open.fromMs, toMs: within.toMs }], within)) add(open.cause, span)
  for (const span of known ? clip([known], within) : []) {
    for (const hole of holesIn(span, [...recorded, ...told])) add(expiredBeforeMs !== null && hole.fromMs < expiredBeforeMs ? 'expired' : 'unknown', hole)
  }
  return told.toSorted((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs)
}

export interface Moved extends Span {
  /** Bytes of delta pictures a second. */
  readonly bytesPerS: number
}

/** The seconds of segments, for a short span. */
export function secondsOf(segments: readonly RecordedSegment[]): readonly Moved[] {
  return segments.flatMap(({ fromMs, toMs, motion }) => motion.map((bytesPerS, second) => ({ fromMs: fromMs + second * 1000, toMs: Math.min(toMs, fromMs + (second + 1) * 1000), bytesPerS })).filter((one) => one.toMs - one.fromMs > 500))
}

export function slicesOf(outline: readonly OutlineSlice[]): readonly Moved[] {
  return outline.map(({ fromMs, toMs, motionMean }) => ({ fromMs, toMs, bytesPerS: motionMean }))
}

/** An encoder spends about so many times its quiet bytes on a picture full of movement (2^3). */
const FULL_DOUBLINGS = 3
/** Quiet is what the quietest tenth of the span costs; a still picture that costs nearly nothing has no motion to divide by. */
const QUIET_SHARE = 0.1
const QUIET_BYTES_MIN = 256

/** 0..1 for each of `count` equal slices: how many doublings above the camera's own quiet its pictures cost, at the busiest moment of the slice. */
export function motionLevels(moved: readonly Moved[], within: Span, count: number): readonly number[] {
  const levels = Array.from({ length: count }, () => 0)
  const sorted = moved.map(({ bytesPerS }) => bytesPerS).toSorted((a, b) => a - b)
  const quiet = Math.max(QUIET_BYTES_MIN, sorted[Math.floor(sorted.length * QUIET_SHARE)] ?? 0)
  const sliceMs = (within.toMs - within.fromMs) / count
  for (const { fromMs, toMs, bytesPerS } of moved) {
    const level = Math.min(1, Math.max(0, Math.log2(Math.max(1, bytesPerS) / quiet) / FULL_DOUBLINGS))
    const first = Math.max(0, Math.floor((fromMs - within.fromMs) / sliceMs))
    const last = Math.min(count - 1, Math.ceil((toMs - within.fromMs) / sliceMs) - 1)
    for (let at = first; at <= last; at += 1) levels[at] = Math.max(levels[at] ?? 0, Math.round(level * 100) / 100)
  }
  return levels
}
