import type { AlertView, PlateView } from '../../server/contract/alerts.js'

/** One sign as it stands on the plate; no share: a dot or dash between letters, which nobody read. */
export interface Sign {
  readonly sign: string
  readonly share: number | null
}

/** A letter less sure than this is underlined: a person looks there first. */
export const SURE_SHARE_MIN = 0.9

/** The rows of the plate as they are painted: two-row plates have the number below, and a dash behind the province. */
export function rowsOf({ shown, letters, rows, wellFormed }: Pick<PlateView, 'shown' | 'letters' | 'rows' | 'wellFormed'>): readonly (readonly Sign[])[] {
  let at = 0
  const signs = Array.from(shown ?? '', (sign): Sign => (/[\p{L}\d]/u.test(sign) ? { sign, share: letters[at++]?.share ?? 0 } : { sign, share: null }))
  const cut = rows === 2 ? signs.findIndex(({ sign }) => sign === '-') : -1
  if (cut < 0) return [signs]
  const above = signs.slice(0, cut)
  const province = wellFormed && above.slice(0, 2).every(({ sign }) => /\d/.test(sign))
  return [province ? [...above.slice(0, 2), { sign: '-', share: null }, ...above.slice(2)] : above, signs.slice(cut + 1)]
}

export function isUnsure({ share }: Sign): boolean {
  return share !== null && share < SURE_SHARE_MIN
}

/** Never rounded up: 89.9 % that stands as 90 would be underlined for no visible reason. */
export function percentOf(share: number): number {
  return Math.floor(share * 100)
}

/** A plate is as sure as its alert: until a person confirms that, it is one that the machine suspects. */
export function isSuspected({ state }: Pick<AlertView, 'state'>): boolean {
  return state !== 'confirmed' && state !== 'resolved'
}
