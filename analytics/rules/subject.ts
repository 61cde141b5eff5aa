import type { ObjectClass } from '../detection.js'
import { inside } from '../geometry/polygon.js'
import type { Point } from '../geometry/point.js'
import type { Track } from '../track/track.js'
import type { Witness } from './observation.js'
import type { Rule, RuleKind } from './rule.js'

/** `motorcycle`, `motorbike`, `bicycle` and `van` are the words of other models for ours. */
const VEHICLES = ['two_wheeler', 'car', 'bus', 'truck', 'motorcycle', 'motorbike', 'bicycle', 'van'] as const

const SENSIBLE: Readonly<Record<RuleKind, readonly ObjectClass[]>> = {
  line_crossing: [...VEHICLES, 'person'],
  intrusion: [...VEHICLES, 'person'],
  wrong_way: VEHICLES,
  illegal_stop: VEHICLES,
  red_light: VEHICLES,
  crowd: ['person'],
}

/** The tracks a rule speaks of: of its classes, and standing in none of its exclusions. */
export function subjects(rule: Rule, tracks: readonly Track[]): Track[] {
  return tracks.filter((track) => isOfClass(rule, track.class) && !rule.exclusions.some((area) => inside(area, track.at)))
}

function isOfClass(rule: Rule, cls: ObjectClass): boolean {
  return (rule.classes.length > 0 ? rule.classes : SENSIBLE[rule.kind]).includes(cls)
}

export function witness(track: Track): Witness {
  return { trackId: track.id, class: track.class, score: track.score, box: clip(track), atMs: track.lastSeenAtMs }
}

/** A predicted box may leave the picture; what a person is shown may not. */
function clip({ box }: Track): Witness['box'] {
  const within = (v: number): number => Math.min(1, Math.max(0, v))
  return { x1: within(box.x1), y1: within(box.y1), x2: within(box.x2), y2: within(box.y2) }
}

/** In pixels made square by the frame's height, where angles and lengths are what a person sees. */
export function squared(p: Point, aspect: number): Point {
  return { x: p.x * aspect, y: p.y }
}
