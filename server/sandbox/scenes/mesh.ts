import { cross, dot, minus, unit, type Vec3 } from './space.js'

// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { abs, cos, max, round, sin } = Math

/**
 * Low-poly bodies in their own coordinates: x right, y up, z ahead, metres, feet or tyres at y = 0. A body is made once
 * for each look and then only moved.
 */
export interface Mesh {
  readonly at: Float32Array
  readonly normal: Float32Array
  /** 0..255, three a vertex. */
  readonly colour: Float32Array
  /** 0 cloth .. 1 glass. */
  readonly gloss: Float32Array
  readonly glow: Uint8Array
  readonly triangles: Uint16Array
  readonly decals: readonly Decal[]
  /** Half extents of the foot print and the height, for shadows. */
  readonly halfWidth: number
  readonly halfLength: number
  readonly height: number
  readonly lamps: readonly Lamp[]
}

/** A small picture stuck on a body: plates, signs. Corners from top left, clockwise as one looks at it. */
export interface Decal {
  readonly corners: readonly [Vec3, Vec3, Vec3, Vec3]
  readonly picture: Picture
}

/** Smaller and smaller copies stand behind `half`, for far plates. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8ClampedArray
  readonly half: Picture | null
}

/** A light of a vehicle that blooms in the dark. */
export interface Lamp {
  readonly at: Vec3
  readonly kind: 'head' | 'tail'
}

export const GLOW = { none: 0, lamp: 1, brake: 2 } as const

/** Asked of a loft's colour function for its two ends. */
export const END_CAP = -1

export interface Finish {
  readonly gloss?: number
  readonly glow?: number
  /** Faces meeting flatter than this share a soft edge. */
  readonly softDeg?: number
}

interface Face {
  readonly points: readonly Vec3[]
  readonly normal: Vec3
  readonly colour: number
  readonly gloss: number
  readonly glow: number
  readonly group: number
  readonly softCos: number
}

export interface Shape {
  face(points: readonly Vec3[], colour: number, finish?: Finish & { readonly centre?: Vec3 }): void
  /** Both sides visible: awnings, hat brims, flags. */
  sheet(points: readonly Vec3[], colour: number, finish?: Finish): void
  /** Rings of equal length joined to a skin, closed at both ends. */
  loft(rings: readonly (readonly Vec3[])[], colour: number | ((ring: number, side: number) => number), finish?: Finish): void
  box(low: Vec3, high: Vec3, colour: number, finish?: Finish): void
  tube(from: Vec3, to: Vec3, radii: readonly [number, number], colour: number, finish?: Finish & { readonly sides?: number }): void
  ball(centre: Vec3, radii: Vec3, colour: number | ((y: number) => number), finish?: Finish & { readonly rings?: number; readonly sides?: number; readonly fromDeg?: number }): void
  decal(decal: Decal): void
  lamp(lamp: Lamp): void
  build(): Mesh
}

