import type { AlertState, RejectReason } from './alert.js'

/** What people said of one finding of a rule. */
export interface RuleFinding {
  /** Its alert; null in the shadow, where nobody was called. */
  readonly alert: { readonly state: AlertState; readonly rejectReason: RejectReason | null; readonly changedAtMs: number } | null
  /** Of findings that were shown for judging; `blind`: the judge knew neither the alert's verdict nor whether it is live. */
  readonly judged: readonly { readonly right: boolean; readonly atMs: number; readonly blind: boolean }[]
}

export interface RuleJudgement {
  readonly right: boolean
  readonly atMs: number
}

/**
 * One finding counts once. A blind sample says more than the alert's own verdict: whoever handles an alert picks which ones to answer,
 * and is led by what the desk says of it. Of several the newest counts.
 */
export function judgementOf({ alert, judged }: RuleFinding): RuleJudgement | null {
  const [best] = judged.toSorted((a, b) => Number(b.blind) - Number(a.blind) || b.atMs - a.atMs)
  if (best) return { right: best.right, atMs: best.atMs }
  if (!alert) return null
  const right = isRight(alert.state, alert.rejectReason)
  return right === null ? null : { right, atMs: alert.changedAtMs }
}

/**
 * Of `permitted` and `lamp_fault` the sight was right and the offence was none: somebody had leave, or the signal itself was broken.
 * Counted as wrong they would throttle a rule that sees well; counted as right they would hide one that never meets an offence. So neither.
 */
function isRight(state: AlertState, reason: RejectReason | null): boolean | null {
  if (state === 'confirmed' || state === 'resolved') return true
  if (state !== 'rejected' || reason === 'permitted' || reason === 'lamp_fault') return null
  return false
}

export interface Interval {
  readonly point: number
  readonly low: number
  readonly high: number
}

/** Both tails of the normal distribution together hold 5 %. */
const Z_95 = 1.959963984540054

/**
 * The 95 % score interval of a share (E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 22, 1927, 209–212). Unlike the textbook's p ± z·√(p(1−p)/n) it stays within 0..1 and is honest for small n and shares near 1,
 * which is where rules live.
 */
export function wilson(right: number, n: number): Interval {
  if (n === 0) return { point: 0, low: 0, high: 1 }
  const point = right / n
  const shrink = 1 + Z_95 ** 2 / n
  const middle = (point + Z_95 ** 2 / (2 * n)) / shrink
  const half = (Z_95 / shrink) * Math.sqrt((point * (1 - point)) / n + Z_95 ** 2 / (4 * n ** 2))
  // Rounding may leave the ends a hair outside.
  return { point, low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

export interface Precision extends Interval {
  readonly n: number
  readonly verdict: 'too_few' | 'fine' | 'under'
}

/** The window moves: a rule is judged by how it sees now, in this season's light, not by its first week. */
const VERDICTS_MAX = 200
export const VERDICT_AGE_MS_MAX = 90 * 24 * 60 * 60_000
const COUNT_MIN = 20

/**
 * How often the rule is right, as far as people judged it. `under` only when even the upper bound lies below the target: chance alone
 * must not silence a rule, and a few verdicts never do.
 */
export function judgePrecision(judgements: readonly RuleJudgement[], { target, atMs, countMin = COUNT_MIN }: { readonly target: number; readonly atMs: number; readonly countMin?: number }): Precision {
  const counted = judgements
    .filter((one) => atMs - one.atMs <= VERDICT_AGE_MS_MAX)
    .toSorted((a, b) => b.atMs - a.atMs)
    .slice(0, VERDICTS_MAX)
  const n = counted.length
  const interval = wilson(counted.filter(({ right }) => right).length, n)
  if (n < countMin) return { ...interval, n, verdict: 'too_few' }
  return { ...interval, n, verdict: interval.high < target ? 'under' : 'fine' }
}
