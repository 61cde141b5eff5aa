import type { Claim } from './judge-score.js'
import type { JudgedRule } from './judge-rules.js'
import type { Truth } from './judge-truth.js'

export interface CountScore {
  readonly line: string
  readonly direction: string | null
  /** All that the truth counts on the line, not one way of it. */
  readonly whole: boolean
  readonly fromS: number
  readonly toS: number
  readonly ours: number
  readonly truth: number
  readonly certainty: string
}

/** Passages over each counting line beside the truth's number: in all, and for each direction that a word or arrow tells. */
export function scoreCounts(truth: Truth, rules: readonly JudgedRule[], claims: readonly Claim[]): readonly CountScore[] {
  return truth.counts.flatMap((count) => {
    const judged = rules.find((r) => r.source === count.line && r.rule.kind === 'line_crossing')
    if (!judged || judged.rule.kind !== 'line_crossing') return []
    const [a, b] = judged.rule.line
    const passed = claims.filter((c) => c.ruleId === judged.rule.id && c.sinceS >= count.from && c.sinceS <= count.to)
    const going = (word: string): Claim[] => passed.filter((c) => c.first.reason.code === 'line_crossing' && c.first.reason.direction === sideOfWord(word, a, b))
    const row = { line: count.line, fromS: count.from, toS: count.to, certainty: count.certainty ?? 'unknown' }
    const total = count.total ?? Object.values(count.by_class ?? {}).reduce((sum, n) => sum + n, 0)
    const whole = { ...row, whole: true, direction: count.direction ?? null, ours: (count.direction ? going(count.direction) : passed).length, truth: total }
    return [whole, ...Object.entries(count.by_direction ?? {}).map(([word, n]) => ({ ...row, whole: false, direction: word, ours: going(word).length, truth: n }))]
  })
}

const ARROWS: readonly (readonly [RegExp, number, number])[] = [
  [/^right_to_left|towards.*left/, -1, 0],
  [/^left_to_right|towards.*right/, 1, 0],
  [/^up/, 0, -1],
  [/^down/, 0, 1],
]

/** The side of the line that a word of the truth ("up", "left_to_right") arrives on. */
function sideOfWord(word: string, a: { x: number; y: number }, b: { x: number; y: number }): 'left' | 'right' | null {
  const arrow = ARROWS.find(([pattern]) => pattern.test(word))
  if (!arrow) return null
  const turn = (b.x - a.x) * arrow[2] - (b.y - a.y) * arrow[1]
  return turn === 0 ? null : turn > 0 ? 'right' : 'left'
}
