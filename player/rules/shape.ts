import type { MaskView, Spot } from '../../server/contract/cameras.js'

/**
 * What is drawn on a camera's picture, in shares of it (0..1). Every shape is its points, so that all are moved the same way: a lamp
 * is two opposite corners, an arrow where it begins and where it points, a measured rectangle its four corners.
 */
export type Shape =
  | { readonly is: 'zone'; readonly field: string; readonly points: readonly Spot[] }
  | { readonly is: 'exclusion'; readonly field: 'exclusions'; readonly points: readonly Spot[] }
  /** What nobody looks at, of the camera and not of a rule: as many as are drawn, each on one view of a camera that turns, or on all. */
  | { readonly is: 'mask'; readonly field: 'masks'; readonly points: readonly Spot[]; readonly preset: MaskView['preset'] }
  /** Where a permit holds: one for each that has such a part; its field is `permitField` of that permit. */
  | { readonly is: 'permit'; readonly field: string; readonly points: readonly Spot[] }
  | { readonly is: 'line'; readonly field: string; readonly points: readonly Spot[]; readonly side: Side | null }
  | { readonly is: 'arrow'; readonly field: string; readonly points: readonly Spot[] }
  | { readonly is: 'lamp'; readonly field: string; readonly points: readonly Spot[]; readonly order: LampOrder }
  | { readonly is: 'ground'; readonly field: string; readonly points: readonly Spot[]; readonly widthM: number; readonly lengthM: number }
  /** Along something on the road that a person knows the length of: by it the rectangle is checked. Null: not told yet, and not kept. */
  | { readonly is: 'check'; readonly field: 'check'; readonly points: readonly Spot[]; readonly knownM: number | null }

/** As seen walking from the first point to the second. */
export type Side = 'left' | 'right' | 'both'
export type LampOrder = 'vertical' | 'horizontal' | 'single'

/** How many points a shape has: the fewest that make one, and the most. */
export const POINTS: Readonly<Record<Shape['is'], readonly [least: number, most: number]>> = { zone: [3, 64], exclusion: [3, 64], mask: [3, 64], permit: [3, 64], line: [2, 2], arrow: [2, 2], lamp: [2, 2], ground: [4, 4], check: [2, 2] }

export function isClosed(is: Shape['is']): boolean {
  return isArea(is) || is === 'ground'
}

/** Outlines of as many points as one likes. */
export function isArea(is: Shape['is']): boolean {
  return is === 'zone' || is === 'exclusion' || is === 'mask' || is === 'permit'
}

export function permitField(key: number): string {
  return `permit ${key}`
}

export function isPermitField(field: string): boolean {
  return field.startsWith('permit ')
}

/** The field of the rule that a shape is kept in. */
export function fieldOf({ is, field }: Pick<Shape, 'is' | 'field'>): string {
  return is === 'permit' ? 'permits' : is === 'check' ? 'ground' : field
}

export type Fault = 'too_few' | 'crosses' | 'small' | 'on_a_line' | 'dented'

/** Smaller ones hold nobody's feet; the server's parser refuses them as well (analytics/geometry/polygon.ts, rules/fields.ts). */
const AREA_MIN = 0.0001
const LENGTH_MIN = 0.01
const LAMP_MIN = 0.004
/** Of a rectangle's picture: a corner on the line of its neighbours leaves no perspective to reckon with. */
const CORNER_SHARE_MIN = 0.05

/** What is wrong with a shape as it stands, told while it is drawn. The server looks again. */
export function faultOf({ is, points }: Pick<Shape, 'is' | 'points'>): Fault | null {
  if (points.length < POINTS[is][0]) return 'too_few'
  const [a, b] = [points[0]!, points[1]!]
  if (is === 'line' || is === 'arrow' || is === 'check') return Math.hypot(b.x - a.x, b.y - a.y) < LENGTH_MIN ? 'small' : null
  if (is === 'lamp') return Math.abs(b.x - a.x) < LAMP_MIN || Math.abs(b.y - a.y) < LAMP_MIN ? 'small' : null
  if (crossesItself(points, true)) return 'crosses'
  if (areaOf(points) < AREA_MIN) return 'small'
  return is === 'ground' ? cornerFault(points) : null
}

/** The picture of any rectangle that lies before the camera bulges at every corner. */
function cornerFault(points: readonly Spot[]): Fault | null {
  const turns = points.map((point, at) => turn(points.at(at - 1)!, point, points[(at + 1) % points.length]!))
  if (turns.some((one) => Math.abs(one) / 2 < CORNER_SHARE_MIN * areaOf(points))) return 'on_a_line'
  return turns.every((one) => one > 0) || turns.every((one) => one < 0) ? null : 'dented'
}

/** Whether two edges that are no neighbours meet. `closed`: the edge from the last point to the first counts as well. */
export function crossesItself(points: readonly Spot[], closed: boolean): boolean {
  const edges = points.slice(0, closed ? undefined : -1).map((point, at) => [point, points[(at + 1) % points.length]!] as const)
  return edges.some((edge, at) =>
    edges.slice(at + 2).some((other, further) => {
      const neighbours = closed && at === 0 && at + 2 + further === edges.length - 1
      return !neighbours && meet(edge, other)
    }),
  )
}

type Edge = readonly [Spot, Spot]

function meet([a, b]: Edge, [c, d]: Edge): boolean {
  const [turnC, turnD, turnA, turnB] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)]
  if (turnC * turnD < 0 && turnA * turnB < 0) return true
  return (turnC === 0 && within(a, b, c)) || (turnD === 0 && within(a, b, d)) || (turnA === 0 && within(c, d, a)) || (turnB === 0 && within(c, d, b))
}

/** Above nothing: `p` lies to the right of who walks from `a` to `b` (the picture's y points down). */
function turn(a: Spot, b: Spot, p: Spot): number {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)
}

function within(a: Spot, b: Spot, p: Spot): boolean {
  return p.x >= Math.min(a.x, b.x) && p.x <= Math.max(a.x, b.x) && p.y >= Math.min(a.y, b.y) && p.y <= Math.max(a.y, b.y)
}

function areaOf(points: readonly Spot[]): number {
  return Math.abs(points.reduce((sum, a, at) => {
    const b = points[(at + 1) % points.length]!
    return sum + a.x * b.y - b.x * a.y
  }, 0)) / 2
}

export function middleOf(points: readonly Spot[]): Spot {
  return { x: points.reduce((sum, { x }) => sum + x, 0) / points.length, y: points.reduce((sum, { y }) => sum + y, 0) / points.length }
}
