import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ModelFault } from '../../analytics/detect/detector.js'
import { makeOnnxDetector, type OnnxDetector } from '../../analytics/detect/onnx-detector.js'
import { TRACK_SCORE_MIN } from '../../analytics/track/tracker.js'
import { makeWatch } from '../../analytics/watch.js'
import { masksThrough } from '../domain/privacy-mask.js'
import type { ReplayModel } from '../domain/replay.js'
import { cpuMs } from '../system/cpu-time.js'
import { localTimeIn } from '../system/local-time.js'
import { coverFrame } from './cover-frame.js'
import { openClaims } from './replay-claims.js'
import { openReplayFrames, Undecodable } from './replay-frames.js'
import { makeReplayLook } from './replay-look.js'
import { unpackPieces, type ReplayNews, type ReplayRequest } from './replay-messages.js'
import { openRulesByView } from './rules-by-view.js'

/**
 * The process that looks at one recorded hour from end to end and ends: every version of a rule on the same pictures, with one detector.
 * A process and not a thread, for the reasons of study-process.ts; one for each hour, so that a crash costs an hour, and memory is nobody's.
 */
process.once('message', (asked: ReplayRequest) => {
  void work(asked)
    .catch((error: unknown): ReplayNews => {
      if (error instanceof ModelFault) return { kind: 'refused', fault: { code: FILE_FIELDS.has(error.field) ? 'model_gone' : 'model_refused', said: `${error.field}: ${error.message}` } }
      return { kind: 'failed', fault: { code: error instanceof Undecodable ? 'undecodable' : 'internal', said: error instanceof Error ? error.message.slice(0, 300) : String(error) } }
    })
    .then((news) => process.send?.(news, () => process.disconnect()))
})

/** What is wrong with the file and not with the network in it. */
const FILE_FIELDS: ReadonlySet<string> = new Set(['model.file', 'model.sha256'])

async function work({ model, rules, span, masks, stands, timeZone, ffmpeg, runId, ...packed }: ReplayRequest): Promise<ReplayNews> {
  const pieces = unpackPieces(packed)
  const detector = await open(model)
  try {
    const byView = openRulesByView(rules, stands, { fromMs: pieces[0]?.fromMs ?? span.fromMs, toMs: span.toMs })
    const watch = makeWatch([], { localTime: localTimeIn(timeZone) })
    const look = makeReplayLook(detector, watch)
    const claims = openClaims(span)
    const tell = progressTeller(pieces)
    const { frames, damaged } = openReplayFrames({ pieces, ffmpeg, runId })
    let count = 0
    for await (const frame of frames) {
      const { rules: looking, turned } = byView.at(frame.atMs)
      if (turned) watch.turn()
      if (looking) watch.setRules(looking)
      coverFrame(frame, masksThrough(masks, stands, { fromMs: frame.atMs, toMs: frame.atMs }))
      claims.take((await look(frame)).observations)
      frame.giveBack(frame.rgb)
      count += 1
      tell(frame.atMs)
    }
    return { kind: 'seen', ...claims.end(), frames: count, coreMs: Math.round(cpuMs()), damaged }
  } finally {
    await detector.close()
  }
}

/** In hundredths: the one who listens hears of every half minute of the street, and no picture is a message. */
function progressTeller(pieces: ReturnType<typeof unpackPieces>): (atMs: number) => void {
  const [fromMs, toMs] = [pieces[0]?.fromMs ?? 0, pieces.at(-1)?.toMs ?? 1]
  let told = -1
  return (atMs) => {
    const hundredth = Math.floor(Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs))) * 100)
    if (hundredth <= told) return
    told = hundredth
    process.send?.({ kind: 'progress', part: hundredth / 100 } satisfies ReplayNews)
  }
}

/** With the scores that a lane asks for (watching.ts): the tracker tells sure claims from unsure ones itself. */
async function open({ name, file, sha256, format, input }: ReplayModel): Promise<OnnxDetector> {
  const bytes = await readFile(file).catch((error: Error) => Promise.reject(new ModelFault('model.file', `the model's file cannot be read: ${error.message}`, 'Run the back-test again.')))
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new ModelFault('model.sha256', 'the model’s file is not the one that the back-test began with', 'Run the back-test again.')
  return makeOnnxDetector({ model: bytes, name, ...(format ? { format } : {}), ...(input ? { inputWidth: input.width, inputHeight: input.height } : {}), thresholds: { other: TRACK_SCORE_MIN } })
}
