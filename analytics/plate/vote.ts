import type { LetterSeen, PlateColour, PlateSeen } from './plate.js'
import { settle, type PlateText } from './grammar.js'

/** What several looks at one vehicle say together. `none`: looked at well and often, and nothing was there (D7). */
export type PlateVerdict =
  | { readonly kind: 'read'; readonly plate: PlateText; readonly colour: PlateColour; readonly rows: 1 | 2; /** Looks that say the same, of those that read at all. */ readonly agree: number; readonly looks: number; /** The look whose letters are surest. */ readonly best: number }
  | { readonly kind: 'unreadable'; readonly looks: number; readonly widthPxMax: number }
  | { readonly kind: 'none'; readonly looks: number }
  | { readonly kind: 'too_few'; readonly looks: number }

/** One look at one vehicle: the plate seen then, or null when none was found although one as wide as this would have been. */
export interface Look {
  readonly plate: PlateSeen | null
  /** How wide a plate of this vehicle would be there, in pixels. */
  readonly expectedPx: number
}

/** Letters less sure than this together leave a text unread: a wrong plate accuses a stranger. */
const SHARE_MIN = 0.5
/** A plate as wide as this is found when it is there (measured: models/README.md); fewer looks prove nothing. */
const FOUND_PX_MIN = 30
const LOOKS_MIN = 4

/** Pure. The looks may come in any order; their number decides, not their time. */
export function vote(looks: readonly Look[]): PlateVerdict {
  const seen = looks.flatMap(({ plate }, at) => (plate && plate.letters.length >= 4 ? [{ plate, at }] : []))
  const group = largestGroup(seen)
  if (group.length > 0) {
    const rows = group[0]!.plate.rows
    const plate = settle(together(group.map((one) => one.plate.letters)), rows)
    if (Math.min(...plate.shares) >= SHARE_MIN && (plate.wellFormed || group.length >= 2)) {
      const same = group.filter((one) => settle(one.plate.letters, rows).text === plate.text)
      const best = (same.length > 0 ? same : group).reduce((a, b) => (surety(b.plate) > surety(a.plate) ? b : a))
      return { kind: 'read', plate, rows, colour: commonest(group.map((one) => one.plate)), agree: same.length, looks: seen.length, best: best.at }
    }
  }
  const found = looks.flatMap(({ plate }) => (plate ? [plate] : []))
  if (found.length > 0) return { kind: 'unreadable', looks: found.length, widthPxMax: Math.max(...found.map(({ widthPx }) => widthPx)) }
  const good = looks.filter(({ expectedPx }) => expectedPx >= FOUND_PX_MIN).length
  return good >= LOOKS_MIN ? { kind: 'none', looks: good } : { kind: 'too_few', looks: good }
}

interface Seen {
  readonly plate: PlateSeen
  readonly at: number
}

/** Looks that saw as many letters in the same rows; of several such groups the one that is surer in sum. */
function largestGroup(seen: readonly Seen[]): readonly Seen[] {
  const groups = new Map<string, Seen[]>()
  for (const one of seen) {
    const { letters, rows } = one.plate
    const key = `${rows}:${letters.length}:${letters.filter(({ row }) => row === 0).length}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const worth = (group: readonly Seen[]): number => group.reduce((sum, { plate }) => sum + surety(plate) * (settle(plate.letters, plate.rows).wellFormed ? 1 : 0.3), 0)
  return [...groups.values()].reduce<readonly Seen[]>((best, group) => (best.length === 0 || worth(group) > worth(best) ? group : best), [])
}

/** The least sure letter decides how sure a reading is. */
export function surety({ letters }: Pick<PlateSeen, 'letters'>): number {
  return letters.length === 0 ? 0 : Math.min(...letters.map(({ shares }) => Math.max(...shares)))
}

/** Looks are taken as independent, tempered: neighbouring frames share their blur. */
const TEMPER = 0.6

function together(readings: readonly (readonly LetterSeen[])[]): readonly LetterSeen[] {
  return readings[0]!.map((first, place) => {
    const logs = first.shares.map((_, letter) => readings.reduce((sum, reading) => sum + Math.log((reading[place]!.shares[letter] ?? 0) + 1e-4), 0) * (readings.length > 1 ? TEMPER : 1))
    const top = Math.max(...logs)
    const shares = logs.map((log) => Math.exp(log - top))
    const sum = shares.reduce((a, b) => a + b, 0)
    return { shares: shares.map((share) => share / sum), row: first.row }
  })
}

function commonest(plates: readonly PlateSeen[]): PlateColour {
  const votes = new Map<PlateColour, number>()
  for (const { colour, colourShare } of plates) votes.set(colour, (votes.get(colour) ?? 0) + colourShare)
  return [...votes].reduce((a, b) => (b[1] > a[1] ? b : a))[0]
}
