import { centre } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'
import { inside } from '../geometry/polygon.js'
import { stepsSince } from '../track/path.js'
import type { Step, Track } from '../track/track.js'
import { boxSize } from './episode.js'
import { median } from './median.js'
import { pace } from './motion.js'
import type { Witness } from './observation.js'
import type { Scene } from './scene.js'
import { squared, witness } from './subject.js'

/** Somebody goes fast: from which step to which, which way, and how fast in his own sizes a second. */
export interface Run {
  readonly trackId: number
  readonly from: Step
  readonly last: Step
  readonly velocity: Point
  /** The mean of his whole run so far. */
  readonly speed: number
  readonly witness: Witness
}

export interface RunTerms {
  readonly zone: readonly Point[]
  readonly speedMin: number
  /** How long a run that is over is remembered. */
  readonly keptMs: number
}

/** Three steps at 3 frames a second. */
const WINDOW_MS = 700
/** Who was fast is fast until he is clearly slower. */
const STILL_FAST_SHARE = 0.8
/** The middle step of the window must be fast too: a number that jumps to the vehicle beside makes one long step only. */
const STEP_SHARE_MIN = 0.5
/** A fast rider whom a tree hides is met again under a new number about where he must be by now. */
const HIDDEN_MS_MAX = 2_500
const MET_SIZES = 1.5
const MET_SHARE = 0.5

/** The runs after this frame, those that ended lately included; one rider under two numbers is one run. */
export function carryRuns(before: readonly Run[], tracks: readonly Track[], terms: RunTerms, scene: Scene): readonly Run[] {
  const runs = new Map(before.filter((run) => scene.atMs - run.last.atMs <= terms.keptMs).map((run) => [run.trackId, run]))
  for (const track of tracks) {
    const last = track.path.at(-1)
    if (track.state !== 'confirmed' || !last || !inside(terms.zone, track.at)) continue
    const known = runs.get(track.id)
    const running = known && scene.atMs - known.last.atMs <= WINDOW_MS
    const now = fastNow(track, terms.speedMin * (running ? STILL_FAST_SHARE : 1), scene.aspect)
    if (!now) continue
    const earlier = known ?? [...runs.values()].find((run) => isMetAgain(run, now.from, scene.aspect))
    if (earlier) runs.delete(earlier.trackId)
    runs.set(track.id, { trackId: track.id, from: running || (earlier && !known) ? earlier!.from : now.from, last, velocity: now.velocity, speed: now.speed, witness: witness(track) })
  }
  return [...runs.values()]
}

/** Fast over the newest window, and by most of its steps; null when not. */
function fastNow(track: Track, speedMin: number, aspect: number): { from: Step; velocity: Point; speed: number } | null {
  const moving = pace(track, WINDOW_MS, aspect)
  const recent = stepsSince(track.path, track.lastSeenAtMs - WINDOW_MS)
  const from = recent[0]
  if (!moving || !from || moving.speed < speedMin) return null
  const steps = recent.slice(1).map((step, i) => speedBetween(recent[i] ?? from, step, aspect))
  return median(steps) < speedMin * STEP_SHARE_MIN ? null : { from, ...moving }
}

function speedBetween(a: Step, b: Step, aspect: number): number {
  const [from, to] = [squared(centre(a.box), aspect), squared(centre(b.box), aspect)]
  return (Math.hypot(to.x - from.x, to.y - from.y) / boxSize(b.box, aspect) / (b.atMs - a.atMs)) * 1000
}

function isMetAgain({ last, velocity }: Run, from: Step, aspect: number): boolean {
  const seconds = (from.atMs - last.atMs) / 1000
  if (seconds <= 0 || seconds > HIDDEN_MS_MAX / 1000) return false
  const [left, met] = [squared(centre(last.box), aspect), squared(centre(from.box), aspect)]
  const off = Math.hypot(left.x + velocity.x * seconds - met.x, left.y + velocity.y * seconds - met.y)
  return off <= MET_SIZES * boxSize(from.box, aspect) + MET_SHARE * Math.hypot(velocity.x, velocity.y) * seconds
}
