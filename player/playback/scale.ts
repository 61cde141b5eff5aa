import type { SpanView } from '../../server/contract/recordings.js'

/** What of time the lanes show. Zooming keeps the moment under the hand where it is; dragging keeps the scale. */
export const ZOOMS = { day: 24 * 3_600_000, hour: 3_600_000, minutes: 600_000 } as const
export type Zoom = keyof typeof ZOOMS
const SPAN_MS_MIN = 60_000
const SPAN_MS_MAX = 31 * 24 * 3_600_000

export const lengthOf = ({ fromMs, toMs }: SpanView): number => toMs - fromMs

/** 0 at the left edge, 1 at the right. */
export function partOf(view: SpanView, atMs: number): number {
  return (atMs - view.fromMs) / lengthOf(view)
}

export function momentAt(view: SpanView, part: number): number {
  return Math.round(view.fromMs + part * lengthOf(view))
}

export function around(atMs: number, spanMs: number): SpanView {
  return { fromMs: Math.round(atMs - spanMs / 2), toMs: Math.round(atMs + spanMs / 2) }
}

/** `by` < 1 shows less time and more of it; `part` is where the hand is. */
export function zoomBy(view: SpanView, by: number, part: number): SpanView {
  const spanMs = Math.min(SPAN_MS_MAX, Math.max(SPAN_MS_MIN, lengthOf(view) * by))
  const fromMs = Math.round(momentAt(view, part) - spanMs * part)
  return { fromMs, toMs: fromMs + Math.round(spanMs) }
}

export function drag(view: SpanView, parts: number): SpanView {
  const byMs = Math.round(parts * lengthOf(view))
  return { fromMs: view.fromMs + byMs, toMs: view.toMs + byMs }
}

/** The view turns its page when the clock runs out of it, and stays put otherwise: places do not move. */
export function keepInView(view: SpanView, atMs: number): SpanView {
  if (atMs >= view.fromMs && atMs <= view.toMs) return view
  const spanMs = lengthOf(view)
  return atMs > view.toMs && atMs - view.toMs < spanMs ? { fromMs: Math.round(atMs - spanMs * 0.1), toMs: Math.round(atMs + spanMs * 0.9) } : around(atMs, spanMs)
}

const STEPS_S = [5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 172_800, 604_800]

export interface Tick {
  readonly atMs: number
  readonly day: boolean
}

/** Round local times, few enough to be read. `offsetMs`: how far local time is ahead of UTC. */
export function ticksOf(view: SpanView, most: number, offsetMs: number): readonly Tick[] {
  const stepMs = (STEPS_S.find((seconds) => lengthOf(view) / (seconds * 1000) <= most) ?? 604_800) * 1000
  const ticks: Tick[] = []
  for (let at = Math.ceil((view.fromMs + offsetMs) / stepMs) * stepMs; at - offsetMs < view.toMs; at += stepMs) ticks.push({ atMs: at - offsetMs, day: at % 86_400_000 === 0 })
  return ticks
}

/** What is asked of the server for a view: twice its length in whole steps, so that a drag does not ask again at every pixel. */
export function askFor(view: SpanView): SpanView {
  const stepMs = 2 ** Math.ceil(Math.log2(lengthOf(view) / 60_000)) * 30_000
  return { fromMs: Math.max(0, Math.floor(view.fromMs / stepMs) * stepMs), toMs: Math.min(Math.floor(view.fromMs / stepMs) * stepMs + SPAN_MS_MAX, (Math.floor(view.toMs / stepMs) + 1) * stepMs) }
}
