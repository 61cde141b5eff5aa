import { isAt } from './aim.js'
import type { BoundPreset } from './seen.js'
import { isKnown, type Stand } from './stand.js'

export interface TimeSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** Between two stands so near to each other the camera turned, or was silent for so long that a bound rule waits; a longer hole is time of which nobody knows. */
const TURN_MS_MAX = 60_000

/**
 * When a rule that is drawn on one view is known not to have seen it: the camera stood elsewhere, or turned. What is unknown is not among
 * them. Oldest first, joined, within `span`.
 */
export function unwatchedSpans({ at }: Pick<BoundPreset, 'at'>, stands: readonly Stand[], span: TimeSpan): readonly TimeSpan[] {
  const known = stands.filter(isKnown).toSorted((a, b) => a.fromMs - b.fromMs)
  const away = known.filter((stand) => !isAt(at, stand.at))
  const turns = known.flatMap((stand, index) => {
    const next = known[index + 1]
    return next && next.fromMs - stand.toMs <= TURN_MS_MAX ? [{ fromMs: stand.toMs, toMs: next.fromMs }] : []
  })
  return joined([...away, ...turns].flatMap(({ fromMs, toMs }) => within({ fromMs, toMs }, span)))
}

/** How long both hold; each list is joined. */
export function overlapMs(spans: readonly TimeSpan[], others: readonly TimeSpan[]): number {
  return spans.reduce((sum, one) => sum + others.reduce((both, other) => both + Math.max(0, Math.min(one.toMs, other.toMs) - Math.max(one.fromMs, other.fromMs)), 0), 0)
}

export function isWithin(spans: readonly TimeSpan[], atMs: number): boolean {
  return spans.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
}

/** Spans in order, those that touch as one. */
export function joined(spans: readonly TimeSpan[]): readonly TimeSpan[] {
  const all: TimeSpan[] = []
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = all.at(-1)
    if (last && span.fromMs <= last.toMs) all[all.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) }
    else all.push(span)
  }
  return all
}

function within({ fromMs, toMs }: TimeSpan, span: TimeSpan): readonly TimeSpan[] {
  const cut = { fromMs: Math.max(fromMs, span.fromMs), toMs: Math.min(toMs, span.toMs) }
  return cut.toMs > cut.fromMs ? [cut] : []
}
