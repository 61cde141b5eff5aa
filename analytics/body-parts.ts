import type { Detection } from './detection.js'
import { area, intersection, type Box } from './geometry/box.js'

/** Of a person near the camera head and trunk are claimed once more by themselves: so much of that box lies in the person's, and it ends so far above the feet, in heights of the person. */
const INSIDE_MIN = 0.9
const ENDS_ABOVE = 0.2

/**
 * Without the parts of people who are claimed whole and at least as surely, so that nobody is followed and counted twice. For watching only: whoever covers
 * people in a copy takes every claim.
 */
export function withoutParts(detections: readonly Detection[]): readonly Detection[] {
  const people = detections.filter((one) => one.class === 'person')
  return people.length < 2 ? detections : detections.filter((one) => one.class !== 'person' || !people.some((whole) => whole !== one && whole.score >= one.score && isUpperPart(one.box, whole.box)))
}

/** Who stands behind somebody has his feet higher too, but his head is above: his box is not inside. */
function isUpperPart(part: Box, whole: Box): boolean {
  return part.y2 < whole.y2 - ENDS_ABOVE * (whole.y2 - whole.y1) && intersection(part, whole) > INSIDE_MIN * area(part)
}
