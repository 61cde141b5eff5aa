import { GLOW, type Finish, type Shape } from './mesh.js'
import { lerp3, type Vec3 } from './space.js'

export const GLASS = 0x1d262c
export const RUBBER = 0x17181a
export const TRIM = 0x24272b
export const GLASS_FINISH: Finish = { gloss: 1 }

/** A flat plate cut by a grid, each cell with its own colour: windows and pillars, doors and gaps. Corners: low near, low far, high far, high near. */
export interface Panel {
  readonly corners: readonly [Vec3, Vec3, Vec3, Vec3]
  readonly across: readonly number[]
  readonly upward: readonly number[]
  readonly paint: (column: number, row: number) => { readonly colour: number; readonly finish?: Finish } | null
  /** A point on the inner side, so that the plate looks outward. */
  readonly inside: Vec3
}

export function addPanel(shape: Shape, panel: Panel): void {
  const [a, b, c, d] = panel.corners
  const at = (s: number, t: number) => lerp3(lerp3(a, b, s), lerp3(d, c, s), t)
  for (let i = 1; i < panel.across.length; i += 1) {
    for (let j = 1; j < panel.upward.length; j += 1) {
      const paint = panel.paint(i - 1, j - 1)
      if (!paint) continue
      const [s0, s1, t0, t1] = [panel.across[i - 1]!, panel.across[i]!, panel.upward[j - 1]!, panel.upward[j]!]
      shape.face([at(s0, t0), at(s1, t0), at(s1, t1), at(s0, t1)], paint.colour, { ...paint.finish, centre: panel.inside })
    }
  }
}

export interface WheelSpot {
  readonly z: number
  readonly radius: number
  /** Outer face of the tyre. */
  readonly halfWidth: number
}

/** A pair of wheels in dark arches. */
export function addWheels(shape: Shape, spot: WheelSpot): void {
  const { z, radius, halfWidth } = spot
  for (const side of [-1, 1]) {
    const disc = (r: number, x: number, colour: number, gloss: number, cut = -4) => {
      const points = Array.from({ length: 14 }, (_, i): Vec3 => {
        const a = (i / 14) * Math.PI * 2
        return [side * x, Math.max(cut, radius + r * Math.sin(a)), z + r * Math.cos(a)]
      })
      shape.face(points, colour, { gloss, centre: [0, radius, z] })
    }
    disc(radius * 1.2, halfWidth + 0.004, 0x0d0e0f, 0, radius * 0.55)
    shape.tube([side * (halfWidth - 0.16), radius, z], [side * (halfWidth + 0.012), radius, z], [radius, radius], RUBBER, { sides: 14, softDeg: 40 })
    disc(radius * 0.66, halfWidth + 0.018, 0xa9adb0, 0.5)
    disc(radius * 0.5, halfWidth + 0.022, 0x4d5155, 0.2)
    disc(radius * 0.2, halfWidth + 0.026, 0xb5b8ba, 0.5)
  }
}

/** A pair of lamps, mirrored left and right, flat on the nose or tail. */
export function addLamps(shape: Shape, spot: { readonly x0: number; readonly x1: number; readonly y0: number; readonly y1: number; readonly z: number; readonly kind: 'head' | 'tail'; readonly back?: number }): void {
  const { x0, x1, y0, y1, z, kind } = spot
  const bend = spot.back ?? 0.045
  const outward = kind === 'head' ? -bend : bend
  for (const side of [-1, 1]) {
    const colour = kind === 'head' ? 0xf3eedd : 0xa81c1a
    const finish: Finish = { gloss: 0.8, glow: kind === 'head' ? GLOW.lamp : GLOW.brake }
    shape.face([[side * x0, y0, z], [side * x1, y0, z + outward], [side * x1, y1, z + outward], [side * x0, y1, z]], colour, { ...finish, centre: [0, (y0 + y1) / 2, 0] })
    shape.face([[side * x1, y0, z + outward], [side * (x1 + 0.02), y0, z + outward * 2.6], [side * (x1 + 0.02), y1, z + outward * 2.6], [side * x1, y1, z + outward]], colour, { ...finish, centre: [0, (y0 + y1) / 2, 0] })
    shape.lamp({ at: [side * ((x0 + x1) / 2), (y0 + y1) / 2, z], kind })
  }
}

/** A plate standing on the nose (ahead) or the tail. Width in metres. */
export function plateCorners(spot: { readonly y: number; readonly z: number; readonly width: number; readonly aspect: number; readonly ahead: boolean; readonly x?: number }): readonly [Vec3, Vec3, Vec3, Vec3] {
  const half = spot.width / 2
  const high = spot.width / spot.aspect / 2
  const x = spot.x ?? 0
  const [left, right] = spot.ahead ? [x + half, x - half] : [x - half, x + half]
  return [[left, spot.y + high, spot.z], [right, spot.y + high, spot.z], [right, spot.y - high, spot.z], [left, spot.y - high, spot.z]]
}
