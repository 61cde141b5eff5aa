import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Detector } from '../../analytics/detect/detector.js'
import { makeOnnxDetector } from '../../analytics/detect/onnx-detector.js'
import type { Frame } from '../../analytics/frame.js'
import { settle } from '../../analytics/plate/grammar.js'
import { openPlateReader } from '../../analytics/plate/open-plate-reader.js'
import type { PlateReader, PlateSeen } from '../../analytics/plate/plate.js'
import { loadModel, loadPlateModels } from '../../models/catalogue.js'
import { plateStreets, VISIBLE_MIN, type PlateStreet } from '../../server/sandbox/scenes/plate-streets.js'
import { systemClock } from '../../server/system/clock.js'
import { makeFigure, makeFloor, quantile, type Figure } from './figure.js'
import { matchPlate } from './plate-match.js'

/** Pictures of real streets, beside the project where the material lies; what stands on them was read by eye. */
const REAL: readonly (readonly [file: string, texts: readonly string[]])[] = [
  ['1.jpg', ['59G163188', '59U116124']],
  ['3.jpg', ['30A33918']],
  ['4.jpg', ['30G70516']],
  ['117.jpg', ['29V737694', '89L138424', '18B254779']],
  // The list that came with the pictures says 29U2-1914 here; the picture shows 7914.
  ['119.jpg', ['29V52108', '29S175902', '29U27914']],
]
const WIDTHS = [20, 30, 40, 50, 60, 80, 110, 1000] as const
/** Streets that no training saw: another seed than that of models/training/README.md. */
const SEED = 977

/** A pair as people in Vietnam have them, two YOLOv5n, beside the project where the material lies: the same pictures through the same door. */
const YOLO = { finder: 'LP_detector_nano_61.onnx', reader: 'LP_ocr_nano_62.onnx', letters: 'LP_ocr_nano_62.onnx.names.json' } as const

/**
 * Frame by frame, no help from neighbours: the finder looks for plates in the whole picture, the reader for their letters, the
 * grammar settles them; right means every letter right. The last rows are of the whole chain, which looks only into the
 * vehicles that our detector found: a vehicle that fills the picture is often none to it.
 */
export async function benchPlates(options: { readonly quick: boolean; readonly root: string }, say: (line: string) => void): Promise<readonly Figure[]> {
  const { card, bytes } = await loadModel('eyes')
  const detector = await makeOnnxDetector({ model: bytes, name: card.id, format: card.format, inputWidth: card.input.width, inputHeight: card.input.height, thresholds: { other: 0.25 } })
  const pair = await loadPlateModels()
  const reader = await openPlateReader({ name: 'plates', finder: pair.finder.bytes, reader: pair.reader.bytes })
  try {
    const material = join(options.root, '../shared/data')
    const real = await onRealPictures(reader, material, say)
    const beside = await besideYolo(material, say)
    return [...(await onDrawnStreets(detector, reader, options.quick ? 60 : 360, say)), ...real, ...beside]
  } finally {
    await Promise.all([detector.close(), reader.close()])
  }
}

interface Tally {
  plates: number
  found: number
  read: number
  wrong: number
}

async function onDrawnStreets(detector: Detector, reader: PlateReader, count: number, say: (line: string) => void): Promise<readonly Figure[]> {
  const anywhere = emptyTallies()
  const chain = emptyTallies()
  const msPerVehicle: number[] = []
  let done = 0
  for (const street of plateStreets(count, SEED)) {
    const frame: Frame = { atMs: 0, width: street.width, height: street.height, rgb: Uint8Array.from(street.rgb) }
    countPlates(street, await reader.read(frame, 'all'), anywhere)
    const vehicles = ((await detector.detect([frame]))[0] ?? []).filter((one) => one.class !== 'person')
    const startMs = systemClock.monotonicMs()
    countPlates(street, vehicles.length === 0 ? [] : await reader.read(frame, vehicles.map(({ box }) => box)), chain)
    if (vehicles.length > 0) msPerVehicle.push((systemClock.monotonicMs() - startMs) / vehicles.length)
    done += 1
    if (done % 12 === 0) say(`${done} of ${count} drawn frames`)
  }
  const wide = sumOf(anywhere, 60)
  return [
    ...anywhere.flatMap((tally, at) => figuresOf(`${WIDTHS[at]}-${WIDTHS[at + 1]}`, tally)),
    makeFloor('plates.drawn.read', `share read whole of ${wide.plates} plates from 60 px`, wide.read / wide.plates, { bar: 0.95 }),
    makeFigure('plates.drawn.chain', 'the same, looking only into the vehicles that our detector found', sumOf(chain, 60).read / wide.plates),
    makeFigure('plates.ms', 'ms per vehicle of a 1280x720 frame, finding and reading, one thread', quantile(msPerVehicle, 0.5)),
  ]
}

