import type { Detection } from '../detection.js'
import { overlap } from '../geometry/box.js'

/** Two boxes of one class that overlap this much are one object. */
const SAME_CLASS_IOU = 0.5
/** A van is often claimed as car, bus and truck at once: across vehicles more overlap is asked for, since two may stand close. */
const ACROSS_IOU = 0.6
const ONE_VEHICLE: ReadonlySet<string> = new Set(['car', 'bus', 'truck'])
/** Bounds the work that a broken or hostile model can cause: comparing is quadratic. */
const CANDIDATES_MAX = 1000
const KEPT_MAX = 300

/** As detectors are compared (and version 1's card was measured): each class by itself. What a camera is to be told is one object, one box. */
const EACH_CLASS_IOU = 0.6

/** Of boxes that claim the same object the surest stays (greedy non-maximum suppression). Answers surest first. */
export function suppress(candidates: readonly Detection[], sameObject: (a: Detection, b: Detection) => boolean = isOneObject): readonly Detection[] {
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

/** The same class at the same place. */
export function isSameClaim(a: Detection, b: Detection): boolean {
  return a.class === b.class && overlap(a.box, b.box) > EACH_CLASS_IOU
}

function isOneObject(a: Detection, b: Detection): boolean {
  return mayBeOne(a, b) && overlap(a.box, b.box) > (a.class === b.class ? SAME_CLASS_IOU : ACROSS_IOU)
}
