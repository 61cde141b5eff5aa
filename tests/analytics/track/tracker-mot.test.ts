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

check([
  { name: 'TUD-Campus', step: 1, idf1Min: 0.6, motaMin: 0.55 },
  { name: 'TUD-Campus', step: 5, idf1Min: 0.5, motaMin: 0.4 },
  { name: 'TUD-Stadtmitte', step: 1, idf1Min: 0.6, motaMin: 0.6 },
  { name: 'TUD-Stadtmitte', step: 5, idf1Min: 0.55, motaMin: 0.5 },
])('people are followed through $name at every frame of $step', ({ name, step, idf1Min, motaMin }) => {
  const { truth, found } = follow(name, step)
  const figures = compareTracks(truth, found)
  if (process.env['SHOW']) console.log(name, step, figures)
  expect(figures.idf1).toBeGreaterThan(idf1Min)
  expect(figures.mota).toBeGreaterThan(motaMin)
})
