import { groundFault, groundPlane } from '../../../analytics/geometry/ground-plane.js'
import type { Point } from '../../../analytics/geometry/point.js'
import type { SpeedRule } from '../../../analytics/rules/rule.js'
import { PLAIN } from '../../support/plain-rule.js'
import { checkFor, everyKind, expectRefused, expectTaken, person, stepThrough, type Case } from './claims.js'
import { watchFilm, type Film, type Walker } from './walks.js'

/** A camera 7 m up, looking along the road and 20 degrees down: where metres across and ahead are in its picture. */
function seen(acrossM: number, aheadM: number): Point {
  const [sin, cos] = [Math.sin(Math.PI / 9), Math.cos(Math.PI / 9)]
  const depth = aheadM * cos + 7 * sin
  return { x: 0.5 + (1.2 * acrossM) / depth / (4 / 3), y: 0.5 + (1.2 * (7 * cos - aheadM * sin)) / depth }
}

const ground: SpeedRule['ground'] = { corners: [seen(-3.5, 10), seen(3.5, 10), seen(3.5, 30), seen(-3.5, 30)], widthM: 7, lengthM: 20 }
const zone = [seen(-5, 9), seen(5, 9), seen(5, 40), seen(-5, 40)].map(({ x, y }) => ({ x: Math.min(1, Math.max(0, x)), y: Math.min(1, y) }))
const rule: SpeedRule = { id: 'r', name: 'a rule', ...PLAIN, use: 'statistics', kind: 'speed', ground, zone, kmhMin: 50 }
const film: Film = { seconds: 10, tremble: 0.04, fps: 10 }

/** Away from the camera at this speed, from the second on, in its lane. */
function away(kmh: number, fromSecond = 1, acrossM = 1.5, more: Partial<Walker> = {}): Walker {
  const way = Array.from({ length: 60 }, (_, i): [number, number, number] => {
    const { x, y } = seen(acrossM, 9 + (kmh / 3.6) * 0.1 * i)
    return [fromSecond + 0.1 * i, x, y]
  })
  return { class: 'car', size: [0.08, 0.09], way: way.filter(([, , y]) => y > seen(0, 45).y), ...more }
}

test.each<Case<SpeedRule>>([
  ['who drives at 62 where 50 is asked for is told once', {}, [away(62)], film, 1, 1],
  ['who drives at 40 is not', {}, [away(40)], film, 0, 0],
  ['nor is he when his box trembles by 8 %', {}, [away(40)], { ...film, tremble: 0.08 }, 0, 0],
  ['who stands and trembles is not', {}, [{ ...away(40), way: [[0, 0.5, seen(0, 20).y], [10, 0.5, seen(0, 20).y]] }], { ...film, tremble: 0.08 }, 0, 0],
  ['who drives outside the zone is not', { zone: [seen(-5, 9), seen(-2, 9), seen(-2, 40), seen(-5, 40)].map((p) => ({ x: Math.max(0, p.x), y: p.y })) }, [away(62)], film, 0, 0],
  ['two one after the other are two', {}, [away(62), away(66, 4)], film, 2, 2],
  ['who is lost for a moment is told once', {}, [away(55, 1, 1.5, { hidden: [[2.1, 2.4]] })], film, 1, 1],
  ['two slow ones whose numbers may be confused are not', {}, [away(30, 1, 1.5), away(30, 1.6, 1.2), away(30, 2.2, 1.5)], { ...film, tremble: 0.08 }, 0, 0],
  ['who runs is no vehicle', {}, [person([[1, 0.5, 0.8], [3, 0.5, 0.3]])], film, 0, 0],
])('speed: %s', checkFor(rule))

describe('speed', () => everyKind({ rule, walkers: [away(62)], film, hoursEndAtSecond: null }))

test('speed: a number that jumps to who drives ten metres ahead is nobody who drives fast', () => {
  const way = Array.from({ length: 16 }, (_, i): [number, number, number, number] => {
    const { x, y } = seen(1, 12 + 0.2 * i * 6 + (i > 7 ? 10 : 0))
    return [i * 0.2, 1, x, y]
  })
  expect(stepThrough(rule, way, [0.05, 0.08])).toEqual([])
})

