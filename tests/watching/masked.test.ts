import { makeWatch } from '../../analytics/watch.js'
import { EYES, loadModel } from '../../models/catalogue.js'
import type { Mask } from '../../server/domain/privacy-mask.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { coverFrame } from '../../server/watching/cover-frame.js'
import type { WatchedFrame } from '../../server/watching/decoder-session.js'
import { openInferencePool, type InferencePool } from '../../server/watching/inference-pool.js'
import { openLane } from '../../server/watching/lane.js'
import type { FarPlan } from '../../server/watching/picture-plan.js'
import { until } from '../support/until.js'

const [WIDTH, HEIGHT] = [640, 360]
const box = (x1: number, y1: number, x2: number, y2: number): Mask => [{ x: x1, y: y1 }, { x: x2, y: y1 }, { x: x2, y: y2 }, { x: x1, y: y2 }]
const far: FarPlan = { height: 192, part: { x1: 0.25, y1: 0.25, x2: 0.75, y2: 0.5 } }

/** A grey picture with something bright in it, as a decoder hands it over: grey below, and its far part behind that. */
function picture(atMs: number, spot: { readonly x: number; readonly y: number }, part: FarPlan | null = null): WatchedFrame {
  const rgb = new Uint8Array(WIDTH * (384 + (part?.height ?? 0)) * 3).fill(90)
  for (let y = spot.y; y < spot.y + 32; y += 1) rgb.fill(230, (y * WIDTH + spot.x) * 3, (y * WIDTH + spot.x + 32) * 3)
  return { atMs, width: WIDTH, height: 384, pictureHeight: HEIGHT, far: part, rgb, giveBack: () => undefined }
}

test('a mask covers its place in the whole picture, and the same place where it is seen nearer', () => {
  const frame = picture(0, { x: 0, y: 0 }, far)
  coverFrame(frame, [box(0.5, 0.375, 0.75, 0.5)])
  const dark = (x: number, y: number): boolean => frame.rgb[(y * WIDTH + x) * 3]! < 40
  expect([dark(330, 140), dark(470, 175), dark(310, 140), dark(330, 190), dark(330, 370)]).toEqual([true, true, false, false, false])
  // The right lower quarter of the far part.
  expect([dark(330, 384 + 100), dark(630, 384 + 185), dark(310, 384 + 100), dark(330, 384 + 90)]).toEqual([true, true, false, false])
})

let pool: InferencePool
beforeAll(async () => {
  pool = openInferencePool({ model: { ...(await loadModel(EYES.id)), name: EYES.id }, clock: systemClock, log: silentLog, workers: 1 })
  await pool.ready
}, 60_000)
afterAll(() => pool.close())

test.each<[string, readonly Mask[], number]>([
  ['is looked at each time it moved', [], 4],
  ['is looked at once when a mask covers it: nothing new is ever seen there', [box(0.2, 0.3, 0.9, 0.8)], 1],
  ['is looked at each time when the mask lies elsewhere', [box(0, 0, 0.1, 0.1)], 4],
])('what moves %s', async (_name, masks, looks) => {
  const lane = openLane({ pool, watch: makeWatch([], { localTime: () => ({ weekday: 3, minuteOfDay: 720 }) }), clock: systemClock, masks: () => masks, onSight: () => undefined, onFault: (error) => { throw error } })
  try {
    for (let at = 0; at < 4; at += 1) {
      lane.offer(picture(at * 200, { x: 200 + at * 64, y: 160 }))
      await until('the frame was told', () => lane.counts.framesJudged + lane.counts.framesUnchanged === at + 1)
    }
    expect(lane.counts.framesJudged).toBe(looks)
  } finally {
    lane.close()
  }
})
