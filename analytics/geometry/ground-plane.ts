import type { Point } from './point.js'
import { polygonArea, polygonFault } from './polygon.js'

/**
 * Where on the road a point of the picture lies, in metres, from one rectangle on the road whose corners somebody marked in the
 * picture (road markings, a measured stretch between two lamp posts). The road must be flat; the lens must not bend lines.
 *
 *      picture                        ground, metres from corner 1
 *            4 ┌───┐ 3                4 ┌────┐ 3   length
 *             /     \        ──►        │    │     ▲
 *          1 └───────┘ 2              1 └────┘ 2   └─► width
 */
export interface Rectangle {
  /** Round the rectangle: from the first to the second is its width, from the second to the third its length. */
  readonly corners: readonly [Point, Point, Point, Point]
  readonly widthM: number
  readonly lengthM: number
  /** Something else on the road that somebody measured: kept with the rectangle, so that whoever approves sees what it comes to. */
  readonly check?: KnownLength | undefined
}

export interface KnownLength {
  readonly line: readonly [Point, Point]
  readonly lengthM: number
}

export type GroundFault = 'crosses_itself' | 'on_a_line' | 'dented'

export interface GroundPlane {
  /** Metres along the width and along the length; null at and above the horizon, where there is no road. */
  at(p: Point): Point | null
}

/** A corner that lies on the line of its neighbours leaves no perspective to reckon with: its triangle must be this share of the whole. */
const CORNER_SHARE_MIN = 0.05
/** Twice the smallest triangle that anybody can mark in a picture. */
const TURN_MIN = 0.0002

/** What is wrong with the marked corners, or null. Any picture of a rectangle that lies before the camera is convex. */
export function groundFault(corners: Rectangle['corners']): GroundFault | null {
  const turns = corners.map((p, i) => turnAt(corners[(i + 3) % 4] ?? p, p, corners[(i + 1) % 4] ?? p))
  if (turns.every((turn) => Math.abs(turn) < TURN_MIN)) return 'on_a_line'
  if (polygonFault(corners) === 'crosses_itself') return 'crosses_itself'
  if (turns.some((turn) => Math.abs(turn) / 2 < CORNER_SHARE_MIN * polygonArea(corners))) return 'on_a_line'
  return turns.every((turn) => turn > 0) || turns.every((turn) => turn < 0) ? null : 'dented'
}

function turnAt(before: Point, at: Point, after: Point): number {
  return (at.x - before.x) * (after.y - at.y) - (at.y - before.y) * (after.x - at.x)
}

/**
 * The homography from picture to ground: the picture of the unit square (Heckbert, Fundamentals of Texture Mapping, 1989, 2.2.3),
 * turned round by its adjugate and stretched to metres. The corners must have no fault.
 */
export function groundPlane({ corners, widthM, lengthM }: Rectangle): GroundPlane {
  const [a, b, c, d] = corners
  const [dx1, dx2, dx3] = [b.x - c.x, d.x - c.x, a.x - b.x + c.x - d.x]
  const [dy1, dy2, dy3] = [b.y - c.y, d.y - c.y, a.y - b.y + c.y - d.y]
  const across = dx1 * dy2 - dx2 * dy1
  const [g, h] = [(dx3 * dy2 - dx2 * dy3) / across, (dx1 * dy3 - dx3 * dy1) / across]
  // Unit square to picture: [x y 1] is proportional to [u v 1] times these rows.
  const [m11, m12, m13] = [b.x - a.x + g * b.x, d.x - a.x + h * d.x, a.x]
  const [m21, m22, m23] = [b.y - a.y + g * b.y, d.y - a.y + h * d.y, a.y]
  const inverse = {
    u: [m22 - m23 * h, m13 * h - m12, m12 * m23 - m13 * m22],
    v: [m23 * g - m21, m11 - m13 * g, m13 * m21 - m11 * m23],
    w: [m21 * h - m22 * g, m12 * g - m11 * h, m11 * m22 - m12 * m21],
  } as const
  const times = ([x, y, one]: readonly [number, number, number], p: Point): number => x * p.x + y * p.y + one
  // Everything on the road lies on the same side of the horizon as the first corner.
  const near = Math.sign(times(inverse.w, a))
  return {
    at(p) {
      const w = times(inverse.w, p) * near
      return w > 1e-9 ? { x: ((times(inverse.u, p) * near) / w) * widthM, y: ((times(inverse.v, p) * near) / w) * lengthM } : null
    },
  }
}
