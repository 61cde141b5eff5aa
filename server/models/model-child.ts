import { ModelFault } from '../../analytics/detect/detector.js'
import { makeOnnxDetector, type OnnxDetector } from '../../analytics/detect/onnx-detector.js'
import type { ModelFacts } from '../domain/model.js'
import type { Detection, Frame } from '../domain/seen.js'
import { systemClock } from '../system/clock.js'
import type { ChildJob, ChildSays, ModelOnDisk } from './child-messages.js'
import { ClipFault, openClipFrames } from './clip-frames.js'
import type { Pair } from './eight-bits.js'
import { readProofFrame } from './proof-frames.js'
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

/** What looks take from now on: one thread's CPU time, or on a graphics card, which does not count there, the time itself. */
function startMeter({ runsOn }: OnnxDetector): () => number {
  const [cpu, fromMs] = [process.cpuUsage(), systemClock.monotonicMs()]
  return () => {
    const spent = process.cpuUsage(cpu)
    return runsOn === 'cpu' ? (spent.user + spent.system) / 1000 : systemClock.monotonicMs() - fromMs
  }
}

async function measure(detector: OnnxDetector): Promise<number> {
  const { width, height } = detector.input
  const grey = { atMs: 0, width, height, rgb: new Uint8Array(width * height * 3).fill(114) }
  await detector.detect([grey])
  const spentMs = startMeter(detector)
  for (let run = 0; run < RUNS; run += 1) await detector.detect([grey])
  return Math.round((spentMs() / RUNS) * 10) / 10
}

async function probe(model: ModelOnDisk): Promise<void> {
  const detector = await open(model)
  const { format, classes, input, runsOn } = detector
  const facts: ModelFacts = { format, classes, input, runsOn, frameMs: await measure(detector) }
  await detector.close()
  await say({ says: 'facts', facts })
}

/** Three pictures so often take a second of a core, and then the middle of them hardly moves. */
const ROUNDS = 16

async function compare({ float, eight, pictures }: Extract<ChildJob, { do: 'compare' }>): Promise<void> {
  const [wide, narrow] = [await open(float), await open(eight)]
  const frames = await Promise.all(pictures.map((picture) => readProofFrame(picture, wide.input)))
  const pairs: Pair[] = []
  // A graphics card has nothing to gain from 8 bits, and nobody has seen one run them: no pairs, so float stays.
  if (wide.runsOn === 'cpu' && narrow.runsOn === 'cpu') {
    for (const detector of [wide, narrow]) await detector.detect(frames.slice(0, 1))
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const frame of frames) {
        const [ours, theirs] = [await look(wide, frame), await look(narrow, frame)]
        pairs.push({ floatMs: ours.ms, eightMs: theirs.ms, float: ours.found, eight: theirs.found })
      }
    }
  }
  await wide.close()
  await narrow.close()
  await say({ says: 'pairs', pairs })
}

async function look(detector: OnnxDetector, frame: Frame): Promise<{ readonly found: readonly Detection[]; readonly ms: number }> {
  const spentMs = startMeter(detector)
  const [found = []] = await detector.detect([frame])
  return { found, ms: spentMs() }
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
    if (job.do === 'probe') await probe(job.model)
    else if (job.do === 'compare') await compare(job)
    else await tryOn(job)
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
