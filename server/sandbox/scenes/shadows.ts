import type { Area, Canvas } from './canvas.js'
import type { Placing } from './draw-mesh.js'
import type { Mesh } from './mesh.js'
import { project, type Lens, type Vec3 } from './space.js'
import type { Tone } from './tones.js'

// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { abs, ceil, cos, floor, max, min, sin } = Math

/** Soft shadows and headlight pools: they change the ground that is already drawn, never what stands on it. */
interface GroundStain {
  readonly placing: Placing
  /** Own coordinates of the body, metres: centre and half sizes of the area that may change. */
  readonly reach: { readonly x0: number; readonly x1: number; readonly z0: number; readonly z1: number }
  /** Factor on the ground at own coordinates. */
  readonly gain: (x: number, z: number) => number
  /** Light that is added in proportion to what the gain adds above 1. */
  readonly warm: boolean
}

export function castShadow(canvas: Canvas, lens: Lens, mesh: Mesh, placing: Placing, tone: Tone): Area | null {
  const halfX = mesh.halfWidth * (mesh.halfWidth < 0.6 ? 0.62 : 0.96)
  const halfZ = mesh.halfLength * 0.96
  const c = cos(placing.heading)
  const s = sin(placing.heading)
  const sunny = tone.name === 'day' || tone.name === 'dusk'
  const stretch = sunny ? min(1.5, mesh.height) / max(0.45, tone.sun[1]) : 0
  const [wx, wz] = [-tone.sun[0] * stretch, -tone.sun[2] * stretch]
  const cast: readonly [number, number] = [wx * c - wz * s, wx * s + wz * c]
  const soft = 0.4
  const inside = (x: number, z: number, edge: number) => {
    const out = max(abs(x) - halfX, abs(z) - halfZ)
    const t = max(0, min(1, (edge - out) / (2 * edge)))
    return t * t * (3 - 2 * t)
  }
  const gain = (x: number, z: number) => {
    let dark = tone.shade * inside(x, z, soft)
    if (sunny) for (let i = 1; i <= 4; i += 1) dark = max(dark, tone.shade * 0.8 * inside(x - (cast[0] * i) / 4, z - (cast[1] * i) / 4, 0.14))
    return 1 - dark
  }
  const reach = { x0: -halfX - soft + min(0, cast[0]), x1: halfX + soft + max(0, cast[0]), z0: -halfZ - soft + min(0, cast[1]), z1: halfZ + soft + max(0, cast[1]) }
  return stain(canvas, lens, { placing, reach, gain, warm: false })
}

/** The pool of light before a vehicle at night. */
export function castBeam(canvas: Canvas, lens: Lens, mesh: Mesh, placing: Placing): Area | null {
  const wide = max(0.9, mesh.halfWidth)
  const from = mesh.halfLength
  const gain = (x: number, z: number) => {
    const along = (z - from) / 8
    if (along < 0 || along > 1) return 1
    const across = abs(x) / (wide * (0.6 + along))
    return 1 + 1.7 * max(0, 1 - across * across) * min(1, along * 4) * (1 - along)
  }
  return stain(canvas, lens, { placing, reach: { x0: -wide * 1.7, x1: wide * 1.7, z0: from, z1: from + 8 }, gain, warm: true })
}

function stain(canvas: Canvas, lens: Lens, what: GroundStain): Area | null {
  const { placing, reach } = what
  const c = cos(placing.heading)
  const s = sin(placing.heading)
  const corners = [[reach.x0, reach.z0], [reach.x1, reach.z0], [reach.x1, reach.z1], [reach.x0, reach.z1]] as const
  const seen = corners.map(([x, z]) => project(lens, [placing.x + x * c + z * s, placing.y, placing.z - x * s + z * c]))
  if (seen.some((corner) => corner === null)) return null
  const xs = seen.map((corner) => corner!.x)
  const ys = seen.map((corner) => corner!.y)
  const f = canvas.fine
  const area: Area = {
    x0: max(0, floor(min(...xs) / f) * f), y0: max(0, floor(min(...ys) / f) * f),
    x1: min(canvas.width, ceil(max(...xs) / f) * f), y1: min(canvas.height, ceil(max(...ys) / f) * f),
  }
  if (area.x0 >= area.x1 || area.y0 >= area.y1) return null
  const { right, up, forward }: { readonly right: Vec3; readonly up: Vec3; readonly forward: Vec3 } = lens
  for (let y = area.y0; y < area.y1; y += f) {
    const b = (lens.height / 2 - y - f / 2) / lens.focal
    for (let x = area.x0; x < area.x1; x += f) {
      const a = (x + f / 2 - lens.width / 2) / lens.focal
      const dy = forward[1] + a * right[1] + b * up[1]
      if (dy > -1e-3) continue
      const depth = (placing.y - lens.at[1]) / dy
      const gx = lens.at[0] + depth * (forward[0] + a * right[0] + b * up[0]) - placing.x
      const gz = lens.at[2] + depth * (forward[2] + a * right[2] + b * up[2]) - placing.z
      const ownX = gx * c - gz * s
      const ownZ = gx * s + gz * c
      if (ownX < reach.x0 || ownX > reach.x1 || ownZ < reach.z0 || ownZ > reach.z1) continue
      const gain = what.gain(ownX, ownZ)
      if (abs(gain - 1) > 0.01) tint(canvas, x, y, { near: 1 / depth, gain, warm: what.warm })
    }
  }
  return area
}

function tint(canvas: Canvas, x0: number, y0: number, how: { readonly near: number; readonly gain: number; readonly warm: boolean }): void {
  for (let y = y0; y < y0 + canvas.fine; y += 1) {
    for (let x = x0; x < x0 + canvas.fine; x += 1) {
      const i = y * canvas.width + x
      // Only the ground itself: what stands nearer (a pole, another vehicle) keeps its colour.
      if (canvas.owner[i] !== 0 || canvas.nearness[i]! > how.near * 1.02) continue
      const add = how.warm ? (how.gain - 1) * 14 : 0
      canvas.colour[i * 3] = canvas.colour[i * 3]! * how.gain + add
      canvas.colour[i * 3 + 1] = canvas.colour[i * 3 + 1]! * how.gain + add * 0.94
      canvas.colour[i * 3 + 2] = canvas.colour[i * 3 + 2]! * how.gain + add * 0.78
    }
  }
}
