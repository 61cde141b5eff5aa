import type { Detection } from '../detection.js'
import { area, intersection, overlap, type Box } from '../geometry/box.js'

/** A vehicle at one instant: where the rule saw it. */
export interface Anchor {
  readonly atMs: number
  readonly box: Box
}

interface Seen {
  readonly atMs: number
  readonly detections: readonly Detection[]
}

/** A vehicle at 60 km/h moves about its own length between frames 0.2 s apart: then overlap alone would lose it. */
const OVERLAP_MIN = 0.15
const SHIFT_MAX = 1.2
const SIZE_RATIO_MAX = 1.8

/**
 * The anchored vehicle's box in each frame, or null where it is not found. Walks outward from the frame nearest to the anchor,
 * each step from the last box seen, moved on by the last step; the chain breaks when nothing fits, for a stranger's plate is
 * worse than none. Frames in order of time. Pure.
 */
export function followVehicle(anchor: Anchor, frames: readonly Seen[]): readonly (Box | null)[] {
  const boxes: (Box | null)[] = frames.map(() => null)
  const nearest = frames.reduce((best, { atMs }, at) => (Math.abs(atMs - anchor.atMs) < Math.abs((frames[best]?.atMs ?? Infinity) - anchor.atMs) ? at : best), 0)
  const first = frames[nearest] && match(anchor.box, frames[nearest].detections)
  if (!first) return boxes
  boxes[nearest] = first
  for (const step of [1, -1] as const) {
    let last = first
    let motion = { x: 0, y: 0 }
    for (let at = nearest + step; frames[at]; at += step) {
      const found = match(moved(last, motion), frames[at]!.detections)
      if (!found) break
      motion = { x: middle(found).x - middle(last).x, y: middle(found).y - middle(last).y }
      boxes[at] = last = found
    }
  }
  return boxes
}

function match(wanted: Box, detections: readonly Detection[]): Box | null {
  let best: { readonly box: Box; readonly worth: number } | null = null
  for (const { box, class: kind } of detections) {
    if (kind === 'person') continue
    const ratio = Math.sqrt(area(box) / Math.max(1e-9, area(wanted)))
    if (ratio > SIZE_RATIO_MAX || ratio < 1 / SIZE_RATIO_MAX) continue
    const shift = Math.hypot((middle(box).x - middle(wanted).x) / (wanted.x2 - wanted.x1), (middle(box).y - middle(wanted).y) / (wanted.y2 - wanted.y1))
    const shared = overlap(box, wanted)
    if (shared < OVERLAP_MIN && shift > SHIFT_MAX) continue
    const worth = shared - shift * 0.2
    if (!best || worth > best.worth) best = { box, worth }
  }
  return best?.box ?? null
}

function middle(box: Box): { readonly x: number; readonly y: number } {
  return { x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2 }
}

function moved(box: Box, { x, y }: { readonly x: number; readonly y: number }): Box {
  return { x1: box.x1 + x, y1: box.y1 + y, x2: box.x2 + x, y2: box.y2 + y }
}

/** How much of the box other vehicles cover that stand nearer to the camera (lower in the picture): their plate could be taken for its own. */
export function hiddenShare(box: Box, others: readonly Box[]): number {
  const nearer = others.filter((other) => other !== box && other.y2 > box.y2)
  return Math.min(1, nearer.reduce((sum, other) => sum + intersection(other, box), 0) / Math.max(1e-9, area(box)))
}
