import type { Figure } from '../../server/commands/figures.js'

export type { Figure } from '../../server/commands/figures.js'

/** `bar` is what the ratio (or, without one, the value) must not exceed; `against` the plain tool doing the same in the same run. */
export function makeFigure(figure: string, unit: string, value: number, options: { readonly against?: number; readonly bar?: number } = {}): Figure {
  const against = options.against ?? null
  const ratio = against === null || against === 0 ? null : round(value / against)
  const bar = options.bar ?? null
  return { figure, value: round(value), unit, against: against === null ? null : round(against), ratio, bar, held: bar === null ? null : (ratio ?? value) <= bar }
}

/** As `makeFigure`, for what must not be less than its bar. */
export function makeFloor(figure: string, unit: string, value: number, options: { readonly against?: number; readonly bar?: number } = {}): Figure {
  const made = makeFigure(figure, unit, value, options)
  return made.bar === null ? made : { ...made, held: (made.ratio ?? value) >= made.bar }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('nothing was measured')
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] as number
  return below + ((sorted[Math.ceil(at)] as number) - below) * (at - Math.floor(at))
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}

export function tableOf(figures: readonly Figure[]): string {
  const text = (value: number | null): string => (value === null ? '-' : String(value))
  const rows = [['figure', 'ours', 'unit', 'against', 'ratio', 'bar', ''], ...figures.map((one) => [one.figure, text(one.value), one.unit, text(one.against), text(one.ratio), text(one.bar), one.held === null ? '' : one.held ? 'held' : 'MISSED'])]
  const widths = (rows[0] as string[]).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')
}
