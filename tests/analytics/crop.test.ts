import { chooseCrop, cutOut, mergeCrop, putBack, shareOf, takesCrops, type Crop, type Size } from '../../analytics/crop.js'
import type { Detection } from '../../analytics/detection.js'
import type { Frame } from '../../analytics/frame.js'
import type { Box } from '../../analytics/geometry/box.js'
import { GATE_OPEN, glance, learn, LOOK_EVERY_MS, openBox, planeOf, type GateState, type Glance } from '../../analytics/gate.js'

const PICTURE: Size = { width: 640, height: 360 }
const FRAME: Size = { width: 640, height: 384 }
/** Pixels of the picture, as a box. */
const at = (x1: number, y1: number, x2: number, y2: number): Box => ({ x1: x1 / 640, y1: y1 / 360, x2: x2 / 640, y2: y2 / 360 })
const car = (x1: number, y1: number, x2: number, y2: number, score = 0.9): Detection => ({ class: 'car', score, box: at(x1, y1, x2, y2) })
const crop = (left: number, top: number, right: number, bottom: number): Crop => ({ left, top, right, bottom })

test.each<[string, { must: Box[]; known?: Box[]; picture?: Size }, Crop | null]>([
  ['nothing to see for sure: the whole picture', { must: [] }, null],
  ['what moves, and at least 32 pixels around it, on the grid', { must: [at(200, 160, 250, 200)] }, crop(160, 128, 288, 256)],
  ['sides on the grid stay there', { must: [at(192, 160, 256, 192)] }, crop(160, 128, 288, 224)],
  ['left of the picture and above it there is nothing', { must: [at(0, 0, 8, 8)] }, crop(0, 0, 64, 64)],
  ['nor right of it; the last rows take the grey below along', { must: [at(620, 340, 639, 350)] }, crop(576, 288, 640, 384)],
  ['two that move, and all that lies between', { must: [at(100, 80, 110, 90), at(400, 230, 410, 240)] }, crop(64, 32, 448, 288)],
  ['a known box that is far away is left alone', { must: [at(192, 160, 256, 192)], known: [at(192, 10, 256, 60), at(400, 160, 460, 192)] }, crop(160, 128, 288, 224)],
  ['one that only touches the edge is not cut', { must: [at(192, 160, 256, 192)], known: [at(192, 64, 256, 128), at(288, 160, 300, 192)] }, crop(160, 128, 288, 224)],
  ['one that would be cut above is taken in whole, with its surroundings', { must: [at(192, 160, 256, 192)], known: [at(192, 100, 256, 140)] }, crop(160, 64, 288, 224)],
  ['and one that would be cut at the side', { must: [at(192, 160, 256, 192)], known: [at(280, 160, 350, 192)] }, crop(160, 128, 384, 224)],
  ['and so is the next, which those touch', { must: [at(192, 160, 256, 192)], known: [at(280, 160, 350, 192), at(370, 100, 400, 170)] }, crop(160, 64, 448, 224)],
  ['hardly less than all is all', { must: [at(20, 40, 620, 320)] }, null],
  ['all rows, but not all columns', { must: [at(100, 0, 200, 360)] }, crop(64, 0, 256, 384)],
  ['who should have left the picture is looked for at its edge', { must: [{ x1: -0.3, x2: -0.1, y1: -0.5, y2: -0.2 }] }, crop(0, 0, 32, 32)],
  ['a small picture', { must: [{ x1: 0.5, x2: 0.6, y1: 0.5, y2: 0.6 }], picture: { width: 416, height: 234 } }, crop(160, 64, 288, 192)],
])('%s', (_, { must, known = [], picture = PICTURE }, wanted) => {
  expect(chooseCrop(must, known, picture)).toEqual(wanted)
})

const random = randomFrom(20_261_129)
const side = (length: number): [number, number] => {
  const from = random() * (1 - length / 2)
  return [from, Math.min(1, from + random() * length)]
}
const many = (count: number, length: number): Box[] =>
  Array.from({ length: Math.floor(random() * count) }, () => {
    const [[x1, x2], [y1, y2]] = [side(length), side(length)]
    return { x1, y1, x2, y2 }
  })

