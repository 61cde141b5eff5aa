import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { startEncoder } from '../scenes/encode.js'
import { makeStudio, type Seen } from '../scenes/studio.js'
import { TIMELINE_MS_MIN } from '../scenes/show.js'
import { makeGround } from './ground.js'
import type { Happening, Played, Trial, TrialTone } from './trial.js'

/** A trial as a clip and its truth file, in the form that `npm run judge` takes. */
export interface TrialPlan {
  readonly folder: string
  readonly ffmpeg: string
  readonly runId: string
  readonly seed: number
  readonly tone: TrialTone
  readonly width: number
  readonly height: number
}

/** What a camera's lane gets in service. */
export const TRIAL_FRAME_MS = 200
const GOP_FRAMES = 10
/** Boxes of an event in the truth, so often. */
const BOX_EVERY_MS = 400
/** Whoever does it is shown so long before and after, too: a claim may name him as he comes or goes. */
const BOX_MARGIN_MS = 2000

/** Only who is seen where, without a picture: for checks of a trial's own script. */
export function playTrial(trial: Trial, { seed, tone, width, height }: Pick<TrialPlan, 'seed' | 'tone' | 'width' | 'height'>): Played {
  const studio = studioOf(trial, { seed, tone, width, height, boxesOnly: true })
  const frames = Array.from({ length: studio.frameCount }, (_, frame) => studio.draw(frame).seen)
  return { show: studio.show, ground: makeGround(studio.lens), frames, frameMs: TRIAL_FRAME_MS }
}

/** Draws beside its place and moves at the end: a folder that stands is whole. */
export async function drawTrial(trial: Trial, plan: TrialPlan): Promise<void> {
  const unfinished = join(dirname(plan.folder), `.${trial.id}-${plan.tone}-${plan.seed}.unfinished`)
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  const studio = studioOf(trial, plan)
  const { width, height, ffmpeg, runId } = plan
  const encoder = startEncoder({ ffmpeg, runId, width, height, frameMs: TRIAL_FRAME_MS, gopFrames: GOP_FRAMES, mainFile: join(unfinished, 'clip.h264'), sub: null })
  const frames: (readonly Seen[])[] = []
  for (let frame = 0; frame < studio.frameCount; frame += 1) {
    const { rgb, seen } = studio.draw(frame)
    trial.spoil?.(rgb, { atMs: frame * TRIAL_FRAME_MS, width, height })
    frames.push(seen)
    await encoder.write(rgb)
  }
  await encoder.end()
  const played: Played = { show: studio.show, ground: makeGround(studio.lens), frames, frameMs: TRIAL_FRAME_MS }
  writeFileSync(join(unfinished, 'truth.json'), `${JSON.stringify(truthOf(trial, played), null, 1)}\n`)
  rmSync(plan.folder, { recursive: true, force: true })
  renameSync(unfinished, plan.folder)
}

function studioOf(trial: Trial, { seed, tone, width, height, boxesOnly = false }: Pick<TrialPlan, 'seed' | 'tone' | 'width' | 'height'> & { readonly boxesOnly?: boolean }): ReturnType<typeof makeStudio> {
  if (trial.lengthMs > TIMELINE_MS_MIN) throw new Error(`trial ${trial.id} is longer than the ${TIMELINE_MS_MIN} ms of a scene: shorten it`)
  return makeStudio({ ...trial.scene, tone }, { seed, loopMs: trial.lengthMs, frameMs: TRIAL_FRAME_MS, width, height, boxesOnly })
}

export function truthOf(trial: Trial, played: Played): Readonly<Record<string, unknown>> {
  const happenings = trial.happenings(played)
  return {
    clip: 'clip.h264', fps: 1000 / TRIAL_FRAME_MS, duration_s: (played.frames.length * TRIAL_FRAME_MS) / 1000, scene: trial.sentence, geometry: {},
    rules: [{ ...trial.rule(played.ground), id: trial.id.replaceAll('_', '-'), name: trial.id, kind: trial.kind }],
    events: happenings.map((one, i) => eventOf(trial, played, one, String.fromCharCode(65 + i))),
  }
}

function eventOf({ kind }: Trial, { frames, frameMs }: Played, { fromMs, toMs, objects, place, note, toleranceMs, unsure, tells }: Happening, id: string): Readonly<Record<string, unknown>> {
  const step = Math.max(1, Math.round(BOX_EVERY_MS / frameMs))
  const boxes = frames.flatMap((seen, frame) => {
    const atMs = frame * frameMs
    if (frame % step !== 0 || atMs < fromMs - BOX_MARGIN_MS || atMs > toMs + BOX_MARGIN_MS) return []
    const all = [...seen.filter((one) => objects.includes(one.id) && one.class !== 'thing').map(({ box }) => box), ...(place ? [place] : [])]
    return all.map((box) => ({ t: atMs / 1000, box: box.map((side) => Math.round(side * 10_000) / 10_000) }))
  })
  const who = frames.flat().find((one) => objects.includes(one.id))
  return {
    id, kind, t_start: fromMs / 1000, t_end: toMs / 1000, certainty: unsure ? 'unsure' : 'sure', note, ...(tells ? { tells } : {}),
    ...(who && who.class !== 'thing' ? { class: who.class } : {}), ...(boxes.length > 0 ? { boxes } : {}), ...(toleranceMs ? { tolerance_s: toleranceMs / 1000 } : {}),
  }
}
