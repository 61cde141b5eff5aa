import { area, intersection, overlap, type Box } from '../../analytics/geometry/box.js'

/** One picture: what a person labelled of one class, what a model found (with its scores), and where nobody can tell. */
export interface Marked {
  readonly labels: readonly Box[]
  readonly found: readonly { readonly box: Box; readonly score: number }[]
  readonly unsure: readonly Box[]
}

export interface Precision {
  /** Area under the precision-recall curve at an overlap of half, precision made monotone (PASCAL VOC 2010 and later). */
  readonly ap50: number
  readonly labels: number
  /** Of the labels, found with at least the given score. */
  readonly recall: number
  readonly precision: number
}

/** A label is found once; what is found mostly inside an unsure region counts for neither side. Pure. */
export function precisionOf(pictures: readonly Marked[], score: number): Precision {
  const labels = pictures.reduce((sum, one) => sum + one.labels.length, 0)
  const claims = pictures.flatMap(claimsOf).toSorted((a, b) => b.score - a.score)
  let hits = 0
  const curve = claims.map(({ hit }, at) => {
    hits += hit ? 1 : 0
    return { recall: hits / Math.max(1, labels), precision: hits / (at + 1) }
  })
  const sure = claims.filter((claim) => claim.score >= score).length
  for (let at = curve.length - 2; at >= 0; at -= 1) curve[at] = { ...curve[at]!, precision: Math.max(curve[at]!.precision, curve[at + 1]!.precision) }
  const found = claims.slice(0, sure).filter(({ hit }) => hit).length
  return {
    ap50: curve.reduce((sum, { recall, precision }, at) => sum + (recall - (curve[at - 1]?.recall ?? 0)) * precision, 0),
    labels,
    recall: found / Math.max(1, labels),
    precision: sure === 0 ? 0 : found / sure,
  }
}

interface Claim {
  readonly score: number
  readonly hit: boolean
}

function claimsOf({ labels, found, unsure }: Marked): readonly Claim[] {
  const left = new Set(labels)
  return found.toSorted((a, b) => b.score - a.score).flatMap(({ box, score }): readonly Claim[] => {
    const best = [...left].map((label) => ({ label, shared: overlap(label, box) })).toSorted((a, b) => b.shared - a.shared)[0]
    if (best && best.shared >= 0.5) {
      left.delete(best.label)
      return [{ score, hit: true }]
    }
    return unsure.some((region) => intersection(region, box) > 0.5 * area(box)) ? [] : [{ score, hit: false }]
  })
}
