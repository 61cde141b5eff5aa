import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { join } from 'node:path'
import { startEncoder, type Encoding } from './encode.js'
import { makeGrain } from './finish.js'
import { rough2 } from './noise.js'
import type { Scene } from './scene.js'
import { makeStudio, type Seen, type Studio } from './studio.js'
import { makeTruth, objectsLine } from './truth.js'

/** Draws a scene and its faults into a folder: clips, truth, boxes. */
export interface FilmPlan {
  readonly folder: string
  readonly ffmpeg: string
  readonly runId: string
  readonly seed: number
  readonly loopMs: number
  readonly frameMs: number
  readonly gopMs: number
  readonly faultMs: number
  readonly width: number
  readonly height: number
  readonly subWidth: number
  readonly subHeight: number
}

export const VARIANTS = ['covered', 'blurred', 'turned', 'black'] as const
export type Variant = (typeof VARIANTS)[number]

/** A camera pushed aside sees another part of the street. */
const TURNED_DEG = 27

export async function film(scene: Scene, plan: FilmPlan, onProgress: (fraction: number) => void): Promise<void> {
  mkdirSync(plan.folder, { recursive: true })
  const studio = makeStudio(scene, { seed: plan.seed, loopMs: plan.loopMs, frameMs: plan.frameMs, width: plan.width, height: plan.height })
  const faultFrames = Math.min(studio.frameCount, Math.round(plan.faultMs / plan.frameMs))
  const total = studio.frameCount + faultFrames * VARIANTS.length
  let done = 0
  const tick = () => {
    done += 1
    if (done % 10 === 0 || done === total) onProgress(done / total)
  }
  const frames: (readonly Seen[])[] = []
  const lines = createWriteStream(join(plan.folder, 'objects.jsonl'))
  await clip(plan, '', studio.frameCount, (frame) => {
    const drawn = studio.draw(frame)
    frames.push(drawn.seen)
    lines.write(`${objectsLine(frame, drawn.seen)}\n`)
    tick()
    return drawn.rgb
  })
  lines.end()
  await finished(lines)
  const truth = makeTruth({ scene, lens: studio.lens, show: studio.show, frames, width: plan.width, height: plan.height, clip: `${scene.id}/main.h264` })
  writeFileSync(join(plan.folder, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`)
  await filmFaults(scene, plan, { studio, faultFrames, tick })
}

async function filmFaults(scene: Scene, plan: FilmPlan, have: { readonly studio: Studio; readonly faultFrames: number; readonly tick: () => void }): Promise<void> {
  const { studio, faultFrames, tick } = have
  const counted = (draw: (frame: number) => Uint8ClampedArray) => (frame: number) => {
    tick()
    return draw(frame)
  }
  await clip(plan, 'blurred', faultFrames, counted((frame) => studio.draw(frame).rgb), `gblur=sigma=${Math.round(plan.width / 70)}`)
  await clip(plan, 'covered', faultFrames, counted(drawCover(plan)))
  await clip(plan, 'black', faultFrames, counted(drawBlack(plan)))
  const turned = makeStudio(scene, { seed: plan.seed, loopMs: plan.loopMs, frameMs: plan.frameMs, width: plan.width, height: plan.height, mount: { ...scene.mount, yawDeg: scene.mount.yawDeg + TURNED_DEG } })
  await clip(plan, 'turned', faultFrames, counted((frame) => turned.draw(frame).rgb))
}

async function clip(plan: FilmPlan, name: '' | Variant, frames: number, draw: (frame: number) => Uint8ClampedArray, filter?: string): Promise<void> {
  const folder = join(plan.folder, name)
  mkdirSync(folder, { recursive: true })
  const encoding: Encoding = {
    ffmpeg: plan.ffmpeg, runId: plan.runId, width: plan.width, height: plan.height, frameMs: plan.frameMs,
    gopFrames: Math.round(plan.gopMs / plan.frameMs), mainFile: join(folder, 'main.h264'), sub: { file: join(folder, 'sub.h264'), width: plan.subWidth, height: plan.subHeight }, ...(filter ? { filter } : {}),
  }
  const encoder = startEncoder(encoding)
  for (let frame = 0; frame < frames; frame += 1) await encoder.write(draw(frame))
  await encoder.end()
}

/** Cloth over the lens: dim, brownish, with a little light at one rim and the grain of a gain turned up. */
function drawCover(plan: FilmPlan): (frame: number) => Uint8ClampedArray {
  const { width, height } = plan
  const still = new Uint8ClampedArray(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const fold = rough2((x / width) * 3 + (y / height) * 1.5, (y / height) * 1.2)
      const light = 18 + fold * 26 + Math.max(0, x / width - 0.86) * 260
      const i = (y * width + x) * 3
      still[i] = light * 1.08
      still[i + 1] = light * 0.96
      still[i + 2] = light * 0.82
    }
  }
  return grainy(still, 3.2, plan.seed)
}

function drawBlack(plan: FilmPlan): (frame: number) => Uint8ClampedArray {
  return grainy(new Uint8ClampedArray(plan.width * plan.height * 3).fill(3), 0.8, plan.seed)
}

function grainy(still: Uint8ClampedArray, sigma: number, seed: number): (frame: number) => Uint8ClampedArray {
  const { table } = makeGrain(sigma, seed)
  const out = new Uint8ClampedArray(still.length)
  return (frame) => {
    let at = (frame * 7919) % table.length
    for (let i = 0; i < still.length; i += 1) {
      out[i] = still[i]! + table[at]!
      at = at + 1 === table.length ? 0 : at + 1
    }
    return out
  }
}
