import type { Area, Canvas } from './canvas.js'
import { GLOW, type Decal, type Mesh } from './mesh.js'
import { doubleArea, setSlope, spanOf, type Slope, type Triangle } from './span.js'
import { NEAR_M, type Lens, type Vec3 } from './space.js'
import { hazeAt, lightAt, type Lighting } from './tones.js'

// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { abs, ceil, cos, floor, hypot, max, min, sin } = Math

/** Where a body stands. Heading 0 looks along +z, clockwise seen from above. */
export interface Placing {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly heading: number
  /** Sideways lean of a rider in a bend, radians to the right. */
  readonly lean: number
  readonly braking: boolean
}

/** Scratch of one picture size, reused for every body. `stamps` counts what a body would cover if nothing hid it. */
export interface Bench {
  readonly stamps: Uint32Array
  stamp: number
  sx: Float32Array
  sy: Float32Array
  near: Float32Array
  lit: Float32Array
}

export function makeBench(canvas: Canvas): Bench {
  const empty = () => new Float32Array(4096)
  return { stamps: new Uint32Array(canvas.width * canvas.height), stamp: 0, sx: empty(), sy: empty(), near: empty(), lit: new Float32Array(4096 * 3) }
}

export interface Drawn {
  /** Samples touched, or null when wholly outside. */
  readonly area: Area | null
  /** Samples it covers inside the picture, hidden ones too. */
  readonly covered: number
  /** Projected extent, also outside the picture. */
  readonly full: Area
}

const slopes: Slope[] = Array.from({ length: 4 }, () => ({ dx: 0, dy: 0, base: 0 }))
const triangle: Triangle = { ax: 0, ay: 0, bx: 0, by: 0, cx: 0, cy: 0 }

/** Without a lighting only places and owners are drawn. */
export function drawMesh(canvas: Canvas, lens: Lens, bench: Bench, mesh: Mesh, placing: Placing, lighting: Lighting | null, owner: number): Drawn {
  const full = place(lens, bench, mesh, placing)
  bench.stamp += 1
  const area: Area = {
    x0: max(0, floor(full.x0) - 1), y0: max(0, floor(full.y0) - 1),
    x1: min(canvas.width, ceil(full.x1) + 1), y1: min(canvas.height, ceil(full.y1) + 1),
  }
  if (area.x0 >= area.x1 || area.y0 >= area.y1) return { area: null, covered: 0, full }
  if (lighting) shade(lens, bench, mesh, placing, lighting)
  let covered = 0
  const { triangles } = mesh
  for (let i = 0; i < triangles.length; i += 3) covered += fill(canvas, bench, triangles[i]!, triangles[i + 1]!, triangles[i + 2]!, owner)
  if (lighting) for (const decal of mesh.decals) stick(canvas, lens, decal, placing, lighting, owner)
  return { area, covered, full }
}

/** World coordinates of a point of the body. */
export function worldOf(placing: Placing, p: Vec3): Vec3 {
  const c = cos(placing.heading)
  const s = sin(placing.heading)
  const lx = p[0] + p[1] * sin(placing.lean)
  const ly = p[1] * cos(placing.lean)
  return [placing.x + lx * c + p[2] * s, placing.y + ly, placing.z - lx * s + p[2] * c]
}