function emptyTallies(): readonly Tally[] {
  return WIDTHS.slice(0, -1).map(() => ({ plates: 0, found: 0, read: 0, wrong: 0 }))
}

function sumOf(tallies: readonly Tally[], fromPx: number): { readonly plates: number; readonly read: number } {
  const wide = tallies.filter((_, at) => WIDTHS[at]! >= fromPx)
  return { plates: wide.reduce((sum, { plates }) => sum + plates, 0), read: wide.reduce((sum, { read }) => sum + read, 0) }
}

function figuresOf(name: string, { plates, found, read, wrong }: Tally): readonly Figure[] {
  if (plates === 0) return []
  return [
    makeFigure(`plates.drawn.found.${name}`, `share found of ${plates} plates ${name} px wide`, found / plates),
    makeFigure(`plates.drawn.read.${name}`, 'share read whole', read / plates),
    makeFigure(`plates.drawn.wrong.${name}`, 'share read as another plate of good form', wrong / plates),
  ]
}

function countPlates(street: PlateStreet, seen: readonly PlateSeen[], tallies: readonly Tally[]): void {
  for (const plate of street.plates) {
    const { px, said, right } = matchPlate(street, plate, seen)
    const tally = tallies[WIDTHS.findIndex((from, at) => px >= from && px < (WIDTHS[at + 1] ?? 0))]
    if (plate.visible < VISIBLE_MIN || !tally) continue
    tally.plates += 1
    if (!said) continue
    tally.found += 1
    if (right) tally.read += 1
    else if (said.wellFormed) tally.wrong += 1
  }
}

async function onRealPictures(reader: PlateReader, material: string, say: (line: string) => void): Promise<readonly Figure[]> {
  if (!existsSync(join(material, 'plates'))) {
    say('no real pictures beside the project: their row is left out')
    return []
  }
  const { wanted, right, wrong } = await readReal(reader, join(material, 'plates'), say)
  return [
    makeFloor('plates.real.read', `of ${wanted} real plates read whole`, right, { bar: 5 }),
    makeFigure('plates.real.wrong', 'other texts of good form told there', wrong),
  ]
}

async function besideYolo(material: string, say: (line: string) => void): Promise<readonly Figure[]> {
  const [finder, reader, letters] = [YOLO.finder, YOLO.reader, YOLO.letters].map((file) => join(material, 'models', file)) as [string, string, string]
  if (![finder, reader, letters, join(material, 'plates')].every((file) => existsSync(file))) return []
  const opened = await openPlateReader({ name: 'yolo', finder: readFileSync(finder), reader: readFileSync(reader), letters: JSON.parse(readFileSync(letters, 'utf8')) as readonly string[] })
  try {
    const { wanted, right, wrong } = await readReal(opened, join(material, 'plates'), (line) => say(`${YOLO.finder} + ${YOLO.reader}: ${line}`))
    return [
      makeFigure('plates.real.yolo.read', `of ${wanted} real plates read whole by two YOLOv5n through the same door`, right),
      makeFigure('plates.real.yolo.wrong', 'other texts of good form that these told there', wrong),
    ]
  } finally {
    await opened.close()
  }
}

async function readReal(reader: PlateReader, folder: string, say: (line: string) => void): Promise<{ readonly wanted: number; readonly right: number; readonly wrong: number }> {
  let wanted = 0
  let right = 0
  let wrong = 0
  for (const [file, texts] of REAL) {
    const seen = await reader.read(picture(join(folder, file)), 'all')
    const said = seen.map((plate) => ({ ...settle(plate.letters, plate.rows), px: Math.round(plate.widthPx) }))
    wanted += texts.length
    right += texts.filter((text) => said.some((one) => one.text === text)).length
    wrong += said.filter((one) => one.wellFormed && !texts.includes(one.text)).length
    say(`${file}: wanted ${texts.join(', ')}; read ${said.map((one) => `${one.shown} (${one.px} px, ${Math.min(...one.shares).toFixed(2)})`).join(', ')}`)
  }
  say(`${right} of ${wanted} read whole, ${wrong} other texts of good form`)
  return { wanted, right, wrong }
}

function picture(file: string): Frame {
  const [width, height] = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', file], { encoding: 'utf8' }).trim().split(',').map(Number) as [number, number]
  const rgb = execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'], { maxBuffer: 1 << 28 })
  return { atMs: 0, width, height, rgb }
}
