import { makeCanvas, resolve } from '../../../server/sandbox/scenes/canvas.js'
import { drawMesh, makeBench } from '../../../server/sandbox/scenes/draw-mesh.js'
import { makeShape, type Mesh } from '../../../server/sandbox/scenes/mesh.js'
import { makeLens } from '../../../server/sandbox/scenes/space.js'
import { spanOf } from '../../../server/sandbox/scenes/span.js'
import { TONES } from '../../../server/sandbox/scenes/tones.js'

const LIGHT = { tone: TONES.cloud, lanterns: [] }

function block(colour: number): Mesh {
  const shape = makeShape()
  shape.box([-1, 0, -0.5], [1, 2, 0.5], colour)
  return shape.build()
}

function setUp() {
  const canvas = makeCanvas(80, 60)
  return { canvas, lens: makeLens({ at: [0, 1, 0], yawDeg: 0, pitchDeg: 0, fovDeg: 60 }, canvas), bench: makeBench(canvas) }
}

const at = (z: number, x = 0) => ({ x, y: 0, z, heading: 0, lean: 0, braking: false })

test.each([['near first', [8, 14]], ['far first', [14, 8]]] as const)('the nearer of two blocks wins, drawn %s', (_, order) => {
  const { canvas, lens, bench } = setUp()
  for (const z of order) drawMesh(canvas, lens, bench, block(z === 8 ? 0xc02020 : 0x2020c0), at(z), LIGHT, z)
  const middle = (canvas.height / 2) * canvas.width + canvas.width / 2
  expect(canvas.owner[middle]).toBe(8)
  expect(canvas.colour[middle * 3]!).toBeGreaterThan(canvas.colour[middle * 3 + 2]!)
})

test('covered counts what a block would cover, hidden or not', () => {
  const { canvas, lens, bench } = setUp()
  const alone = drawMesh(canvas, lens, bench, block(0x20c020), at(14), LIGHT, 1).covered
  drawMesh(canvas, lens, bench, block(0xc02020), at(8), LIGHT, 2)
  const hidden = drawMesh(canvas, lens, bench, block(0x20c020), at(14), LIGHT, 3)
  expect(hidden.covered).toBe(alone)
  expect(canvas.owner.includes(3)).toBe(false)
})

test('a block outside the picture touches nothing', () => {
  const { canvas, lens, bench } = setUp()
  expect(drawMesh(canvas, lens, bench, block(0xffffff), at(10, 60), LIGHT, 1).area).toBeNull()
  expect(canvas.owner.some((owner) => owner !== 0)).toBe(false)
})

test('two triangles that share an edge cover every sample of their square exactly once', () => {
  const corners = [[3.2, 2.7], [41.6, 4.4], [38.3, 30.9], [5.5, 28.1]] as const
  const [a, b, c, d] = corners
  const hits = new Uint8Array(50 * 40)
  for (const [p, q, r] of [[a, b, c], [a, c, d]] as const) {
    for (let y = 0; y < 40; y += 1) {
      const { from, to } = spanOf({ ax: p[0], ay: p[1], bx: q[0], by: q[1], cx: r[0], cy: r[1] }, y, 50)
      for (let x = from; x < to; x += 1) hits[y * 50 + x]! += 1
    }
  }
  expect(Math.max(...hits)).toBe(1)
  expect(hits[15 * 50 + 20]).toBe(1)
  expect(hits.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(850)
})

test('a pixel is the mean of its samples', () => {
  const canvas = makeCanvas(1, 1)
  canvas.colour.set([0, 10, 100, 40, 10, 100, 80, 10, 100, 120, 10, 104])
  const pixels = new Uint8ClampedArray(3)
  resolve(canvas, { x0: 0, y0: 0, x1: 2, y1: 2 }, pixels)
  expect([...pixels]).toEqual([60, 10, 101])
})