function place(lens: Lens, bench: Bench, mesh: Mesh, placing: Placing): Area {
  const count = mesh.gloss.length
  if (bench.near.length < count) {
    bench.sx = new Float32Array(count)
    bench.sy = new Float32Array(count)
    bench.near = new Float32Array(count)
    bench.lit = new Float32Array(count * 3)
  }
  const c = cos(placing.heading)
  const s = sin(placing.heading)
  const [leanS, leanC] = [sin(placing.lean), cos(placing.lean)]
  const { right, up, forward, at } = lens
  const [ox, oy, oz] = [placing.x - at[0], placing.y - at[1], placing.z - at[2]]
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < count; i += 1) {
    const ly = mesh.at[i * 3 + 1]!
    const lx = mesh.at[i * 3]! + ly * leanS
    const lz = mesh.at[i * 3 + 2]!
    const dx = ox + lx * c + lz * s
    const dy = oy + ly * leanC
    const dz = oz - lx * s + lz * c
    const depth = dx * forward[0] + dy * forward[1] + dz * forward[2]
    if (depth < NEAR_M) {
      bench.near[i] = 0
      continue
    }
    const near = 1 / depth
    const px = lens.width / 2 + lens.focal * (dx * right[0] + dz * right[2]) * near
    const py = lens.height / 2 - lens.focal * (dx * up[0] + dy * up[1] + dz * up[2]) * near
    bench.near[i] = near
    bench.sx[i] = px
    bench.sy[i] = py
    if (px < x0) x0 = px
    if (px > x1) x1 = px
    if (py < y0) y0 = py
    if (py > y1) y1 = py
  }
  return { x0, y0, x1, y1 }
}

/** Bodies larger than any vehicle are lit corner by corner. */
const WIDE_M = 5.5

/** Colours the corners: ambient by the way they face, one light, a sheen, a mirrored sky on glass, and the air between. */
function shade(lens: Lens, bench: Bench, mesh: Mesh, placing: Placing, lighting: Lighting): void {
  const { tone } = lighting
  let light = lightAt(lighting, placing.x, placing.y + mesh.height * 0.6, placing.z)
  const c = cos(placing.heading)
  const s = sin(placing.heading)
  const local = (v: Vec3): Vec3 => [v[0] * c - v[2] * s, v[1], v[0] * s + v[2] * c]
  let sun = local(light.towards)
  const away: Vec3 = [placing.x - lens.at[0], placing.y + mesh.height / 2 - lens.at[1], placing.z - lens.at[2]]
  const distance = hypot(...away)
  const view = local([away[0] / distance, away[1] / distance, away[2] / distance])
  let haze = hazeAt(tone, distance)
  // A row of railings is in more than one light and at more than one distance.
  const wide = max(mesh.halfWidth, mesh.halfLength) > WIDE_M
  const [sky, ground, top] = [tone.skyLight, tone.groundLight, tone.skyLow]
  for (let i = 0; i < mesh.gloss.length; i += 1) {
    if (bench.near[i] === 0) continue
    if (wide) {
      const p = worldOf(placing, [mesh.at[i * 3]!, mesh.at[i * 3 + 1]!, mesh.at[i * 3 + 2]!])
      light = lightAt(lighting, p[0], p[1], p[2])
      sun = local(light.towards)
      haze = hazeAt(tone, 1 / bench.near[i]!)
    }
    const nx = mesh.normal[i * 3]!
    const ny = mesh.normal[i * 3 + 1]!
    const nz = mesh.normal[i * 3 + 2]!
    const face = max(0, nx * sun[0] + ny * sun[1] + nz * sun[2])
    // The lower a thing hangs the less sky it sees: bellies and wheel arches go dark.
    const open = 0.62 + 0.38 * min(1, mesh.at[i * 3 + 1]! / 0.7)
    const up = (ny * 0.5 + 0.5) * open
    const gloss = mesh.gloss[i]!
    const facing = 2 * (view[0] * nx + view[1] * ny + view[2] * nz)
    const mirrorY = view[1] - facing * ny
    const mirrorSun = max(0, (view[0] - facing * nx) * sun[0] + mirrorY * sun[1] + (view[2] - facing * nz) * sun[2])
    const sheen = gloss * (mirrorSun ** 24 * 210 + 26 * mirrorSun * mirrorSun)
    const mirrored = gloss * max(0, mirrorY) * (0.1 + 0.22 * (1 + facing / 2))
    const glow = mesh.glow[i]!
    const own = glow === GLOW.lamp ? (tone.lampsLit ? 1.15 : 0.35) : glow === GLOW.brake ? (placing.braking ? 1.1 : tone.lampsLit ? 0.6 : 0) : 0
    for (let k = 0; k < 3; k += 1) {
      const colour = mesh.colour[i * 3 + k]!
      const value = colour * (ground[k]! * (1 - up) + sky[k]! * up + light.colour[k]! * face + own) + sheen * light.colour[k]! + mirrored * top[k]!
      bench.lit[i * 3 + k] = value + (tone.haze[k]! - value) * haze
    }
  }
}

