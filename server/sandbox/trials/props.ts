import { makeShape, type Mesh } from '../scenes/mesh.js'
import type { Vec3 } from '../scenes/space.js'

/** Things that somebody brings, leaves or takes. */

/** A travelling bag with a handle. */
export function bag(colour: number): Mesh {
  const shape = makeShape()
  shape.box([-0.36, 0, -0.2], [0.36, 0.46, 0.2], colour)
  shape.box([-0.37, 0.16, -0.21], [0.37, 0.2, 0.21], 0x17181a)
  shape.tube([-0.18, 0.46, 0], [-0.1, 0.62, 0], [0.025, 0.025], 0x17181a)
  shape.tube([0.18, 0.46, 0], [0.1, 0.62, 0], [0.025, 0.025], 0x17181a)
  shape.tube([-0.1, 0.62, 0], [0.1, 0.62, 0], [0.025, 0.025], 0x17181a)
  return shape.build()
}

/** A dark pot with a clipped bush, as stands before a town hall. */
export function planter(): Mesh {
  const shape = makeShape()
  const ring = (y: number, half: number): Vec3[] => [[-half, y, -half], [half, y, -half], [half, y, half], [-half, y, half]]
  shape.loft([ring(0, 0.3), ring(0.55, 0.42)], 0x5a2f26)
  shape.ball([0, 0.95, 0], [0.48, 0.52, 0.48], 0x24401f, { rings: 5, sides: 8 })
  return shape.build()
}

/** A table of goods with crates beside it, set up within a minute. */
export function vendorTable(): Mesh {
  const shape = makeShape()
  shape.box([-0.8, 0.62, -0.45], [0.8, 0.7, 0.45], 0x8a6d4c)
  for (const x of [-0.72, 0.66]) for (const z of [-0.38, 0.32]) shape.box([x, 0, z], [x + 0.06, 0.62, z + 0.06], 0x6b6f72)
  for (let i = 0; i < 10; i += 1) shape.ball([-0.64 + (i % 5) * 0.32, 0.74, -0.2 + Math.floor(i / 5) * 0.4], [0.14, 0.12, 0.14], i % 2 ? 0xc9742b : 0x7fa03c, { rings: 3, sides: 6, fromDeg: 0 })
  shape.box([0.95, 0, -0.35], [1.45, 0.34, 0.2], 0x2f5f86)
  shape.box([0.98, 0.34, -0.32], [1.42, 0.66, 0.16], 0xa8442f)
  return shape.build()
}
