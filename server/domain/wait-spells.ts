import type { AimVerdict, WaitWhy } from './aim.js'

/** For so long a bound rule did not watch; `why` is the weightiest reason there was. */
export interface WaitSpell {
  readonly fromMs: number
  readonly toMs: number
  readonly why: WaitWhy
}

/** A line of a rule's history: one spell, or how often and how long it waited in an hour in which there were too many, or too short ones, to tell each. */
export type WaitLine = ({ readonly is: 'spell' } & WaitSpell) | { readonly is: 'several'; readonly fromMs: number; readonly toMs: number; readonly times: number; readonly totalMs: number }

export interface WaitState {
  readonly spell: WaitSpell | null
  /** Of the hour that began with the first spell after the last one: lines told, and what is not told yet. */
  readonly hour: { readonly fromMs: number; readonly told: number; readonly untold: readonly WaitSpell[] } | null
}

export const NO_WAITS: WaitState = { spell: null, hour: null }

/** Shorter ones are summed up: a camera on its rounds would fill a history that nobody reads any more. */
const SPELL_MS_MIN = 60_000
const HOUR_MS = 3_600_000
const LINES_AN_HOUR_MAX = 6
/** At a start every bound rule waits for the first answer. */
const FIRST_ANSWER_MS_MAX = 60_000

/** What a history is told once more is known of a bound rule; wall time. `gone`: it is bound no more, or nobody watches it. */
export function foldWait({ spell, hour }: WaitState, verdict: AimVerdict | 'gone', atMs: number): readonly [WaitState, readonly WaitLine[]] {
  const isOver = hour !== null && (verdict === 'gone' || atMs - hour.fromMs >= HOUR_MS)
  const begun = isOver ? null : hour
  const summed = isOver ? sumUp(hour.untold) : []
  if (verdict !== 'gone' && !verdict.fits) return [{ spell: spell ? { ...spell, toMs: atMs, why: weightier(spell.why, verdict.why) } : { fromMs: atMs, toMs: atMs, why: verdict.why }, hour: begun }, summed]
  if (!spell) return [{ spell, hour: begun }, summed]
  const [next, lines] = endSpell(begun, { ...spell, toMs: atMs })
  return verdict === 'gone' ? [NO_WAITS, [...summed, ...lines, ...sumUp(next?.untold ?? [])]] : [{ spell: null, hour: next }, [...summed, ...lines]]
}

function endSpell(hour: WaitState['hour'], spell: WaitSpell): readonly [WaitState['hour'], readonly WaitLine[]] {
  const ms = spell.toMs - spell.fromMs
  if (spell.why === 'unasked' && ms < FIRST_ANSWER_MS_MAX) return [hour, []]
  const known = hour ?? { fromMs: spell.toMs, told: 0, untold: [] }
  if (ms < SPELL_MS_MIN || known.told >= LINES_AN_HOUR_MAX) return [{ ...known, untold: [...known.untold, spell] }, []]
  return [{ ...known, told: known.told + 1 }, [{ is: 'spell', ...spell }]]
}

function sumUp(spells: readonly WaitSpell[]): readonly WaitLine[] {
  const [first, last] = [spells[0], spells.at(-1)]
  return first && last ? [{ is: 'several', fromMs: first.fromMs, toMs: last.toMs, times: spells.length, totalMs: spells.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) }] : []
}

/** A turn is on the way to something; that nobody asked yet, or that it turns, tells least. */
function weightier(before: WaitWhy, now: WaitWhy): WaitWhy {
  return now === 'moving' || now === 'unasked' ? before : now
}