test('whatever moves and whatever is known: nothing is cut, and everything that must be seen is in, with its surroundings', () => {
  let crops = 0
  for (let round = 0; round < 3000; round += 1) {
    const [width, height] = ([[640, 360], [416, 234], [320, 180], [640, 384], [640, 416]] as const)[round % 5]!
    const must = many(4, 0.3)
    const known = many(8, 0.3)
    const chosen = chooseCrop(must, known, { width, height })
    if (!chosen) continue
    crops += 1
    const { left, top, right, bottom } = chosen
    expect([left % 32, top % 32, right % 32, bottom % 32, left >= 0, top >= 0, right <= width, bottom <= Math.ceil(height / 32) * 32]).toEqual([0, 0, 0, 0, true, true, true, true])
    expect(shareOf(chosen, { width, height })).toBeLessThan(0.85)
    for (const { x1, y1, x2, y2 } of must) {
      expect(left).toBeLessThanOrEqual(Math.max(0, x1 * width - 32))
      expect(top).toBeLessThanOrEqual(Math.max(0, y1 * height - 32))
      expect(right).toBeGreaterThanOrEqual(Math.min(width, x2 * width + 32))
      expect(bottom).toBeGreaterThanOrEqual(Math.min(height, y2 * height + 32))
    }
    for (const { x1, y1, x2, y2 } of known) {
      const apart = x2 * width <= left || x1 * width >= right || y2 * height <= top || y1 * height >= bottom
      expect(apart || (x1 * width >= left && x2 * width <= right && y1 * height >= top && y2 * height <= bottom)).toBe(true)
    }
  }
  expect(crops).toBeGreaterThan(1000)
})

const MIDDLE: Crop = crop(160, 128, 320, 256)
const NEW = 0.8

test.each<[string, { before: Detection[]; found: Detection[]; crop?: Crop }, number[][], number]>([
  ['outside the crop boxes still hold, inside they are found anew', { before: [car(200, 20, 240, 60), car(200, 150, 240, 190), car(400, 150, 440, 190)], found: [car(205, 156, 245, 196, NEW)] }, [[200, 20], [205, 156], [400, 150]], 0],
  ['who left the crop is gone', { before: [car(200, 20, 240, 60), car(200, 150, 240, 190)], found: [] }, [[200, 20]], 0],
  ['what an inner edge cut is not believed, but is to be seen whole', { before: [], found: [car(200, 128, 240, 170, NEW), car(200, 200, 240, 252, NEW), car(160, 170, 200, 200, NEW), car(290, 170, 316, 200, NEW), car(200, 170, 240, 200, NEW)] }, [[200, 170]], 4],
  ['an unsure scrap at an edge asks for nothing', { before: [], found: [car(200, 130, 240, 170, 0.3)] }, [], 0],
  ['the edge of the picture cuts everybody, and is believed', { before: [car(20, 300, 60, 340)], found: [car(0, 0, 40, 60, NEW)], crop: crop(0, 0, 160, 128) }, [[0, 0], [20, 300]], 0],
  ['at the right and below as well, down to the grey', { before: [car(20, 20, 60, 60)], found: [car(600, 300, 640, 360, NEW)], crop: crop(480, 256, 640, 384) }, [[20, 20], [600, 300]], 0],
])('%s', (_, { before, found, crop: looked = MIDDLE }, wanted, cut) => {
  const merged = mergeCrop(before, { crop: looked, detections: found }, PICTURE)
  expect(merged.found.map(({ box }) => [Math.round(box.x1 * 640), Math.round(box.y1 * 360)]).toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]!)).toEqual(wanted)
  expect(merged.found.map(({ score }) => score)).toEqual(merged.found.map(({ score }) => score).toSorted((a, b) => b - a))
  expect(merged.cut).toHaveLength(cut)
})

/** A frame in which each pixel's bytes tell its column, its row and nothing. */
function numbered(): Frame {
  const rgb = new Uint8Array(640 * 384 * 3)
  for (let pixel = 0; pixel < 640 * 384; pixel += 1) {
    rgb[pixel * 3] = (pixel % 640) / 4
    rgb[pixel * 3 + 1] = Math.floor(pixel / 640) / 2
  }
  return { atMs: 5, ...FRAME, rgb }
}

test('a crop shows its own pixels, row by row, in the memory it is given', () => {
  const frame = numbered()
  const memory = new Uint8Array(640 * 384 * 3)
  const cut = cutOut(frame, MIDDLE, () => memory)
  expect([cut.atMs, cut.width, cut.height, cut.rgb.length]).toEqual([5, 160, 128, 160 * 128 * 3])
  expect(cut.rgb.buffer).toBe(memory.buffer)
  const pixel = (x: number, y: number): number[] => [...cut.rgb.subarray((y * 160 + x) * 3, (y * 160 + x) * 3 + 2)]
  expect([pixel(0, 0), pixel(159, 0), pixel(0, 127), pixel(159, 127)]).toEqual([[40, 64], [79, 64], [40, 127], [79, 127]])
})

