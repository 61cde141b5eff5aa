/** One measured promise, the same shape in prove, judge and bench: `--json` prints one object a line and nothing else. */
export interface Figure {
  readonly figure: string
  readonly value: number | null
  readonly unit: string
  /** What the value stands beside, measured in the same run or known as truth. */
  readonly against: number | null
  readonly ratio: number | null
  readonly bar: number | null
  /** Null: told without a bar. */
  readonly held: boolean | null
}

export function atMost(figure: string, value: number | null, bar: number, unit: string): Figure {
  return { figure, value, unit, against: null, ratio: null, bar, held: value !== null && value <= bar }
}

export function atLeast(figure: string, value: number | null, bar: number, unit: string): Figure {
  return { figure, value, unit, against: null, ratio: null, bar, held: value !== null && value >= bar }
}

/** A count that must equal what is known to be true. */
export function equals(figure: string, value: number, against: number, unit: string): Figure {
  return { figure, value, unit, against, ratio: against === 0 ? null : value / against, bar: against, held: value === against }
}

export function lineOf({ figure, value, unit, against, bar, held }: Figure): string {
  const mark = held === null ? ' ' : held ? '✓' : '✗'
  const number = value === null ? '—' : Number.isInteger(value) ? String(value) : value.toFixed(2)
  const beside = [against === null ? '' : `of ${against}`, bar === null || bar === against ? '' : `bar ${bar}`].filter(Boolean).join(', ')
  return `${mark} ${figure}: ${number} ${unit}${beside ? ` (${beside})` : ''}`
}
