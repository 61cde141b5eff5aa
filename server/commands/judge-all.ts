import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { TRIALS } from '../sandbox/trials/catalogue.js'
import { TRIAL_FRAME_MS } from '../sandbox/trials/draw-trial.js'
import type { TrialNews, TrialOrder } from '../sandbox/trials/trial-worker.js'
import type { Trial, TrialTone } from '../sandbox/trials/trial.js'
import { startWorker } from '../system/worker.js'
import type { JudgeAllOptions } from './judge-all-options.js'
import { JudgeFault } from './judge-options.js'
import type { KindScore } from './judge-score.js'

/** One clip that was judged: a trial by one seed in one light, or a real one. */
export interface JudgedClip {
  readonly name: string
  /** Null: a real clip. */
  readonly trial: { readonly id: string; readonly kind: string; readonly tone: TrialTone; readonly seed: number } | null
  readonly hours: number
  readonly scores: readonly KindScore[]
}

/** Judges one clip with one truth as a camera in service is watched. */
export type JudgeOne = (clip: string, truth: string) => Promise<{ readonly scores: readonly KindScore[]; readonly hours: number }>

const SIZE = { width: 640, height: 360 }
/** So many are drawn while one is judged. */
const THREADS = 2

interface Job {
  readonly trial: Trial
  readonly tone: TrialTone
  readonly seed: number
  readonly folder: string
}

/** Draws and judges them all; each clip is told as soon as it is judged, in the order of the catalogue. */
export async function judgeAll(options: JudgeAllOptions, judgeOne: JudgeOne, told: (clip: JudgedClip, done: number, of: number) => void): Promise<readonly JudgedClip[]> {
  const root = options.keep ?? mkdtempSync(join(tmpdir(), 'vonglau-trials-'))
  mkdirSync(root, { recursive: true })
  const real = options.clips ? pairsIn(options.clips) : []
  const trials = TRIALS.filter((trial) => options.kinds === null || options.kinds.includes(trial.kind))
  const jobs = trials.flatMap((trial) => options.tones.flatMap((tone) => options.seeds.map((seed): Job => ({ trial, tone, seed, folder: join(root, `${trial.id}-${tone}-${seed}`) }))))
  const judged: JudgedClip[] = []
  const tell = (clip: JudgedClip): void => {
    judged.push(clip)
    told(clip, judged.length, jobs.length + real.length)
  }
  try {
    for (const { clip, truth } of real) tell({ name: basename(clip), trial: null, ...(await judgeOne(clip, truth)) })
    const drawn = drawAhead(jobs)
    for (const [i, job] of jobs.entries()) {
      await drawn[i]
      const { id, kind } = job.trial
      tell({ name: basename(job.folder), trial: { id, kind, tone: job.tone, seed: job.seed }, ...(await judgeOne(join(job.folder, 'clip.h264'), join(job.folder, 'truth.json'))) })
      if (options.keep === null) rmSync(job.folder, { recursive: true, force: true })
    }
  } finally {
    if (options.keep === null) rmSync(root, { recursive: true, force: true })
  }
  return judged
}

/** One promise for each, settled when its clip stands; a failure ends those that wait behind it. */
function drawAhead(jobs: readonly Job[]): readonly Promise<void>[] {
  const drawn: Promise<void>[] = []
  for (const job of jobs) drawn.push((drawn.at(-THREADS) ?? Promise.resolve()).then(() => draw(job)))
  for (const promise of drawn) promise.catch(() => undefined) // whoever awaits it is told; nobody else need be
  return drawn
}

function draw({ trial, tone, seed, folder }: Job): Promise<void> {
  const order: TrialOrder = { trialId: trial.id, plan: { folder, ffmpeg: 'ffmpeg', runId: `judge:${process.pid}`, seed, tone, ...SIZE } }
  return new Promise((resolve, reject) => {
    const worker = startWorker(new URL('../sandbox/trials/trial-worker', import.meta.url), order)
    let news: TrialNews | null = null
    worker.on('message', (word: TrialNews) => (news = word))
    worker.once('error', (error) => reject(new Error(`the thread that draws ${trial.id} failed: ${error.message}`)))
    worker.once('exit', (code) => (news?.kind === 'done' ? resolve() : reject(new Error(`trial ${trial.id} (${tone}, seed ${seed}) could not be drawn: ${news?.why ?? `its thread ended with ${code}`}`))))
  })
}

function pairsIn({ videos, truths }: { readonly videos: string; readonly truths: string }): { readonly clip: string; readonly truth: string }[] {
  if (!existsSync(videos) || !existsSync(truths)) throw new JudgeFault(existsSync(videos) ? '--truths' : '--videos', 'is no folder', 'Check the path.')
  const pairs = readdirSync(videos).filter((file) => file.endsWith('.mp4')).toSorted().map((file) => ({ clip: join(videos, file), truth: join(truths, file.replace(/\.mp4$/, '.json')) }))
  return pairs.filter(({ truth }) => existsSync(truth))
}

/** As a camera in service gets them. */
export const SERVICE_FPS = 1000 / TRIAL_FRAME_MS
