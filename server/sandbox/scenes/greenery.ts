import { makeShape } from './mesh.js'
import { between, noise2, rough2 } from './noise.js'
import { paintSurface } from './paint-surface.js'
import { coat, setAlbedo, stand, type Shade, type Stage } from './stage.js'
import type { Vec3 } from './space.js'

export interface Tree {
  readonly x: number
  readonly z: number
  readonly height: number
  readonly spread: number
  readonly kind?: 'broad' | 'palm'
}

/** Where the crown's shadow falls when the sun stands at `sun`. */
export function shadeOf(tree: Tree, sun: Vec3): Shade {
  const reach = (tree.height * 0.75) / Math.max(0.3, sun[1])
  return { x: tree.x - sun[0] * reach, z: tree.z - sun[2] * reach, halfX: tree.spread * 1.25, halfZ: tree.spread * 1.25, leafy: true }
}

export function plantTree(stage: Stage, tree: Tree): void {
  if (tree.kind === 'palm') return plantPalm(stage, tree)
  const { chance } = stage
  const shape = makeShape()
  const fork = tree.height * 0.52
  shape.tube([0, 0, 0], [0.08, fork, 0.05], [0.2, 0.15], 0x6b5a48, { sides: 8 })
  for (let i = 0; i < 4; i += 1) {
    const a = i * 1.6 + chance()
    shape.tube([0.08, fork, 0.05], [Math.cos(a) * tree.spread * 0.6, fork + tree.height * 0.25, Math.sin(a) * tree.spread * 0.6], [0.11, 0.05], 0x64523f, { sides: 5 })
  }
  shape.tube([0, 0, 0], [0.02, 1.1, 0.02], [0.205, 0.19], 0xd8d5c8, { sides: 8 })
  stand(stage, shape.build(), tree.x, 0.1, tree.z)
  const clumps = Array.from({ length: Math.round(26 + tree.spread * 8) }, () => {
    const a = chance() * Math.PI * 2
    const r = Math.sqrt(chance()) * tree.spread
    const lift = (chance() - 0.4) * tree.height * 0.42 * Math.sqrt(Math.max(0.1, 1 - (r / tree.spread) ** 2))
    return { x: tree.x + Math.cos(a) * r, y: tree.height * 0.78 + lift, z: tree.z + Math.sin(a) * r, size: between(chance, 0.7, 1.25), tint: chance() }
  })
  for (const clump of clumps) leaves(stage, clump, tree.height)
}

interface Clump {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly size: number
  readonly tint: number
}

/** A square of leaves that faces the lens; holes in it come from noise. */
function leaves(stage: Stage, clump: Clump, crownTop: number): void {
  const { right, up } = stage.lens
  const s = clump.size
  const corner = (a: number, b: number): Vec3 => [clump.x + right[0] * a * s + up[0] * b * s, clump.y + right[1] * a * s + up[1] * b * s, clump.z + right[2] * a * s + up[2] * b * s]
  const seed = clump.tint * 90
  paintSurface(stage.canvas, stage.lens, [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)], coat(stage, [0, 0.55, -0.3], (spot) => {
    const du = spot.u / s - 1
    const dv = spot.v / s - 1
    const edge = 1 - Math.hypot(du, dv)
    const leaf = noise2(spot.u * 9 + seed, spot.v * 9) * 0.6 + noise2(spot.u * 21, spot.v * 21 + seed) * 0.4
    if (edge * 1.5 < leaf) return false
    const high = Math.max(0.25, Math.min(1.15, 0.55 + dv * 0.3 + (spot.y / crownTop - 0.75) * 1.1))
    setAlbedo(spot, clump.tint < 0.33 ? 0x5c7838 : clump.tint < 0.7 ? 0x4b6a34 : 0x6c8444, high * (0.55 + leaf * 0.95))
    return true
  }))
}

function plantPalm(stage: Stage, tree: Tree): void {
  const { chance } = stage
  const shape = makeShape()
  shape.tube([0, 0, 0], [0.15, tree.height, 0.1], [0.17, 0.11], 0x8a7b68, { sides: 7 })
  const fronds = 13
  for (let i = 0; i < fronds; i += 1) {
    const a = (i / fronds) * Math.PI * 2 + chance() * 0.3
    const rise = between(chance, 0.1, 0.8)
    const at = (t: number, side: number): Vec3 => {
      const r = t * tree.spread
      return [0.15 + Math.cos(a) * r - Math.sin(a) * side, tree.height + rise * t * 1.6 - t * t * 2.1, 0.1 + Math.sin(a) * r + Math.cos(a) * side]
    }
    for (let k = 0; k < 4; k += 1) {
      const [t0, t1] = [k / 4, (k + 1) / 4]
      const w = (t: number) => 0.34 * Math.sin(Math.PI * Math.min(0.95, t + 0.12))
      shape.sheet([at(t0, -w(t0)), at(t0, w(t0)), at(t1, w(t1)), at(t1, -w(t1))], k % 2 ? 0x4f7036 : 0x5d7f3f)
    }
  }
  stand(stage, shape.build(), tree.x, 0.1, tree.z)
}

/** A clipped hedge. */
export function plantHedge(stage: Stage, patch: { readonly x0: number; readonly x1: number; readonly z0: number; readonly z1: number; readonly height: number }): void {
  const { x0, x1, z0, z1, height } = patch
  const green = (normal: Vec3) => coat(stage, normal, (spot) => {
    setAlbedo(spot, 0x51703a, 0.5 + rough2(spot.u * 4 + spot.x, spot.v * 4 + spot.z) * 0.9)
    return true
  })
  paintSurface(stage.canvas, stage.lens, [[x0, height, z0], [x1, height, z0], [x1, height, z1], [x0, height, z1]], green([0, 1, 0]))
  paintSurface(stage.canvas, stage.lens, [[x0, 0, z0], [x1, 0, z0], [x1, height, z0], [x0, height, z0]], green([0, 0, -1]))
  paintSurface(stage.canvas, stage.lens, [[x0, 0, z1], [x0, 0, z0], [x0, height, z0], [x0, height, z1]], green([-1, 0, 0]))
  paintSurface(stage.canvas, stage.lens, [[x1, 0, z0], [x1, 0, z1], [x1, height, z1], [x1, height, z0]], green([1, 0, 0]))
}
