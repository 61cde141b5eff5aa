import fc from 'fast-check'
import { crossing, segmentsMeet, sideTowards } from '../../../analytics/geometry/line.js'
import type { Point } from '../../../analytics/geometry/point.js'
import { inside, polygonArea, polygonFault } from '../../../analytics/geometry/polygon.js'

const p = (x: number, y: number): Point => ({ x, y })
const square = [p(0.2, 0.2), p(0.8, 0.2), p(0.8, 0.8), p(0.2, 0.8)]
const horseshoe = [p(0.1, 0.1), p(0.9, 0.1), p(0.9, 0.9), p(0.6, 0.9), p(0.6, 0.4), p(0.4, 0.4), p(0.4, 0.9), p(0.1, 0.9)]

test.each([
  ['the middle of a square is inside', square, p(0.5, 0.5), true],
  ['left of it is not', square, p(0.1, 0.5), false],
  ['level with its lower edge but beside it is not', square, p(0.9, 0.8), false],
  ['the gap of a horseshoe is outside', horseshoe, p(0.5, 0.7), false],
  ['its arm is inside', horseshoe, p(0.2, 0.7), true],
  ['a ray through a corner is not counted twice', [p(0.5, 0.2), p(0.8, 0.5), p(0.5, 0.8), p(0.2, 0.5)], p(0.1, 0.5), false],
])('%s', (_, polygon, point, expected) => {
  expect(inside(polygon, point)).toBe(expected)
})

test('inside does not depend on where the drawing began nor on which way round it went', () => {
  const coordinate = fc.integer({ min: 1, max: 99 }).map((n) => n / 100 + 0.001)
  fc.assert(
    fc.property(coordinate, coordinate, fc.integer({ min: 0, max: 7 }), (x, y, turn) => {
      const turned = [...horseshoe.slice(turn), ...horseshoe.slice(0, turn)]
      expect(inside(turned, p(x, y))).toBe(inside(horseshoe, p(x, y)))
      expect(inside(turned.toReversed(), p(x, y))).toBe(inside(horseshoe, p(x, y)))
    }),
    { seed: 20261122 },
  )
})

test.each([
  ['two points are no zone', [p(0, 0), p(1, 1)], 'too_few_points'],
  ['pixels are not shares of the picture', [p(0, 0), p(640, 0), p(640, 480)], 'outside_the_picture'],
  ['not-a-number lies nowhere', [p(0, 0), p(NaN, 0), p(1, 1)], 'outside_the_picture'],
  ['a bow tie crosses itself', [p(0.1, 0.1), p(0.9, 0.9), p(0.9, 0.1), p(0.1, 0.9)], 'crosses_itself'],
  ['a zone that runs back over its own edge crosses itself', [p(0.1, 0.1), p(0.9, 0.1), p(0.5, 0.1), p(0.5, 0.1), p(0.3, 0.1), p(0.5, 0.5)], 'crosses_itself'],
  ['three points in a row enclose nothing', [p(0.1, 0.1), p(0.5, 0.5), p(0.9, 0.9)], 'no_area'],
  ['a triangle is a zone', [p(0.1, 0.1), p(0.9, 0.1), p(0.5, 0.9)], null],
  ['so is a horseshoe', horseshoe, null],
] as const)('%s', (_, polygon, expected) => {
  expect(polygonFault(polygon)).toBe(expected)
})

test('the area of a square is its side squared, drawn either way round', () => {
  expect(polygonArea(square)).toBeCloseTo(0.36)
  expect(polygonArea(square.toReversed())).toBeCloseTo(0.36)
})

const toTheRight = [p(0.2, 0.5), p(0.8, 0.5)] as const

test.each([
  ['down over a line drawn to the right arrives on its right', p(0.5, 0.4), p(0.5, 0.6), 'right'],
  ['up arrives on its left', p(0.5, 0.6), p(0.5, 0.4), 'left'],
  ['beside its end nothing is passed', p(0.9, 0.4), p(0.9, 0.6), null],
  ['along it nothing is passed', p(0.3, 0.4), p(0.7, 0.4), null],
  ['who stops exactly on it has not passed', p(0.5, 0.4), p(0.5, 0.5), null],
] as const)('%s', (_, from, to, expected) => {
  expect(crossing(toTheRight, from, to)?.side ?? null).toBe(expected)
})

test('a crossing tells the share of the step before the line', () => {
  expect(crossing(toTheRight, p(0.5, 0.4), p(0.5, 0.8))?.share).toBeCloseTo(0.25)
})

test('there and back are opposite sides, and the direction of travel names the side it arrives on', () => {
  const coordinate = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(coordinate, coordinate, coordinate, coordinate, (x1, y1, x2, y2) => {
      const there = crossing(toTheRight, p(x1, y1), p(x2, y2))
      const back = crossing(toTheRight, p(x2, y2), p(x1, y1))
      if (there === null) return expect(back).toBeNull()
      expect(back?.side).toBe(there.side === 'left' ? 'right' : 'left')
      expect(sideTowards(toTheRight, p(x2 - x1, y2 - y1))).toBe(there.side)
    }),
    { seed: 20261122 },
  )
})

test.each([
  ['an X meets', [p(0, 0), p(1, 1)], [p(0, 1), p(1, 0)], true],
  ['a T meets', [p(0, 0), p(1, 0)], [p(0.5, 0), p(0.5, 1)], true],
  ['parallels do not', [p(0, 0), p(1, 0)], [p(0, 0.1), p(1, 0.1)], false],
  ['pieces of one line that overlap do', [p(0, 0), p(0.6, 0)], [p(0.4, 0), p(1, 0)], true],
  ['pieces of one line apart do not', [p(0, 0), p(0.4, 0)], [p(0.6, 0), p(1, 0)], false],
] as const)('%s', (_, a, b, expected) => {
  expect(segmentsMeet(a, b)).toBe(expected)
  expect(segmentsMeet(b, a)).toBe(expected)
})