export function makeShape(): Shape {
  const faces: Face[] = []
  const decals: Decal[] = []
  const lamps: Lamp[] = []
  let group = 0

  const add = (points: readonly Vec3[], colour: number, finish: Finish, centre?: Vec3) => {
    let normal = faceNormal(points)
    let turned = points
    if (centre) {
      const middle = middleOf(points)
      if (dot(normal, minus(middle, centre)) < 0) {
        turned = [...points].reverse()
        normal = [-normal[0], -normal[1], -normal[2]]
      }
    }
    faces.push({ points: turned, normal, colour, gloss: finish.gloss ?? 0, glow: finish.glow ?? 0, group, softCos: cos(((finish.softDeg ?? 45) * Math.PI) / 180) })
  }

  const shape: Shape = {
    face(points, colour, finish = {}) {
      group += 1
      add(points, colour, finish, finish.centre)
    },
    sheet(points, colour, finish = {}) {
      group += 1
      add(points, colour, finish)
      group += 1
      add([...points].reverse(), colour, finish)
    },
    loft(rings, colour, finish = {}) {
      group += 1
      const tint = typeof colour === 'number' ? () => colour : colour
      for (let r = 1; r < rings.length; r += 1) {
        const a = rings[r - 1]!
        const b = rings[r]!
        const centre = middleOf([...a, ...b])
        a.forEach((p, i) => {
          const j = (i + 1) % a.length
          add([p, a[j]!, b[j]!, b[i]!], tint(r - 1, i), finish, centre)
        })
      }
      const whole = middleOf(rings.flat())
      add(rings[0]!, tint(0, END_CAP), finish, whole)
      add(rings.at(-1)!, tint(rings.length - 2, END_CAP), finish, whole)
    },
    box(low, high, colour, finish = {}) {
      const [x0, y0, z0] = low
      const [x1, y1, z1] = high
      shape.loft([[[x0, y0, z0], [x1, y0, z0], [x1, y1, z0], [x0, y1, z0]], [[x0, y0, z1], [x1, y0, z1], [x1, y1, z1], [x0, y1, z1]]], colour, { softDeg: 10, ...finish })
    },
    tube(from, to, radii, colour, finish = {}) {
      const along = unit(minus(to, from))
      const side = unit(cross(along, abs(along[1]) > 0.9 ? [1, 0, 0] : [0, 1, 0]))
      const other = cross(along, side)
      const sides = finish.sides ?? 6
      const ring = (c: Vec3, radius: number) => Array.from({ length: sides }, (_, i): Vec3 => {
        const a = (i / sides) * Math.PI * 2
        const [s, t] = [cos(a) * radius, sin(a) * radius]
        return [c[0] + side[0] * s + other[0] * t, c[1] + side[1] * s + other[1] * t, c[2] + side[2] * s + other[2] * t]
      })
      shape.loft([ring(from, radii[0]), ring(to, radii[1])], colour, { softDeg: 80, ...finish })
    },
    ball(centre, radii, colour, finish = {}) {
      group += 1
      const rings = finish.rings ?? 5
      const sides = finish.sides ?? 8
      const low = ((finish.fromDeg ?? -90) * Math.PI) / 180
      const at = (r: number, s: number): Vec3 => {
        const lat = low + ((Math.PI / 2 - low) * r) / rings
        const lon = (s / sides) * Math.PI * 2
        return [centre[0] + radii[0] * cos(lat) * cos(lon), centre[1] + radii[1] * sin(lat), centre[2] + radii[2] * cos(lat) * sin(lon)]
      }
      for (let r = 0; r < rings; r += 1) {
        for (let s = 0; s < sides; s += 1) {
          const tint = typeof colour === 'number' ? colour : colour((at(r, 0)[1] + at(r + 1, 0)[1]) / 2)
          const quad = [at(r, s), at(r, s + 1), at(r + 1, s + 1), at(r + 1, s)]
          add(r === rings - 1 ? quad.slice(0, 3) : quad, tint, { softDeg: 80, ...finish }, centre)
        }
      }
    },
    decal: (decal) => void decals.push(decal),
    lamp: (lamp) => void lamps.push(lamp),
    build: () => buildMesh(faces, decals, lamps),
  }
  return shape
}

function middleOf(points: readonly Vec3[]): Vec3 {
  const n = points.length || 1
  return [points.reduce((sum, p) => sum + p[0], 0) / n, points.reduce((sum, p) => sum + p[1], 0) / n, points.reduce((sum, p) => sum + p[2], 0) / n]
}

/** Newell's sum, so that a quad with two equal corners still has a normal. */
function faceNormal(points: readonly Vec3[]): Vec3 {
  let [x, y, z] = [0, 0, 0]
  points.forEach((p, i) => {
    const q = points[(i + 1) % points.length]!
    x += (p[1] - q[1]) * (p[2] + q[2])
    y += (p[2] - q[2]) * (p[0] + q[0])
    z += (p[0] - q[0]) * (p[1] + q[1])
  })
  return unit([x, y, z])
}

function buildMesh(faces: readonly Face[], decals: readonly Decal[], lamps: readonly Lamp[]): Mesh {
  const meeting = new Map<string, Vec3[]>()
  const keyOf = (face: Face, p: Vec3) => `${face.group}:${p.map((v) => round(v * 1000)).join(',')}`
  for (const face of faces) {
    for (const p of face.points) {
      const key = keyOf(face, p)
      const list = meeting.get(key)
      if (list) list.push(face.normal)
      else meeting.set(key, [face.normal])
    }
  }
  const at: number[] = []
  const normal: number[] = []
  const colour: number[] = []
  const gloss: number[] = []
  const glow: number[] = []
  const triangles: number[] = []
  for (const face of faces) {
    const first = gloss.length
    for (const p of face.points) {
      const soft = (meeting.get(keyOf(face, p)) ?? []).filter((other) => dot(other, face.normal) >= face.softCos - 1e-6)
      at.push(...p)
      normal.push(...unit(soft.reduce<Vec3>((sum, n) => [sum[0] + n[0], sum[1] + n[1], sum[2] + n[2]], [0, 0, 0])))
      colour.push((face.colour >> 16) & 255, (face.colour >> 8) & 255, face.colour & 255)
      gloss.push(face.gloss)
      glow.push(face.glow)
    }
    for (let i = 2; i < face.points.length; i += 1) triangles.push(first, first + i - 1, first + i)
  }
  const extent = (axis: number) => at.reduce((most, value, i) => (i % 3 === axis ? max(most, abs(value)) : most), 0)
  return {
    at: Float32Array.from(at), normal: Float32Array.from(normal), colour: Float32Array.from(colour), gloss: Float32Array.from(gloss),
    glow: Uint8Array.from(glow), triangles: Uint16Array.from(triangles), decals, lamps,
    halfWidth: extent(0), height: extent(1), halfLength: extent(2),
  }
}
