import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import type { Detection } from '../../analytics/detection.js'
import type { Detector } from '../../analytics/detect/detector.js'
import { makeOnnxDetector } from '../../analytics/detect/onnx-detector.js'
import type { Frame } from '../../analytics/frame.js'
import { overlap, type Box } from '../../analytics/geometry/box.js'
import { loadModel } from '../../models/catalogue.js'
import { clipFrames } from '../support/clip-frames.js'
import { areaMean } from './area-mean.js'
import { precisionOf, type Marked } from './average-precision.js'
import { makeFloor, type Figure } from './figure.js'

/** Classes of the street set (YOLO text): bicycle bus car container fire_engine motorcycle truck van. */
const STREET = ['two_wheeler', 'bus', 'car', 'truck', 'truck', 'two_wheeler', 'truck', 'car'] as const
const BARS = { two_wheeler: 0.8, car: 0.87, bus: 0.83, truck: 0.83 } as const
const PERSON_BAR = 0.5
/** As the card's own thresholds are near; the curve itself needs no threshold. */
const SCORE = 0.4
/** Low enough for the whole curve. */
const SCORE_MIN = 0.02

const TRACKED_MIN = 0.1
const SAME_PLACE_OVERLAP_MIN = 0.6
const STANDING_SHARE_MIN = 0.15

interface Picture {
  readonly file: string
  readonly labels: readonly (Box & { readonly class: string })[]
  readonly unsure: readonly Box[]
}

/**
 * How good the shipped detector's boxes are, as the server computes them (letterbox, suppression and all), on labelled
 * pictures that lie beside the project. Vehicles strictly: what the set leaves out, far or parked, counts as a false alarm.
 */
export async function benchDetect({ quick, root }: { readonly quick: boolean; readonly root: string }, say: (line: string) => void): Promise<readonly Figure[]> {
  const shared = join(root, '..', 'shared', 'data')
  const street = join(shared, 'labels', 'vn-vehicles')
  if (!existsSync(street)) {
    say('skipped: shared/data does not lie beside this checkout')
    return []
  }
  const every = quick ? 5 : 1
  const valid = picturesOf(join(street, 'valid')).filter((_, at) => at % every === 0)
  const people = peopleOf(join(root, 'models', 'training', 'people', 'judge.txt'), street)
  const figures: Figure[] = []
  for (const [width, height] of [[416, 256], [640, 384]] as const) {
    // By the ruler that the bars were set with, each class by itself and pictures made small by area; then as the server computes them, one object, one box.
    for (const [id, apart] of [['', true], ['.served', false]] as const) {
      await withEyes({ width, height, apart }, async (eyes) => {
        const seen = await look(eyes, width, valid, say, apart && width === 416 ? asJudged : asServed)
        for (const name of ['two_wheeler', 'car', 'bus', 'truck'] as const) {
          const { ap50, labels, recall, precision } = precisionOf(markedOf(valid, seen, name), SCORE)
          figures.push(makeFloor(`detect.${name}.${width}${id}`, `AP50 of ${labels} in ${valid.length} pictures, ${apart ? 'classes apart' : 'as served'} (at ${SCORE}: recall ${recall.toFixed(2)}, precision ${precision.toFixed(2)})`, ap50, apart && width === 416 ? { bar: BARS[name] } : {}))
        }
        if (!apart) figures.push(...ofPeople(markedOf(people, await look(eyes, width, people, say, asServed), 'person'), width))
      })
    }
  }
  return [...figures, ...(await besidePicodet(shared, say))]
}

/** As they are seen at once, and after an hour. */
function ofPeople(seen: readonly Marked[], width: number): Figure[] {
  return ([['', 'on two cameras kept apart', seen, { bar: PERSON_BAR }], ['.settled', 'the same, what stands left out as a camera does after an hour', withoutStanding(seen), {}]] as const).map(([id, words, marked, against]) => {
    const { ap50, labels, recall, precision } = precisionOf(marked, SCORE)
    return makeFloor(`detect.person${id}.${width}`, `AP50 of ${labels} people labelled by eye, ${words} (recall ${recall.toFixed(2)}, precision ${precision.toFixed(2)})`, ap50, against)
  })
}

async function withEyes({ width, height, apart }: { readonly width: number; readonly height: number; readonly apart: boolean }, act: (eyes: Detector) => Promise<void>): Promise<void> {
  const { card, bytes } = await loadModel('eyes')
  const eyes = await makeOnnxDetector({ model: bytes, name: card.id, format: card.format, inputWidth: width, inputHeight: height, thresholds: { other: SCORE_MIN }, ...(apart ? { eachClassApart: true } : {}) })
  try {
    await act(eyes)
  } finally {
    await eyes.close()
  }
}

type Bring = (file: string, size: { readonly width: number; readonly height: number }) => Promise<Pick<Frame, 'width' | 'height' | 'rgb'>>

/** By the server's library, as a still is. */
const asServed: Bring = async (file, { width, height }) => pixelsOf(sharp(file).resize(width, height, { fit: 'fill' }))
/** With the filter of version 1's script, from whose figures the bars were set: the mean of the area that a pixel covers. The pictures (512x288) are wider than 416 and narrower than 640. */
const asJudged: Bring = async (file, size) => areaMean(await pixelsOf(sharp(file)), size)

