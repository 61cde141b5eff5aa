import type { SpanView } from '../../server/contract/recordings.js'

/** What led to it, and what came of it. */
const BEFORE_MS = 6_000
const AFTER_MS = 6_000
/** A recording that goes on ends a little after what can be shown of it by now. */
const END_MS = 750
/** Less is no picture of anything. */
const LENGTH_MS_MIN = 1_500

export interface WantedMoment {
  readonly sinceMs: number
  readonly openedAtMs: number
}

export const around = ({ sinceMs, openedAtMs }: WantedMoment): SpanView => ({ fromMs: sinceMs - BEFORE_MS, toMs: openedAtMs + AFTER_MS })

/** What there is of a moment to be played over and over; null: nothing of it was recorded, or not yet. Of two pieces the longer. */
export function playable(recorded: readonly SpanView[], moment: WantedMoment): SpanView | null {
  const { fromMs, toMs } = around(moment)
  const lengthOf = (span: SpanView): number => span.toMs - span.fromMs
  const pieces = recorded.map((span) => ({ fromMs: Math.max(fromMs, span.fromMs), toMs: Math.min(toMs, span.toMs - END_MS) })).filter((span) => lengthOf(span) >= LENGTH_MS_MIN)
  return pieces.reduce<SpanView | null>((best, span) => (best === null || lengthOf(span) > lengthOf(best) ? span : best), null)
}
