import { cutOut, putBack } from '../../analytics/crop.js'
import { ModelFault, type Detector } from '../../analytics/detect/detector.js'
import { makeOnnxDetector } from '../../analytics/detect/onnx-detector.js'
import { systemClock } from '../system/clock.js'
import { parentPort, workerData } from '../system/worker.js'
import { measurePace } from './inference-pace.js'
import type { Frame } from '../../analytics/frame.js'
import type { FoundIn, FrameOnLoan, JudgeRequest, WorkerNews, WorkerStart } from './inference-messages.js'

/** The thread that looks at pictures: one model, one core, one request at a time. A fault of the code ends the thread. */
const port = parentPort
if (!port) throw new Error('inference-worker runs only as a thread')
const say = (news: WorkerNews, moved: readonly ArrayBuffer[] = []): void => port.postMessage(news, moved)
const { model, measure } = workerData as WorkerStart
const { bytes, ...rest } = model
const crops: Uint8Array[] = []

try {
  const detector = await makeOnnxDetector({ ...rest, model: bytes })
  if (measure) say({ kind: 'paced', paces: await measurePace(detector, { width: rest.inputWidth ?? 640, height: rest.inputHeight ?? 384 }, () => systemClock.monotonicMs()) })
  port.on('message', ({ id, frames }: JudgeRequest) => {
    const startedMs = systemClock.monotonicMs()
    look(detector, frames).then((found) => say({ kind: 'judged', id, frames, found, judgeMs: systemClock.monotonicMs() - startedMs }, frames.map((frame) => frame.rgb.buffer)), refuse)
  })
  say({ kind: 'ready', abilities: { runsOn: detector.runsOn, freePixelsMax: detector.freePixelsMax } })
} catch (error) {
  refuse(error)
}

async function look(detector: Detector, frames: readonly FrameOnLoan[]): Promise<readonly FoundIn[]> {
  const seen = await detector.detect(frames.map((frame, at) => (frame.crop ? cutOut(wholeOf(frame), frame.crop, scratch(at)) : wholeOf(frame))))
  const found: FoundIn[] = []
  for (const [at, frame] of frames.entries()) {
    const detections = frame.crop ? putBack(seen[at]!, frame.crop, frame) : seen[at]!
    found.push({ detections, far: frame.far ? (await detector.detect([farOf(frame, frame.far.height)]))[0]! : [] })
  }
  return found
}

function wholeOf({ atMs, width, height, rgb }: FrameOnLoan): Frame {
  return { atMs, width, height, rgb: rgb.subarray(0, width * height * 3) }
}

function farOf({ atMs, width, height: above, rgb }: FrameOnLoan, height: number): Frame {
  return { atMs, width, height, rgb: rgb.subarray(width * above * 3, width * (above + height) * 3) }
}

/** Memory for the crops of a request, used again by the next: fresh memory for each look would keep V8 collecting (README). */
function scratch(at: number): (bytes: number) => Uint8Array {
  return (bytes) => {
    const kept = crops[at]
    return kept && kept.length >= bytes ? kept : (crops[at] = new Uint8Array(bytes))
  }
}

function refuse(error: unknown): void {
  if (!(error instanceof ModelFault)) throw error
  say({ kind: 'refused', fault: { field: error.field, message: error.message, next: error.next } })
}
