import { makeOnnxDetector } from '../../analytics/detect/onnx-detector.js'
import { ModelFault, type Detector } from '../../analytics/detect/detector.js'
import { openPlateReader } from '../../analytics/plate/open-plate-reader.js'
import type { PlateReader } from '../../analytics/plate/plate.js'
import { readVehicle } from '../../analytics/plate/read-vehicle.js'
import { enhanced, rawCrop, type Crop } from '../../analytics/plate/rectify.js'
import type { PlateAnswer, SentCrop } from '../domain/plate.js'
import { systemClock } from '../system/clock.js'
import { unpackBytes } from './packed-model.js'
import { decodeFrames, pickFrames } from './study-frames.js'
import type { PlateQuestion, StudyNews, StudyRequest } from './study-messages.js'

/**
 * The process that looks back: full pictures of a few instants, one question after the other. A process and not a thread,
 * because it holds tens of megabytes while it works and none when it is gone, and because nothing that it meets may end the server.
 */
let eyes: { readonly detector: Detector; readonly reader: PlateReader; readonly ffmpeg: string; readonly runId: string } | null = null
let turn: Promise<void> = Promise.resolve()

const say = (news: StudyNews): void => void process.send?.(news)

process.on('message', (asked: StudyRequest) => {
  turn = turn.then(() => (asked.kind === 'models' ? load(asked) : answer(asked)))
})

async function load({ eyes: model, plates, ffmpeg, runId }: Extract<StudyRequest, { kind: 'models' }>): Promise<void> {
  try {
    const detector = await makeOnnxDetector({ ...model, model: unpackBytes(model) })
    const reader = await openPlateReader({ ...plates, finder: unpackBytes(plates.finder), reader: unpackBytes(plates.reader) })
    eyes = { detector, reader, ffmpeg, runId }
    say({ kind: 'ready' })
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error
    say({ kind: 'refused', fault: { field: error.field, message: error.message, next: error.next } })
  }
}

async function answer(question: PlateQuestion): Promise<void> {
  if (!eyes) return say({ kind: 'failed', id: question.id, why: 'no models' })
  try {
    const frames = await decodeFrames(question.file, pickFrames(question.timesMs, question.anchor.atMs), question.timesMs, { ...eyes, clock: systemClock })
    if (frames.length === 0) return say({ kind: 'failed', id: question.id, why: 'ffmpeg made no picture of the packets' })
    const { verdict, looks } = await readVehicle(eyes, frames, question.anchor)
    say({ kind: 'plate', id: question.id, answer: { verdict, ...crops(looks, verdict) } })
  } catch (error) {
    say({ kind: 'failed', id: question.id, why: error instanceof Error ? error.message.slice(0, 300) : String(error) })
  }
}

function crops(looks: Awaited<ReturnType<typeof readVehicle>>['looks'], verdict: PlateAnswer['verdict']): Pick<PlateAnswer, 'raw' | 'enhanced' | 'atMs'> {
  const found = looks.flatMap(({ plate, frame }, at) => (plate ? [{ plate, frame, at }] : []))
  const best = verdict.kind === 'read' ? found.find(({ at }) => at === verdict.best) : found.toSorted((a, b) => b.plate.widthPx - a.plate.widthPx)[0]
  if (!best) return { raw: null, enhanced: null, atMs: null }
  const alike = found.filter(({ plate }) => plate.rows === best.plate.rows)
  const upright = enhanced(alike)
  return { raw: sent(rawCrop(best.frame, best.plate)), enhanced: upright && sent(upright), atMs: best.frame.atMs }
}

function sent({ width, height, rgb }: Crop): SentCrop {
  return { width, height, base64: Buffer.from(rgb.buffer, rgb.byteOffset, rgb.length).toString('base64') }
}
