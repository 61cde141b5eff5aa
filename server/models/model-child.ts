import { ModelFault } from '../../analytics/detect/detector.js'
import { makeOnnxDetector, type OnnxDetector } from '../../analytics/detect/onnx-detector.js'
import type { ModelFacts } from '../domain/model.js'
import { systemClock } from '../system/clock.js'
import type { ChildJob, ChildSays, ModelOnDisk } from './child-messages.js'
import { ClipFault, openClipFrames } from './clip-frames.js'
import { readModel } from './read-model.js'

/**
 * The process that may die (model-process.ts): it opens models, says what it found, and leaves. It is started with one job as its
 * only argument, and nobody else depends on it.
 */
const say = (said: ChildSays): Promise<void> => new Promise((resolve) => (process.send ? process.send(said, () => resolve()) : resolve()))

async function open(model: ModelOnDisk): Promise<OnnxDetector> {
  const { name, file, sha256, format, input, thresholds } = model
  return makeOnnxDetector({ model: await readModel(file, sha256), name, ...(format ? { format } : {}), ...(input ? { inputWidth: input.width, inputHeight: input.height } : {}), ...(thresholds ? { thresholds } : {}) })
}

const RUNS = 8

/** One thread's CPU time a picture, or on a graphics card, which does not count there, the time itself. */
async function measure(detector: OnnxDetector): Promise<number> {
  const { width, height } = detector.input
  const grey = { atMs: 0, width, height, rgb: new Uint8Array(width * height * 3).fill(114) }
  await detector.detect([grey])
  const [cpu, fromMs] = [process.cpuUsage(), systemClock.monotonicMs()]
  for (let run = 0; run < RUNS; run += 1) await detector.detect([grey])
  const spent = process.cpuUsage(cpu)
  const ms = detector.runsOn === 'cpu' ? (spent.user + spent.system) / 1000 : systemClock.monotonicMs() - fromMs
  return Math.round((ms / RUNS) * 10) / 10
}

async function probe(model: ModelOnDisk): Promise<void> {
  const detector = await open(model)
  const { format, classes, input, runsOn } = detector
  const facts: ModelFacts = { format, classes, input, runsOn, frameMs: await measure(detector) }
  await detector.close()
  await say({ says: 'facts', facts })
}

async function tryOn(job: Extract<ChildJob, { do: 'try' }>): Promise<void> {
  const detectors: OnnxDetector[] = []
  for (const model of job.models) detectors.push(await open(model).catch((fault: unknown) => Promise.reject(named(model, fault))))
  const clip = openClipFrames(job)
  let told = false
  for await (const frame of clip.frames) {
    if (!told) await say({ says: 'size', width: frame.width, height: frame.height, lengthMs: clip.lengthMs() })
    told = true
    const found = []
    const ms = []
    for (const [at, detector] of detectors.entries()) {
      const fromMs = systemClock.monotonicMs()
      found.push((await detector.detect([frame]).catch((fault: unknown) => Promise.reject(named(job.models[at]!, fault))))[0] ?? [])
      ms.push(systemClock.monotonicMs() - fromMs)
    }
    await say({ says: 'frame', atMs: frame.atMs, found, ms })
  }
  for (const detector of detectors) await detector.close()
  await say({ says: 'done' })
}

class NamedFault extends Error {
  constructor(
    readonly model: string,
    readonly fault: ModelFault,
  ) {
    super(fault.message)
  }
}
const named = (model: ModelOnDisk, fault: unknown): unknown => (fault instanceof ModelFault ? new NamedFault(model.name, fault) : fault)

async function main(): Promise<void> {
  const job = JSON.parse(process.argv[2] ?? '') as ChildJob
  try {
    await (job.do === 'probe' ? probe(job.model) : tryOn(job))
  } catch (caught) {
    const fault = caught instanceof NamedFault ? caught.fault : caught
    if (fault instanceof ModelFault) await say({ says: 'fault', model: caught instanceof NamedFault ? caught.model : job.do === 'probe' ? job.model.name : '', fault: { field: fault.field, message: fault.message, next: fault.next } })
    else if (fault instanceof ClipFault) await say({ says: 'no_clip', words: fault.words })
    else throw caught
  }
  // The channel is what keeps this process alive.
  process.disconnect()
}

await main()
