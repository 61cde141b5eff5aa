import type { Figure } from './figures.js'
import { deviationOf, figuresOfCount, figuresOfKind } from './judge-figures.js'
import type { CountScore } from './judge-counts.js'
import { precisionOf, recallOf, type Claim, type KindScore } from './judge-score.js'
import type { Truth } from './judge-truth.js'

export interface Judgement {
  readonly clip: string
  readonly model: string
  readonly kinds: readonly KindScore[]
  readonly counts: readonly CountScore[]
  /** Lamp, presence, boxes, speed: figures that need no explaining. */
  readonly others: readonly Figure[]
  /** Kinds of event in the truth that no rule of ours claims. */
  readonly notJudged: readonly string[]
}

export function allFigures(j: Judgement): Figure[] {
  return [...j.kinds.flatMap(figuresOfKind), ...j.counts.flatMap(figuresOfCount), ...j.others]
}

export function jsonLines(j: Judgement): string[] {
  return allFigures(j).map((figure) => JSON.stringify(figure))
}

/** For a person: the table, then each false claim and each miss by time and place, so that it can be looked up in the clip. */
export function reportLines(j: Judgement): string[] {
  const kinds = j.kinds.map((s) => [s.kind, share(precisionOf(s)), share(recallOf(s)), String(s.truth), String(s.claims), String(s.hits), String(s.again.length), String(s.falseClaims.length), String(s.neutral)])
  return [
    `${j.clip}, watched with ${j.model}`,
    '',
    ...(kinds.length > 0 ? [...table([['kind', 'precision', 'recall', 'events', 'claims', 'found', 'again', 'false', 'neutral'], ...kinds]), ''] : []),
    ...j.kinds.flatMap((s) => [...s.falseClaims.map((c) => `  false    ${s.kind} ${describe(c)}`), ...s.again.map((c) => `  again    ${s.kind} ${describe(c)}`), ...s.missed.map((e) => `  missed   ${s.kind} ${e.t_start}-${e.t_end} s${e.class ? ` ${e.class}` : ''}${e.id ? ` (${e.id})` : ''}`)]),
    ...j.counts.map((c) => `  counted  ${c.ours} where the truth has ${c.truth}: ${c.line}${c.direction ? ` ${c.direction}` : ''}, ${c.fromS}-${c.toS} s (${c.certainty})${deviation(c)}`),
    ...j.others.map((f) => `  ${f.figure}: ${f.value ?? 'none'} ${f.unit}${f.against === null ? '' : ` (of ${f.against})`}`),
    ...(j.notJudged.length > 0 ? [`  not judged, no rule of this kind: ${j.notJudged.join(', ')}`] : []),
  ]
}

export function notJudged(truth: Truth, judged: readonly string[]): string[] {
  return [...new Set(truth.events.map((e) => e.kind))].filter((kind) => !judged.includes(kind))
}

function deviation(count: CountScore): string {
  const off = deviationOf(count)
  return off === null ? '' : `, off by ${(off * 100).toFixed(1)} %`
}

function describe(claim: Claim): string {
  const box = claim.first.witnesses[0]?.box
  const place = box ? ` at ${((box.x1 + box.x2) / 2).toFixed(2)},${box.y2.toFixed(2)}` : ''
  return `${claim.sinceS.toFixed(2)} s ${claim.class}${place} ${JSON.stringify(claim.first.reason)}`
}

function share(value: number | null): string {
  return value === null ? '-' : value.toFixed(2)
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd())
}
