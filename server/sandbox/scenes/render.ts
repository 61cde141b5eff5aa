import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../system/clock.js'
import { startWorker } from '../../system/worker.js'
import { VARIANTS, type FilmPlan, type Variant } from './film.js'
import type { FilmNews, FilmOrder } from './film-worker.js'
import type { Scene } from './scene.js'

/** The scenes as clips in a folder, drawn when they are not there yet. Two threads draw; each feeds its own ffmpeg. */
export interface StreamFile {
  readonly file: string
  readonly width: number
  readonly height: number
}

export interface RenderedScene {
  readonly id: string
  readonly name: { readonly vi: string; readonly en: string }
  readonly folder: string
  readonly fps: number
  readonly loopMs: number
  readonly main: StreamFile
  readonly sub: StreamFile
  readonly variants: Readonly<Record<Variant, { readonly main: StreamFile; readonly sub: StreamFile }>>
  readonly truthFile: string
  readonly objectsFile: string
}

export interface PrepareOptions {
  readonly folder: string
  readonly ffmpeg: string
  readonly runId: string
  readonly scenes: readonly Scene[]
  readonly seed?: number
  readonly loopMs?: number
  readonly clock: Clock
  readonly onProgress?: (sceneId: string, fraction: number) => void
  /** Smaller pictures for tests. */
  readonly size?: { readonly width: number; readonly height: number; readonly subWidth: number; readonly subHeight: number }
  readonly faultMs?: number
  readonly threads?: number
}

/** Raise it when the drawing changes, so that kept clips are drawn anew. */
export const DRAWING_VERSION = 3
export const SCENE_SEED = 2026
export const LOOP_MS = 120_000
export const FRAME_MS = 80
export const GOP_MS = 2000
const FAULT_MS = 10_000
const THREADS = 2

interface Manifest {
  readonly key: string
  readonly bytes: Readonly<Record<string, number>>
  readonly drawnInMs: number
}

export async function prepareScenes(options: PrepareOptions): Promise<readonly RenderedScene[]> {
  mkdirSync(options.folder, { recursive: true })
  const waiting = options.scenes.filter((scene) => !isUpToDate(options, scene))
  for (const scene of options.scenes) if (!waiting.includes(scene)) options.onProgress?.(scene.id, 1)
  const drawNext = async (): Promise<void> => {
    for (let scene = waiting.shift(); scene; scene = waiting.shift()) await draw(options, scene)
  }
  await Promise.all(Array.from({ length: options.threads ?? THREADS }, drawNext))
  return options.scenes.map((scene) => renderedAt(options, scene))
}

function planOf(options: PrepareOptions, folder: string): FilmPlan {
  const loopMs = options.loopMs ?? LOOP_MS
  if (loopMs < GOP_MS || loopMs % GOP_MS !== 0) throw new Error(`loopMs is ${loopMs}: it must be a whole number of ${GOP_MS} ms, so that the loop ends with a whole group of pictures`)
  const size = options.size ?? { width: 1280, height: 720, subWidth: 640, subHeight: 360 }
  return { folder, ffmpeg: options.ffmpeg, runId: options.runId, seed: options.seed ?? SCENE_SEED, loopMs, frameMs: FRAME_MS, gopMs: GOP_MS, faultMs: options.faultMs ?? FAULT_MS, ...size }
}

/** What a clip depends on. The program that draws is named by its version, the scene by its own figures. */
function keyOf(options: PrepareOptions, scene: Scene): string {
  const { seed, loopMs, frameMs, gopMs, faultMs, width, height, subWidth, subHeight } = planOf(options, '')
  const { id, caption, tone, mount, marks, signal, trees, lanterns } = scene
  return createHash('sha256').update(JSON.stringify([DRAWING_VERSION, seed, loopMs, frameMs, gopMs, faultMs, width, height, subWidth, subHeight, id, caption, tone, mount, marks, signal, trees, lanterns])).digest('hex')
}

function filesOf(): readonly string[] {
  return ['main.h264', 'sub.h264', 'truth.json', 'objects.jsonl', ...VARIANTS.flatMap((variant) => [join(variant, 'main.h264'), join(variant, 'sub.h264')])]
}

function isUpToDate(options: PrepareOptions, scene: Scene): boolean {
  const folder = join(options.folder, scene.id)
  const manifestFile = join(folder, 'manifest.json')
  if (!existsSync(manifestFile)) return false
  try {
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest
    return manifest.key === keyOf(options, scene) && filesOf().every((file) => existsSync(join(folder, file)) && statSync(join(folder, file)).size === manifest.bytes[file])
  } catch {
    return false // a torn manifest means a torn folder: draw it again
  }
}

/** Draws beside the final place and moves at the end: a folder that stands is whole. */
async function draw(options: PrepareOptions, scene: Scene): Promise<void> {
  const folder = join(options.folder, scene.id)
  const unfinished = join(options.folder, `.${scene.id}.unfinished`)
  rmSync(unfinished, { recursive: true, force: true })
  const startedMs = options.clock.monotonicMs()
  await runFilm({ sceneId: scene.id, plan: planOf(options, unfinished) }, (fraction) => options.onProgress?.(scene.id, Math.min(0.999, fraction)))
  const bytes = Object.fromEntries(filesOf().map((file) => [file, statSync(join(unfinished, file)).size]))
  const manifest: Manifest = { key: keyOf(options, scene), bytes, drawnInMs: Math.round(options.clock.monotonicMs() - startedMs) }
  writeFileSync(join(unfinished, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`)
  rmSync(folder, { recursive: true, force: true })
  renameSync(unfinished, folder)
  options.onProgress?.(scene.id, 1)
}

/** Settles when the thread is gone, so that nothing of it is left behind an answer. */
function runFilm(order: FilmOrder, onProgress: (fraction: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = startWorker(new URL('./film-worker', import.meta.url), order)
    let ending: FilmNews | null = null
    worker.on('message', (news: FilmNews) => {
      if (news.kind === 'progress') return onProgress(news.fraction)
      ending = news
      if (news.kind === 'failed') void worker.terminate()
    })
    worker.once('error', (error) => reject(new Error(`the thread that draws ${order.sceneId} failed: ${error.message}`)))
    worker.once('exit', (code) => {
      if (ending?.kind === 'done') resolve()
      else reject(new Error(ending?.kind === 'failed' ? `scene ${order.sceneId} could not be drawn: ${ending.why}` : `the thread that draws ${order.sceneId} ended early with ${code}`))
    })
  })
}

function renderedAt(options: PrepareOptions, scene: Scene): RenderedScene {
  const plan = planOf(options, '')
  const folder = join(options.folder, scene.id)
  const pair = (sub: string) => ({
    main: { file: join(folder, sub, 'main.h264'), width: plan.width, height: plan.height },
    sub: { file: join(folder, sub, 'sub.h264'), width: plan.subWidth, height: plan.subHeight },
  })
  return {
    id: scene.id, name: scene.name, folder, fps: 1000 / plan.frameMs, loopMs: plan.loopMs, ...pair(''),
    variants: { covered: pair('covered'), blurred: pair('blurred'), turned: pair('turned'), black: pair('black') },
    truthFile: join(folder, 'truth.json'), objectsFile: join(folder, 'objects.jsonl'),
  }
}
