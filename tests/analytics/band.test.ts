import { chooseBand, cutOut, mergeBand, putBack, shareOf, takesBands, type Band, type Span } from '../../analytics/band.js'
import type { Detection } from '../../analytics/detection.js'
import type { Frame } from '../../analytics/frame.js'
import { GATE_OPEN, glance, learn, LOOK_EVERY_MS, openSpans, planeOf, type GateState, type Glance } from '../../analytics/gate.js'

const HEIGHT = 360
const ROWS = 384
const at = (from: number, to: number): Span => ({ y1: from / HEIGHT, y2: to / HEIGHT })
const box = (from: number, to: number, score = 0.9): Detection => ({ class: 'car', score, box: { x1: 0.2, x2: 0.4, ...at(from, to) } })

test.each<[string, { must: Span[]; known?: Span[]; height?: number }, Band | null]>([
  ['nothing to see for sure: the whole picture', { must: [] }, null],
  ['what moves, and at least 32 rows above and below, on the grid', { must: [at(160, 200)] }, { top: 128, bottom: 256 }],
  ['rows on the grid stay there', { must: [at(160, 192)] }, { top: 128, bottom: 224 }],
  ['above the picture there is nothing', { must: [at(0, 8)] }, { top: 0, bottom: 64 }],
  ['the last rows take the grey below along', { must: [at(340, 350)] }, { top: 288, bottom: ROWS }],
  ['two that move, and all that lies between', { must: [at(80, 90), at(230, 240)] }, { top: 32, bottom: 288 }],
  ['a known box that is far away is left alone', { must: [at(160, 192)], known: [at(10, 60)] }, { top: 128, bottom: 224 }],
  ['one that only touches the edge is not cut', { must: [at(160, 192)], known: [at(64, 128)] }, { top: 128, bottom: 224 }],
  ['one that would be cut is taken in whole, with its surroundings', { must: [at(160, 192)], known: [at(100, 140)] }, { top: 64, bottom: 224 }],
  ['and so is the next, which those touch', { must: [at(160, 192)], known: [at(100, 140), at(40, 70)] }, { top: 0, bottom: 224 }],
  ['hardly fewer than all rows are all rows', { must: [at(40, 320)] }, null],
  ['who should have left the picture is looked for at its edge', { must: [{ y1: -0.5, y2: -0.2 }] }, { top: 0, bottom: 32 }],
  ['a small picture', { must: [{ y1: 0.5, y2: 0.6 }], height: 234 }, { top: 64, bottom: 192 }],
])('%s', (_, { must, known = [], height = HEIGHT }, wanted) => {
  expect(chooseBand(must, known, height)).toEqual(wanted)
})

const random = randomFrom(20_261_129)
const span = (length: number): Span => {
  const y1 = random() * (1 - length / 2)
  return { y1, y2: Math.min(1, y1 + random() * length) }
}
const many = (count: number, length: number): Span[] => Array.from({ length: Math.floor(random() * count) }, () => span(length))

test('whatever moves and whatever is known: nothing is cut, and everything that must be seen is in, with its surroundings', () => {
  let bands = 0
  for (let round = 0; round < 3000; round += 1) {
    const height = [360, 234, 180, 384, 416][round % 5]!
    const must = many(4, 0.3)
    const known = many(8, 0.3)
    const band = chooseBand(must, known, height)
    if (!band) continue
    bands += 1
    const { top, bottom } = band
    expect([top % 32, bottom % 32, top >= 0, bottom <= Math.ceil(height / 32) * 32, shareOf(band, height) < 0.85]).toEqual([0, 0, true, true, true])
    for (const { y1, y2 } of must) {
      expect(top).toBeLessThanOrEqual(Math.max(0, y1 * height - 32))
      expect(bottom).toBeGreaterThanOrEqual(Math.min(height, y2 * height + 32))
    }
    for (const { y1, y2 } of known) expect(y2 * height <= top || y1 * height >= bottom || (y1 * height >= top && y2 * height <= bottom)).toBe(true)
  }
  expect(bands).toBeGreaterThan(1000)
})

const BAND: Band = { top: 128, bottom: 256 }
const NEW = 0.8

test.each<[string, { before: Detection[]; found: Detection[]; band?: Band }, number[][], number]>([
  ['outside the band boxes still hold, inside they are found anew', { before: [box(20, 60), box(150, 190), box(300, 340)], found: [box(156, 196, NEW)] }, [[20, 60], [156, 196], [300, 340]], 0],
  ['who left the band is gone', { before: [box(20, 60), box(150, 190)], found: [] }, [[20, 60]], 0],
  ['what an inner edge cut is not believed, but is to be seen whole', { before: [], found: [box(128, 170, NEW), box(200, 252, NEW), box(170, 200, NEW)] }, [[170, 200]], 2],
  ['an unsure scrap at an edge asks for nothing', { before: [], found: [box(130, 170, 0.3)] }, [], 0],
  ['the edge of the picture cuts everybody, and is believed', { before: [box(300, 340)], found: [box(0, 60, NEW)], band: { top: 0, bottom: 128 } }, [[0, 60], [300, 340]], 0],
  ['below as well, down to the grey', { before: [box(20, 60)], found: [box(300, 360, NEW)], band: { top: 256, bottom: ROWS } }, [[20, 60], [300, 360]], 0],
])('%s', (_, { before, found, band = BAND }, wanted, cut) => {
  const merged = mergeBand(before, { band, detections: found }, HEIGHT)
  expect(merged.found.map((one) => [Math.round(one.box.y1 * HEIGHT), Math.round(one.box.y2 * HEIGHT)]).toSorted((a, b) => a[0]! - b[0]!)).toEqual(wanted)
  expect(merged.found.map(({ score }) => score)).toEqual(merged.found.map(({ score }) => score).toSorted((a, b) => b - a))
  expect(merged.cut).toHaveLength(cut)
})

