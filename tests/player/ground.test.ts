import { groundFault, groundPlane, type Rectangle } from '../../analytics/geometry/ground-plane.js'
import { gridOf, gridStepM, metresBetween, mountOf, roadOf, type Measured } from '../../player/rules/ground.js'
import { faultOf } from '../../player/rules/shape.js'
import { makeLens, project, type Mount } from '../../server/sandbox/scenes/space.js'

const SIZE = { width: 1280, height: 720 }
const ASPECT = SIZE.width / SIZE.height
const spot = (x: number, y: number) => ({ x, y })
type Four = Rectangle['corners']

/** A camera of the sandbox's kind, 6.6 m up, 16° down, 50° wide, and what it sees of points of the road (across, ahead). */
const STREET: Mount = { at: [1.2, 6.6, -1], yawDeg: -1.5, pitchDeg: 16, fovDeg: 50 }
const seenFrom = (mount: Mount) => (x: number, z: number) => {
  const seen = project(makeLens(mount, SIZE), [x, 0, z])!
  return spot(seen.x / SIZE.width, seen.y / SIZE.height)
}
const seen = seenFrom(STREET)
const corners = (of = seen): Four => [of(-4.75, 14), of(4.75, 14), of(4.75, 34), of(-4.75, 34)]
const ground: Measured = { points: corners(), widthM: 9.5, lengthM: 20 }
const road = roadOf(ground)!

test('the road that is drawn is the road that speeds are reckoned on', () => {
  const plane = groundPlane({ corners: corners(), widthM: 9.5, lengthM: 20 })
  for (const [x, z] of [[-4.75, 14], [0, 20], [3, 60], [-7, 12]] as const) {
    const at = seen(x, z)
    const metres = road.onRoad(at)!
    expect([metres.x, metres.y]).toEqual([expect.closeTo(plane.at(at)!.x, 6), expect.closeTo(plane.at(at)!.y, 6)])
    expect(road.inPicture(metres)).toEqual({ x: expect.closeTo(at.x, 6), y: expect.closeTo(at.y, 6) })
  }
  expect([road.onRoad(spot(0.5, -0.05)), plane.at(spot(0.5, -0.05))]).toEqual([null, null])
})

test('a known length is measured wherever it lies, and not above the horizon', () => {
  expect(metresBetween(road, [seen(0, 40), seen(0, 45)])).toBeCloseTo(5, 6)
  expect(metresBetween(road, [seen(-2, 20), seen(1, 24)])).toBeCloseTo(5, 6)
  expect(metresBetween(road, [seen(0, 40), spot(0.5, -0.05)])).toBe(null)
})

test.each<[string, Mount]>([
  ['a street camera', STREET],
  ['one that looks slantwise over a junction', { at: [0, 9, 0], yawDeg: 20, pitchDeg: 24, fovDeg: 70 }],
  ['one high on a tower with a long lens', { at: [0, 30, -30], yawDeg: 3, pitchDeg: 30, fovDeg: 24 }],
])('%s is known again by how it sees the rectangle', (_name, mount) => {
  const found = mountOf({ points: corners(seenFrom(mount)), widthM: 9.5, lengthM: 20 }, ASPECT)
  expect(found).toEqual({ is: 'camera', heightM: expect.closeTo(mount.at[1], 3), fovDeg: expect.closeTo(mount.fovDeg, 2), likely: true })
})

test('a hand that misses each corner by two pixels moves the camera by a fifth at most', () => {
  for (let turn = 0; turn < 16; turn += 1) {
    const points = corners().map(({ x, y }, at) => spot(x + (turn & (1 << at) ? 2 : -2) / SIZE.width, y + (turn & (1 << (3 - at)) ? 2 : -2) / SIZE.height))
    const found = mountOf({ ...ground, points }, ASPECT)
    if (found.is !== 'camera') throw new Error('no camera')
    expect(Math.abs(found.heightM / 6.6 - 1)).toBeLessThan(0.2)
    expect(found.likely).toBe(true)
  }
})

const about = (found: ReturnType<typeof mountOf>): string => (found.is === 'camera' && !found.likely ? 'unlikely' : found.is)
test.each<[string, Measured, string]>([
  ['width and length changed over', { ...ground, widthM: 20, lengthM: 9.5 }, 'no_camera'],
  ['centimetres taken for metres', { ...ground, widthM: 95, lengthM: 200 }, 'unlikely'],
  ['metres ten times too small', { ...ground, widthM: 0.95, lengthM: 2 }, 'unlikely'],
  ['seen from straight above', { ...ground, points: [spot(0.2, 0.8), spot(0.6, 0.8), spot(0.6, 0.2), spot(0.2, 0.2)] }, 'no_perspective'],
])('what cannot be is told: %s', (_name, measured, expected) => expect(about(mountOf(measured, ASPECT))).toBe(expected))

test.each<[string, Four, string | null]>([
  ['corners in order', corners(), null],
  ['corners that cross', [spot(0.2, 0.8), spot(0.8, 0.8), spot(0.2, 0.4), spot(0.8, 0.4)], 'crosses'],
  ['three on a line', [spot(0.2, 0.8), spot(0.5, 0.8), spot(0.8, 0.8), spot(0.5, 0.4)], 'on_a_line'],
  ['all on a line', [spot(0.2, 0.2), spot(0.4, 0.4), spot(0.6, 0.6), spot(0.8, 0.8)], 'crosses'],
  ['one within the others', [spot(0.2, 0.8), spot(0.8, 0.8), spot(0.5, 0.7), spot(0.5, 0.2)], 'dented'],
])('%s: told while drawn, where the server would refuse them', (_name, points, fault) => {
  expect(faultOf({ is: 'ground', points })).toBe(fault)
  expect(groundFault(points) === null).toBe(fault === null)
})

test.each([[3.5, 20, 2], [3.5, 10, 1], [9.5, 20, 2], [7, 40, 5], [1, 1, 0.1], [20, 100, 10]])('%d by %d m has squares of %d m', (widthM, lengthM, step) => expect(gridStepM({ widthM, lengthM })).toBeCloseTo(step, 9))

test('the grid is squares of the road, and nothing of it lies behind the camera', () => {
  const lines = gridOf(ground, road)
  expect(lines.length).toBeGreaterThan(20)
  for (const [a, b] of lines) {
    const [from, to] = [road.onRoad(a)!, road.onRoad(b)!]
    const off = [from.x - to.x, from.y - to.y].map(Math.abs).toSorted((one, other) => one - other)
    expect(off[0]).toBeLessThan(1e-6)
  }
})

test('measures that are no numbers make no road', () => expect([roadOf({ ...ground, widthM: Number.NaN }), roadOf({ ...ground, lengthM: 0 }), roadOf({ ...ground, points: ground.points.slice(1) })]).toEqual([null, null, null]))
