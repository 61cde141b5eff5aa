import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { SCENES } from './catalogue.js'
import { makeChance } from './noise.js'
import { labelLines, paintStreet } from './samples.js'
import { TIMELINE_MS_MIN } from './show.js'
import type { Seen } from './studio.js'

/**
 * Pieces of frames twice as wide, for training: so a copy is looked at before faces are covered in it (analytics/redact/tiles.ts), and there a
 * near car fills a third of the picture, its side windows and wheels are as large as people, and the picture's edge cuts it.
 *   node --import tsx server/sandbox/scenes/tile-samples.ts OUTFOLDER COUNT SEED
 * writes NAME-X-Y.jpg (640x360, X and Y its place in the frame) and NAME-X-Y.txt, as samples.ts does: three pieces of the lower half of each
 * of COUNT frames, for far streets and sky are learnt from whole frames.
 */
const FRAME = { width: 1280, height: 720 } as const
const PIECE = { width: 640, height: 360 } as const
const PLACES = [[0, 360], [640, 360], [320, 360]] as const
const FRAMES_PER_STREET = 12
/** Of what lies in the piece by less than this share nobody could tell what it is, and by less than that nothing is to be seen of it. */
const TOLD_SHARE_MIN = 0.2
const SEEN_SHARE_MIN = 0.03

export async function writeTileSamples(folder: string, count: number, seed: number, say: (line: string) => void = () => undefined): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const chance = makeChance(seed)
  for (let done = 0, street = 0; done < count; street += 1) {
    const scene = SCENES[street % SCENES.length]!
    const { studio, tone } = paintStreet(chance, { scene, loopMs: TIMELINE_MS_MIN }, FRAME)
    for (let i = 0; i < FRAMES_PER_STREET && done < count; i += 1, done += 1) {
      const { rgb, seen } = studio.draw(Math.floor(((i + chance()) / FRAMES_PER_STREET) * studio.frameCount))
      const picture = sharp(Buffer.from(rgb.buffer, rgb.byteOffset, rgb.length), { raw: { ...FRAME, channels: 3 } })
      for (const [left, top] of PLACES) {
        const file = join(folder, `${scene.id}-${tone}-${seed}-${String(done).padStart(5, '0')}-${left}-${top}`)
        await picture.clone().extract({ left, top, ...PIECE }).jpeg({ quality: 86 }).toFile(`${file}.jpg`)
        const parked = studio.parked.map((box) => partIn(box, left, top)).filter(({ share }) => share > SEEN_SHARE_MIN)
        writeFileSync(`${file}.txt`, `${labelLines(seenIn(seen, left, top), parked.map(({ box }) => box)).join('\n')}\n`)
      }
    }
    say(`${done} of ${count} frames`)
  }
}

function seenIn(seen: readonly Seen[], left: number, top: number): readonly Seen[] {
  return seen.flatMap((one) => {
    const { box, share } = partIn(one.box, left, top)
    return share > SEEN_SHARE_MIN ? [{ ...one, box, visible: share < TOLD_SHARE_MIN ? 0 : one.visible }] : []
  })
}

/** What of a box, in 0..1 of the frame, lies in the piece that begins there: in 0..1 of the piece, and which share of it that is. Pure. */
export function partIn([x1, y1, x2, y2]: Seen['box'], left: number, top: number): { readonly box: Seen['box']; readonly share: number } {
  const across = (x: number): number => (x * FRAME.width - left) / PIECE.width
  const down = (y: number): number => (y * FRAME.height - top) / PIECE.height
  const within = (side: number): number => Math.min(1, Math.max(0, side))
  const box: Seen['box'] = [within(across(x1)), within(down(y1)), within(across(x2)), within(down(y2))]
  const whole = (across(x2) - across(x1)) * (down(y2) - down(y1))
  return { box, share: whole > 0 ? ((box[2] - box[0]) * (box[3] - box[1])) / whole : 0 }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, count, seed] = process.argv.slice(2)
  if (!folder || !Number(count)) throw new Error('say where and how many: tile-samples.ts OUTFOLDER COUNT SEED')
  await writeTileSamples(folder, Number(count), Number(seed ?? 1), (line) => void process.stderr.write(`${line}\n`))
}