function fill(canvas: Canvas, bench: Bench, a: number, b: number, c: number, owner: number): number {
  const { sx, sy, near, lit } = bench
  if (near[a] === 0 || near[b] === 0 || near[c] === 0) return 0
  const t = triangle
  t.ax = sx[a]!
  t.ay = sy[a]!
  t.bx = sx[b]!
  t.by = sy[b]!
  t.cx = sx[c]!
  t.cy = sy[c]!
  const area = doubleArea(t)
  if (area <= 1e-4) return 0
  const width = canvas.width
  const top = max(0, floor(min(t.ay, t.by, t.cy)))
  const bottom = min(canvas.height, ceil(max(t.ay, t.by, t.cy)))
  const [w, r, g, bl] = slopes as [Slope, Slope, Slope, Slope]
  let ready = false
  let covered = 0
  for (let y = top; y < bottom; y += 1) {
    const { from, to } = spanOf(t, y, width)
    if (from >= to) continue
    if (!ready) {
      setSlope(w, t, area, near[a]!, near[b]!, near[c]!)
      setSlope(r, t, area, lit[a * 3]!, lit[b * 3]!, lit[c * 3]!)
      setSlope(g, t, area, lit[a * 3 + 1]!, lit[b * 3 + 1]!, lit[c * 3 + 1]!)
      setSlope(bl, t, area, lit[a * 3 + 2]!, lit[b * 3 + 2]!, lit[c * 3 + 2]!)
      ready = true
    }
    const cx = from + 0.5
    const cy = y + 0.5
    let wv = w.base + w.dx * cx + w.dy * cy
    let rv = r.base + r.dx * cx + r.dy * cy
    let gv = g.base + g.dx * cx + g.dy * cy
    let bv = bl.base + bl.dx * cx + bl.dy * cy
    for (let i = y * width + from; i < y * width + to; i += 1) {
      if (bench.stamps[i] !== bench.stamp) {
        bench.stamps[i] = bench.stamp
        covered += 1
      }
      if (wv > canvas.nearness[i]!) {
        canvas.nearness[i] = wv
        canvas.owner[i] = owner
        canvas.colour[i * 3] = rv
        canvas.colour[i * 3 + 1] = gv
        canvas.colour[i * 3 + 2] = bv
      }
      wv += w.dx
      rv += r.dx
      gv += g.dx
      bv += bl.dx
    }
  }
  return covered
}

/** Decals lie this much nearer than the skin they stick to. */
const DECAL_LIFT = 1.0015

/** Where the corners of a decal are seen, from its top left clockwise, in samples; null from behind or when any is behind the camera. */
export function cornersSeen(lens: Lens, decal: Decal, placing: Placing): readonly [Seen, Seen, Seen, Seen] | null {
  const [a, b, c, d] = decal.corners.map((corner) => {
    const p = worldOf(placing, corner)
    const d: Vec3 = [p[0] - lens.at[0], p[1] - lens.at[1], p[2] - lens.at[2]]
    const depth = d[0] * lens.forward[0] + d[1] * lens.forward[1] + d[2] * lens.forward[2]
    return {
      near: depth < NEAR_M ? 0 : 1 / depth,
      x: lens.width / 2 + (lens.focal * (d[0] * lens.right[0] + d[2] * lens.right[2])) / depth,
      y: lens.height / 2 - (lens.focal * (d[0] * lens.up[0] + d[1] * lens.up[1] + d[2] * lens.up[2])) / depth,
    }
  })
  if (!a || !b || !c || !d || a.near * b.near * c.near * d.near === 0) return null
  return (b.x - a.x) * (d.y - a.y) - (d.x - a.x) * (b.y - a.y) <= 0 ? null : [a, b, c, d]
}

