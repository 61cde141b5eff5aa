import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CameraId, ModelId, PersonId, TrialId } from '../domain/ids.js'
import type { Evaluation, ModelTrouble } from '../domain/model.js'
import type { Detection } from '../domain/seen.js'
import type { Packet } from '../media/packet.js'
import { readClipInit } from '../media/whole-file.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import type { Log } from '../system/log.js'
import { makeSlots } from '../system/slots.js'
import type { ModelOnDisk } from './child-messages.js'
import { startModelProcess } from './model-process.js'
import { MEMORY_MB, troubleOf } from './probe.js'
import { makeTrialClip, writePackets, type ClipMade } from './trial-clip.js'

export interface TrialFrame {
  readonly atMs: number
  /** For each model, in the order asked for. */
  readonly found: readonly (readonly Detection[])[]
}

export type TrialState =
  | { readonly is: 'queued' }
  /** The clip is made ready for the page. */
  | { readonly is: 'clip' }
  | { readonly is: 'running'; readonly share: number }
  | { readonly is: 'done'; readonly size: { readonly width: number; readonly height: number }; readonly frames: readonly TrialFrame[]; readonly evaluations: readonly Evaluation[] }
  | { readonly is: 'failed'; readonly modelId: ModelId | null; readonly trouble: ModelTrouble }

export interface Trial {
  readonly id: TrialId
  readonly by: PersonId
  readonly clip: string
  readonly modelIds: readonly ModelId[]
  readonly state: TrialState
}

export interface TrialModel extends ModelOnDisk {
  readonly id: ModelId
}

/** Where the clip comes from: a file that we may move, or packets. `cameraId`: whose picture it is, so that its masks are covered; null: a person brought it. */
export type TrialSource = { readonly kind: 'file'; readonly path: string; readonly cameraId: CameraId | null } | { readonly kind: 'packets'; readonly packets: readonly Packet[]; readonly cameraId: CameraId }
/** Writes a picture of a camera's privacy masks, as large as its clip; false: it has none. */
export type WriteCover = (cameraId: CameraId, file: string, size: { readonly width: number; readonly height: number }) => Promise<boolean>

export interface Trials {
  /** Null when too many wait. */
  begin(wish: { readonly source: TrialSource; readonly clip: string; readonly models: readonly TrialModel[]; readonly by: PersonId }): Promise<Trial | null>
  /** A person's own. */
  get(id: TrialId, by: PersonId): Trial | null
  clipPath(trial: Trial): string
  /** Stops it if it runs; the clip goes, what was measured stays with the models. */
  remove(id: TrialId, by: PersonId): Promise<boolean>
  close(): Promise<void>
}

/** As often as a lane looks at its camera. */
export const TRIAL_FPS = 5
/** A minute of a clip by two large models on a busy core. */
const TRIAL_MS_MAX = 20 * 60_000
/** Clips show people: they are kept while somebody compares, and no longer. */
const KEPT_MAX = 4
const KEPT_MS_MAX = 60 * 60_000

interface Kept {
  trial: Trial
  readonly endedBy: AbortController
  readonly sinceMs: number
  work: Promise<void>
}

export interface TrialOptions {
  readonly folder: string
  readonly clock: Clock
  readonly log: Log
  readonly ffmpeg: string
  readonly runId: string
  readonly memoryMb?: number
  readonly entry?: URL
  readonly writeCover: WriteCover
  /** What was measured becomes the model's own. */
  readonly onMeasured: (evaluations: readonly Evaluation[]) => Promise<void>
}

