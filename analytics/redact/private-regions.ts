import type { Detection } from '../detection.js'
import type { Box } from '../geometry/box.js'
import type { PlateFound } from '../plate/plate.js'

/** What must not be told with a copy that leaves the house: whose face, whose vehicle. */
export interface PrivateRegion {
  readonly kind: 'head' | 'plate'
  /** 0..1 of the frame. */
  readonly box: Box
}

/** A look at one frame of a clip. Looks come in order of time, five or more a second. */
export interface PrivateLook {
  readonly atMs: number
  readonly regions: readonly PrivateRegion[]
}

/** Head and shoulders of a person: the upper quarter of the box, and some air, because boxes begin at the hair. */
const HEAD_SHARE = 0.27
/** Of whom only the upper half is seen (behind a car, cut by the picture's edge), the box is wide: a head is no higher than this many shoulders. */
const HEAD_PER_WIDTH = 0.6
/** Riders sit on top of their machine: up to three heads beside each other in the upper part of the box. */
const RIDER_SHARE = 0.42
const AIR = 0.06

/**
 * Where heads are, from boxes of people and riders; `aspect` is the frame's width by its height. No face is looked for or
 * compared: whoever is seen at all is covered.
 */
export function headsIn(detections: readonly Detection[], aspect: number): readonly PrivateRegion[] {
  return detections.flatMap(({ class: kind, box }): PrivateRegion[] => {
    const high = box.y2 - box.y1
    const share = kind === 'person' ? Math.min(1, Math.max(HEAD_SHARE, (HEAD_PER_WIDTH * (box.x2 - box.x1) * aspect) / high)) : kind === 'two_wheeler' ? RIDER_SHARE : null
    if (share === null) return []
    return [{ kind: 'head', box: { x1: box.x1, x2: box.x2, y1: Math.max(0, box.y1 - AIR * high), y2: box.y1 + share * high } }]
  })
}

export function platesIn(plates: readonly PlateFound[]): readonly PrivateRegion[] {
  return plates.map(({ corners }) => ({ kind: 'plate', box: { x1: Math.min(...corners.map(({ x }) => x)), y1: Math.min(...corners.map(({ y }) => y)), x2: Math.max(...corners.map(({ x }) => x)), y2: Math.max(...corners.map(({ y }) => y)) } }))
}

/** A face is told by one frame: a region is covered before it was first found and after it was last, and while it is lost. */
const HOLD_MS = 700
const GAP_MS_MAX = 1_500
/** How far a region's middle may move between looks, in its own sizes a second. */
const SPEED_MAX = 16
const SIZE_RATIO_MAX = 1.9
/** Boxes are good to some percent, and move between looks. */
const GROW = 0.18

interface Trail {
  readonly kind: PrivateRegion['kind']
  readonly stops: { readonly atMs: number; readonly box: Box }[]
}

/**
 * All regions of a clip, joined into trails through time, so that a frame in which the model saw nothing is covered all the
 * same. The answer says what to cover at any instant. Pure.
 */
export function coverRegions(looks: readonly PrivateLook[]): (atMs: number) => readonly Box[] {
  const trails: Trail[] = []
  let open: Trail[] = []
  for (const { atMs, regions } of looks) {
    open = open.filter(({ stops }) => atMs - stops.at(-1)!.atMs <= GAP_MS_MAX)
    const begun: Trail[] = []
    const taken = new Set<Trail>()
    for (const region of regions) {
      const trail = nearest(open, taken, { kind: region.kind, atMs, box: region.box })
      if (trail) {
        trail.stops.push({ atMs, box: region.box })
        taken.add(trail)
      } else {
        begun.push({ kind: region.kind, stops: [{ atMs, box: region.box }] })
      }
    }
    trails.push(...begun)
    open.push(...begun)
  }
  const shelves = shelve(trails)
  return (atMs) => (shelves.get(Math.floor(atMs / SHELF_MS)) ?? []).flatMap((trail) => boxAt(trail, atMs))
}

/** Two hours of a street have tens of thousands of trails, and each instant asks for the few that live then. */
const SHELF_MS = 1_000

function shelve(trails: readonly Trail[]): ReadonlyMap<number, readonly Trail[]> {
  const shelves = new Map<number, Trail[]>()
  for (const trail of trails) {
    const last = Math.floor((trail.stops.at(-1)!.atMs + HOLD_MS) / SHELF_MS)
    for (let at = Math.floor((trail.stops[0]!.atMs - HOLD_MS) / SHELF_MS); at <= last; at += 1) shelves.set(at, [...(shelves.get(at) ?? []), trail])
  }
  return shelves
}