async function pixelsOf(picture: Sharp): Promise<Pick<Frame, 'width' | 'height' | 'rgb'>> {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

/** Pictures are brought to the network's width first, as a camera's are; grey fills the rest below. */
async function look(eyes: Detector, width: number, pictures: readonly Picture[], say: (line: string) => void, bring: Bring): Promise<readonly (readonly Detection[])[]> {
  const seen: (readonly Detection[])[] = []
  for (const { file } of pictures) {
    const shown = await bring(file, { width, height: Math.round((width * 9) / 16) })
    seen.push((await eyes.detect([{ atMs: 0, ...shown }]))[0] ?? [])
    if (seen.length % 200 === 0) say(`${seen.length} of ${pictures.length} pictures`)
  }
  return seen
}

function markedOf(pictures: readonly Picture[], seen: readonly (readonly Detection[])[], name: string): readonly Marked[] {
  return pictures.map(({ labels, unsure }, at) => ({ labels: labels.filter((label) => label.class === name), found: seen[at]!.filter((one) => one.class === name), unsure: name === 'person' ? unsure : [] }))
}

/**
 * Without claims that others repeat in the same place in many of the pictures: the cameras stand, so what they speak of stands too,
 * and a server that has seen it for an hour leaves it out (analytics/standing.ts, the same overlap).
 */
function withoutStanding(pictures: readonly Marked[]): readonly Marked[] {
  const repeats = (one: Box, at: number): number => pictures.filter(({ found }, other) => other !== at && found.some(({ box, score }) => score >= TRACKED_MIN && overlap(box, one) >= SAME_PLACE_OVERLAP_MIN)).length
  return pictures.map((picture, at) => ({ ...picture, found: picture.found.filter(({ box }) => repeats(box, at) < STANDING_SHARE_MIN * pictures.length) }))
}

function picturesOf(folder: string): readonly Picture[] {
  return readdirSync(folder).filter((name) => name.endsWith('.jpg')).toSorted().map((name) => ({
    file: join(folder, name),
    unsure: [],
    labels: readFileSync(join(folder, name.replace(/jpg$/, 'txt')), 'utf8').split('\n').filter((line) => line.trim() !== '').flatMap((line) => {
      const [kind, x, y, w, h] = line.trim().split(/\s+/).map(Number) as [number, number, number, number, number]
      const street = STREET[kind]
      return street ? [{ class: street, x1: x - w / 2, y1: y - h / 2, x2: x + w / 2, y2: y + h / 2 }] : []
    }),
  }))
}

/** `picture kind x1 y1 x2 y2 | kind …` (models/training/people/README.md). */
function peopleOf(list: string, street: string): readonly Picture[] {
  return readFileSync(list, 'utf8').split('\n').filter((line) => line !== '').map((line) => {
    const name = line.split(' ', 1)[0]!
    const marks = line.slice(name.length).split('|').map((part) => part.trim().split(/\s+/)).filter((words) => words.length === 5).map(([kind, ...box]) => {
      const [x1, y1, x2, y2] = box.map(Number) as [number, number, number, number]
      return { class: kind!, x1, y1, x2, y2 }
    })
    return { file: join(street, name.split('_', 1)[0]!, name), labels: marks.filter(({ class: kind }) => kind === 'person'), unsure: marks.filter(({ class: kind }) => kind === 'unsure') }
  })
}

interface Boxed {
  readonly frame_index: number
  readonly boxes: readonly (Box & { readonly class: string; readonly difficult: boolean })[]
}

/** Recall of clearly visible vehicles in a street that neither was trained on, at one score and at each model's usual size. */
async function besidePicodet(shared: string, say: (line: string) => void): Promise<readonly Figure[]> {
  const [clip, model] = [join(shared, 'videos', 'hanoi_ly_thuong_kiet_16h30.mp4'), join(shared, 'models', 'picodet_s_416.onnx')]
  if (!existsSync(clip) || !existsSync(model)) {
    say('skipped: no clip or no PicoDet-S beside this checkout')
    return []
  }
  const truth = JSON.parse(readFileSync(join(shared, 'labels', 'events', 'hanoi_ly_thuong_kiet_16h30.boxes.json'), 'utf8')) as { readonly frames: readonly Boxed[] } | readonly Boxed[]
  const boxed = 'frames' in truth ? truth.frames : truth
  const frames = await clipFrames({ file: clip, width: 640, height: 480, indexes: boxed.map((one) => one.frame_index) })
  const { card, bytes } = await loadModel('eyes')
  const ours = await recallOf(await makeOnnxDetector({ model: bytes, name: card.id, format: card.format, inputWidth: 416, inputHeight: 320 }), boxed, frames)
  const theirs = await recallOf(await makeOnnxDetector({ model: readFileSync(model), name: 'picodet' }), boxed, frames)
  return (['two_wheeler', 'car'] as const).map((name) => makeFloor(`detect.recall.${name}`, `recall at ${SCORE}, Hanoi crossing, 6 frames labelled by eye, beside PicoDet-S 416`, ours[name], { against: theirs[name], bar: 1 })).concat(
    makeFloor('detect.recall', 'recall of all of them', ours.all, { against: theirs.all, bar: 1 }),
  )
}

async function recallOf(detector: Detector, boxed: readonly Boxed[], frames: readonly Frame[]): Promise<Readonly<Record<'two_wheeler' | 'car' | 'all', number>>> {
  const seen: (readonly Detection[])[] = []
  for (const frame of frames) seen.push((await detector.detect([frame]))[0] ?? [])
  await detector.close()
  const share = (names: readonly string[]): number => {
    const marked = boxed.map(({ boxes }, at) => ({ labels: boxes.filter((box) => !box.difficult && names.includes(box.class)), found: seen[at]!.filter((one) => names.includes(one.class)), unsure: [] }))
    return precisionOf(marked, SCORE).recall
  }
  return { two_wheeler: share(['two_wheeler']), car: share(['car', 'bus', 'truck']), all: share(['two_wheeler', 'car', 'bus', 'truck']) }
}
