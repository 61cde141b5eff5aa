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
/** Riders sit on top of their machine: up to three heads beside each other in the upper part of the box. */
const RIDER_SHARE = 0.42
const AIR = 0.06

/** Where heads are, from boxes of people and riders. No face is looked for or compared: whoever is seen at all is covered. */
export function headsIn(detections: readonly Detection[]): readonly PrivateRegion[] {
  return detections.flatMap(({ class: kind, box }): PrivateRegion[] => {
    const share = kind === 'person' ? HEAD_SHARE : kind === 'two_wheeler' ? RIDER_SHARE : null
    if (share === null) return []
    const high = box.y2 - box.y1
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
  for (const { atMs, regions } of looks) {
    const open = trails.filter(({ stops }) => atMs - stops.at(-1)!.atMs <= GAP_MS_MAX)
    const taken = new Set<Trail>()
    for (const region of regions) {
      const best = open.filter((trail) => trail.kind === region.kind && !taken.has(trail)).map((trail) => ({ trail, far: farness(trail.stops.at(-1)!, { atMs, box: region.box }) })).filter(({ far }) => far <= 1).toSorted((a, b) => a.far - b.far)[0]
      if (best) {
        best.trail.stops.push({ atMs, box: region.box })
        taken.add(best.trail)
      } else {
        const trail: Trail = { kind: region.kind, stops: [{ atMs, box: region.box }] }
        trails.push(trail)
        taken.add(trail)
      }
    }
  }
  return (atMs) => trails.flatMap((trail) => boxAt(trail, atMs))
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
  if (atMs <= first.atMs) return [grown(first.box, GROW + drift(stops[0]!, stops[1]) * (first.atMs - atMs))]
  if (atMs >= last.atMs) return [grown(last.box, GROW + drift(stops.at(-2) ?? last, last) * (atMs - last.atMs))]
  const next = stops.findIndex((stop) => stop.atMs >= atMs)
  const [a, b] = [stops[next - 1]!, stops[next]!]
  const u = (atMs - a.atMs) / (b.atMs - a.atMs)
  const mix = (x: number, y: number): number => x + (y - x) * u
  return [grown({ x1: mix(a.box.x1, b.box.x1), y1: mix(a.box.y1, b.box.y1), x2: mix(a.box.x2, b.box.x2), y2: mix(a.box.y2, b.box.y2) }, GROW)]
}

/** How fast a trail moves, in its own sizes a millisecond: where nobody looked, the cover grows with what it may have moved. */
function drift(a: Trail['stops'][number], b: Trail['stops'][number] | undefined): number {
  if (!b || b.atMs === a.atMs) return 0
  return Math.hypot((b.box.x1 - a.box.x1) / (a.box.x2 - a.box.x1), (b.box.y1 - a.box.y1) / (a.box.y2 - a.box.y1)) / (b.atMs - a.atMs)
}

function grown(box: Box, by: number): Box {
  const [spareX, spareY] = [(box.x2 - box.x1) * by, (box.y2 - box.y1) * by]
  return { x1: Math.max(0, box.x1 - spareX), y1: Math.max(0, box.y1 - spareY), x2: Math.min(1, box.x2 + spareX), y2: Math.min(1, box.y2 + spareY) }
}
