import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type OverlayOptions, type Sharp } from 'sharp'
import { makeOnnxDetector } from '../../analytics/detect/onnx-detector.js'
import type { Detection } from '../../analytics/detection.js'
import { area, intersection, overlap, type Box } from '../../analytics/geometry/box.js'
import { openPlateReader } from '../../analytics/plate/open-plate-reader.js'
import type { PlateSeen } from '../../analytics/plate/plate.js'
import { loadModel, loadPlateModels } from '../../models/catalogue.js'
import { SCENES } from '../../server/sandbox/scenes/catalogue.js'
import { plateStreets, VISIBLE_MIN, type PlateStreet } from '../../server/sandbox/scenes/plate-streets.js'
import { frameAt } from '../../server/sandbox/scenes/samples.js'
import type { ToneName } from '../../server/sandbox/scenes/tones.js'
import { matchPlate } from './plate-match.js'

/**
 * What our models do worst on our own streets, as pictures for models/README.md:
 *   node --import tsx tests/bench/failures.ts
 * writes models/failures/eyes.jpg and plates.jpg. Drawn streets only: pictures of real ones are not ours to hand on.
 */
const SEED = 977
const SCORE_MIN = 0.4
const TONES: readonly ToneName[] = ['day', 'dusk', 'night', 'rain']
const INSTANTS_MS = [9_000, 31_000, 57_000, 88_000]
const FOUND = '#4ade80'
const MISSED = '#f87171'
const FALSE = '#facc15'

interface Marked {
  readonly rgb: Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly boxes: readonly { readonly box: Box; readonly colour: string; readonly word: string }[]
  readonly mistakes: number
}

async function failuresOfEyes(folder: string): Promise<void> {
  const { card, bytes } = await loadModel('eyes')
  const eyes = await makeOnnxDetector({ model: bytes, name: card.id, format: card.format, inputWidth: 640, inputHeight: 384, thresholds: { other: SCORE_MIN } })
  const worst: Marked[] = []
  for (const tone of TONES) {
    let most: Marked | null = null
    for (const scene of SCENES) {
      for (const atMs of INSTANTS_MS) {
        const frame = frameAt(scene, { seed: SEED, atMs, tone })
        const found = (await eyes.detect([{ atMs, width: frame.width, height: frame.height, rgb: Uint8Array.from(frame.rgb) }]))[0] ?? []
        const marked = mark(frame, found)
        if (!most || marked.mistakes > most.mistakes) most = marked
      }
    }
    worst.push(most!)
  }
  await eyes.close()
  await sheet(await Promise.all(worst.map(drawn)), { columns: 2, width: 640, height: 360 }, join(folder, 'eyes.jpg'))
}

function mark(frame: ReturnType<typeof frameAt>, found: readonly Detection[]): Marked {
  const { rgb, width, height, seen, parked } = frame
  const boxOf = ([x1, y1, x2, y2]: (typeof parked)[number]): Box => ({ x1, y1, x2, y2 })
  const labels = seen.filter((one) => one.visible >= 0.3 && (one.box[3] - one.box[1]) * height >= 10).map((one) => ({ kind: one.class, box: boxOf(one.box) }))
  const pardoned = [...parked.map(boxOf), ...seen.map((one) => boxOf(one.box))]
  const missed = labels.filter(({ kind, box }) => !found.some((one) => one.class === kind && overlap(one.box, box) >= 0.5))
  const strangers = found.filter((one) => !pardoned.some((box) => intersection(box, one.box) > 0.4 * Math.min(area(box), area(one.box))))
  const boxes = [
    ...found.map((one) => ({ box: one.box, colour: strangers.includes(one) ? FALSE : FOUND, word: strangers.includes(one) ? one.class : '' })),
    ...missed.map(({ kind, box }) => ({ box, colour: MISSED, word: kind })),
  ]
  return { rgb, width, height, boxes, mistakes: missed.length + 2 * strangers.length }
}

