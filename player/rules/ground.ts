import type { Spot } from '../../server/contract/cameras.js'

/**
 * The road under a measured rectangle, reckoned here so that whoever draws sees at once how it lies. The server reckons again
 * (analytics/geometry/ground-plane.ts); a test holds the two together.
 */
export interface Measured {
  /** Four corners, round the rectangle: from the first to the second is its width. */
  readonly points: readonly Spot[]
  readonly widthM: number
  readonly lengthM: number
}

export interface Road {
  /** Metres along the width and the length, from the first corner; null at and above the horizon. */
  onRoad(spot: Spot): Spot | null
  /** Null behind the camera. */
  inPicture(metres: Spot): Spot | null
  /** Straight from one point of the road to another, as far as it lies before the camera; null: nowhere. */
  edge(from: Spot, to: Spot): readonly [Spot, Spot] | null
}

type Row = readonly [number, number, number]
type Matrix = readonly [Row, Row, Row]

/** What is nearer than this, the first corner being at 1, is drawn no more: its place in the picture runs away. */
const NEAR_MIN = 0.05

/** Null where the corners or the measures are none. Corners that have a fault (shape.ts) make no road. */
export function roadOf(ground: Measured): Road | null {
  if (ground.points.length !== 4 || !(ground.widthM > 0 && ground.lengthM > 0)) return null
  const seen = pictureOf(ground)
  const back = adjugate(seen)
  const depth = (metres: Spot): number => times(seen[2], metres)
  const inPicture = (metres: Spot): Spot | null => {
    const near = depth(metres)
    return near > 1e-9 ? { x: times(seen[0], metres) / near, y: times(seen[1], metres) / near } : null
  }
  return {
    inPicture,
    onRoad(spot) {
      const one = times(back[2], spot)
      const metres = { x: times(back[0], spot) / one, y: times(back[1], spot) / one }
      return Number.isFinite(metres.x) && Number.isFinite(metres.y) && depth(metres) > 0 ? metres : null
    },
    edge(from, to) {
      const [first, last] = [depth(from), depth(to)]
      if (first < NEAR_MIN && last < NEAR_MIN) return null
      const at = (share: number): Spot => ({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share })
      const cut = (NEAR_MIN - first) / (last - first)
      const [a, b] = [inPicture(first < NEAR_MIN ? at(cut) : from), inPicture(last < NEAR_MIN ? at(cut) : to)]
      return a && b ? [a, b] : null
    },
  }
}

export function metresBetween(road: Road, [a, b]: readonly [Spot, Spot]): number | null {
  const [from, to] = [road.onRoad(a), road.onRoad(b)]
  return from && to ? Math.hypot(to.x - from.x, to.y - from.y) : null
}

/** Squares of one, two or five, so large that the longer side has ten at most. */
export function gridStepM({ widthM, lengthM }: Pick<Measured, 'widthM' | 'lengthM'>): number {
  const least = Math.max(widthM, lengthM) / 10
  const ten = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map((times) => times * ten).find((step) => step >= least * (1 - 1e-9))!
}

/** The grid as it lies on the road: the rectangle, as much again on either side, and ahead as far again. */
export function gridOf(ground: Measured, road: Road): readonly (readonly [Spot, Spot])[] {
  const step = gridStepM(ground)
  const [across, along] = [Math.ceil(ground.widthM / step) * step, Math.ceil(ground.lengthM / step) * step]
  const reach = { left: -across, right: 2 * across, near: -Math.ceil(along / step / 2) * step, far: 2 * along }
  const steps = (from: number, to: number): readonly number[] => Array.from({ length: Math.round((to - from) / step) + 1 }, (_, at) => from + at * step)
  return [
    ...steps(reach.left, reach.right).map((x) => road.edge({ x, y: reach.near }, { x, y: reach.far })),
    ...steps(reach.near, reach.far).map((y) => road.edge({ x: reach.left, y }, { x: reach.right, y })),
  ].filter((line) => line !== null)
}

export type Mount =
  /** How high the camera hangs over the road and how wide it sees, if corners and measures are right. */
  | { readonly is: 'camera'; readonly heightM: number; readonly fovDeg: number; readonly likely: boolean }
  /** Seen from nearly straight above, nothing tells how far away the camera is. */
  | { readonly is: 'no_perspective' }
  /** No lens sees a rectangle of these measures so. */
  | { readonly is: 'no_camera' }