function stick(canvas: Canvas, lens: Lens, decal: Decal, placing: Placing, lighting: Lighting, owner: number): void {
  const corners = cornersSeen(lens, decal, placing)
  if (!corners) return
  const [a, b, c, d] = corners
  let picture = decal.picture
  while (picture.half && picture.width > 1.6 * hypot(b.x - a.x, b.y - a.y)) picture = picture.half
  const { tone } = lighting
  const distance = 1 / a.near
  const haze = hazeAt(tone, distance)
  const light = lightAt(lighting, placing.x, placing.y + 0.6, placing.z)
  // Plates are retro-reflective and have a lamp of their own, so they never fall as dark as the body.
  const gain = [0, 1, 2].map((k) => max(0.34, 0.62 * tone.skyLight[k]! + 0.38 * tone.groundLight[k]! + 0.45 * light.colour[k]!))
  const tint = { gain, haze: tone.haze, mix: haze }
  stickHalf(canvas, picture, [a, b, c], [0, 0, 1, 0, 1, 1], tint, owner)
  stickHalf(canvas, picture, [a, c, d], [0, 0, 1, 1, 0, 1], tint, owner)
}

/** A point as seen: 1/depth in metres, and its place in samples of the canvas. */
export interface Seen {
  readonly near: number
  readonly x: number
  readonly y: number
}

function stickHalf(canvas: Canvas, picture: Decal['picture'], corners: readonly [Seen, Seen, Seen], uv: readonly number[], tint: { readonly gain: readonly number[]; readonly haze: Vec3; readonly mix: number }, owner: number): void {
  const [a, b, c] = corners
  const t: Triangle = { ax: a.x, ay: a.y, bx: b.x, by: b.y, cx: c.x, cy: c.y }
  const area = doubleArea(t)
  if (abs(area) < 1e-4) return
  const [w, u, v] = slopes as [Slope, Slope, Slope]
  setSlope(w, t, area, a.near, b.near, c.near)
  setSlope(u, t, area, uv[0]! * picture.width, uv[2]! * picture.width, uv[4]! * picture.width)
  setSlope(v, t, area, uv[1]! * picture.height, uv[3]! * picture.height, uv[5]! * picture.height)
  const bottom = min(canvas.height, ceil(max(t.ay, t.by, t.cy)))
  for (let y = max(0, floor(min(t.ay, t.by, t.cy))); y < bottom; y += 1) {
    const { from, to } = spanOf(t, y, canvas.width)
    for (let x = from; x < to; x += 1) {
      const i = y * canvas.width + x
      const near = (w.base + w.dx * (x + 0.5) + w.dy * (y + 0.5)) * DECAL_LIFT
      if (near <= canvas.nearness[i]!) continue
      const px = max(0, min(picture.width - 1.001, u.base + u.dx * (x + 0.5) + u.dy * (y + 0.5) - 0.5))
      const py = max(0, min(picture.height - 1.001, v.base + v.dx * (x + 0.5) + v.dy * (y + 0.5) - 0.5))
      canvas.nearness[i] = near
      canvas.owner[i] = owner
      for (let k = 0; k < 3; k += 1) {
        const value = sampleAt(picture, px, py, k) * tint.gain[k]!
        canvas.colour[i * 3 + k] = value + (tint.haze[k]! - value) * tint.mix
      }
    }
  }
}

function sampleAt(picture: Decal['picture'], x: number, y: number, k: number): number {
  const ix = floor(x)
  const iy = floor(y)
  const fx = x - ix
  const fy = y - iy
  const i = (iy * picture.width + ix) * 3 + k
  const j = picture.height > 1 ? i + picture.width * 3 : i
  const step = picture.width > 1 ? 3 : 0
  return (picture.rgb[i]! * (1 - fx) + picture.rgb[i + step]! * fx) * (1 - fy) + (picture.rgb[j]! * (1 - fx) + picture.rgb[j + step]! * fx) * fy
}
