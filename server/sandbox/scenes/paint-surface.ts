import type { Canvas } from './canvas.js'
import { doubleArea, setSlope, spanOf, type Slope, type Triangle } from './span.js'
import { lerp3, NEAR_M, seenBy, type Lens, type Vec3 } from './space.js'

// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { abs, ceil, floor, hypot, max, min } = Math

/**
 * The street is painted once, sample by sample: a surface is a flat polygon and a function that says its colour at a place.
 * Slow and rich is right here; what moves goes through `draw-mesh.ts`.
 */
export interface Spot {
  /** World place. */
  x: number
  y: number
  z: number
  /** Own coordinates of the surface, metres along its first and its last edge. */
  u: number
  v: number
  depth: number
  r: number
  g: number
  b: number
}

/** Sets r, g, b; false leaves the sample as it was (a gap between leaves). */
export type Paint = (spot: Spot) => boolean

interface Corner {
  readonly p: Vec3
  readonly seen: Vec3
  readonly u: number
  readonly v: number
}

const spot: Spot = { x: 0, y: 0, z: 0, u: 0, v: 0, depth: 0, r: 0, g: 0, b: 0 }
const slopes: Slope[] = Array.from({ length: 6 }, () => ({ dx: 0, dy: 0, base: 0 }))

export function paintSurface(canvas: Canvas, lens: Lens, points: readonly Vec3[], paint: Paint): void {
  const [a, b] = points
  const last = points.at(-1)
  if (!a || !b || !last || points.length < 3) return
  const alongU = axis(a, b)
  const alongV = axis(a, last)
  const corners = points.map((p): Corner => {
    const d: Vec3 = [p[0] - a[0], p[1] - a[1], p[2] - a[2]]
    return { p, seen: seenBy(lens, p), u: d[0] * alongU[0] + d[1] * alongU[1] + d[2] * alongU[2], v: d[0] * alongV[0] + d[1] * alongV[1] + d[2] * alongV[2] }
  })
  const clipped = clipNear(corners)
  for (let i = 2; i < clipped.length; i += 1) paintTriangle(canvas, lens, [clipped[0]!, clipped[i - 1]!, clipped[i]!], paint)
}

function axis(a: Vec3, b: Vec3): Vec3 {
  const length = hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]) || 1
  return [(b[0] - a[0]) / length, (b[1] - a[1]) / length, (b[2] - a[2]) / length]
}

function clipNear(corners: readonly Corner[]): Corner[] {
  const out: Corner[] = []
  corners.forEach((from, i) => {
    const to = corners[(i + 1) % corners.length]!
    if (from.seen[2] >= NEAR_M) out.push(from)
    if (from.seen[2] >= NEAR_M === to.seen[2] >= NEAR_M) return
    const t = (NEAR_M - from.seen[2]) / (to.seen[2] - from.seen[2])
    out.push({ p: lerp3(from.p, to.p, t), seen: lerp3(from.seen, to.seen, t), u: from.u + (to.u - from.u) * t, v: from.v + (to.v - from.v) * t })
  })
  return out
}

function paintTriangle(canvas: Canvas, lens: Lens, corners: readonly [Corner, Corner, Corner], paint: Paint): void {
  const sx = (c: Corner) => lens.width / 2 + (lens.focal * c.seen[0]) / c.seen[2]
  const sy = (c: Corner) => lens.height / 2 - (lens.focal * c.seen[1]) / c.seen[2]
  const [a, b, c] = corners
  const t: Triangle = { ax: sx(a), ay: sy(a), bx: sx(b), by: sy(b), cx: sx(c), cy: sy(c) }
  const area = doubleArea(t)
  if (abs(area) < 1e-6) return
  const over = (k: Corner): readonly number[] => [1, k.p[0], k.p[1], k.p[2], k.u, k.v].map((value) => value / k.seen[2])
  const [va, vb, vc] = [over(a), over(b), over(c)]
  slopes.forEach((slope, i) => setSlope(slope, t, area, va![i]!, vb![i]!, vc![i]!))
  const top = max(0, floor(min(t.ay, t.by, t.cy)))
  const bottom = min(canvas.height, ceil(max(t.ay, t.by, t.cy)))
  for (let y = top; y < bottom; y += 1) paintRow(canvas, t, y, paint)
}

function paintRow(canvas: Canvas, t: Triangle, y: number, paint: Paint): void {
  const [w, px, py, pz, pu, pv] = slopes as [Slope, Slope, Slope, Slope, Slope, Slope]
  const { from, to } = spanOf(t, y, canvas.width)
  const at = (slope: Slope, x: number) => slope.base + slope.dx * (x + 0.5) + slope.dy * (y + 0.5)
  for (let x = from; x < to; x += 1) {
    const near = at(w, x)
    const i = y * canvas.width + x
    if (near <= canvas.nearness[i]!) continue
    const depth = 1 / near
    spot.depth = depth
    spot.x = at(px, x) * depth
    spot.y = at(py, x) * depth
    spot.z = at(pz, x) * depth
    spot.u = at(pu, x) * depth
    spot.v = at(pv, x) * depth
    if (!paint(spot)) continue
    canvas.nearness[i] = near
    canvas.colour[i * 3] = spot.r
    canvas.colour[i * 3 + 1] = spot.g
    canvas.colour[i * 3 + 2] = spot.b
  }
}
