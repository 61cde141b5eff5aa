import type { Detection } from '../../analytics/detection.js'
import { makeWatch } from '../../analytics/watch.js'
import { systemClock } from '../../server/system/clock.js'
import type { WatchedFrame } from '../../server/watching/decoder-session.js'
import type { InferencePool, ModelState, PoolStats } from '../../server/watching/inference-pool.js'
import { openLane, type Stir } from '../../server/watching/lane.js'
import { until } from '../support/until.js'

const [WIDTH, HEIGHT] = [640, 360]

/** A grey picture, with something bright in it at `spot`. */
function picture(atMs: number, spot: number | null): WatchedFrame {
  const rgb = new Uint8Array(WIDTH * 384 * 3).fill(90)
  if (spot !== null) for (let y = 160; y < 192; y += 1) rgb.fill(230, (y * WIDTH + spot) * 3, (y * WIDTH + spot + 32) * 3)
  return { atMs, width: WIDTH, height: 384, pictureHeight: HEIGHT, far: null, rgb, giveBack: () => undefined }
}

const NEWCOMER: Detection = { class: 'person', score: 0.7, box: { x1: 0.5, y1: 0.4, x2: 0.55, y2: 0.6 } }

/** Finds the newcomer from this instant on, and is asked for nothing else. */
function eyes(fromMs: number): InferencePool {
  const model: ModelState = { kind: 'loading' }
  return {
    ready: Promise.resolve(), model,
    judge: ({ atMs, rgb }) => Promise.resolve({ kind: 'judged', rgb, detections: atMs >= fromMs ? [NEWCOMER] : [], far: [] }),
    stats: (): PoolStats => ({ model, workers: 1, waiting: 0, batch: null, judged: 0, lost: 0, deaths: 0, judgeMs: 0 }),
    close: () => Promise.resolve(),
  }
}

/** What the lane says after each of the pictures, 200 ms apart. */
async function stirs(spots: readonly (number | null)[], newcomerMs = Infinity): Promise<string[]> {
  const lane = openLane({ pool: eyes(newcomerMs), watch: makeWatch([], { localTime: () => ({ weekday: 3, minuteOfDay: 720 }) }), clock: systemClock, masks: () => [], onSight: () => undefined, onFault: (error) => { throw error } })
  const said: Stir[] = []
  try {
    for (const [at, spot] of spots.entries()) {
      lane.offer(picture(at * 200, spot))
      await until('the frame was told', () => lane.counts.framesJudged + lane.counts.framesUnchanged === at + 1)
      said.push(lane.stir)
    }
  } finally {
    lane.close()
  }
  return said.map((stir) => (stir.kind === 'still' ? `still ${stir.ms}` : stir.kind))
}

const still = (fromMs: number, toMs: number): string[] => Array.from({ length: (toMs - fromMs) / 200 + 1 }, (_, at) => `still ${fromMs + at * 200}`)

test('a picture that stands is still, and for how long is told', async () => {
  expect(await stirs(Array<null>(6).fill(null))).toEqual(['unsettled', ...still(200, 1_000)])
})

test('what moves stirs it; a moment later it is still, and was since the movement', async () => {
  expect(await stirs([null, 100, 200, ...Array<number>(6).fill(200)])).toEqual(['unsettled', 'moves', 'moves', 'unsettled', 'unsettled', 'unsettled', ...still(800, 1_200)])
})

test('who is found in a picture that stands unsettles it until he is believed; nothing moved for that', async () => {
  expect((await stirs(Array<null>(15).fill(null), 2_000)).slice(8)).toEqual([...still(1_600, 1_800), 'unsettled', 'unsettled', ...still(2_400, 2_800)])
})
