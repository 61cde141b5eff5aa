import { hotaOf } from '../../../analytics/track/hota.js'
import { compareTracks, type Sighting } from '../../../analytics/track/metrics.js'
import { EVERY_FRAME, followMot, MOT_NAMES, MOT_PUBLISHED, motFolder, readMot, thinned, type Thinning } from '../../support/mot-files.js'

const folder = motFolder(new URL('../../..', import.meta.url).pathname) ?? ''
const check = folder === '' ? test.skip.each : test.each

check(MOT_NAMES)('our ruler measures a known tracker on %s as the published one does', (name) => {
  const truth = readMot(folder, name, 'gt')
  const theirs = readMot(folder, name, 'test')
  const { idf1, mota } = compareTracks(truth, theirs)
  const { hota, detA, assA } = hotaOf(truth, theirs)
  const round = (value: number): number => Number(value.toFixed(3))
  expect({ idf1: round(idf1), mota: round(mota), hota: round(hota), detA: round(detA), assA: round(assA) }).toEqual(MOT_PUBLISHED[name])
})

check(MOT_NAMES)('people on %s are followed better than by that tracker, and at a fifth of the frames still keep half their identity', (name) => {
  const truth = readMot(folder, name, 'gt')
  const all = compareTracks(truth, followMot(folder, name, EVERY_FRAME))
  expect(all.idf1).toBeGreaterThan(MOT_PUBLISHED[name].idf1)
  expect(all.mota).toBeGreaterThan(MOT_PUBLISHED[name].mota)
  expect(hotaOf(truth, followMot(folder, name, EVERY_FRAME)).hota).toBeGreaterThan(MOT_PUBLISHED[name].hota)
  for (const skipped of [0, 1, 2, 3, 4]) {
    const fifth: Thinning = { step: 5, skipped }
    expect(compareTracks(thinned(truth, fifth), followMot(folder, name, fifth)).idf1).toBeGreaterThan(0.5)
  }
})

const still: Sighting[] = [1, 2, 3, 4].map((frame) => ({ frame, id: 1, box: { x1: 0.1, y1: 0.1, x2: 0.3, y2: 0.5 } }))

// By hand: HOTA is √(DetA · AssA), and a sequence cut into two identities agrees for half of its union.
test.each<[string, Sighting[], { hota: number; detA: number; assA: number }]>([
  ['the truth itself is 1', still, { hota: 1, detA: 1, assA: 1 }],
  ['nothing found is 0', [], { hota: 0, detA: 0, assA: 0 }],
  ['a number that changes halfway costs half the association and no detection', still.map((s) => ({ ...s, id: s.frame > 2 ? 8 : 7 })), { hota: Math.SQRT1_2, detA: 1, assA: 0.5 }],
  ['half of the frames found: half the detection, and half of the union', still.slice(0, 2), { hota: 0.5, detA: 0.5, assA: 0.5 }],
])('hota: %s', (_, found, expected) => {
  const figures = hotaOf(still, found)
  expect(figures.hota).toBeCloseTo(expected.hota, 9)
  expect(figures.detA).toBeCloseTo(expected.detA, 9)
  expect(figures.assA).toBeCloseTo(expected.assA, 9)
})
