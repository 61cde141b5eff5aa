import type { Detection } from '../detection.js'
import type { Detector } from '../detect/detector.js'
import { suppress } from '../detect/suppress.js'
import type { Frame } from '../frame.js'
import type { PlateFinder } from '../plate/plate.js'
import { headsIn, platesIn, type PrivateRegion } from './private-regions.js'
import { cutTile, tilesOf, untile } from './tiles.js'

export interface PrivateEyes {
  /** Must know people and riders by our words, and be asked for unsure boxes too. */
  readonly detector: Detector
  /** Null: nobody finds plates, and no plate is among the regions. */
  readonly plates: PlateFinder | null
}

/** Without these classes a detector sees no head, and a copy that it judged would be covered nowhere. */
export const HEAD_CLASSES = ['person', 'two_wheeler'] as const

/**
 * From here on a claim is covered. A cover too many costs a few blurred pixels, a face too few cannot be taken back, so it lies
 * well below what an alert needs (0.4). Between 0.2 and 0.1 lay 5 of 105 heads and 2 % of the picture on the six frames by which this was chosen (README).
 */
export const COVER_SCORE_MIN = 0.1

const VEHICLES: ReadonlySet<string> = new Set(['two_wheeler', 'car', 'bus', 'truck'])

/** The private parts of one frame: found in the whole of it and in its tiles, where far heads are large enough. */
export async function lookForPrivate({ detector, plates }: PrivateEyes, frame: Frame): Promise<readonly PrivateRegion[]> {
  const [whole = []] = await detector.detect([frame])
  const tiles = tilesOf(frame)
  const close = tiles.length > 0 ? await detector.detect(tiles.map((tile) => cutTile(frame, tile))) : []
  const seen = suppress([...whole, ...close.flatMap((found, at) => untile(found, tiles[at]!, frame))])
  const heads = headsIn(seen, frame.width / frame.height)
  const boxes = vehicleBoxes(seen)
  if (!plates || boxes.length === 0) return heads
  return [...heads, ...platesIn(await plates.find(frame, boxes))]
}

function vehicleBoxes(seen: readonly Detection[]): readonly Detection['box'][] {
  return seen.filter(({ class: kind }) => VEHICLES.has(kind)).map(({ box }) => box)
}
