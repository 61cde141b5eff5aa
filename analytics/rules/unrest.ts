import type { Box } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'
import { stepsSince } from '../track/path.js'
import type { Step, Track } from '../track/track.js'
import { boxSize } from './episode.js'
import { slope } from './motion.js'

/** Over so long a box is watched; shorter, one stray box would be unrest. */
const WINDOW_MS = 2_000
const WINDOW_MS_MIN = 1_000
/** Boxes so far apart in time are compared, whatever the frame rate: of frames that follow each other tremble is all that is seen. */
const APART_MS = 330
/** Steps farther apart than this are no two looks in a row. */
const HIDDEN_MS_MIN = 2 * APART_MS

/**
 * How fast a box changes its shape and place beside its steady way: the speeds of its four edges together, in own sizes a
 * second. Drawn boxes that tremble by 8 %, at 3 to 15 frames a second: who stands 0.5 to 1.0, who walks (legs open and close the
 * box) 0.7 to 1.5, who struggles 1.6 to 3.3. Null: too little seen.
 */
export function unrest(track: Track, aspect: number): number | null {
  const recent = stepsSince(track.path, track.lastSeenAtMs - WINDOW_MS)
  const first = recent[0]
  if (!first || track.lastSeenAtMs - first.atMs < WINDOW_MS_MIN) return null
  const steady = slope(recent, aspect)
  const speeds = recent.flatMap((step) => {
    const earlier = boxAt(recent, step.atMs - APART_MS)
    return earlier ? [edgeSpeed(earlier, step.box, steady, aspect)] : []
  })
  return speeds.length === 0 ? null : speeds.reduce((a, b) => a + b, 0) / speeds.length
}

/** Between the two steps around that instant. */
function boxAt(steps: readonly Step[], atMs: number): Box | null {
  const after = steps.findIndex((step) => step.atMs >= atMs)
  const [a, b] = [steps[after - 1], steps[after]]
  if (!b || (!a && b.atMs > atMs)) return null
  // Of one who was hidden meanwhile nobody knows how he came from there to here.
  if (a && b.atMs - a.atMs > HIDDEN_MS_MIN) return null
  const share = a ? (atMs - a.atMs) / (b.atMs - a.atMs) : 1
  const edge = (name: keyof Box): number => (a ? a.box[name] + (b.box[name] - a.box[name]) * share : b.box[name])
  return { x1: edge('x1'), y1: edge('y1'), x2: edge('x2'), y2: edge('y2') }
}

function edgeSpeed(a: Box, b: Box, steady: Point, aspect: number): number {
  const seconds = APART_MS / 1000
  const x = (edge: 'x1' | 'x2'): number => Math.abs((b[edge] - a[edge]) * aspect - steady.x * seconds)
  const y = (edge: 'y1' | 'y2'): number => Math.abs(b[edge] - a[edge] - steady.y * seconds)
  return (x('x1') + x('x2') + y('y1') + y('y2')) / seconds / boxSize(b, aspect)
}
