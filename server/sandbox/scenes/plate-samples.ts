import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { makeChance, pick } from './noise.js'
import { drawnPlate, picturePlate } from './plates.js'

/**
 * Plates as our streets carry them, each alone on a picture, for training a reader:
 *   node --import tsx server/sandbox/scenes/plate-samples.ts OUTFOLDER COUNT SEED
 * writes ROW_ROW__shape_colour__N.png; the rows are what is painted, dashes and dots included.
 */
export async function writePlates(folder: string, count: number, seed: number): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const chance = makeChance(seed)
  for (let i = 0; i < count; i += 1) {
    const plate = drawnPlate(chance, pick(chance, ['car-long', 'car-short', 'motorbike', 'motorbike'] as const), pick(chance, ['white', 'white', 'white', 'yellow', 'blue'] as const))
    const { rgb, width, height } = picturePlate(plate)
    await sharp(Buffer.from(rgb.buffer), { raw: { width, height, channels: 3 } }).png().toFile(join(folder, `${plate.lines.join('_')}__${plate.shape}_${plate.colour}__${i}.png`))
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, count, seed] = process.argv.slice(2)
  if (!folder || !Number(count)) throw new Error('say where and how many: plate-samples.ts OUTFOLDER COUNT SEED')
  await writePlates(folder, Number(count), Number(seed ?? 1))
}
