import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Detector } from '../../analytics/detect/detector.js'
import { makeOnnxDetector } from '../../analytics/detect/onnx-detector.js'
import { openOnnx } from '../../analytics/detect/onnx-session.js'
import type { Frame } from '../../analytics/frame.js'
import { loadModel } from '../../models/catalogue.js'
import type { LoadedModel } from '../../models/model-card.js'
import { startChild } from '../../server/system/child.js'
import { systemClock } from '../../server/system/clock.js'
import { makeFigure, median, type Figure } from './figure.js'

const SIZE = { width: 416, height: 256 }
const RATIO_MAX = 0.5

/** Our detector, in float like the other, on 416x256 pictures of the busy street beside YOLOX-nano (at the 416x416 it was exported for), one thread each, in turns. */
export async function paceDetectors(street: string, root: string, rounds: number, say: (line: string) => void): Promise<readonly Figure[]> {
  const frames = await framesOf(street, SIZE, 20)
  const { card, bytes } = await loadModel('eyes')
  const ours = await makeOnnxDetector({ model: bytes, name: card.id, format: card.format, inputWidth: SIZE.width, inputHeight: SIZE.height })
  const theirsFile = join(root, '..', 'shared', 'data', 'models', 'yolox_nano.onnx')
  const theirs = existsSync(theirsFile) ? await makeOnnxDetector({ model: await readFile(theirsFile), name: 'yolox_nano' }) : null
  if (!theirs) say('YOLOX-nano is not beside this checkout (shared/data/models/yolox_nano.onnx): its row is left out')
  const oursMs: number[] = []
  const theirsMs: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const frame of frames) {
      oursMs.push(await timed(ours, frame))
      if (theirs) theirsMs.push(await timed(theirs, frame))
    }
  }
  await ours.close()
  await theirs?.close()
  const beside = theirs ? { against: median(theirsMs), bar: RATIO_MAX } : {}
  return [makeFigure('watch.detector', 'ms a picture of 416x256, one thread, YOLOX-nano', median(oursMs), beside)]
}

/**
 * Of the time that a detector takes for pictures of this street, the share spent inside the runtime; the rest is our reading of its
 * answer. In turns, on pictures with people and vehicles: on an empty one there is little to look at twice, and nothing to read.
 */
export async function shareOfRuntime({ card, bytes }: LoadedModel, street: string, size: { readonly width: number; readonly height: number }): Promise<number> {
  const frames = await framesOf(street, size, 20)
  const session = await openOnnx(bytes)
  const detector = await makeOnnxDetector({ model: bytes, name: card.id, format: card.format, inputWidth: size.width, inputHeight: size.height, thresholds: { other: 0.1 } })
  const shares: number[] = []
  for (let round = 0; round < 4; round += 1) {
    for (const frame of frames) {
      const fromMs = systemClock.monotonicMs()
      await session.run({ type: 'uint8', dims: [1, size.height, size.width, 3], values: frame.rgb })
      const inRuntime = systemClock.monotonicMs() - fromMs
      shares.push(inRuntime / (await timed(detector, frame)))
    }
  }
  await session.close()
  await detector.close()
  return Math.min(1, median(shares))
}

async function timed(detector: Detector, frame: Frame): Promise<number> {
  const fromMs = systemClock.monotonicMs()
  await detector.detect([frame])
  return systemClock.monotonicMs() - fromMs
}

/** One picture a second of a film, as the network wants it. */
async function framesOf(film: string, { width, height }: { readonly width: number; readonly height: number }, count: number): Promise<readonly Frame[]> {
  const child = startChild('ffmpeg', ['-nostdin', '-v', 'error', '-i', film, '-vf', `fps=1,scale=${width}:${height}`, '-frames:v', String(count), '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'], { runId: `bench:${process.pid}` })
  child.stderr.resume()
  const parts: Buffer[] = []
  for await (const part of child.stdout) parts.push(part as Buffer)
  const all = Buffer.concat(parts)
  const bytes = width * height * 3
  return Array.from({ length: Math.floor(all.length / bytes) }, (_, at) => ({ atMs: at * 1000, width, height, rgb: new Uint8Array(all.subarray(at * bytes, (at + 1) * bytes)) }))
}