test('whole rows are the frame’s own bytes', () => {
  const frame = numbered()
  const cut = cutOut(frame, crop(0, 128, 640, 256), () => { throw new Error('no memory is needed') })
  expect([cut.width, cut.height, cut.rgb[1], cut.rgb.at(-2)]).toEqual([640, 128, 64, 127])
  expect(cut.rgb.buffer).toBe(frame.rgb.buffer)
})

test('boxes lie in the frame where they lie in the crop', () => {
  const found: Detection = { class: 'car', score: 0.5, box: { x1: 0.1, y1: 0.25, x2: 0.3, y2: 1 } }
  expect(putBack([found], MIDDLE, FRAME)).toEqual([{ ...found, box: { x1: (160 + 16) / 640, y1: (128 + 32) / 384, x2: (160 + 48) / 640, y2: 256 / 384 } }])
})

test.each([
  ['our own network, at its size', 640, 384, 640 * 384, true],
  ['a smaller picture', 416, 256, 640 * 384, true],
  ['a larger one, which is shrunk', 960, 544, 640 * 384, false],
  ['one that is off the grid, and fitted', 640, 360, 640 * 384, false],
  ['a network of one size', 640, 384, null, false],
] as const)('crops of %s: %s x %s', (_, width, height, freePixelsMax, wanted) => {
  expect(takesCrops({ width, height }, freePixelsMax)).toBe(wanted)
})

/** A grey picture in which these boxes are brighter. */
function picture(atMs: number, bright: readonly Box[] = []): Frame {
  const rgb = new Uint8Array(640 * 360 * 3).fill(90)
  for (const { x1, y1, x2, y2 } of bright) {
    for (let y = Math.round(y1 * 360); y < Math.round(y2 * 360); y += 1) rgb.fill(160, (y * 640 + Math.round(x1 * 640)) * 3, (y * 640 + Math.round(x2 * 640)) * 3)
  }
  return { atMs, ...PICTURE, rgb }
}

/** Looks at a picture and learns from it; with a crop, only that part. */
function look(state: GateState, frame: Frame, part?: Crop): [GateState, Glance] {
  const plane = planeOf(frame)
  const said = glance(state, plane, { atMs: frame.atMs, restless: false })
  return [learn(state, plane, { atMs: frame.atMs, glance: said, detections: [], restless: false, ...(part ? { part: { crop: part, picture: PICTURE } } : {}) }), said]
}

test('a look at a crop compares its cells with now, and the others still with what they were judged by', () => {
  const [judged] = look(GATE_OPEN, picture(0))
  const changed = picture(200, [at(200, 40, 216, 48), at(200, 160, 216, 168), at(400, 160, 416, 168)])
  const [state] = look(judged, changed, MIDDLE)
  const said = glance(state, planeOf({ ...changed, atMs: 400 }), { atMs: 400, restless: false })
  // What changed in the crop is known by now; above it and at its right it is not.
  expect(said).toEqual({ do: 'look', why: 'moved', cells: [5 * 80 + 25, 5 * 80 + 26, 20 * 80 + 50, 20 * 80 + 51] })
})

test('a whole look is due two seconds after the last whole one, however many crops were looked at meanwhile', () => {
  let [state] = look(GATE_OPEN, picture(0))
  for (let atMs = 200; atMs < LOOK_EVERY_MS; atMs += 200) [state] = look(state, picture(atMs), MIDDLE)
  expect(state.judgedAtMs).toBe(0)
  const [after, said] = look(state, picture(LOOK_EVERY_MS))
  expect([said, after.judgedAtMs]).toEqual([{ do: 'look', why: 'due' }, LOOK_EVERY_MS])
})

test('after a change its cells stay open for a moment; while something moves, only what moves is', () => {
  const [judged] = look(GATE_OPEN, picture(0))
  const [state] = look(judged, picture(200, [at(200, 160, 216, 168)]))
  expect(openBox(state, { do: 'look', why: 'after_change' }, 400)).toEqual(at(200, 160, 216, 168))
  expect(openBox(state, { do: 'look', why: 'moved', cells: [5 * 80 + 3, 7 * 80 + 9] }, 400)).toEqual(at(24, 40, 80, 64))
  expect(openBox(state, { do: 'look', why: 'restless' }, 1_000)).toBeNull()
})

function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
