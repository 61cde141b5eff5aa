import { overlap } from '../../analytics/geometry/box.js'
import { makeWatch } from '../../analytics/watch.js'
import { loadModel } from '../../models/catalogue.js'
import { SCENES } from '../../server/sandbox/scenes/catalogue.js'
import { makeStudio } from '../../server/sandbox/scenes/studio.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import type { FrameOnLoan, WatchingModel } from '../../server/watching/inference-messages.js'
import { openInferencePool, type InferencePool, type Judged } from '../../server/watching/inference-pool.js'
import { openLane, type LaneCounts } from '../../server/watching/lane.js'
import { openPoolSwitch, type PoolSwitch } from '../../server/watching/pool-switch.js'
import { makeOnnx } from '../support/make-onnx.js'
import { until } from '../support/until.js'

// Loading a model and drawing a street take seconds on a busy machine; every wait inside has its own deadline.
import.meta.jest.setTimeout(90_000)

const { bytes } = await loadModel('eyes')
const open = new Set<{ close(): unknown }>()
afterEach(async () => {
  for (const one of open) await one.close()
  open.clear()
})

function pool(model: WatchingModel): InferencePool {
  const opened = openInferencePool({ model, clock: systemClock, log: silentLog, workers: 1 })
  open.add(opened)
  return opened
}

/** Of our own format, it sees one bus at (32, 32) to (160, 128) of whatever it is shown. */
const bus = (dims: readonly (number | null)[], score = 0.9): WatchingModel => ({
  name: 'bus',
  bytes: makeOnnx({
    inputs: [{ name: 'frames', type: 'uint8', dims: [...dims, 3] }],
    answers: [
      { name: 'boxes', dims: [1, 1, 4], values: Float32Array.of(32, 32, 160, 128) },
      { name: 'scores', dims: [1, 1, 1], values: Float32Array.of(score) },
    ],
    notes: { classes: 'bus' },
  }),
})
const ANY_SIZE = [null, null, null]
const ONE_SIZE = [null, 384, 640]

const judged = (answer: Judged): Extract<Judged, { kind: 'judged' }> => {
  if (answer.kind === 'lost') throw new Error(answer.why)
  return answer
}

test('a crop’s boxes are told in the whole frame, and all its memory comes back', async () => {
  const tested = pool(bus(ANY_SIZE))
  await tested.ready
  const frame: FrameOnLoan = { atMs: 0, width: 640, height: 384, rgb: new Uint8Array(640 * 384 * 3).fill(7) }
  const { rgb, detections } = judged(await tested.judge({ ...frame, crop: { left: 64, top: 96, right: 320, bottom: 288 } }))
  expect([frame.rgb.length, rgb.length, rgb[0]]).toEqual([0, 640 * 384 * 3, 7])
  expect(detections).toEqual([{ class: 'bus', score: expect.closeTo(0.9), box: { x1: (64 + 32) / 640, y1: (96 + 32) / 384, x2: (64 + 160) / 640, y2: (96 + 128) / 384 } }])
})

test('a crop shows our detector what the whole picture shows it, in the same place', async () => {
  const tested = pool({ name: 'eyes', bytes })
  await tested.ready
  const studio = makeStudio(SCENES.find(({ id }) => id === 'mot-chieu')!, { seed: 5, loopMs: 120_000, frameMs: 200, width: 640, height: 360 })
  const alike: boolean[] = []
  for (const at of [15, 80, 150]) {
    const drawn = studio.draw(at).rgb
    const frame = (): FrameOnLoan => {
      const rgb = new Uint8Array(640 * 384 * 3).fill(114)
      rgb.set(drawn)
      return { atMs: 0, width: 640, height: 384, rgb }
    }
    const whole = judged(await tested.judge(frame())).detections
    for (const crop of [{ left: 0, top: 0, right: 640, bottom: 224 }, { left: 0, top: 32, right: 480, bottom: 256 }, { left: 160, top: 64, right: 640, bottom: 320 }]) {
      const { detections } = judged(await tested.judge({ ...frame(), crop }))
      // With 32 pixels around them, as every box that is known has.
      const inside = whole.filter(({ score, box }) => score >= 0.5 && (crop.left === 0 || box.x1 * 640 >= crop.left + 32) && (crop.right === 640 || box.x2 * 640 <= crop.right - 32) && (crop.top === 0 || box.y1 * 384 >= crop.top + 32) && box.y2 * 384 <= crop.bottom - 32)
      for (const one of inside) {
        const same = detections.toSorted((a, b) => overlap(b.box, one.box) - overlap(a.box, one.box))[0]!
        expect([same.class, overlap(same.box, one.box) > 0.8]).toEqual([one.class, true])
        alike.push(overlap(same.box, one.box) > 0.9 && Math.abs(same.score - one.score) < 0.05)
      }
    }
  }
  // What lies beyond the 32 pixels still tells the network a little.
  expect(alike.length).toBeGreaterThan(30)
  expect(alike.filter(Boolean).length / alike.length).toBeGreaterThanOrEqual(0.9)
})

