import type { Box } from '../../../analytics/geometry/box.js'
import type { Detection } from '../../../analytics/detection.js'
import type { Detector } from '../../../analytics/detect/detector.js'
import type { Frame } from '../../../analytics/frame.js'
import { lookClosely, lookForPrivate } from '../../../analytics/redact/look.js'
import { boxesWithin, packMask, paintMask } from '../../../analytics/redact/mask.js'
import { coverRegions, headsIn, platesIn, type PrivateLook, type PrivateRegion } from '../../../analytics/redact/private-regions.js'
import { cutTile, LOOK_WIDTH_MAX, mirror, tilesOf, untile } from '../../../analytics/redact/tiles.js'

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
    ], 1)
    expect(found.map(({ kind }) => kind)).toEqual(['head', 'head'])
    expect(found[0]!.box).toMatchObject({ x1: 0.1, x2: 0.2 })
    expect(found[0]!.box.y1).toBeLessThan(0.4)
    expect(found[0]!.box.y2).toBeCloseTo(0.4 + 0.27 * 0.4)
    expect(found[1]!.box.y2).toBeGreaterThan(found[0]!.box.y2)
  })

  test('of whom only the upper half is seen, the head takes more of the box; never more than all of it', () => {
    const standing = headsIn([{ class: 'person', score: 0.6, box: { x1: 0.1, y1: 0.4, x2: 0.15, y2: 0.6 } }], 16 / 9)
    const halved = headsIn([{ class: 'person', score: 0.6, box: { x1: 0.1, y1: 0.4, x2: 0.15, y2: 0.5 } }], 16 / 9)
    const flat = headsIn([{ class: 'person', score: 0.6, box: { x1: 0.1, y1: 0.9, x2: 0.3, y2: 1 } }], 16 / 9)
    expect([standing, halved, flat].map(([one]) => one!.box.y2)).toEqual([expect.closeTo(0.4 + 0.27 * 0.2), expect.closeTo(0.4 + 0.6 * 0.05 * (16 / 9)), 1])
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

  test('where nobody looked, the cover goes on along its way and not to all sides', () => {
    const at = coverRegions([{ atMs: 1000, regions: [head(0.4, 0.5)] }, { atMs: 1200, regions: [head(0.42, 0.5)] }])
    const [one] = at(1700)
    expect([one!.x1 > 0.38, one!.x2 > 0.49, one!.y1 > 0.45, one!.y2 < 0.55]).toEqual([true, true, true, true])
  })

  test('a box that the edge of the picture uncovers does not hide half the street before it came', () => {
    const rising = (y1: number): PrivateRegion => ({ kind: 'head', box: { x1: 0.4, x2: 0.5, y1, y2: 1 } })
    const [one] = coverRegions([{ atMs: 1000, regions: [rising(0.95)] }, { atMs: 1100, regions: [rising(0.85)] }])(400)
    expect([one!.x1 > 0.35, one!.x2 < 0.55, one!.y1 > 0.9]).toEqual([true, true, true])
  })

  test('one who stands for minutes, among many who pass, is covered at each instant', () => {
    const at = coverRegions(Array.from({ length: 3_000 }, (_, i) => ({ atMs: i * 200, regions: [head(0.8, 0.8), ...(i % 10 < 3 ? [head(0.1 + (i % 10) * 0.02, 0.2)] : [])] })))
    for (const ms of [0, 999, 1000, 301_234, 599_800]) expect([ms, covers(at(ms), 0.8, 0.8)]).toEqual([ms, true])
    expect(at(301_234).length).toBeLessThan(4)
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

test('masks are packed a bit a pixel, the left one highest', () => {
  expect([...packMask(Uint8Array.of(255, 0, 0, 0, 0, 0, 0, 255, 0, 255, 255, 0, 0, 0, 0, 0))]).toEqual([0b1000_0001, 0b0110_0000])
})

test('a slot of time holds what is covered at its ends and in its middle', () => {
  const at = coverRegions(looks([head(0.2, 0.5)], [head(0.3, 0.5)]))
  const within = boxesWithin(at, 50, 150)
  expect([covers(within, 0.225, 0.5), covers(within, 0.25, 0.5), covers(within, 0.275, 0.5), covers(within, 0.32, 0.5)]).toEqual([true, true, true, false])
})

describe('tiles, in which far heads are large enough', () => {
  const wide = { width: LOOK_WIDTH_MAX, height: 684 }
  test.each([
    ['a small picture has none', { width: 640, height: 360 }, 0],
    ['a wide one has four', wide, 4],
    ['a tall one has more', { width: LOOK_WIDTH_MAX, height: 912 }, 6],
  ])('%s', (_sentence, size, count) => expect(tilesOf(size).length).toBe(count))

  test('they reach every pixel, and neighbours share enough that a far person is whole in one', () => {
    const tiles = tilesOf(wide)
    for (let x = 0; x + 60 < wide.width; x += 30) for (let y = 0; y + 60 < wide.height; y += 30) expect(tiles.some(({ left, top, width, height }) => left <= x && top <= y && left + width >= x + 60 && top + height >= y + 60)).toBe(true)
  })

  test('what is found in a tile lies where the tile lies; what its inner edge cuts is left out, and at the rim of the picture it stays', () => {
    const [, right] = tilesOf(wide) as [unknown, ReturnType<typeof tilesOf>[number]]
    const found = (x1: number, x2: number): Detection => ({ class: 'person', score: 0.5, box: { x1, y1: 0.25, x2, y2: 0.5 } })
    const [one, ...others] = untile([found(0.5, 0.6), found(0, 0.1), found(0.9, 1)], right, wide)
    expect(one!.box).toEqual({ x1: (right.left + 320) / wide.width, x2: (right.left + 384) / wide.width, y1: 96 / wide.height, y2: 192 / wide.height })
    expect(others.map(({ box: at }) => at.x2)).toEqual([1])
  })

  test('a tile holds the pixels of its place', () => {
    const frame: Frame = { atMs: 7, width: 4, height: 2, rgb: Uint8Array.from({ length: 24 }, (_, at) => at) }
    expect([...cutTile(frame, { left: 1, top: 1, width: 2, height: 1 }).rgb]).toEqual([15, 16, 17, 18, 19, 20])
  })
})

describe('a look at one frame', () => {
  const frame: Frame = { atMs: 0, width: LOOK_WIDTH_MAX, height: 684, rgb: new Uint8Array(LOOK_WIDTH_MAX * 684 * 3) }
  /** Sees a rider in the whole picture, and someone far away in the first tile only. */
  const detector: Detector = {
    name: 'two people',
    detect: async (frames) => frames.map((one, at): readonly Detection[] => (one.width === LOOK_WIDTH_MAX ? [{ class: 'two_wheeler', score: 0.8, box: box(0.7, 0.7, 0.1, 0.2) }] : at === 0 && frames.length === 4 ? [{ class: 'person', score: 0.3, box: box(0.5, 0.5, 0.02, 0.1) }] : [])),
    close: async () => undefined,
  }

  test('finds heads in the whole and in its parts, and without a finder no plate', async () => {
    expect((await lookForPrivate({ detector, plates: null }, frame)).map(({ kind }) => kind)).toEqual(['head', 'head'])
  })

  test('with a finder, plates are looked for on vehicles and covered like heads', async () => {
    const asked: unknown[] = []
    const plates = { name: 'finder', close: async () => undefined, find: async (_: unknown, boxes: unknown) => {
      asked.push(boxes)
      return [{ corners: [{ x: 0.68, y: 0.75 }, { x: 0.72, y: 0.75 }, { x: 0.72, y: 0.78 }, { x: 0.68, y: 0.78 }], score: 0.9, rows: 2, widthPx: 40 }] as never
    } }
    const found = await lookForPrivate({ detector, plates }, frame)
    expect(found.map(({ kind }) => kind)).toEqual(['head', 'head', 'plate'])
    expect(asked).toEqual([[box(0.7, 0.7, 0.1, 0.2)]])
    expect(covers(coverRegions([{ atMs: 0, regions: found }])(0), 0.7, 0.77)).toBe(true)
  })
})

describe('a close look at a single picture', () => {
  const size = (width: number): Frame => ({ atMs: 0, width, height: width / 2, rgb: new Uint8Array((width * width * 3) / 2) })
  /** Marks the left edge, so that a mirrored picture can be told. */
  const marked = (frame: Frame): Frame => ({ ...frame, rgb: frame.rgb.map((_, at) => (Math.floor(at / 3) % frame.width < 2 ? 255 : 0)) })

  test('a mirrored picture is the same the other way round', () => {
    const frame: Frame = { atMs: 3, width: 3, height: 2, rgb: Uint8Array.from({ length: 18 }, (_, at) => at) }
    expect([...mirror(frame).rgb]).toEqual([6, 7, 8, 3, 4, 5, 0, 1, 2, 15, 16, 17, 12, 13, 14, 9, 10, 11])
    expect(mirror(mirror(frame))).toEqual(frame)
  })

  test('whoever is seen in one size alone, or only in the mirror, is covered where he stands, and once', async () => {
    const detector: Detector = {
      name: 'sees one more each time',
      detect: async (frames) => frames.map((one): readonly Detection[] => {
        const mirrored = one.rgb[0] === 0
        const both: Detection = { class: 'person', score: 0.5, box: mirrored ? box(0.5, 0.8, 0.1, 0.2) : box(0.5, 0.8, 0.1, 0.2) }
        if (one.width === 400) return mirrored ? [both, { class: 'person', score: 0.1, box: box(0.2, 0.3, 0.1, 0.2) }] : [both]
        return mirrored ? [both] : [both, { class: 'person', score: 0.1, box: box(0.3, 0.6, 0.1, 0.2) }]
      }),
      close: async () => undefined,
    }
    const parts: number[] = []
    const found = await lookClosely({ detector, plates: null }, [marked(size(200)), marked(size(400))], (part) => parts.push(part))
    expect(found.map(({ box: { x1, x2 } }) => (x1 + x2) / 2).toSorted((a, b) => a - b)).toEqual([expect.closeTo(0.3), expect.closeTo(0.5), expect.closeTo(0.8)])
    expect(parts).toEqual([0.25, 0.5, 0.75, 1])
  })

  test('plates are looked for in each size', async () => {
    const widths: number[] = []
    const detector: Detector = { name: 'a car', detect: async (frames) => frames.map(() => [{ class: 'car', score: 0.9, box: box(0.5, 0.5, 0.4, 0.4) }]), close: async () => undefined }
    const plates = { name: 'finder', close: async () => undefined, find: async (frame: { readonly width: number }) => {
      widths.push(frame.width)
      return []
    } }
    await lookClosely({ detector, plates }, [size(200), size(400)], () => undefined)
    expect(widths).toEqual([200, 400])
  })

  test('a picture of many tiles is not shown to the model in one call', async () => {
    const calls: number[] = []
    const detector: Detector = { name: 'counts', detect: async (frames) => frames.map(() => (calls.push(frames.length), [])), close: async () => undefined }
    await lookClosely({ detector, plates: null }, [size(2560)], () => undefined)
    expect(Math.max(...calls)).toBeLessThanOrEqual(6)
  })
})
