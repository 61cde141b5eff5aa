import type { ObjectClass } from '../detection.js'
import type { Box } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'

export type TrackState = 'tentative' | 'confirmed' | 'lost'

/** Where a track stood at an instant. */
export interface Step {
  readonly atMs: number
  readonly at: Point
  readonly box: Box
}

/**
 * One object over time. `path` holds the newest steps that were really seen (not predicted), oldest first, bounded in
 * time by the tracker; `at` is the anchor (feet) now. Speeds are in frame-heights or widths per second only through `path`.
 */
export interface Track {
  readonly id: number
  readonly class: ObjectClass
  readonly score: number
  readonly state: TrackState
  readonly box: Box
  readonly at: Point
  readonly firstAtMs: number
  readonly lastSeenAtMs: number
  readonly path: readonly Step[]
}
