import type { Detection } from '../detection.js'
import { area, intersection, overlap, type Box } from '../geometry/box.js'

/** Two boxes of one class that overlap this much are one object. */
const SAME_CLASS_IOU = 0.5
/** A van is often claimed as car, bus and truck at once: across vehicles more overlap is asked for, since two may stand close. */
const ACROSS_IOU = 0.6
const ONE_VEHICLE: ReadonlySet<string> = new Set(['car', 'bus', 'truck'])
/** Of a person near the camera head and trunk are claimed once more by themselves: so much of that box lies in the person's, and it ends so far above the feet, in heights of the person. */
const PART_INSIDE_MIN = 0.9
const PART_ENDS_ABOVE = 0.2
/** Bounds the work that a broken or hostile model can cause: comparing is quadratic. */
const CANDIDATES_MAX = 1000
const KEPT_MAX = 300

/** Of boxes that claim the same object the surest stays (greedy non-maximum suppression). Answers surest first. */
export function suppress(candidates: readonly Detection[]): readonly Detection[] {
  const surest = [...candidates].sort((a, b) => b.score - a.score).slice(0, CANDIDATES_MAX)
  const kept: Detection[] = []
  for (const claim of surest) {
    if (kept.length === KEPT_MAX) break
    if (!kept.some((other) => sameObject(claim, other))) kept.push(claim)
  }
  return kept
}

/** Whether what one calls this the other may call that. */
export function mayBeOne(a: Detection, b: Detection): boolean {
  return a.class === b.class || (ONE_VEHICLE.has(a.class) && ONE_VEHICLE.has(b.class))
}

/** `claim` is the less sure of the two. */
function sameObject(claim: Detection, surer: Detection): boolean {
  return mayBeOne(claim, surer) && (overlap(claim.box, surer.box) > (claim.class === surer.class ? SAME_CLASS_IOU : ACROSS_IOU) || (claim.class === 'person' && isUpperPart(claim.box, surer.box)))
}

/** Who stands behind somebody has his feet higher too, but his head is above: his box is not inside. */
function isUpperPart(part: Box, whole: Box): boolean {
  return part.y2 < whole.y2 - PART_ENDS_ABOVE * (whole.y2 - whole.y1) && intersection(part, whole) > PART_INSIDE_MIN * area(part)
}
