import type { Box } from '../../../analytics/geometry/box.js'
import { paintMask } from '../../../analytics/redact/mask.js'
import { coverRegions, headsIn, platesIn, type PrivateLook, type PrivateRegion } from '../../../analytics/redact/private-regions.js'

const box = (x: number, y: number, w = 0.04, h = 0.06): Box => ({ x1: x - w / 2, y1: y - h / 2, x2: x + w / 2, y2: y + h / 2 })
const head = (x: number, y: number): PrivateRegion => ({ kind: 'head', box: box(x, y) })
const looks = (...regions: (readonly PrivateRegion[])[]): readonly PrivateLook[] => regions.map((one, i) => ({ atMs: i * 200, regions: one }))
const covers = (boxes: readonly Box[], x: number, y: number): boolean => boxes.some((one) => x >= one.x1 && x <= one.x2 && y >= one.y1 && y <= one.y2)

describe('which parts of a picture are private', () => {
  test('heads of people and of riders, and of nobody else', () => {
    const found = headsIn([
      { class: 'person', score: 0.6, box: { x1: 0.1, y1: 0.4, x2: 0.2, y2: 0.8 } },
      { class: 'two_wheeler', score: 0.6, box: { x1: 0.5, y1: 0.4, x2: 0.6, y2: 0.8 } },
      { class: 'car', score: 0.9, box: { x1: 0.7, y1: 0.4, x2: 0.9, y2: 0.6 } },
    ])
    expect(found.map(({ kind }) => kind)).toEqual(['head', 'head'])
    expect(found[0]!.box).toMatchObject({ x1: 0.1, x2: 0.2 })
    expect(found[0]!.box.y1).toBeLessThan(0.4)
    expect(found[0]!.box.y2).toBeCloseTo(0.4 + 0.27 * 0.4)
    expect(found[1]!.box.y2).toBeGreaterThan(found[0]!.box.y2)
  })

  test('a slanted plate is covered to its corners', () => {
    const [one] = platesIn([{ corners: [{ x: 0.1, y: 0.2 }, { x: 0.2, y: 0.22 }, { x: 0.19, y: 0.3 }, { x: 0.09, y: 0.28 }], score: 0.9, rows: 2, widthPx: 60 }])
    expect(one).toEqual({ kind: 'plate', box: { x1: 0.09, y1: 0.2, x2: 0.2, y2: 0.3 } })
  })
})

describe('covering through time', () => {
  test('between two looks the cover moves with what it covers', () => {
    const at = coverRegions(looks([head(0.2, 0.5)], [head(0.3, 0.5)], [head(0.4, 0.5)]))
    for (const ms of [0, 50, 100, 200, 250, 300, 400]) expect([ms, covers(at(ms), 0.2 + ms / 2000, 0.5)]).toEqual([ms, true])
    expect(covers(at(100), 0.4, 0.5)).toBe(false)
  })

  test('a face that the model lost for a second is covered all the same', () => {
    const at = coverRegions(looks([head(0.2, 0.5)], [], [], [], [], [head(0.4, 0.5)]))
    for (const ms of [200, 400, 500, 600, 800]) expect([ms, covers(at(ms), 0.2 + (0.2 * ms) / 1000, 0.5)]).toEqual([ms, true])
  })

  test('it is covered before it was first found, and after it was last, wider the longer nobody looked', () => {
    const at = coverRegions([{ atMs: 1000, regions: [head(0.4, 0.5)] }, { atMs: 1200, regions: [head(0.42, 0.5)] }])
    expect(covers(at(600), 0.36, 0.5)).toBe(true)
    expect(covers(at(1700), 0.47, 0.5)).toBe(true)
    expect(at(200)).toEqual([])
    expect(at(2200)).toEqual([])
  })

  test('two that pass each other keep a cover each; a head never becomes a plate', () => {
    const at = coverRegions(looks([head(0.3, 0.5), head(0.5, 0.6)], [head(0.4, 0.5), head(0.4, 0.6)], [head(0.5, 0.5), head(0.3, 0.6)]))
    expect(at(300)).toHaveLength(2)
    expect(coverRegions([{ atMs: 0, regions: [head(0.5, 0.5)] }, { atMs: 200, regions: [{ kind: 'plate', box: box(0.5, 0.5) }] }])(100)).toHaveLength(2)
  })

  test('nothing found, nothing covered', () => {
    expect(coverRegions(looks([], []))(100)).toEqual([])
    expect(coverRegions([])(0)).toEqual([])
  })
})

test('every pixel that a box touches is white, and no other', () => {
  const mask = paintMask([{ x1: 0.25, y1: 0.5, x2: 0.55, y2: 1.2 }], 8, 4)
  expect([...mask]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 0, 0, 0, 0, 0, 255, 255, 255, 0, 0, 0])
})