test('crops of one size share a call, others do not, and each is answered with its own', async () => {
  const tested = pool(bus(ANY_SIZE))
  await tested.ready
  const lefts = [0, 64, 96, 0, 128]
  const answers = await Promise.all(lefts.map((left, at) => tested.judge({ atMs: at, width: 640, height: 384, rgb: new Uint8Array(640 * 384 * 3), crop: { left, top: 0, right: left + (at % 2 === 0 ? 192 : 160), bottom: 192 } })))
  expect(answers.map((answer) => judged(answer).detections[0]!.box.x1 * 640)).toEqual(lefts.map((left) => expect.closeTo(left + 32)))
})

const yolox = makeOnnx({ inputs: [{ name: 'images', type: 'float32', dims: [1, 3, 384, 640] }], answers: [{ name: 'output', dims: [1, 5040, 85], values: new Float32Array(5040 * 85) }] })

test.each([
  ['ours', { name: 'eyes', bytes }, 640 * 384],
  ['ours, for small pictures', { name: 'eyes', bytes, inputWidth: 416, inputHeight: 256 }, 416 * 256],
  ['our format, exported for one size', bus(ONE_SIZE), null],
  ['YOLOX', { name: 'yolox', bytes: yolox }, null],
] as const)('%s: the pool says which frames may be looked at in crops', async (_, model, freePixelsMax) => {
  const tested = pool(model)
  expect(tested.model).toEqual({ kind: 'loading' })
  await tested.ready
  expect(tested.model).toMatchObject({ kind: 'ready', freePixelsMax })
})

/** A lane that is offered ten pictures 200 ms apart, in which something small moves to the right. */
async function watchMoving(looking: InferencePool, between: (frames: number) => Promise<void> = () => Promise.resolve()): Promise<{ readonly counts: LaneCounts; readonly shares: readonly number[] }> {
  const watch = makeWatch([], { localTime: () => ({ weekday: 3, minuteOfDay: 720 }) })
  const lane = openLane({ pool: looking, watch, clock: systemClock, masks: () => [], onSight: () => undefined, onFault: (error) => { throw error } })
  open.add(lane)
  const shares: number[] = []
  for (let at = 0; at < 10; at += 1) {
    await between(at)
    const rgb = new Uint8Array(640 * 384 * 3).fill(90)
    for (let y = 176; y < 192; y += 1) rgb.fill(220, (y * 640 + at * 32) * 3, (y * 640 + at * 32 + 24) * 3)
    const before = (lane.counts.pixelsLookedShare ?? 0) * at
    lane.offer({ atMs: at * 200, width: 640, height: 384, pictureHeight: 360, far: null, rgb, giveBack: () => undefined })
    await until('the frame was judged', () => lane.counts.framesJudged === at + 1)
    shares.push(Math.round(((lane.counts.pixelsLookedShare ?? 0) * (at + 1) - before) * 240))
  }
  return { counts: lane.counts, shares }
}

// 240 tiles of 32 pixels; it moves 32 a picture, and the gate opens where it was and where it is: with 32 around, 3 x 4 tiles, and fewer at the edge.
const TILES = [240, 9, 12, 12, 12, 12, 12, 12, 12, 12]

test('of a picture in which something small moves only its surroundings are looked at', async () => {
  const looking = pool(bus(ANY_SIZE, 0.05))
  await looking.ready
  const { counts, shares } = await watchMoving(looking)
  expect(shares).toEqual(TILES)
  expect(counts).toMatchObject({ framesJudged: 10, pixelsLookedShare: expect.closeTo(TILES.reduce((sum, tiles) => sum + tiles, 0) / 2400) })
})

test('a detector that takes pictures of one size is never shown a crop', async () => {
  const looking = pool(bus(ONE_SIZE, 0.05))
  await looking.ready
  expect((await watchMoving(looking)).counts.pixelsLookedShare).toBe(1)
})

test('another model looks at the whole picture first: boxes of two models are not mixed', async () => {
  const looking: PoolSwitch = openPoolSwitch((model) => openInferencePool({ model, clock: systemClock, log: silentLog, workers: 1 }), bus(ANY_SIZE, 0.05))
  open.add(looking)
  await looking.ready
  const { shares } = await watchMoving(looking, (frames) => (frames === 5 ? looking.use(bus(ANY_SIZE, 0.06)) : Promise.resolve()))
  expect(shares).toEqual(TILES.map((tiles, at) => (at === 5 ? 240 : tiles)))
})
