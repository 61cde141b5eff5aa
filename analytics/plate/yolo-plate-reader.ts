import type { Claim } from '../detect/decoder.js'
import { ModelFault } from '../detect/detector.js'
import type { Graph } from '../detect/onnx-session.js'
import { overlap, type Box } from '../geometry/box.js'
import { lettersOfClasses, type ClassLetters } from './class-letters.js'
import { groundColour } from './ground-colour.js'
import { CLAIM_SCORE_MIN, placesOf } from './places.js'
import { checked, type PlateFound, type PlateReader, type PlateSeen, type Still } from './plate.js'
import { cut } from './rectify.js'
import { readInRows } from './rows.js'
import { withoutTwins } from './twins.js'
import { pictureWindows, vehicleWindows, type Window } from './windows.js'
import { openYoloHalf, type YoloHalf } from './yolo-half.js'

/** From here on a box is read. */
const FOUND_SCORE_MIN = 0.4
/** Boxes that share this much are one plate, whatever class each is of. */
const SAME_PLATE_IOU = 0.45
/** Finders tell plates, by their shape at most: a model with more classes is another one, or the reader in the finder's place. */
const FINDER_CLASSES_MAX = 8
/** The box's edges are good to some percent, and readers are surer of characters that stand free. */
const MARGIN = 0.08
const RIM_PX = 2
/** Between one row (4.7 times as wide as high) and two (1.4 to 2): where too few characters were read to say it. */
const ONE_ROW_ASPECT_MIN = 2.8
const LETTERS_MIN = 4

/**
 * A pair of YOLO detectors as a reader: the finder's boxes are plates, whatever their class; the reader is shown the cut of each,
 * and its boxes are characters. Rejects with a ModelFault that names the half; the graphs stay the caller's to close then.
 */
export async function yoloPlateReader({ name, finds, reads, letters }: { readonly name: string; readonly finds: Graph; readonly reads: Graph; readonly letters: readonly string[] | null }): Promise<PlateReader> {
  const finder = await openYoloHalf('plate-finder', finds)
  if (finder.classes > FINDER_CLASSES_MAX) throw new ModelFault('plate-finder', `the plate-finder tells ${finder.classes} classes; one that finds plates tells 1 to ${FINDER_CLASSES_MAX}`, 'Name the detector of plates as finder, and the detector of characters as reader.')
  const reader = await openYoloHalf('plate-reader', reads)
  const classLetters = lettersOfClasses(reader.classes, reads.notes, letters)
  return {
    name,
    async read(frame, boxes) {
      const windows = boxes === 'all' ? pictureWindows(checked(frame), finder.size.width) : vehicleWindows(boxes, checked(frame))
      const found: Found[] = []
      for (const window of windows) found.push(...(await findIn(finder, frame, window)))
      const seen: PlateSeen[] = []
      for (const one of withoutTwins(found, frame)) seen.push(await readOne(reader, classLetters, frame, one))
      return seen
    },
    async close() {
      await Promise.all([finds.close(), reads.close()])
    },
  }
}

interface Pixels {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** `box`: in pixels of the frame. */
interface Found extends PlateFound {
  readonly box: Box
}

async function findIn(finder: YoloHalf, frame: Still, window: Window): Promise<readonly Found[]> {
  const part = wholePixels(squareOf(window), frame)
  if (!part) return []
  const claims = (await finder.see(cut(frame, part), FOUND_SCORE_MIN)).filter((claim) => isWhole(claim, part, frame)).toSorted((a, b) => b.score - a.score)
  const kept: Claim[] = []
  for (const claim of claims) if (kept.every((other) => overlap(claim, other) <= SAME_PLATE_IOU)) kept.push(claim)
  return kept.map(({ x1, y1, x2, y2, score }) => {
    const box: Box = { x1: x1 + part.x, y1: y1 + part.y, x2: x2 + part.x, y2: y2 + part.y }
    const at = (x: number, y: number) => ({ x: x / frame.width, y: y / frame.height })
    const widthPx = box.x2 - box.x1
    return { box, score, widthPx, rows: widthPx / (box.y2 - box.y1) < ONE_ROW_ASPECT_MIN ? 2 : 1, corners: [at(box.x1, box.y1), at(box.x2, box.y1), at(box.x2, box.y2), at(box.x1, box.y2)] }
  })
}

/** A box that touches the rim of a part may be half a plate, and a half reads as another plate; another part has it whole. At the frame's own rim there is no other. */
function isWhole({ x1, y1, x2, y2 }: Box, part: Pixels, frame: Still): boolean {
  const cutAcross = (x1 < RIM_PX && part.x > 0) || (x2 > part.width - RIM_PX && part.x + part.width < frame.width)
  const cutDown = (y1 < RIM_PX && part.y > 0) || (y2 > part.height - RIM_PX && part.y + part.height < frame.height)
  return !cutAcross && !cutDown
}

async function readOne(reader: YoloHalf, letters: ClassLetters, frame: Still, { box, ...found }: Found): Promise<PlateSeen> {
  const [spareX, spareY] = [(box.x2 - box.x1) * MARGIN, (box.y2 - box.y1) * MARGIN]
  const part = wholePixels({ x1: box.x1 - spareX, y1: box.y1 - spareY, x2: box.x2 + spareX, y2: box.y2 + spareY }, frame)
  if (!part) return { ...found, letters: [], colour: 'white', colourShare: 0 }
  const crop = cut(frame, part)
  const places = placesOf(await reader.see(crop, CLAIM_SCORE_MIN), letters)
  const { rows, order } = readInRows(places)
  const { colour, share } = groundColour(crop)
  return { ...found, rows: places.length < LETTERS_MIN ? found.rows : rows, letters: order.map(({ at, row }) => ({ shares: places[at]!.shares, row })), colour, colourShare: share }
}

function squareOf({ x, y, side }: Window): Box {
  return { x1: x - side / 2, y1: y - side / 2, x2: x + side / 2, y2: y + side / 2 }
}

/** A box of pixels, grown to whole ones and clipped to the frame; null when nothing of it lies there. */
function wholePixels(box: Box, { width, height }: Still): Pixels | null {
  const [x1, y1] = [Math.max(0, Math.floor(box.x1)), Math.max(0, Math.floor(box.y1))]
  const [x2, y2] = [Math.min(width, Math.ceil(box.x2)), Math.min(height, Math.ceil(box.y2))]
  return x2 > x1 && y2 > y1 ? { x: x1, y: y1, width: x2 - x1, height: y2 - y1 } : null
}
