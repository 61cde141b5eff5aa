import { existsSync, readFileSync } from 'node:fs'
import type { Detection } from '../../analytics/detection.js'
import type { Box } from '../../analytics/geometry/box.js'
import type { Sighting } from '../../analytics/track/metrics.js'
import { NO_TRACKS, track, visibleTracks } from '../../analytics/track/tracker.js'

/**
 * TUD-Campus and TUD-Stadtmitte as the MOT benchmark and py-motmetrics publish them: truth (`gt`), detections (`det`) and a
 * reference tracker's output (`test`). Read where they lie beside the checkout, never copied into it.
 */
export const MOT_NAMES = ['TUD-Campus', 'TUD-Stadtmitte'] as const
export type MotName = (typeof MOT_NAMES)[number]

/** What py-motmetrics prints for `gt` against `test`. */
export const MOT_PUBLISHED: Readonly<Record<MotName, { readonly idf1: number; readonly mota: number; readonly hota: number; readonly detA: number; readonly assA: number }>> = {
  'TUD-Campus': { idf1: 0.558, mota: 0.526, hota: 0.391, detA: 0.418, assA: 0.369 },
  'TUD-Stadtmitte': { idf1: 0.645, mota: 0.564, hota: 0.398, detA: 0.392, assA: 0.409 },
}

/** Both are 640x480 at 25 pictures a second. */
const WIDTH = 640
const HEIGHT = 480
const FRAME_MS = 40

export interface MotRow {
  readonly frame: number
  readonly id: number
  readonly score: number
  readonly box: Box
}

/** Where the files lie, from the folder of package.json; null when they are not on this machine. */
export function motFolder(root: string): string | null {
  const folder = `${root}/../shared/data/labels/mot`
  return existsSync(folder) ? folder : null
}

export function readMot(folder: string, name: MotName, kind: 'gt' | 'det' | 'test'): readonly MotRow[] {
  return readFileSync(`${folder}/${name}.${kind}.txt`, 'utf8').trim().split('\n').map((line) => {
    const [frame = 0, id = 0, x = 0, y = 0, w = 0, h = 0, score = 0] = line.split(',').map(Number)
    return { frame, id, score, box: { x1: x / WIDTH, y1: y / HEIGHT, x2: (x + w) / WIDTH, y2: (y + h) / HEIGHT } }
  })
}

/** Every `step`-th frame, the first of them after `skipped`. */
export interface Thinning {
  readonly step: number
  readonly skipped: number
}

export const EVERY_FRAME: Thinning = { step: 1, skipped: 0 }

export function thinned<Row extends { readonly frame: number }>(rows: readonly Row[], { step, skipped }: Thinning): readonly Row[] {
  return rows.filter(({ frame }) => (frame - 1) % step === skipped)
}

/** What our tracker shows as confirmed on the public detections, in each frame that it sees. */
export function followMot(folder: string, name: MotName, { step, skipped }: Thinning): readonly Sighting[] {
  const detections = readMot(folder, name, 'det')
  const last = Math.max(...readMot(folder, name, 'gt').map(({ frame }) => frame))
  const found: Sighting[] = []
  let state = NO_TRACKS
  for (let frame = 1 + skipped; frame <= last; frame += step) {
    const boxes: Detection[] = detections.filter((row) => row.frame === frame).map(({ score, box }) => ({ class: 'person', score, box }))
    state = track(state, boxes, { atMs: (frame - 1) * FRAME_MS, aspect: WIDTH / HEIGHT })
    for (const { id, box, state: seen } of visibleTracks(state)) if (seen === 'confirmed') found.push({ frame, id, box })
  }
  return found
}
