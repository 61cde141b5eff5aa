import { makeOnnxDetector } from '../../analytics/detect/onnx-detector.js'
import { overlap, placeIn } from '../../analytics/geometry/box.js'
import { joinFar } from '../../analytics/far.js'
import type { Detection } from '../../analytics/detection.js'
import { makeWatch } from '../../analytics/watch.js'
import { loadModel } from '../../models/catalogue.js'
import { SCENES } from '../../server/sandbox/scenes/catalogue.js'
import { makeStudio } from '../../server/sandbox/scenes/studio.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { openInferencePool } from '../../server/watching/inference-pool.js'
import { openLane } from '../../server/watching/lane.js'
import { planPicture, type FarPlan } from '../../server/watching/picture-plan.js'
import { makeOnnx } from '../support/make-onnx.js'
import { until } from '../support/until.js'
import sharp from 'sharp'

// Loading a model and drawing a street take seconds on a busy machine; every wait inside has its own deadline.
import.meta.jest.setTimeout(90_000)

const open = new Set<{ close(): unknown }>()
afterEach(async () => {
  for (const one of open) await one.close()
  open.clear()
})

/** Of our own format, it sees a bike at (64, 32) to (80, 64) of whatever it is shown. */
const bike = makeOnnx({
  inputs: [{ name: 'frames', type: 'uint8', dims: [null, null, null, 3] }],
  answers: [
    { name: 'boxes', dims: [1, 1, 4], values: Float32Array.of(64, 32, 80, 64) },
    { name: 'scores', dims: [1, 1, 1], values: Float32Array.of(0.9) },
  ],
  notes: { classes: 'two_wheeler' },
})

const { far } = planPicture({ width: 1280, height: 720 }, { small: false, far: { x: 0.6, y: 0.5 } })

interface Seen {
  readonly found: readonly Detection[]
  readonly farLooks: number
}

/** A lane is offered these pictures, 200 ms apart: where in each a bright spot lies, and whether its far part came along. */
async function see(pictures: readonly { readonly spot: { readonly x: number; readonly y: number }; readonly far: FarPlan | null }[]): Promise<readonly Seen[]> {
  const pool = openInferencePool({ model: { name: 'bike', bytes: bike }, clock: systemClock, log: silentLog, workers: 1 })
  open.add(pool)
  await pool.ready
  const seen: Seen[] = []
  let newest: readonly Detection[] = []
  const lane = openLane({ pool, watch: makeWatch([], { localTime: () => ({ weekday: 3, minuteOfDay: 720 }) }), clock: systemClock, masks: () => [], onSight: (_at, _sight, found) => void (newest = found), onFault: (error) => { throw error } })
  open.add(lane)
  for (const [at, { spot, far: part }] of pictures.entries()) {
    const rgb = new Uint8Array(640 * (384 + (part?.height ?? 0)) * 3).fill(90)
    for (let y = spot.y; y < spot.y + 16; y += 1) rgb.fill(230, (y * 640 + spot.x) * 3, (y * 640 + spot.x + 16) * 3)
    lane.offer({ atMs: at * 200, width: 640, height: 384, pictureHeight: 360, far: part, rgb, giveBack: () => undefined })
    await until('the frame was judged', () => lane.counts.framesJudged === at + 1)
    seen.push({ found: newest, farLooks: lane.counts.farLooks })
  }
  return seen
}

test('what the far part shows is told in its place in the picture', async () => {
  const [seen] = await see([{ spot: { x: 320, y: 180 }, far }])
  const inPart = placeIn(far!.part, { x1: 64 / 640, y1: 32 / 192, x2: 80 / 640, y2: 64 / 192 })
  const inWhole = { x1: 64 / 640, y1: 32 / 360, x2: 80 / 640, y2: 64 / 360 }
  expect(seen!.farLooks).toBe(1)
  expect(seen!.found.map(({ box }) => box).toSorted((a, b) => a.x1 - b.x1)).toEqual([inWhole, inPart].map(({ x1, y1, x2, y2 }) => ({ x1: expect.closeTo(x1), y1: expect.closeTo(y1), x2: expect.closeTo(x2), y2: expect.closeTo(y2) })))
})