function drawn({ rgb, width, height, boxes }: Marked): Promise<Buffer> {
  const lines = boxes.map(({ box, colour, word }) => {
    const [x, y] = [box.x1 * width, box.y1 * height]
    return `<rect x="${x}" y="${y}" width="${box.x2 * width - x}" height="${box.y2 * height - y}" fill="none" stroke="${colour}" stroke-width="1.5"/><text x="${x}" y="${y - 3}" font-size="11" font-family="sans-serif" fill="${colour}">${word}</text>`
  })
  return raw(rgb, width, height).composite([{ input: Buffer.from(`<svg width="${width}" height="${height}">${lines.join('')}</svg>`) }]).png().toBuffer()
}

const STREETS = 180
const STRIPS = 12
const STRIP = { columns: 3, width: 420, height: 240 }
const PLATE_PX_MIN = 30

/** Plates of at least thirty pixels that were not found or read as something else, the widest first: among the frames of `npm run bench -- plates`. */
async function failuresOfPlates(folder: string): Promise<void> {
  const pair = await loadPlateModels()
  const reader = await openPlateReader({ name: 'plates', finder: pair.finder.bytes, reader: pair.reader.bytes })
  const wrong: { readonly px: number; readonly picture: Promise<Buffer> }[] = []
  for (const street of plateStreets(STREETS, SEED)) {
    const frame = { atMs: 0, width: street.width, height: street.height, rgb: Uint8Array.from(street.rgb) }
    wrong.push(...misread(street, await reader.read(frame, 'all')))
  }
  await reader.close()
  const widest = wrong.toSorted((a, b) => b.px - a.px).slice(0, STRIPS)
  await sheet(await Promise.all(widest.map(({ picture }) => picture)), STRIP, join(folder, 'plates.jpg'))
}

function misread(street: PlateStreet, seen: readonly PlateSeen[]): readonly { readonly px: number; readonly picture: Promise<Buffer> }[] {
  return street.plates.flatMap((plate) => {
    const { middle, px, said, right } = matchPlate(street, plate, seen)
    if (plate.visible < VISIBLE_MIN || px < PLATE_PX_MIN || right) return []
    return [{ px, picture: strip(street, middle, px, `${plate.text}, ${Math.round(px)} px: ${said ? `read ${said.shown}` : 'not found'}`) }]
  })
}

/** The plate and what is around it, enlarged, its text and ours beneath. */
function strip(street: PlateStreet, [x, y]: readonly [number, number], px: number, words: string): Promise<Buffer> {
  const width = Math.min(street.width, Math.round(px * 2.4))
  const height = Math.min(street.height, Math.round((width * (STRIP.height - 24)) / STRIP.width))
  const left = Math.max(0, Math.min(street.width - width, Math.round(x * street.width - width / 2)))
  const top = Math.max(0, Math.min(street.height - height, Math.round(y * street.height - height / 2)))
  const caption = Buffer.from(`<svg width="${STRIP.width}" height="24"><rect width="100%" height="100%" fill="#111827"/><text x="6" y="17" font-size="14" font-family="monospace" fill="#e5e7eb">${words}</text></svg>`)
  return raw(street.rgb, street.width, street.height)
    .extract({ left, top, width, height })
    .resize(STRIP.width, STRIP.height - 24, { kernel: 'nearest', fit: 'fill' })
    .extend({ bottom: 24, background: '#111827' })
    .composite([{ input: caption, gravity: 'south' }])
    .png()
    .toBuffer()
}

function raw(rgb: Uint8ClampedArray, width: number, height: number): Sharp {
  return sharp(Buffer.from(rgb.buffer, rgb.byteOffset, rgb.length), { raw: { width, height, channels: 3 } })
}

async function sheet(pictures: readonly Buffer[], cell: { readonly columns: number; readonly width: number; readonly height: number }, file: string): Promise<void> {
  const rows = Math.max(1, Math.ceil(pictures.length / cell.columns))
  const placed = pictures.map((input, at): OverlayOptions => ({ input, left: (at % cell.columns) * cell.width, top: Math.floor(at / cell.columns) * cell.height }))
  await sharp({ create: { width: cell.columns * cell.width, height: rows * cell.height, channels: 3, background: '#111827' } }).composite(placed).jpeg({ quality: 80 }).toFile(file)
}

const folder = join(import.meta.dirname, '..', '..', 'models', 'failures')
mkdirSync(folder, { recursive: true })
await failuresOfEyes(folder)
await failuresOfPlates(folder)
