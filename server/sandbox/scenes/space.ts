/** The pinhole camera on its pole. World: x right, y up, z away from the camera at yaw 0, all in metres. */
export type Vec3 = readonly [x: number, y: number, z: number]

export interface Mount {
  readonly at: Vec3
  /** Clockwise seen from above. */
  readonly yawDeg: number
  /** Positive looks down. */
  readonly pitchDeg: number
  /** Horizontal angle of view. */
  readonly fovDeg: number
}

export interface Lens {
  readonly width: number
  readonly height: number
  /** Focal length in pixels of this width. */
  readonly focal: number
  readonly at: Vec3
  readonly right: Vec3
  readonly up: Vec3
  readonly forward: Vec3
}

export const NEAR_M = 0.6

export function makeLens(mount: Mount, size: { readonly width: number; readonly height: number }): Lens {
  const yaw = (mount.yawDeg * Math.PI) / 180
  const pitch = (mount.pitchDeg * Math.PI) / 180
  const sy = Math.sin(yaw)
  const cy = Math.cos(yaw)
  const sp = Math.sin(pitch)
  const cp = Math.cos(pitch)
  return {
    width: size.width,
    height: size.height,
    focal: size.width / 2 / Math.tan((mount.fovDeg * Math.PI) / 360),
    at: mount.at,
    right: [cy, 0, -sy],
    up: [sy * sp, cp, cy * sp],
    forward: [sy * cp, -sp, cy * cp],
  }
}

/** A point seen by the camera: x right, y up, z depth. */
export function seenBy(lens: Lens, p: Vec3): Vec3 {
  const d: Vec3 = [p[0] - lens.at[0], p[1] - lens.at[1], p[2] - lens.at[2]]
  return [dot(d, lens.right), dot(d, lens.up), dot(d, lens.forward)]
}

/** Picture coordinates in pixels, or null behind the near plane. */
export function project(lens: Lens, p: Vec3): { readonly x: number; readonly y: number; readonly depth: number } | null {
  const [x, y, depth] = seenBy(lens, p)
  if (depth < NEAR_M) return null
  return { x: lens.width / 2 + (lens.focal * x) / depth, y: lens.height / 2 - (lens.focal * y) / depth, depth }
}

/** Where the ray of a pixel meets the plane y = level; null at or above the horizon. */
export function groundAt(lens: Lens, px: number, py: number, level: number): { readonly x: number; readonly z: number; readonly depth: number } | null {
  const a = (px - lens.width / 2) / lens.focal
  const b = (lens.height / 2 - py) / lens.focal
  const dy = lens.forward[1] + a * lens.right[1] + b * lens.up[1]
  if (dy > -1e-4) return null
  const depth = (level - lens.at[1]) / dy
  return {
    x: lens.at[0] + depth * (lens.forward[0] + a * lens.right[0] + b * lens.up[0]),
    z: lens.at[2] + depth * (lens.forward[2] + a * lens.right[2] + b * lens.up[2]),
    depth,
  }
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

export function minus(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

export function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

export function unit(a: Vec3): Vec3 {
  const length = Math.hypot(a[0], a[1], a[2]) || 1
  return [a[0] / length, a[1] / length, a[2] / length]
}

export function lerp3(a: Vec3, b: Vec3, t: number): Vec3 {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}
