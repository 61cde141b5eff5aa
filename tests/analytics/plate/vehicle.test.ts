import type { Detection } from '../../../analytics/detection.js'
import type { Detector } from '../../../analytics/detect/detector.js'
import type { Frame } from '../../../analytics/frame.js'
import type { Box } from '../../../analytics/geometry/box.js'
import { followVehicle, hiddenShare } from '../../../analytics/plate/follow.js'
import { ALPHABET, type PlateReader } from '../../../analytics/plate/plate.js'
import { readVehicle } from '../../../analytics/plate/read-vehicle.js'
import { enhanced, rawCrop, unitSquareOnto } from '../../../analytics/plate/rectify.js'

const box = (x: number, y: number, w = 0.1, h = 0.15): Box => ({ x1: x - w / 2, y1: y - h / 2, x2: x + w / 2, y2: y + h / 2 })
const car = (at: Box): Detection => ({ class: 'car', score: 0.9, box: at })
const every = (ms: number, ...detections: (readonly Detection[])[]) => detections.map((one, i) => ({ atMs: i * ms, detections: one }))

describe('following one vehicle around an instant', () => {
  test('forward and back, a length a frame, past a neighbour that stands still', () => {
    const path = [0.2, 0.3, 0.4, 0.5, 0.6].map((x) => box(x, 0.5))
    const still = box(0.42, 0.7)
    const frames = every(200, ...path.map((one) => [car(still), car(one)]))
    expect(followVehicle({ atMs: 410, box: path[2]! }, frames)).toEqual(path)
  })

  test('a frame without it ends the chain on that side: what comes after may be a stranger', () => {
    const a = box(0.5, 0.5)
    expect(followVehicle({ atMs: 200, box: a }, every(200, [car(a)], [car(a)], [], [car(a)]))).toEqual([a, a, null, null])
  })

  test('no vehicle where the rule saw one: nothing is followed', () => {
    expect(followVehicle({ atMs: 0, box: box(0.5, 0.5) }, every(200, [car(box(0.1, 0.1))], [car(box(0.1, 0.1))]))).toEqual([null, null])
    expect(followVehicle({ atMs: 0, box: box(0.5, 0.5) }, [])).toEqual([])
  })

  test('a person on the spot, or a bus four times as large, is not the car', () => {
    const a = box(0.5, 0.5)
    expect(followVehicle({ atMs: 0, box: a }, every(200, [{ class: 'person', score: 0.9, box: a }]))).toEqual([null])
    expect(followVehicle({ atMs: 0, box: a }, every(200, [car(box(0.5, 0.5, 0.4, 0.6))]))).toEqual([null])
  })

  test('only vehicles nearer to the camera hide one', () => {
    const far = box(0.5, 0.4)
    const near = box(0.5, 0.47)
    expect(hiddenShare(far, [far, near])).toBeGreaterThan(0.4)
    expect(hiddenShare(near, [far, near])).toBe(0)
  })
})

describe('pixels of a plate', () => {
  const frame: Frame = { atMs: 0, width: 40, height: 20, rgb: Uint8Array.from({ length: 40 * 20 * 3 }, (_, i) => Math.floor(i / 3) % 40 * 6) }
  const corners = [{ x: 0.25, y: 0.25 }, { x: 0.75, y: 0.25 }, { x: 0.75, y: 0.75 }, { x: 0.25, y: 0.75 }] as const

  test('the raw crop is the frame’s own pixels, with a margin, clipped to the frame', () => {
    const crop = rawCrop(frame, { corners: [...corners] as never, score: 1, rows: 1, widthPx: 20 })
    expect([crop.width, crop.height]).toEqual([30, 16])
    expect([...crop.rgb.subarray(0, 3)]).toEqual([30, 30, 30])
    const edge = rawCrop(frame, { corners: corners.map(({ x, y }) => ({ x: x - 0.25, y: y - 0.25 })) as never, score: 1, rows: 1, widthPx: 20 })
    expect([edge.width, edge.height]).toEqual([25, 13])
  })

  test('corners map onto corners, also aslant', () => {
    const quad = [{ x: 3, y: 4 }, { x: 11, y: 5 }, { x: 10, y: 12 }, { x: 2, y: 9 }]
    const to = unitSquareOnto(quad)
    for (const [i, [u, v]] of ([[0, 0], [1, 0], [1, 1], [0, 1]] as const).entries()) {
      expect(to(u, v).x).toBeCloseTo(quad[i]!.x)
      expect(to(u, v).y).toBeCloseTo(quad[i]!.y)
    }
  })

  test('the enhanced one is upright, wide enough to read, and its contrast is spread', () => {
    const plate = { corners: [...corners] as never, score: 1, rows: 1 as const, widthPx: 20 }
    const crop = enhanced([{ frame, plate }, { frame, plate }])!
    expect(crop.width).toBe(320)
    expect(crop.rgb.length).toBe(crop.width * crop.height * 3)
    expect(Math.min(...crop.rgb)).toBe(0)
    expect(Math.max(...crop.rgb)).toBe(255)
    expect(enhanced([])).toBeNull()
  })
})

describe('reading one vehicle over several frames', () => {
  const path = [0.3, 0.35, 0.4, 0.45].map((x) => box(x, 0.5, 0.3, 0.3))
  const frames: readonly Frame[] = path.map((_, i) => ({ atMs: i * 200, width: 1000, height: 500, rgb: new Uint8Array(0) }))
  const detector: Detector = { name: 'd', detect: (asked) => Promise.resolve(asked.map(({ atMs }) => [car(path[atMs / 200]!)])), close: () => Promise.resolve() }
  /** Tells the plate of whatever box it is shown, and a neighbour's beside it. */
  const reader = (text: string | null): PlateReader => ({
    name: 'r',
    read: (_, boxes) => {
      const own = (boxes as readonly Box[])[0]!
      const plateAt = (x: number, said: string) => ({
        corners: [{ x, y: own.y2 - 0.06 }, { x: x + 0.05, y: own.y2 - 0.06 }, { x: x + 0.05, y: own.y2 - 0.03 }, { x, y: own.y2 - 0.03 }] as const,
        score: 0.9, rows: 1 as const, widthPx: 50, colour: 'white' as const, colourShare: 0.9,
        letters: Array.from(said, (letter) => ({ row: 0 as const, shares: Array.from(ALPHABET, (one) => (one === letter ? 0.95 : 0.001)) })),
      })
      return Promise.resolve([plateAt(own.x2 + 0.02, '30B11111'), ...(text === null ? [] : [plateAt((own.x1 + own.x2) / 2, text)])])
    },
    close: () => Promise.resolve(),
  })

  test('its own plate, and never the neighbour’s', async () => {
    const { verdict, looks } = await readVehicle({ detector, reader: reader('30A33918') }, frames, { atMs: 200, box: path[1]! })
    expect(verdict).toMatchObject({ kind: 'read', agree: 4, looks: 4, colour: 'white' })
    expect(verdict.kind === 'read' && verdict.plate.shown).toBe('30A-339.18')
    expect(looks).toHaveLength(4)
  })

  test('a vehicle large enough to show one, seen four times without: no plate', async () => {
    expect((await readVehicle({ detector, reader: reader(null) }, frames, { atMs: 200, box: path[1]! })).verdict).toEqual({ kind: 'none', looks: 4 })
  })

  test('not found in the frames: nothing is said of it', async () => {
    expect((await readVehicle({ detector, reader: reader('30A33918') }, frames, { atMs: 200, box: box(0.9, 0.1) })).verdict).toEqual({ kind: 'too_few', looks: 0 })
  })
})
