import { existsSync, readFileSync } from 'node:fs'
import type { Detection } from '../../../analytics/detection.js'
import type { Box } from '../../../analytics/geometry/box.js'
import { compareTracks, type Sighting } from '../../../analytics/track/metrics.js'
import { NO_TRACKS, track, visibleTracks } from '../../../analytics/track/tracker.js'

const LABELS = new URL('../../../../shared/data/labels/mot/', import.meta.url).pathname
const WIDTH = 640
const HEIGHT = 480

interface Row {
  readonly frame: number
  readonly id: number
  readonly score: number
  readonly box: Box
}

function rows(file: string): Row[] {
  return readFileSync(LABELS + file, 'utf8').trim().split('\n').map((line) => {
    const [frame = 0, id = 0, x = 0, y = 0, w = 0, h = 0, score = 0] = line.split(',').map(Number)
    return { frame, id, score, box: { x1: x / WIDTH, y1: y / HEIGHT, x2: (x + w) / WIDTH, y2: (y + h) / HEIGHT } }
  })
}

/** The sequence at every `step`-th frame of 25 a second. */
function follow(name: string, step: number): { truth: Sighting[]; found: Sighting[] } {
  const detections = rows(`${name}.det.txt`)
  const kept = (row: Row): boolean => (row.frame - 1) % step === 0
  const truth = rows(`${name}.gt.txt`).filter(kept)
  const found: Sighting[] = []
  let state = NO_TRACKS
  for (let frame = 1; frame <= Math.max(...truth.map((r) => r.frame)); frame += step) {
    const boxes: Detection[] = detections.filter((r) => r.frame === frame).map((r) => ({ class: 'person', score: r.score, box: r.box }))
    state = track(state, boxes, { atMs: (frame - 1) * 40, aspect: WIDTH / HEIGHT })
    for (const t of visibleTracks(state)) if (t.state === 'confirmed') found.push({ frame, id: t.id, box: t.box })
  }
  return { truth, found }
}

const there = existsSync(LABELS)
const check = there ? test.each : test.skip.each

/** What py-motmetrics prints for the tracker output kept beside the truth: our yardstick, and proof of our own ruler. */
const PUBLISHED = { 'TUD-Campus': { idf1: 0.558, mota: 0.526 }, 'TUD-Stadtmitte': { idf1: 0.645, mota: 0.564 } }

check(['TUD-Campus', 'TUD-Stadtmitte'] as const)('our ruler measures a known tracker on %s as the published one does', (name) => {
  const figures = compareTracks(rows(`${name}.gt.txt`), rows(`${name}.test.txt`))
  expect(figures.idf1).toBeCloseTo(PUBLISHED[name].idf1, 2)
  expect(figures.mota).toBeCloseTo(PUBLISHED[name].mota, 2)
})

check(['TUD-Campus', 'TUD-Stadtmitte'] as const)('people on %s are followed better than by that tracker, and at a fifth of the frames still keep half their identity', (name) => {
  const full = follow(name, 1)
  const all = compareTracks(full.truth, full.found)
  const sparse = follow(name, 5)
  const fifth = compareTracks(sparse.truth, sparse.found)
  if (process.env['SHOW']) console.log(name, all, fifth)
  expect(all.idf1).toBeGreaterThan(PUBLISHED[name].idf1)
  expect(all.mota).toBeGreaterThan(PUBLISHED[name].mota)
  expect(fifth.idf1).toBeGreaterThan(0.5)
})
