import { makeOnnxDetector, type OnnxDetector } from '../../analytics/detect/onnx-detector.js'
import { ModelFault } from '../../analytics/detect/detector.js'
import { openPlateFinder } from '../../analytics/plate/own-plate-reader.js'
import { COVER_SCORE_MIN, HEAD_CLASSES, lookClosely, lookForPrivate, STILL_SCORE_MIN, type PrivateEyes } from '../../analytics/redact/look.js'
import { coverRegions, type PrivateLook } from '../../analytics/redact/private-regions.js'
import type { LookTask } from '../domain/redaction.js'
import { unpackBytes } from './packed-model.js'
import { decodeLooks, decodeStill, lookSize, unseenSpan } from './redaction-frames.js'
import { maskHeight, writeMasks } from './redaction-masks.js'
import type { RedactionNews, RedactionRequest } from './redaction-messages.js'

/**
 * The process that looks at one copy from end to end, writes what is to be covered, and ends. A process and not a thread, for
 * the reasons of study-process.ts; one for each copy, so that no answer can be taken for another's.
 */
/** Writing the masks is the last part of the way. */
const LOOKING = 0.95

process.once('message', (asked: RedactionRequest) => {
  void work(asked)
    .catch((error: unknown): RedactionNews => {
      if (error instanceof ModelFault) return { kind: 'refused', fault: { field: error.field, message: error.message, next: error.next } }
      return { kind: 'failed', why: error instanceof Error ? error.message.slice(0, 300) : String(error) }
    })
    .then((news) => process.send?.(news, () => process.disconnect()))
})

const tell = (part: number): void => void process.send?.({ kind: 'progress', part } satisfies RedactionNews)

async function work({ task, ffmpeg, runId, ...models }: RedactionRequest): Promise<RedactionNews> {
  const eyes = await open(models, task)
  try {
    const looks = await (task.still ? lookAtStill : lookAtFilm)(eyes, task, { ffmpeg, runId })
    const unseen = unseenSpan(looks.map(({ atMs }) => atMs), task.seconds, task.pictureSMax)
    if (unseen) return { kind: 'failed', why: `nothing could be seen from ${Math.round(unseen.fromMs)} to ${Math.round(unseen.toMs)} ms` }
    const covered = coverRegions(looks)
    const slots = await writeMasks(covered, { ...task.picture, seconds: task.seconds, file: task.maskFile }, (part) => tell(LOOKING + (1 - LOOKING) * part))
    return { kind: 'looked', cover: eyes.plates ? 'heads_and_plates' : 'heads', slots, height: maskHeight(task.picture) }
  } finally {
    await eyes.detector.close()
    await eyes.plates?.close()
  }
}

type Film = RedactionRequest['task']

async function lookAtFilm(eyes: PrivateEyes, task: Film, tools: Pick<RedactionRequest, 'ffmpeg' | 'runId'>): Promise<readonly PrivateLook[]> {
  const seen: PrivateLook['regions'][] = []
  const timesMs = await decodeLooks(task, lookSize(task.picture), tools, async (frame, seenToMs) => {
    seen.push(await lookForPrivate(eyes, frame))
    tell(Math.min(1, seenToMs / 1000 / task.seconds) * LOOKING)
  })
  return timesMs.map((atMs, at) => ({ atMs, regions: seen[at]! }))
}

async function lookAtStill(eyes: PrivateEyes, task: Film, tools: Pick<RedactionRequest, 'ffmpeg' | 'runId'>): Promise<readonly PrivateLook[]> {
  return [{ atMs: 0, regions: await lookClosely(eyes, await decodeStill(task, tools), (part) => tell(part * LOOKING)) }]
}

async function open({ eyes, finder }: Pick<RedactionRequest, 'eyes' | 'finder'>, { still }: Pick<LookTask, 'still'>): Promise<PrivateEyes> {
  const detector = await makeOnnxDetector({ ...eyes, model: unpackBytes(eyes), thresholds: { other: still ? STILL_SCORE_MIN : COVER_SCORE_MIN } })
  const lacks = lackingClass(detector)
  if (lacks) throw new ModelFault('model.classes', `the model ${detector.name} knows no “${lacks}”: it would cover no head`, 'Redact with the model that the server came with.')
  return { detector, plates: finder && (await openPlateFinder({ name: finder.name, finder: unpackBytes(finder) })) }
}

function lackingClass({ classes }: OnnxDetector): string | null {
  return HEAD_CLASSES.find((name) => !classes.includes(name)) ?? null
}