/** The trail that a region most likely goes on, or null: then it begins one. A plain loop, as it runs a billion times in two hours of a full street. */
function nearest(open: readonly Trail[], taken: ReadonlySet<Trail>, found: { readonly kind: PrivateRegion['kind']; readonly atMs: number; readonly box: Box }): Trail | null {
  let best: Trail | null = null
  let least = 1
  for (const trail of open) {
    if (trail.kind !== found.kind || taken.has(trail)) continue
    const far = farness(trail.stops.at(-1)!, found)
    if (far > least || (far === least && best)) continue
    least = far
    best = trail
  }
  return best
}

/** 0: on the same spot; above 1: cannot be the same. */
function farness(a: { readonly atMs: number; readonly box: Box }, b: { readonly atMs: number; readonly box: Box }): number {
  const [wa, wb] = [a.box.x2 - a.box.x1, b.box.x2 - b.box.x1]
  const [ha, hb] = [a.box.y2 - a.box.y1, b.box.y2 - b.box.y1]
  const ratio = Math.max(wa * ha, wb * hb) / Math.max(1e-12, Math.min(wa * ha, wb * hb))
  if (Math.sqrt(ratio) > SIZE_RATIO_MAX) return Infinity
  const moved = Math.hypot((a.box.x1 + a.box.x2 - b.box.x1 - b.box.x2) / (wa + wb), (a.box.y1 + a.box.y2 - b.box.y1 - b.box.y2) / (ha + hb))
  return moved / (SPEED_MAX * Math.max(0.05, (b.atMs - a.atMs) / 1000))
}

function boxAt({ stops }: Trail, atMs: number): readonly Box[] {
  const [first, last] = [stops[0]!, stops.at(-1)!]
  if (atMs < first.atMs - HOLD_MS || atMs > last.atMs + HOLD_MS) return []
  if (atMs <= first.atMs) return [swept(grown(first.box, GROW), velocity(first, stops[1]), atMs - first.atMs)]
  if (atMs >= last.atMs) return [swept(grown(last.box, GROW), velocity(stops.at(-2), last), atMs - last.atMs)]
  const next = firstFrom(stops, atMs)
  const [a, b] = [stops[next - 1]!, stops[next]!]
  const u = (atMs - a.atMs) / (b.atMs - a.atMs)
  const mix = (x: number, y: number): number => x + (y - x) * u
  return [grown({ x1: mix(a.box.x1, b.box.x1), y1: mix(a.box.y1, b.box.y1), x2: mix(a.box.x2, b.box.x2), y2: mix(a.box.y2, b.box.y2) }, GROW)]
}

/** The first stop at or after an instant, by halving: one who waits for two hours has tens of thousands. */
function firstFrom(stops: Trail['stops'], atMs: number): number {
  let [low, high] = [0, stops.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (stops[middle]!.atMs >= atMs) high = middle
    else low = middle + 1
  }
  return low
}

interface Velocity {
  readonly x: number
  readonly y: number
}
/** Nobody on a street is faster, in his own sizes a second; what seems so is another one, or a box that the picture's edge uncovers. */
const SWEEP_MAX = 6

/** Shares of the frame a millisecond. */
function velocity(a: Trail['stops'][number] | undefined, b: Trail['stops'][number] | undefined): Velocity {
  if (!a || !b || b.atMs === a.atMs) return { x: 0, y: 0 }
  const along = (from: number, to: number, size: number): number => Math.sign(to - from) * Math.min(Math.abs(to - from) / (b.atMs - a.atMs), (SWEEP_MAX * size) / 1000)
  return { x: along(a.box.x1 + a.box.x2, b.box.x1 + b.box.x2, b.box.x2 - b.box.x1) / 2, y: along(a.box.y1 + a.box.y2, b.box.y1 + b.box.y2, b.box.y2 - b.box.y1) / 2 }
}

/** Where nobody looked, all that a box may have passed over if it went on as it did: along its way, and not to all sides, which would hide the street. */
function swept(box: Box, { x, y }: Velocity, ms: number): Box {
  const [right, down] = [x * ms, y * ms]
  return { x1: Math.max(0, box.x1 + Math.min(0, right)), x2: Math.min(1, box.x2 + Math.max(0, right)), y1: Math.max(0, box.y1 + Math.min(0, down)), y2: Math.min(1, box.y2 + Math.max(0, down)) }
}

function grown(box: Box, by: number): Box {
  const [spareX, spareY] = [(box.x2 - box.x1) * by, (box.y2 - box.y1) * by]
  return { x1: Math.max(0, box.x1 - spareX), y1: Math.max(0, box.y1 - spareY), x2: Math.min(1, box.x2 + spareX), y2: Math.min(1, box.y2 + spareY) }
}
