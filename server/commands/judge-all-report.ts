import type { Figure } from './figures.js'
import type { JudgedClip } from './judge-all.js'
import { precisionOf, recallOf, type KindScore } from './judge-score.js'

/** What the issue asks of every rule on its scenes, and of real clips. */
const DRAWN_MIN = 0.95
const REAL_MIN = 0.8
const CLAIMS_PER_EVENT_MAX = 1.1
const FALSE_AN_HOUR_MAX = 1

export interface Row {
  readonly kind: string
  /** A trial, or a real clip. */
  readonly of: string
  readonly light: 'day' | 'night' | 'real'
  readonly clips: number
  readonly score: KindScore
}

/** One row for each trial and light, all seeds together; of real clips one row for each kind and clip. */
export function rowsOf(clips: readonly JudgedClip[]): readonly Row[] {
  const rows = new Map<string, Row>()
  for (const { name, trial, scores } of clips) {
    for (const score of scores.filter(({ kind }) => !trial || kind === trial.kind)) {
      const [of, light] = trial ? [trial.id, trial.tone] as const : [name, 'real'] as const
      const key = `${score.kind} ${of} ${light}`
      const known = rows.get(key)
      rows.set(key, { kind: score.kind, of, light, clips: (known?.clips ?? 0) + 1, score: known ? sum(known.score, score) : score })
    }
  }
  return [...rows.values()]
}

function sum(a: KindScore, b: KindScore): KindScore {
  return { kind: a.kind, truth: a.truth + b.truth, claims: a.claims + b.claims, hits: a.hits + b.hits, again: [...a.again, ...b.again], falseClaims: [...a.falseClaims, ...b.falseClaims], missed: [...a.missed, ...b.missed], neutral: a.neutral + b.neutral }
}

/** The table for analytics/README.md. A trial without events must stay silent: it has false claims or none. */
export function markdownOf(rows: readonly Row[]): readonly string[] {
  const names = [...new Set(rows.map(({ kind, of }) => `${kind}\n${of}`))]
  const cell = (row: Row | undefined): string => (row ? `${share(precisionOf(row.score))} / ${share(recallOf(row.score))} (${row.score.truth})${row.score.falseClaims.length > 0 ? `, ${row.score.falseClaims.length} false` : ''}${row.score.again.length > 0 ? `, ${row.score.again.length} again` : ''}` : '–')
  return [
    '| Kind | Trial or clip | Day | Night | Real |', '| --- | --- | --- | --- | --- |',
    ...names.map((name) => {
      const [kind, of] = name.split('\n')
      const mine = rows.filter((row) => row.kind === kind && row.of === of)
      return `| ${kind} | ${of} | ${(['day', 'night', 'real'] as const).map((light) => cell(mine.find((row) => row.light === light))).join(' | ')} |`
    }),
  ]
}

/** What was missed or claimed falsely in one clip, so that it can be looked up. */
export function faultsOf({ name, scores }: JudgedClip): readonly string[] {
  return scores.flatMap((score) => [
    ...score.falseClaims.map((claim) => `  ${name}: false ${score.kind} at ${claim.sinceS.toFixed(1)} s, ${claim.class} ${JSON.stringify(claim.first.reason)}`),
    ...score.again.map((claim) => `  ${name}: again ${score.kind} at ${claim.sinceS.toFixed(1)} s`),
    ...score.missed.map((event) => `  ${name}: missed ${score.kind} at ${event.t_start.toFixed(1)}-${event.t_end.toFixed(1)} s`),
  ])
}

export function allFiguresOf(clips: readonly JudgedClip[]): readonly Figure[] {
  const rows = rowsOf(clips)
  const hours = clips.reduce((total, clip) => total + clip.hours, 0)
  const found = rows.reduce((total, { score }) => total + score.hits, 0)
  const again = rows.reduce((total, { score }) => total + score.again.length, 0)
  const wrong = rows.reduce((total, { score }) => total + score.falseClaims.length, 0)
  return [
    ...rows.flatMap(({ of, kind, light, score }): Figure[] => {
      const bar = light === 'real' ? REAL_MIN : DRAWN_MIN
      const figure = (what: string, value: number | null, against: number): Figure => ({ figure: `${kind} ${of} ${light} ${what}`, value: rounded(value), unit: 'share', against, ratio: null, bar, held: value === null ? null : value >= bar })
      return [figure('precision', precisionOf(score), score.hits + score.again.length + score.falseClaims.length), figure('recall', recallOf(score), score.truth)]
    }),
    { figure: 'claims per event found', value: found > 0 ? rounded((found + again) / found) : null, unit: 'claims', against: found, ratio: null, bar: CLAIMS_PER_EVENT_MAX, held: found > 0 ? (found + again) / found <= CLAIMS_PER_EVENT_MAX : null },
    { figure: 'false claims an hour of film', value: hours > 0 ? rounded(wrong / hours) : null, unit: `claims, ${wrong} in ${rounded(hours)} h`, against: null, ratio: null, bar: FALSE_AN_HOUR_MAX, held: hours > 0 ? wrong / hours <= FALSE_AN_HOUR_MAX : null },
  ]
}

function share(value: number | null): string {
  return value === null ? '–' : value.toFixed(2)
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000
}