test.each([20, 30, 45, 60])('speed: %i km/h on the ground is told as that, to a tenth', (kmh) => {
  const told = [1, 2, 3, 4, 5, 6].map((seed) => watchFilm([{ ...rule, kmhMin: 5 }], [away(kmh)], { ...film, fps: 5, seed, tremble: 0.04 })[0]?.reason)
  for (const reason of told) {
    if (reason?.code !== 'speed') throw new Error('nothing told')
    expect(Math.abs(reason.kmh / kmh - 1)).toBeLessThan(0.1)
    expect(Math.abs(reason.metres - reason.kmh / 3.6)).toBeLessThan(reason.kmh / 3.6)
  }
})

test('the ground: corners are where they were measured, and so is a point that was not; above the horizon there is no road', () => {
  const plane = groundPlane(ground)
  const metres = (p: Point): number[] => [plane.at(p)?.x ?? NaN, plane.at(p)?.y ?? NaN]
  expect(metres(seen(-3.5, 10))[0]).toBeCloseTo(0, 9)
  expect(metres(seen(3.5, 30))).toEqual([expect.closeTo(7, 9), expect.closeTo(20, 9)])
  expect(metres(seen(1, 17))).toEqual([expect.closeTo(4.5, 9), expect.closeTo(7, 9)])
  expect(metres(seen(-2, 60))).toEqual([expect.closeTo(1.5, 9), expect.closeTo(50, 9)])
  expect(plane.at({ x: 0.5, y: 0.01 })).toBe(null)
})

test('the ground: a rectangle seen from straight above has no perspective, whichever way round it is marked', () => {
  const corners: SpeedRule['ground']['corners'] = [{ x: 0.2, y: 0.2 }, { x: 0.2, y: 0.8 }, { x: 0.6, y: 0.8 }, { x: 0.6, y: 0.2 }]
  const at = groundPlane({ corners, widthM: 6, lengthM: 4 }).at({ x: 0.4, y: 0.35 })
  expect([at?.x, at?.y]).toEqual([expect.closeTo(1.5, 9), expect.closeTo(2, 9)])
})

test.each<[string, Point[], string]>([
  ['corners that cross', [{ x: 0.2, y: 0.8 }, { x: 0.8, y: 0.8 }, { x: 0.2, y: 0.4 }, { x: 0.8, y: 0.4 }], 'crosses_itself'],
  ['three corners on a line', [{ x: 0.2, y: 0.8 }, { x: 0.5, y: 0.8 }, { x: 0.8, y: 0.8 }, { x: 0.5, y: 0.4 }], 'on_a_line'],
  ['all on a line', [{ x: 0.2, y: 0.2 }, { x: 0.4, y: 0.4 }, { x: 0.6, y: 0.6 }, { x: 0.8, y: 0.8 }], 'on_a_line'],
  ['one corner within the others', [{ x: 0.2, y: 0.8 }, { x: 0.8, y: 0.8 }, { x: 0.5, y: 0.7 }, { x: 0.5, y: 0.2 }], 'dented'],
])('the ground: %s', (_, corners, fault) => {
  const four = corners as unknown as SpeedRule['ground']['corners']
  expect(groundFault(four)).toBe(fault)
  expectRefused({ ...rule, ground: { ...ground, corners } }, 'ground.corners', /corners/)
})

test.each<[string, object, RegExp]>([
  ['use', { use: 'evidence' }, /statistics/],
  ['ground.corners', { ground: { ...ground, corners: ground.corners.slice(1) } }, /four corners/],
  ['ground.widthM', { ground: { ...ground, widthM: 0 } }, /at least 0.5/],
  ['ground.lengthM', { ground: { corners: ground.corners, widthM: 7 } }, /missing/],
  ['ground.check.lengthM', { ground: { ...ground, check: { line: ground.corners.slice(0, 2), lengthM: 0 } } }, /at least 0.5/],
  ['ground.check.line', { ground: { ...ground, check: { line: [ground.corners[0], ground.corners[0]], lengthM: 5 } } }, /no length/],
  ['kmhMin', { kmhMin: 1 }, /at least 5/],
  ['zone', { zone: [] }, /three points/],
])('speed: a wrong %s is refused by its name', (field, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('speed: a complete rule is taken, also with the length by which its rectangle was checked', () => {
  expectTaken(rule)
  expectTaken({ ...rule, ground: { ...ground, check: { line: [ground.corners[0], ground.corners[1]], lengthM: 7 } } })
})