test('a band is the frame’s own bytes, and its boxes lie in the frame where they lie in the band', () => {
  const frame: Frame = { atMs: 5, width: 64, height: ROWS, rgb: Uint8Array.from({ length: 64 * ROWS * 3 }, (_, k) => Math.floor(k / (64 * 3)) % 251) }
  const cut = cutOut(frame, BAND)
  expect([cut.atMs, cut.width, cut.height, cut.rgb.length, cut.rgb[0], cut.rgb.at(-1)]).toEqual([5, 64, 128, 64 * 128 * 3, 128, 255 % 251])
  expect(cut.rgb.buffer).toBe(frame.rgb.buffer)
  const found: Detection = { class: 'car', score: 0.5, box: { x1: 0.1, y1: 0.25, x2: 0.3, y2: 1 } }
  expect(putBack([found], BAND, ROWS)).toEqual([{ ...found, box: { x1: 0.1, y1: (128 + 32) / ROWS, x2: 0.3, y2: 256 / ROWS } }])
})

test.each([
  ['our own network, at its size', 640, 384, 640 * 384, true],
  ['a smaller picture', 416, 256, 640 * 384, true],
  ['a larger one, which is shrunk', 960, 544, 640 * 384, false],
  ['one that is off the grid, and fitted', 640, 360, 640 * 384, false],
  ['a network of one size', 640, 384, null, false],
] as const)('bands of %s: %s x %s', (_, width, height, freePixelsMax, wanted) => {
  expect(takesBands({ width, height }, freePixelsMax)).toBe(wanted)
})

/** A grey picture in which these rows of pixels are brighter. */
function picture(atMs: number, bright: readonly Span[] = []): Frame {
  const rgb = new Uint8Array(640 * HEIGHT * 3).fill(90)
  for (const { y1, y2 } of bright) rgb.fill(160, Math.round(y1 * HEIGHT) * 640 * 3 + 300, Math.round(y2 * HEIGHT) * 640 * 3)
  return { atMs, width: 640, height: HEIGHT, rgb }
}

/** Looks at a picture and learns from it; with a band, only those rows. */
function look(state: GateState, frame: Frame, band?: Band): [GateState, Glance] {
  const plane = planeOf(frame)
  const said = glance(state, plane, { atMs: frame.atMs, restless: false })
  return [learn(state, plane, { atMs: frame.atMs, glance: said, detections: [], ...(band ? { rows: { band, height: HEIGHT } } : {}) }), said]
}

test('a look at a band compares its rows with now, and the others still with what they were judged by', () => {
  const [judged] = look(GATE_OPEN, picture(0))
  const changed = picture(200, [at(40, 48), at(160, 168)])
  const [state] = look(judged, changed, BAND)
  const said = glance(state, planeOf({ ...changed, atMs: 400 }), { atMs: 400, restless: false })
  expect(said).toMatchObject({ do: 'look', why: 'moved' })
  // Row 5 of the grid is pixels 40 to 48; what is in the band is known by now.
  expect(said.do === 'look' && said.why === 'moved' ? [...new Set(said.cells.map((cell) => Math.floor(cell / 80)))] : []).toEqual([5])
})

test('a whole look is due two seconds after the last whole one, however many bands were looked at meanwhile', () => {
  let [state] = look(GATE_OPEN, picture(0))
  for (let atMs = 200; atMs < LOOK_EVERY_MS; atMs += 200) [state] = look(state, picture(atMs), BAND)
  expect(state.judgedAtMs).toBe(0)
  const [after, said] = look(state, picture(LOOK_EVERY_MS))
  expect([said, after.judgedAtMs]).toEqual([{ do: 'look', why: 'due' }, LOOK_EVERY_MS])
})

test('after a change its rows stay open for a moment; while something moves, only what moves is', () => {
  const [judged] = look(GATE_OPEN, picture(0))
  const [state] = look(judged, picture(200, [at(160, 168)]))
  expect(openSpans(state, { do: 'look', why: 'after_change' }, 400)).toEqual([at(160, 168)])
  expect(openSpans(state, { do: 'look', why: 'moved', cells: [5 * 80 + 3] }, 400)).toEqual([at(40, 48)])
  expect(openSpans(state, { do: 'look', why: 'restless' }, 1_000)).toEqual([])
})

function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
