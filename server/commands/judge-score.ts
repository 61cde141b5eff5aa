import type { Observation } from '../../analytics/rules/observation.js'
import { assign } from '../../analytics/track/assignment.js'
import { overlap, type Box } from '../../analytics/geometry/box.js'
import type { Step } from '../../analytics/track/track.js'
import type { JudgedRule } from './judge-rules.js'
import { isSure, type Truth, type TruthEvent } from './judge-truth.js'

/** One thing that the eyes claimed, from its first to its last word, and where its objects were. */
export interface Claim {
  readonly ruleId: string
  readonly episode: string
  readonly sinceS: number
  readonly beganS: number
  readonly endedS: number
  readonly class: string
  readonly steps: readonly Step[]
  readonly first: Observation
}

export interface KindScore {
  readonly kind: string
  readonly truth: number
  readonly claims: number
  readonly hits: number
  /** Claims of an event that another claim already found. */
  readonly again: readonly Claim[]
  readonly falseClaims: readonly Claim[]
  readonly missed: readonly TruthEvent[]
  /** Claims that agree with an event which is only likely, or undecided: counted for neither side. */
  readonly neutral: number
}

const TIME_SLACK_S = 0.75
const BOX_WITHIN_S = 0.35
const BOX_OVERLAP_MIN = 0.2

/** Compares the claims of all rules of one kind with the truth's events of that kind. */
export function scoreKind(kind: string, truth: Truth, rules: readonly JudgedRule[], claims: readonly Claim[]): KindScore {
  const mine = rules.filter((r) => r.kind === kind)
  const judged = claims.filter((c) => mine.some((r) => r.rule.id === c.ruleId && c.sinceS >= r.validS[0] && c.sinceS <= r.validS[1]))
  const events = eventsOf(kind, truth).filter((e) => mine.some((r) => (e.line === undefined || e.line === r.source) && e.t_start >= r.validS[0] && e.t_end <= r.validS[1]))
  const lineOf = (c: Claim): string | undefined => mine.find((r) => r.rule.id === c.ruleId)?.source
  const costs = events.map((e) => judged.map((c) => (e.line !== undefined && e.line !== lineOf(c) ? Infinity : distance(e, c) + (isSure(e.certainty) ? 0 : 0.5))))
  const columns = assign(costs, 100)
  const matched = new Set(columns.filter((c) => c >= 0))
  const hits = events.filter((e, i) => isSure(e.certainty) && (columns[i] ?? -1) >= 0).length
  const neutralFirst = events.filter((e, i) => !isSure(e.certainty) && (columns[i] ?? -1) >= 0).length
  const rest = judged.flatMap((claim, j) => (matched.has(j) ? [] : [{ claim, fits: events.filter((_, i) => Number.isFinite(costs[i]?.[j] ?? Infinity)) }]))
  const again = rest.filter(({ fits }) => fits.length > 0 && fits.every((e) => isSure(e.certainty))).map(({ claim }) => claim)
  const neutral = rest.filter(({ fits }) => fits.some((e) => !isSure(e.certainty)))
  return {
    kind,
    truth: events.filter((e) => isSure(e.certainty)).length,
    claims: judged.length,
    hits,
    again,
    falseClaims: rest.filter(({ fits }) => fits.length === 0).map(({ claim }) => claim),
    missed: events.filter((e, i) => isSure(e.certainty) && (columns[i] ?? -1) < 0),
    neutral: neutralFirst + neutral.length,
  }
}

/** Only a claim that found its event or found nothing speaks for or against; a claim made twice speaks against. */
export function precisionOf(score: KindScore): number | null {
  const all = score.hits + score.again.length + score.falseClaims.length
  return all > 0 ? score.hits / all : null
}

export function recallOf(score: KindScore): number | null {
  return score.truth > 0 ? score.hits / score.truth : null
}

function eventsOf(kind: string, truth: Truth): TruthEvent[] {
  if (kind === 'dwell') return truth.dwell.map((d) => ({ kind, t_start: d.from, t_end: d.to, class: d.class, box_at_t: { t: d.t, box: d.box }, certainty: d.certainty }))
  return [...truth.events, ...truth.undecided.map((e) => ({ ...e, certainty: 'undecided' }))].filter((e) => e.kind === kind)
}

/** How ill a claim fits an event; Infinity when they cannot be the same thing. */
function distance(event: TruthEvent, claim: Claim): number {
  const slack = TIME_SLACK_S + (event.tolerance_s ?? 0)
  if (claim.sinceS > event.t_end + slack || claim.endedS < event.t_start - slack || !tellsSo(event, claim)) return Infinity
  const boxes = [...(event.box_at_t ? [event.box_at_t] : []), ...(event.boxes ?? [])]
  const middle = (event.t_start + event.t_end) / 2
  const off = Math.abs(claim.sinceS - Math.min(Math.max(claim.sinceS, event.t_start), event.t_end)) + 0.01 * Math.abs(claim.sinceS - middle)
  if (boxes.length === 0) return off
  const near = boxes.map(({ t, box: [x1, y1, x2, y2] }) => bestOverlap({ x1, y1, x2, y2 }, t, claim.steps)).filter((shared) => shared !== null)
  // A track that was not there at that instant (a number begun later) can be judged by its time only, and is second choice.
  if (near.length === 0) return off + 2
  const best = Math.max(...near)
  return best >= BOX_OVERLAP_MIN ? off + 1 - best : Infinity
}

/** A claim that counts is of this event only if its numbers are the event's. */
function tellsSo({ tells }: TruthEvent, { first: { reason } }: Claim): boolean {
  if (!tells) return true
  if (reason.code !== 'flow') return false
  return (['left', 'right'] as const).every((side) => {
    const told = reason.counts.reduce((sum, one) => sum + (one.side === side ? one.count : 0), 0)
    return told >= tells[side][0] && told <= tells[side][1]
  })
}

function bestOverlap(box: Box, t: number, steps: readonly Step[]): number | null {
  const close = steps.filter((step) => Math.abs(step.atMs / 1000 - t) <= BOX_WITHIN_S)
  return close.length > 0 ? Math.max(...close.map((step) => overlap(step.box, box))) : null
}
