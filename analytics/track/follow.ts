import type { ClassVotes } from './class-vote.js'
import type { BoxMotion } from './kalman.js'
import type { Track } from './track.js'

/** What the tracker remembers of one object beside what everyone may see. */
export interface Follow {
  readonly track: Track
  readonly motion: BoxMotion
  readonly votes: ClassVotes
  /** Times it was seen; a track of two or three sightings is still tentative. */
  readonly hits: number
}

export interface TrackerState {
  readonly nextId: number
  readonly atMs: number | null
  readonly follows: readonly Follow[]
}

export interface Instant {
  readonly atMs: number
  /** Width over height of the frame in pixels: distances are round only in pixels. */
  readonly aspect: number
}