/** By how much the far end must look smaller than the near one. */
const PERSPECTIVE_MIN = 0.1
/** From a bridge's lamp to a tower; from a telephoto lens to a fisheye, which bends lines anyway. */
const HEIGHT_M = [2, 60] as const
const FOV_DEG = [8, 130] as const

/**
 * The camera that would see this rectangle so (Zhang, A flexible new technique for camera calibration, 2000: one plane, square
 * pixels, the lens's axis in the middle of the picture). A person knows how high a camera hangs: what comes out is a check.
 */
export function mountOf(ground: Measured, aspect: number): Mount {
  const [x, y, one] = pictureOf(ground)
  const column = (at: 0 | 1 | 2): Row => [(x[at] - 0.5 * one[at]) * aspect, y[at] - 0.5 * one[at], one[at]]
  const [across, along, origin] = [column(0), column(1), column(2)]
  if (Math.max(Math.abs(across[2]) * ground.widthM, Math.abs(along[2]) * ground.lengthM) < PERSPECTIVE_MIN) return { is: 'no_perspective' }
  // Width and length stand upright on each other and one metre of either is as long: two equations for 1 over the focal length squared.
  const [cross, crossFar] = [across[0] * along[0] + across[1] * along[1], across[2] * along[2]]
  const [apart, apartFar] = [across[0] ** 2 + across[1] ** 2 - along[0] ** 2 - along[1] ** 2, across[2] ** 2 - along[2] ** 2]
  const inverse = -(cross * crossFar + apart * apartFar) / (cross ** 2 + apart ** 2)
  if (!(inverse > 0)) return { is: 'no_camera' }
  const focal = 1 / Math.sqrt(inverse)
  const ray = ([a, b, c]: Row): Row => [a / focal, b / focal, c]
  const [right, ahead, away] = [ray(across), ray(along), ray(origin)]
  const up = crossOf(unit(right), unit(ahead))
  const heightM = Math.abs(dot(up, away)) / (norm(up) * Math.sqrt(norm(right) * norm(ahead)))
  const fovDeg = (2 * Math.atan(aspect / 2 / focal) * 180) / Math.PI
  return { is: 'camera', heightM, fovDeg, likely: within(heightM, HEIGHT_M) && within(fovDeg, FOV_DEG) }
}

/** Metres on the road to the picture: the unit square's picture (Heckbert, Fundamentals of Texture Mapping, 1989, 2.2.3), in metres. */
function pictureOf({ points, widthM, lengthM }: Measured): Matrix {
  const [a, b, c, d] = [points[0]!, points[1]!, points[2]!, points[3]!]
  const [bc, dc, all] = [minus(b, c), minus(d, c), { x: a.x - b.x + c.x - d.x, y: a.y - b.y + c.y - d.y }]
  const whole = bc.x * dc.y - dc.x * bc.y
  const [g, h] = [(all.x * dc.y - dc.x * all.y) / whole, (bc.x * all.y - all.x * bc.y) / whole]
  return [
    [(b.x - a.x + g * b.x) / widthM, (d.x - a.x + h * d.x) / lengthM, a.x],
    [(b.y - a.y + g * b.y) / widthM, (d.y - a.y + h * d.y) / lengthM, a.y],
    [g / widthM, h / lengthM, 1],
  ]
}

/** The inverse but for its size, which no place in the picture depends on. */
function adjugate([a, b, c]: Matrix): Matrix {
  const [first, second, third] = [crossOf(b, c), crossOf(c, a), crossOf(a, b)]
  return [[first[0], second[0], third[0]], [first[1], second[1], third[1]], [first[2], second[2], third[2]]]
}

const times = ([x, y, one]: Row, at: Spot): number => x * at.x + y * at.y + one
const minus = (a: Spot, b: Spot): Spot => ({ x: a.x - b.x, y: a.y - b.y })
const crossOf = (a: Row, b: Row): Row => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
const dot = (a: Row, b: Row): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const norm = (a: Row): number => Math.sqrt(dot(a, a))
const unit = (a: Row): Row => [a[0] / norm(a), a[1] / norm(a), a[2] / norm(a)]
const within = (value: number, [least, most]: readonly [number, number]): boolean => value >= least && value <= most
