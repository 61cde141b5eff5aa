import type { Detection } from '../detection.js'
import type { Detector } from '../detect/detector.js'
import { suppress } from '../detect/suppress.js'
import type { Frame } from '../frame.js'
import type { PlateFinder } from '../plate/plate.js'
import { headsIn, platesIn, type PrivateRegion } from './private-regions.js'
import { cutTile, mirror, tilesOf, untile } from './tiles.js'

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

/**
 * Of a single picture, where no look before or after mends what this one missed, still less sure claims are covered. Of 341 heads
 * `lookClosely` covered all from here up, 339 from 0.1 up; one look at 0.1, as at a film, covered 327 (README).
 */
export const STILL_SCORE_MIN = 0.05

/** Whoever looks at a large picture has dozens of tiles, and a call with all of them would hold hundreds of megabytes. */
const TILES_A_CALL = 6

const VEHICLES: ReadonlySet<string> = new Set(['two_wheeler', 'car', 'bus', 'truck'])

/** The private parts of one frame: found in the whole of it and in its tiles, where far heads are large enough. */
export async function lookForPrivate(eyes: PrivateEyes, frame: Frame): Promise<readonly PrivateRegion[]> {
  return regionsOf(eyes, suppress(await see(eyes.detector, frame)), [frame])
}

/**
 * The private parts of a single picture, given in several sizes: each is looked at as it is and mirrored, since a detector that
 * misses somebody often finds him the other way round, or a little larger.
 */
export async function lookClosely(eyes: PrivateEyes, sizes: readonly Frame[], onPart: (part: number) => void): Promise<readonly PrivateRegion[]> {
  const seen: Detection[] = []
  for (const [at, frame] of sizes.entries()) {
    seen.push(...(await see(eyes.detector, frame)))
    onPart((at + 0.5) / sizes.length)
    seen.push(...turnedBack(await see(eyes.detector, mirror(frame))))
    onPart((at + 1) / sizes.length)
  }
  return regionsOf(eyes, suppress(seen), sizes)
}

/** All claims about a frame, from the whole of it and from its tiles; two may speak of one object. */
async function see(detector: Detector, frame: Frame): Promise<readonly Detection[]> {
  const [whole = []] = await detector.detect([frame])
  const tiles = tilesOf(frame)
  const close: Detection[] = []
  for (let from = 0; from < tiles.length; from += TILES_A_CALL) {
    const some = tiles.slice(from, from + TILES_A_CALL)
    const found = await detector.detect(some.map((tile) => cutTile(frame, tile)))
    close.push(...found.flatMap((one, at) => untile(one, some[at]!, frame)))
  }
  return [...whole, ...close]
}

function turnedBack(seen: readonly Detection[]): readonly Detection[] {
  return seen.map((one) => ({ ...one, box: { ...one.box, x1: 1 - one.box.x2, x2: 1 - one.box.x1 } }))
}

/** Heads, and the plates on the vehicles as each size shows them. */
async function regionsOf({ plates }: PrivateEyes, seen: readonly Detection[], sizes: readonly Frame[]): Promise<readonly PrivateRegion[]> {
  const [first] = sizes
  if (!first) return []
  const regions = [...headsIn(seen, first.width / first.height)]
  const boxes = vehicleBoxes(seen)
  for (const frame of plates && boxes.length > 0 ? sizes : []) regions.push(...platesIn((await plates?.find(frame, boxes)) ?? []))
  return regions
}

function vehicleBoxes(seen: readonly Detection[]): readonly Detection['box'][] {
  return seen.filter(({ class: kind }) => VEHICLES.has(kind)).map(({ box }) => box)
}
