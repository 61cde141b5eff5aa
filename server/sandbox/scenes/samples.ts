import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { SCENES } from './catalogue.js'
import { between, makeChance, pick, type Chance } from './noise.js'
import { plateStreets } from './plate-streets.js'
import type { ObjectClass, Scene } from './scene.js'
import type { Mount } from './space.js'
import { makeStudio, type Seen, type Studio } from './studio.js'
import { TIMELINE_MS_MIN } from './show.js'
import type { ToneName } from './tones.js'

/**
 * Single frames with their boxes, for training and tests:
 *   node --import tsx server/sandbox/scenes/samples.ts OUTFOLDER COUNT SEED [CLOSE]
 * writes NAME.jpg (640x360) and NAME.txt, one `class x y w h` a line (centre and size, 0..1). Class -1 is "ignore":
 * mostly hidden, too small to tell, or parked. CLOSE more frames are of vehicles near a long lens, as plate cameras see them.
 */
export const SAMPLE_CLASSES: readonly ObjectClass[] = ['person', 'two_wheeler', 'car', 'bus', 'truck']

const WIDTH = 640
const HEIGHT = 360
const FRAME_MS = 80
const VISIBLE_MIN = 0.3
const HEIGHT_PX_MIN = 8
/** A street costs about a second to paint, a frame some milliseconds. */
const FRAMES_PER_STREET = 6

/** One frame of a scene without encoding it. */
export function frameAt(scene: Scene, options: { readonly seed: number; readonly atMs: number; readonly width?: number; readonly height?: number; readonly tone?: ToneName; readonly mount?: Mount }): { readonly rgb: Uint8ClampedArray; readonly width: number; readonly height: number; readonly seen: readonly Seen[]; readonly parked: readonly Seen['box'][] } {
  const width = options.width ?? WIDTH
  const height = options.height ?? HEIGHT
  const studio = makeStudio(scene, { seed: options.seed, loopMs: TIMELINE_MS_MIN, frameMs: FRAME_MS, width, height, ...(options.tone ? { tone: options.tone } : {}), ...(options.mount ? { mount: options.mount } : {}) })
  const frame = studio.draw(Math.round(options.atMs / FRAME_MS) % studio.frameCount)
  return { rgb: frame.rgb, width, height, seen: frame.seen, parked: studio.parked }
}

/** The same camera after a gust, a repair, or in another city. */
export function jitterMount(chance: Chance, mount: Mount): Mount {
  return {
    at: [mount.at[0] + between(chance, -0.8, 0.8), mount.at[1] + between(chance, -1.2, 1.4), mount.at[2] + between(chance, -1.5, 1.5)],
    yawDeg: mount.yawDeg + between(chance, -5, 5),
    pitchDeg: mount.pitchDeg + between(chance, -1.5, 3),
    fovDeg: mount.fovDeg + between(chance, -7, 6),
  }
}

export function labelLines(seen: readonly Seen[], parked: readonly Seen['box'][]): string[] {
  const line = (label: number, [x1, y1, x2, y2]: Seen['box']) => [label, ...[(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1].map((value) => value.toFixed(5))].join(' ')
  return [
    ...seen.map((one) => line(one.visible < VISIBLE_MIN || (one.box[3] - one.box[1]) * HEIGHT < HEIGHT_PX_MIN ? -1 : SAMPLE_CLASSES.indexOf(one.class), one.box)),
    ...parked.map((box) => line(-1, box)),
  ]
}

/** A street to take frames of, and how much of its time. */
export interface SampledStreet {
  readonly scene: Scene
  readonly loopMs: number
}

const STREETS: readonly SampledStreet[] = SCENES.map((scene) => ({ scene, loopMs: TIMELINE_MS_MIN }))

/** A street by some light, seen from about where its camera hangs. */
export function paintStreet(chance: Chance, { scene, loopMs }: SampledStreet, size: { readonly width: number; readonly height: number }): { readonly studio: Studio; readonly tone: ToneName } {
  const roll = chance()
  // Night twice: what is dark is what the eyes do worst.
  const tone = roll < 0.3 ? scene.tone : pick(chance, ['day', 'cloud', 'dusk', 'night', 'night', 'rain'] as const)
  return { tone, studio: makeStudio(scene, { seed: Math.floor(chance() * 1e9), loopMs, frameMs: FRAME_MS, ...size, tone, mount: chance() < 0.3 ? scene.mount : jitterMount(chance, scene.mount) }) }
}

export async function writeSamples(folder: string, count: number, seed: number, say: (line: string) => void = () => undefined, streets: readonly SampledStreet[] = STREETS): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const chance = makeChance(seed)
  for (let done = 0, street = 0; done < count; street += 1) {
    const { scene, loopMs } = streets[street % streets.length]!
    const { studio, tone } = paintStreet(chance, { scene, loopMs }, { width: WIDTH, height: HEIGHT })
    for (let i = 0; i < FRAMES_PER_STREET && done < count; i += 1, done += 1) {
      const at = Math.floor(((i + chance()) / FRAMES_PER_STREET) * studio.frameCount)
      await writeOne(folder, `${scene.id}-${tone}-${seed}-${String(done).padStart(5, '0')}`, studio, at)
    }
    say(`${done} of ${count} frames`)
  }
}

export async function writeCloseSamples(folder: string, count: number, seed: number, say: (line: string) => void = () => undefined): Promise<void> {
  let done = 0
  for (const street of plateStreets(count, seed)) {
    await write(folder, `close-${street.name}`, street)
    done += 1
    if (done % FRAMES_PER_STREET === 0) say(`${done} of ${count} close frames`)
  }
}

async function writeOne(folder: string, name: string, studio: Studio, at: number): Promise<void> {
  const { rgb, seen } = studio.draw(at)
  await write(folder, name, { rgb, width: WIDTH, height: HEIGHT, seen, parked: studio.parked })
}

async function write(folder: string, name: string, { rgb, width, height, seen, parked }: { readonly rgb: Uint8ClampedArray; readonly width: number; readonly height: number; readonly seen: readonly Seen[]; readonly parked: readonly Seen['box'][] }): Promise<void> {
  await sharp(Buffer.from(rgb.buffer, rgb.byteOffset, rgb.length), { raw: { width, height, channels: 3 } }).resize(WIDTH, HEIGHT).jpeg({ quality: 86 }).toFile(join(folder, `${name}.jpg`))
  writeFileSync(join(folder, `${name}.txt`), `${labelLines(seen, parked).join('\n')}\n`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, count, seed, close] = process.argv.slice(2)
  if (!folder || !Number(count)) throw new Error('say where and how many: samples.ts OUTFOLDER COUNT SEED [CLOSE]')
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  await writeSamples(folder, Number(count), Number(seed ?? 1), say)
  if (Number(close)) await writeCloseSamples(folder, Number(close), Number(seed ?? 1), say)
}
