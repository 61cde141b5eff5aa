import { ALPHABET, type LetterSeen } from './plate.js'

/** A plate's text after the grammar: every letter with how sure it is, and what was painted where. */
export interface PlateText {
  /** Letters and digits alone, as plates are compared and searched: 59G163188. */
  readonly text: string
  /** As one writes it: 59G1-631.88. */
  readonly shown: string
  /** How likely each letter of `text` is, 0..1. */
  readonly shares: readonly number[]
  /** Follows the law's pattern of province, series and number. */
  readonly wellFormed: boolean
  /** Null when it is not well formed, or military. */
  readonly province: string | null
  readonly series: string | null
  readonly number: string | null
}

const DIGITS = '0123456789'
/** Circular 79/2024 and its changes, as cited in our sources: the first letter of a series, and a motorbike's second one. */
const FIRST = 'ABCDEFGHKLMNPSTUVXYZ'
const SECOND = 'ABCDEFHKLMNPRSTUVXYZ'
const SPECIAL = ['CD', 'RM', 'MK', 'HC', 'KT', 'LD', 'DA', 'TĐ', 'MĐ', 'NG', 'QT', 'CV', 'NN'] as const

interface Pattern {
  /** What may stand at each place. */
  readonly places: readonly string[]
  /** How many places belong to province, series; the rest is the number. */
  readonly cuts: readonly [province: number, series: number]
  /** 2: only on plates of two rows. */
  readonly rows?: 2
  /** Odds against the commonest pattern that the same letters fit: a tie is broken by what there is more of in the streets. */
  readonly odds: number
}

const number = (digits: number): string[] => Array.from({ length: digits }, () => DIGITS)

const PATTERNS: readonly Pattern[] = [
  ...[5, 4].flatMap((digits): Pattern[] => [
    { places: [DIGITS, DIGITS, FIRST, ...number(digits)], cuts: [2, 1], odds: 1 },
    { places: [DIGITS, DIGITS, FIRST, '123456789', ...number(digits)], cuts: [2, 2], rows: 2, odds: 1 },
    { places: [DIGITS, DIGITS, FIRST, SECOND, ...number(digits)], cuts: [2, 2], rows: 2, odds: 1 },
    ...SPECIAL.map((series): Pattern => ({ places: [DIGITS, DIGITS, ...Array.from(series), ...number(digits)], cuts: [2, 2], odds: 0.02 })),
  ]),
  { places: [FIRST, FIRST, ...number(4)], cuts: [0, 2], odds: 0.05 },
]

const PLACE_OF = new Map(Array.from(ALPHABET, (letter, at) => [letter, at]))

/**
 * Settles each letter by its place: a 0 where only letters may stand was a D, a B where only digits may stand an 8. On a
 * plate of two rows province and series stand above, the number below. Pure; the same letters always give the same text.
 */
export function settle(letters: readonly LetterSeen[], rows: 1 | 2): PlateText {
  const above = letters.filter(({ row }) => row === 0).length
  let best: { readonly pattern: Pattern; readonly picked: readonly Picked[]; readonly worth: number } | null = null
  for (const pattern of PATTERNS) {
    if (pattern.places.length !== letters.length || (pattern.rows === 2 && rows !== 2)) continue
    if (rows === 2 && above !== pattern.cuts[0] + pattern.cuts[1]) continue
    const picked = letters.map((letter, at) => pick(letter, pattern.places[at]!))
    const worth = picked.reduce((sum, { share }) => sum + Math.log(share + 1e-6), Math.log(pattern.odds))
    if (!best || worth > best.worth) best = { pattern, picked, worth }
  }
  if (!best || best.picked.some(({ share }) => share < SHARE_MIN)) return asSeen(letters, rows)
  const text = best.picked.map(({ letter }) => letter).join('')
  const [province, series] = best.pattern.cuts
  const parts = [text.slice(0, province), text.slice(province, province + series), text.slice(province + series)] as const
  return {
    text,
    shown: `${parts[0]}${parts[1]}-${parts[2].length === 5 ? `${parts[2].slice(0, 3)}.${parts[2].slice(3)}` : parts[2]}`,
    shares: best.picked.map(({ share }) => share),
    wellFormed: true,
    province: parts[0] || null,
    series: parts[1],
    number: parts[2],
  }
}

/** Below this the reader saw something else there: the pattern would be our invention. */
const SHARE_MIN = 0.02

interface Picked {
  readonly letter: string
  readonly share: number
}

function pick({ shares }: LetterSeen, allowed: string): Picked {
  let best: Picked = { letter: allowed[0]!, share: -1 }
  for (const letter of allowed) {
    const share = shares[PLACE_OF.get(letter)!] ?? 0
    if (share > best.share) best = { letter, share }
  }
  return best
}

function asSeen(letters: readonly LetterSeen[], rows: 1 | 2): PlateText {
  const picked = letters.map((letter) => ({ ...pick(letter, ALPHABET), row: letter.row }))
  const row = (at: 0 | 1): string => picked.filter((one) => one.row === at).map(({ letter }) => letter).join('')
  return { text: picked.map(({ letter }) => letter).join(''), shown: rows === 2 ? `${row(0)}-${row(1)}` : row(0), shares: picked.map(({ share }) => share), wellFormed: false, province: null, series: null, number: null }
}
