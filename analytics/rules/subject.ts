import type { ObjectClass } from '../detection.js'
import { inside } from '../geometry/polygon.js'
import type { Point } from '../geometry/point.js'
import type { Track } from '../track/track.js'
import type { Witness } from './observation.js'
import type { RuleCore } from './rule-core.js'

/** The tracks a rule speaks of at an instant: of its classes (`usual` where it names none), in none of its exclusions, and not permitted. */
export function subjects(rule: RuleCore, usual: readonly ObjectClass[], tracks: readonly Track[], atMs: number): Track[] {
  const classes = rule.classes.length > 0 ? rule.classes : usual
  const everywhere = rule.exclusions.length === 0 && rule.permits.length === 0
  return tracks.filter((track) => classes.includes(track.class) && (everywhere || concerns(rule, track.at, atMs)))
}

/** Whether what is at this place is the rule's concern: in none of its exclusions, and not permitted. */
export function concerns(rule: RuleCore, at: Point, atMs: number): boolean {
  const permits = rule.permits.filter((permit) => atMs >= permit.fromMs && atMs < permit.toMs)
  return !rule.exclusions.some((area) => inside(area, at)) && !permits.some(({ area }) => area === null || inside(area, at))
}

export function witness(track: Track): Witness {
  return { trackId: track.id, class: track.class, score: track.score, box: clip(track), atMs: track.lastSeenAtMs }
}

/** A predicted box may leave the picture; what a person is shown may not. */
function clip({ box }: Track): Witness['box'] {
  return { x1: within(box.x1), y1: within(box.y1), x2: within(box.x2), y2: within(box.y2) }
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share))
}

/** In pixels made square by the frame's height, where angles and lengths are what a person sees. */
export function squared(p: Point, aspect: number): Point {
  return { x: p.x * aspect, y: p.y }
}
