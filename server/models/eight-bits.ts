import { overlap } from '../../analytics/geometry/box.js'
import type { Detection } from '../domain/seen.js'

/** One picture shown to both files of one network, one right after the other: what each took, and what each found. */
export interface Pair {
  readonly floatMs: number
  readonly eightMs: number
  readonly float: readonly Detection[]
  readonly eight: readonly Detection[]
}

/** Which file of the network is used, and what was measured: how many times faster 8 bits are, and the share of things that both see. */
export type Width =
  | { readonly use: 'eight_bits'; readonly gain: number; readonly agreement: number }
  | { readonly use: 'float'; readonly because: 'hardly_faster' | 'sees_otherwise' | 'nothing_to_compare'; readonly gain: number; readonly agreement: number }

/** Below this a busy moment at the start could have chosen, and the float file is the one that was measured on everything. */
const GAIN_MIN = 1.15
/** Where 8 bits are added up rightly 19 of 20 things agree (models/README.md); sums that overflow agree on next to nothing. */
const AGREEMENT_MIN = 0.8
const OVERLAP_MIN = 0.5

/**
 * Which file of the network this machine runs: the 8-bit one where it is clearly faster and sees the same. The second is not a
 * formality: processors without VNNI add products of 8 bits in 16 and cut what overflows, silently. The middle of the pairs
 * decides, not the best of each: both halves of a pair share the same moment, busy or not. Pure.
 */
export function chooseWidth(pairs: readonly Pair[]): Width {
  const gain = middle(pairs.map(({ floatMs, eightMs }) => floatMs / eightMs))
  const agreement = agreementOf(pairs)
  if (gain === null || agreement === null) return { use: 'float', because: 'nothing_to_compare', gain: gain ?? 1, agreement: agreement ?? 0 }
  if (agreement < AGREEMENT_MIN) return { use: 'float', because: 'sees_otherwise', gain, agreement }
  if (gain < GAIN_MIN) return { use: 'float', because: 'hardly_faster', gain, agreement }
  return { use: 'eight_bits', gain, agreement }
}

/** Of all that either file found, the share that the other found too: same class, boxes overlapping by half. Null: neither found anything. */
function agreementOf(pairs: readonly Pair[]): number | null {
  const found = pairs.reduce((sum, { float, eight }) => sum + float.length + eight.length, 0)
  const shared = pairs.reduce((sum, { float, eight }) => sum + 2 * sharedOf(float, eight), 0)
  return found === 0 ? null : shared / found
}

/** Each of the others answers for one only: two boxes on one car are not two cars. */
function sharedOf(ours: readonly Detection[], others: readonly Detection[]): number {
  const left = new Set(others)
  for (const our of ours) {
    const same = [...left].find((other) => other.class === our.class && overlap(other.box, our.box) >= OVERLAP_MIN)
    if (same) left.delete(same)
  }
  return others.length - left.size
}

/** Of an even number the lower: in doubt the smaller gain. */
function middle(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null
}