/** Shows models a clip, one trial at a time, each in a process of its own that may die. */
export async function openTrials(options: TrialOptions): Promise<Trials> {
  const { folder, clock, log } = options
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const kept = new Map<TrialId, Kept>()
  const slots = makeSlots({ atOnceMax: 1, waitingMax: KEPT_MAX, full: () => new Error('too many trials wait') })
  const pathOf = (id: TrialId): string => join(folder, `${id}.mp4`)

  const drop = async (one: Kept): Promise<void> => {
    kept.delete(one.trial.id)
    one.endedBy.abort()
    await one.work
    await rm(pathOf(one.trial.id), { force: true })
  }
  const stopSweeping = clock.every(60_000, () => {
    for (const one of kept.values()) if (clock.monotonicMs() - one.sinceMs > KEPT_MS_MAX) void drop(one).catch((fault: unknown) => log.warn({ fault }, 'the clip of a trial could not be removed'))
  })

  /** As the masks are now, as in an export. Null: nobody can tell how large the picture is, so nothing of it is shown. */
  const coverOf = async (cameraId: CameraId | null, clip: string): Promise<{ readonly file: string | null } | null> => {
    if (cameraId === null) return { file: null }
    const size = await readClipInit(createReadStream(clip)).catch(() => null)
    return size && { file: (await options.writeCover(cameraId, `${clip}.png`, size)) ? `${clip}.png` : null }
  }

  const makeClip = async ({ trial, endedBy: { signal } }: Kept, from: string, cameraId: CameraId | null): Promise<ClipMade | null> => {
    const cover = await coverOf(cameraId, from)
    if (!cover || signal.aborted) return null
    try {
      return await makeTrialClip({ ...options, from, to: pathOf(trial.id), cover: cover.file, signal })
    } finally {
      if (cover.file) await rm(cover.file, { force: true })
    }
  }

  const run = async (one: Kept, { path: from, cameraId }: { readonly path: string; readonly cameraId: CameraId | null }, models: readonly TrialModel[]): Promise<void> => {
    const { id } = one.trial
    const turn = (state: TrialState): void => void (one.trial = { ...one.trial, state })
    try {
      turn({ is: 'clip' })
      const made = await makeClip(one, from, cameraId)
      if (one.endedBy.signal.aborted) return turn({ is: 'failed', modelId: null, trouble: STOPPED })
      if (!made?.ok) return turn({ is: 'failed', modelId: null, trouble: { field: 'clip', message: `ffmpeg cannot read the clip: ${made?.words.at(-1) ?? 'it holds no picture'}`, next: 'Choose a video file that plays.' } })
      const looked = await lookAt({ ...options, clip: pathOf(id), models, signal: one.endedBy.signal, onShare: (share) => turn({ is: 'running', share }) })
      if ('trouble' in looked) return turn({ is: 'failed', ...looked })
      const evaluations = models.map((model, at): Evaluation => ({ id: newId(), modelId: model.id, clip: one.trial.clip, frames: looked.frames.length, frameMs: Math.round((looked.ms[at]! / looked.frames.length) * 10) / 10, objects: countObjects(looked.frames, at), by: one.trial.by, atMs: clock.wallMs() }))
      await options.onMeasured(evaluations)
      turn({ is: 'done', size: looked.size, frames: looked.frames, evaluations })
    } catch (fault) {
      log.error({ fault, trialId: id }, 'a trial failed')
      turn({ is: 'failed', modelId: null, trouble: { field: 'trial', message: 'the server failed; its log says how', next: 'Try again.' } })
    } finally {
      await rm(from, { force: true })
    }
  }

  return {
    async begin({ source, clip, models, by }) {
      if (slots.busy > KEPT_MAX) return null
      const id = newId<TrialId>()
      const from = join(folder, `${id}.source`)
      const path = source.kind === 'file' ? source.path : from
      if (source.kind === 'packets' && !(await writePackets(from, source.packets))) await rm(from, { force: true })
      const one: Kept = { trial: { id, by, clip, modelIds: models.map((model) => model.id), state: { is: 'queued' } }, endedBy: new AbortController(), sinceMs: clock.monotonicMs(), work: Promise.resolve() }
      for (const older of [...kept.values()].filter(({ trial }) => trial.by === by).slice(0, -1)) void drop(older)
      kept.set(id, one)
      one.work = slots.run(() => run(one, { path, cameraId: source.cameraId }, models)).catch((fault: unknown) => log.error({ fault }, 'a trial could not begin'))
      return one.trial
    },
    get(id, by) {
      const one = kept.get(id)
      return one && one.trial.by === by ? one.trial : null
    },
    clipPath: ({ id }) => pathOf(id),
    async remove(id, by) {
      const one = kept.get(id)
      if (!one || one.trial.by !== by) return false
      await drop(one)
      return true
    },
    async close() {
      stopSweeping()
      await Promise.all([...kept.values()].map(drop))
    },
  }
}

const STOPPED: ModelTrouble = { field: 'trial.stopped', message: 'the trial was stopped', next: 'Try again.' }

type Looked = { readonly size: { readonly width: number; readonly height: number }; readonly frames: readonly TrialFrame[]; readonly ms: readonly number[] } | { readonly modelId: ModelId | null; readonly trouble: ModelTrouble }

/** The same frames before each model, in a child. */
async function lookAt({ clip, models, signal, onShare, ...options }: TrialOptions & { readonly clip: string; readonly models: readonly TrialModel[]; readonly signal: AbortSignal; readonly onShare: (share: number) => void }): Promise<Looked> {
  const frames: TrialFrame[] = []
  const ms = models.map(() => 0)
  let size = { width: 0, height: 0 }
  let lengthMs: number | null = null
  let trouble: Extract<Looked, { trouble: unknown }> | null = null
  const child = startModelProcess({ do: 'try', models, clip, fps: TRIAL_FPS, ffmpeg: options.ffmpeg, runId: options.runId }, {
    clock: options.clock,
    runId: options.runId,
    deadlineMs: TRIAL_MS_MAX,
    memoryMb: options.memoryMb ?? MEMORY_MB,
    ...(options.entry ? { entry: options.entry } : {}),
    onSays(said) {
      if (said.says === 'fault') trouble = { modelId: models.find(({ name }) => name === said.model)?.id ?? null, trouble: said.fault }
      if (said.says === 'no_clip') trouble = { modelId: null, trouble: { field: 'clip', message: `the clip holds no picture: ${said.words.at(-1) ?? ''}`, next: 'Choose a video file that plays.' } }
      if (said.says === 'size') [size, lengthMs] = [{ width: said.width, height: said.height }, said.lengthMs]
      if (said.says !== 'frame') return
      frames.push({ atMs: said.atMs, found: said.found.map((list) => list.map(rounded)) })
      said.ms.forEach((spent, at) => (ms[at]! += spent))
      onShare(lengthMs ? Math.min(0.99, said.atMs / lengthMs) : 0)
    },
  })
  const stop = (): void => child.stop()
  signal.addEventListener('abort', stop)
  onShare(0)
  const end = await child.ended
  signal.removeEventListener('abort', stop)
  if (trouble) return trouble
  const ill = troubleOf(end)
  if (ill) return { modelId: models.length === 1 ? models[0]!.id : null, trouble: ill }
  return frames.length > 0 ? { size, frames, ms } : { modelId: null, trouble: { field: 'clip', message: 'the clip holds no picture', next: 'Choose a video file that plays.' } }
}

/** A thousandth of the picture is less than a pixel of what the model saw. */
function rounded({ class: name, score, box }: Detection): Detection {
  const at = (part: number): number => Math.round(part * 1000) / 1000
  return { class: name, score: Math.round(score * 100) / 100, box: { x1: at(box.x1), y1: at(box.y1), x2: at(box.x2), y2: at(box.y2) } }
}

function countObjects(frames: readonly TrialFrame[], model: number): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { found } of frames) for (const { class: name } of found[model]!) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

