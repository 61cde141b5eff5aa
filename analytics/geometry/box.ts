import type { Point } from './point.js'

/** An upright rectangle in 0..1 of the frame; x1 < x2 and y1 < y2. */
export interface Box {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** Where an object stands on the ground: the middle of the box's lower edge. */
export function feet(box: Box): Point {
  return { x: (box.x1 + box.x2) / 2, y: box.y2 }
}

/** A box ends there that the picture's edge cuts; detectors are a hundredth off. */
const RIM = 0.01

/**
 * The feet of who is partly out of the picture: a box that its edge cuts shows less than there is, and its middle lags behind. `like`
 * is the same object's box of a moment ago; it is believed to be as large still. Cut nowhere, or cut less than before: `at`, the feet as seen.
 */
export function feetBeyond(at: Point, box: Box, like: Box): Point {
  const [left, right, below] = [box.x1 <= RIM, box.x2 >= 1 - RIM, box.y2 >= 1 - RIM]
  if (left === right && !below) return at
  const half = (like.x2 - like.x1) / 2
  return {
    x: right && !left ? Math.max(at.x, box.x1 + half) : left && !right ? Math.min(at.x, box.x2 - half) : at.x,
    y: below ? Math.max(at.y, box.y1 + like.y2 - like.y1) : at.y,
  }
}

export function centre(box: Box): Point {
  return { x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2 }
}

export function area(box: Box): number {
  return Math.max(0, box.x2 - box.x1) * Math.max(0, box.y2 - box.y1)
}

export function intersection(a: Box, b: Box): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1)
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1)
  return width > 0 && height > 0 ? width * height : 0
}

/** Intersection over union, 0 (apart) to 1 (the same). */
export function overlap(a: Box, b: Box): number {
  const shared = intersection(a, b)
  return shared > 0 ? shared / (area(a) + area(b) - shared) : 0
}

/** A box in 0..1 of a part of the picture, in 0..1 of the picture. */
export function placeIn(part: Box, { x1, y1, x2, y2 }: Box): Box {
  const [width, height] = [part.x2 - part.x1, part.y2 - part.y1]
  return { x1: part.x1 + x1 * width, y1: part.y1 + y1 * height, x2: part.x1 + x2 * width, y2: part.y1 + y2 * height }
}

/** Whether two boxes share more than an edge. */
export function touches(a: Box, b: Box): boolean {
  return a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2
}

export function contains(box: Box, { x, y }: Point): boolean {
  return x >= box.x1 && x < box.x2 && y >= box.y1 && y < box.y2
}
