import { clipToPicture, type Point } from '../scenes/truth.js'
import { project, type Lens } from '../scenes/space.js'

/** A place on the picture, 0..1. */
export interface Spot {
  readonly x: number
  readonly y: number
}

/** Metres of the street, [x right, z away from the camera], as places of the picture: what a person would draw. */
export interface Ground {
  /** A zone; what lies outside the picture is cut off. `level`: height of its floor. */
  zone(points: readonly Point[], level?: number): readonly Spot[]
  line(from: Point, to: Point, level?: number): readonly [Spot, Spot]
  /** A direction on the ground, as it looks there. Length 1 in the picture. */
  way(at: Point, towards: Point, level?: number): Spot
  /** Four corners of a rectangle, for metres. */
  corners(points: readonly [Point, Point, Point, Point]): readonly [Spot, Spot, Spot, Spot]
  spot(x: number, y: number, z: number): Spot
}

export function makeGround(lens: Lens): Ground {
  const spot = (x: number, y: number, z: number): Spot => {
    const seen = project(lens, [x, y, z])
    if (!seen) throw new Error(`the place ${x}, ${z} lies behind the camera: draw the rule ahead of it`)
    return { x: round(seen.x / lens.width), y: round(seen.y / lens.height) }
  }
  const clamped = ({ x, y }: Spot): Spot => ({ x: Math.max(0, Math.min(1, x)), y: Math.max(0, Math.min(1, y)) })
  const on = (level: number) => ([x, z]: Point) => spot(x, level, z)
  return {
    spot,
    zone: (points, level = 0) => clipToPicture(points.map(on(level)).map(({ x, y }) => [x, y] as const)).map(([x, y]) => ({ x, y })),
    line: (from, to, level = 0) => [clamped(on(level)(from)), clamped(on(level)(to))],
    way(at, towards, level = 0) {
      const a = spot(at[0] - towards[0], level, at[1] - towards[1])
      const b = spot(at[0] + towards[0], level, at[1] + towards[1])
      const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
      return { x: round((b.x - a.x) / length), y: round((b.y - a.y) / length) }
    },
    corners: ([a, b, c, d]) => [on(0)(a), on(0)(b), on(0)(c), on(0)(d)],
  }
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
