import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { SCENES } from './catalogue.js'
import { between, makeChance, pick, type Chance } from './noise.js'
import type { Scene } from './scene.js'
import type { Actor } from './show.js'
import { project, type Mount } from './space.js'
import { makeStudio, type PlateSeen, type Seen, type Studio } from './studio.js'

/**
 * Frames of our streets through long lenses, with every plate that faces the camera, for training a finder and for measuring
 * the whole chain:
 *   node --import tsx server/sandbox/scenes/plate-streets.ts OUTFOLDER COUNT SEED
 * writes NAME.jpg (1280x720) and NAME.txt, one `TEXT x1 y1 x2 y2 x3 y3 x4 y4` a line: corners from top left, clockwise, in
 * pixels. A text with `_` has two rows; one that begins with `-` is partly hidden and counts for neither side.
 */
export interface PlateStreet {
  readonly name: string
  readonly rgb: Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly seen: readonly Seen[]
  readonly parked: readonly Seen['box'][]
  readonly plates: readonly (PlateSeen & { readonly text: string })[]
}

const WIDTH = 1280
const HEIGHT = 720
const FRAME_MS = 80
const FRAMES_PER_STREET = 6
export const VISIBLE_MIN = 0.97

export function* plateStreets(count: number, seed: number): Generator<PlateStreet> {
  const chance = makeChance(seed)
  for (let done = 0, street = 0; done < count; street += 1) {
    const scene = SCENES[street % SCENES.length]!
    const tone = pick(chance, ['day', 'day', 'cloud', 'dusk', 'night', 'rain'] as const)
    const plan = { seed: Math.floor(chance() * 1e9), loopMs: 120_000, frameMs: FRAME_MS, width: WIDTH, height: HEIGHT, tone, caption: chance() < 0.5 }
    const mount = closeLook(chance, scene, makeStudio(scene, { ...plan, boxesOnly: true }))
    if (!mount) continue
    const studio = makeStudio(scene, { ...plan, mount })
    for (const frame of busiest(chance, studio).slice(0, count - done)) {
      const { rgb, seen } = studio.draw(frame)
      const plates = studio.plates().flatMap((plate) => {
        const text = studio.show.plateOf(plate.id)
        return text === null ? [] : [{ ...plate, text }]
      })
      yield { name: `${scene.id}-${tone}-${seed}-${String(done).padStart(5, '0')}`, rgb, width: WIDTH, height: HEIGHT, seen, parked: studio.parked, plates }
      done += 1
    }
  }
}

function vehiclesAt({ show }: Studio, frame: number): readonly Actor[] {
  return show.actorsAt(frame).filter((actor) => actor.mesh.decals.length > 0)
}

/** The scene's own camera, turned with a longer lens to where a vehicle passes some ten to forty metres away. */
function closeLook(chance: Chance, { mount }: Scene, sketch: Studio): Mount | null {
  const at: Mount['at'] = [mount.at[0] + between(chance, -0.8, 0.8), mount.at[1] + between(chance, -3, 0.5), mount.at[2] + between(chance, -1, 3)]
  for (let tries = 0; tries < 60; tries += 1) {
    for (const { placing } of vehiclesAt(sketch, Math.floor(chance() * sketch.frameCount))) {
      const [dx, dz] = [placing.x - at[0], placing.z - at[2]]
      const far = Math.hypot(dx, dz)
      if (far < 9 || far > 40 || dz < 0) continue
      return { at, yawDeg: (Math.atan2(dx, dz) * 180) / Math.PI + between(chance, -2, 2), pitchDeg: (Math.atan2(at[1] - 0.8, far) * 180) / Math.PI + between(chance, -1.5, 1.5), fovDeg: between(chance, 9, 26) }
    }
  }
  return null
}

/** Frames in which most vehicles stand before the lens, some seconds apart. */
function busiest(chance: Chance, studio: Studio): readonly number[] {
  const { lens, frameCount } = studio
  const counted = Array.from({ length: 150 }, () => {
    const frame = Math.floor(chance() * frameCount)
    const inside = vehiclesAt(studio, frame).filter(({ placing }) => {
      const seen = project(lens, [placing.x, 0.7, placing.z])
      return seen !== null && seen.depth < 60 && seen.x > 0 && seen.y > 0 && seen.x < lens.width && seen.y < lens.height
    })
    return { frame, count: inside.length }
  })
  const chosen: number[] = []
  for (const { frame } of counted.toSorted((a, b) => b.count - a.count)) if (chosen.length < FRAMES_PER_STREET && chosen.every((other) => Math.abs(other - frame) * FRAME_MS > 1500)) chosen.push(frame)
  return chosen
}

export async function writePlateStreets(folder: string, count: number, seed: number, say: (line: string) => void = () => undefined): Promise<void> {
  mkdirSync(folder, { recursive: true })
  let done = 0
  for (const { name, rgb, width, height, plates } of plateStreets(count, seed)) {
    await sharp(Buffer.from(rgb.buffer, rgb.byteOffset, rgb.length), { raw: { width, height, channels: 3 } }).jpeg({ quality: 90 }).toFile(join(folder, `${name}.jpg`))
    const lines = plates.map(({ text, rows, visible, corners }) => [`${visible < VISIBLE_MIN ? '-' : ''}${text}${rows === 2 ? '_' : ''}`, ...corners.flatMap(([x, y]) => [(x * width).toFixed(2), (y * height).toFixed(2)])].join(' '))
    writeFileSync(join(folder, `${name}.txt`), lines.join('\n'))
    done += 1
    if (done % FRAMES_PER_STREET === 0) say(`${done} of ${count} frames`)
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, count, seed] = process.argv.slice(2)
  if (!folder || !Number(count)) throw new Error('say where and how many: plate-streets.ts OUTFOLDER COUNT SEED')
  await writePlateStreets(folder, Number(count), Number(seed ?? 1), (line) => process.stderr.write(`${line}\n`))
}
