import { countsOf, frameAt, linePoints, rowsOf, tally, type Looked } from '../../player/models/compare.js'

const seen = (name: string) => ({ class: name, score: 0.5, box: { x1: 0, y1: 0, x2: 1, y2: 1 } })
const frames: readonly Looked[] = [0, 200, 400, 640].map((atMs, at) => ({ atMs, found: [Array.from({ length: at }, () => seen('car')), []] }))

test.each([
  ['the beginning', 0, 0],
  ['just before the second picture, as a standing video tells it', 185, 1],
  ['well before it', 150, 0],
  ['on it', 200, 1],
  ['long after the last', 9_000, 3],
])('the picture on the glass at %s', (_name, atMs, at) => expect(frameAt(frames, atMs)).toBe(at))

test('a line of counts is laid into its box', () => {
  expect(countsOf(frames, 0)).toEqual([0, 1, 2, 3])
  expect(linePoints(countsOf(frames, 0), { width: 300, height: 60, most: 3 })).toBe('0,60 100,40 200,20 300,0')
  expect(linePoints([2], { width: 300, height: 60, most: 2 })).toBe('0,0')
})

test('classes that any model saw stand in one table, the most frequent first', () => {
  const summary = (objects: Record<string, number>) => ({ clip: 'x', atMs: 0, frames: 10, frameMs: 1, objects })
  expect(rowsOf({ summaries: [summary({ car: 20 }), summary({ person: 35, car: 5 })] })).toEqual([
    { class: 'person', perFrame: [0, 3.5] },
    { class: 'car', perFrame: [2, 0.5] },
  ])
})

test('one picture is told by its classes', () => expect(tally([seen('car'), seen('bus'), seen('car')])).toEqual([['car', 2], ['bus', 1]]))