test('it is looked at again only where something is new, and a camera without one is looked at as ever', async () => {
  const inside = (at: number): { readonly x: number; readonly y: number } => ({ x: 320 + 16 * at, y: 180 })
  const below = (at: number): { readonly x: number; readonly y: number } => ({ x: 64 + 16 * at, y: 336 })
  const farLooks = (seen: readonly Seen[]): readonly number[] => seen.map((one) => one.farLooks)
  expect(farLooks(await see([0, 1, 2, 3].map((at) => ({ spot: inside(at), far }))))).toEqual([1, 2, 3, 4])
  const elsewhere = farLooks(await see([0, 1, 2, 3, 4, 5].map((at) => ({ spot: below(at), far }))))
  // The first look is at everything; newcomers and whoever is lost are looked for until that is settled.
  expect(elsewhere.at(-1)).toBeLessThan(6)
  expect(farLooks(await see([0, 1].map((at) => ({ spot: inside(at), far: null }))))).toEqual([0, 0])
})

const SIZE = { width: 1280, height: 720 }

test('in a drawn street our detector finds more of what is far when it looks at the part as well', async () => {
  const detector = await makeOnnxDetector({ model: (await loadModel('eyes')).bytes, name: 'eyes', inputWidth: 640, inputHeight: 384, thresholds: { other: 0.4 } })
  open.add(detector)
  const count = { far: 0, whole: 0, both: 0 }
  for (const id of ['nga-tu', 'mot-chieu', 'cam-dung']) {
    const studio = makeStudio(SCENES.find((scene) => scene.id === id)!, { seed: 5, loopMs: 60_000, frameMs: 80, ...SIZE })
    for (const share of [0.2, 0.5, 0.8]) {
      const { rgb, seen } = studio.draw(Math.floor(share * studio.frameCount))
      const small = seen.filter(({ box, visible }) => visible >= 0.5 && box[3] - box[1] < 20 / 360 && box[3] - box[1] >= 8 / 360)
      if (small.length === 0) continue
      const at = { x: small.reduce((sum, { box }) => sum + (box[0] + box[2]) / 2, 0) / small.length, y: small.reduce((sum, { box }) => sum + (box[1] + box[3]) / 2, 0) / small.length }
      const { part } = planPicture(SIZE, { small: false, far: at }).far!
      const picture = sharp(Buffer.from(rgb.buffer, rgb.byteOffset, rgb.length), { raw: { ...SIZE, channels: 3 } })
      const whole = (await detector.detect([{ atMs: 0, width: 640, height: 360, rgb: await picture.clone().resize(640, 360).raw().toBuffer() }]))[0]!
      const cut = { left: Math.round(part.x1 * SIZE.width), top: Math.round(part.y1 * SIZE.height), width: 640, height: 192 }
      const near = (await detector.detect([{ atMs: 0, width: 640, height: 192, rgb: await picture.clone().extract(cut).raw().toBuffer() }]))[0]!
      const both = joinFar(whole, { part, detections: near.map((found) => ({ ...found, box: placeIn(part, found.box) })) }, null)
      const finds = (found: readonly Detection[], [x1, y1, x2, y2]: readonly [number, number, number, number]): boolean => found.some(({ box }) => overlap(box, { x1, y1, x2, y2 }) >= 0.4)
      count.far += small.length
      count.whole += small.filter(({ box }) => finds(whole, box)).length
      count.both += small.filter(({ box }) => finds(both, box)).length
    }
  }
  expect(count.far).toBeGreaterThan(15)
  expect(count.both).toBeGreaterThan(count.whole * 1.15)
})
