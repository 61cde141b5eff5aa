import type { Detection } from '../detection.js'
import { area, intersection, overlap } from '../geometry/box.js'
import { classDistance, onTwoWheels } from './class-vote.js'

/** A person this much inside a two-wheeler is its rider: one object, one track. */
const RIDER_INSIDE_MIN = 0.65
/** Two boxes of kindred class that overlap this much are one vehicle called by two names. */
const TWIN_OVERLAP_MIN = 0.7
/** Cars seen from above are called two-wheelers too (boris clip); a real motorbike before a car covers far less of it. */
const STRANGE_TWIN_OVERLAP_MIN = 0.75

/** One box per object: riders vanish into their machine, twins into the surer of the two. Keeps the order given. */
export function absorb(detections: readonly Detection[]): Detection[] {
  const machines = detections.filter((d) => onTwoWheels(d.class))
  const bodies = detections.filter((d) => d.class !== 'person' || !machines.some((m) => ridesOn(d, m)))
  return bodies.filter((d, i) => !bodies.some((other, j) => (other.score > d.score || (other.score === d.score && j < i)) && isTwin(d, other)))
}

/** A machine much less sure than the person is no machine: a pedestrian before a far bicycle stays a person. */
function ridesOn(person: Detection, machine: Detection): boolean {
  return machine.score >= person.score * 0.5 && intersection(person.box, machine.box) >= RIDER_INSIDE_MIN * area(person.box)
}

function isTwin(a: Detection, b: Detection): boolean {
  if (a.class === 'person' !== (b.class === 'person')) return false
  return overlap(a.box, b.box) >= (classDistance(a.class, b.class) < 0.5 ? TWIN_OVERLAP_MIN : STRANGE_TWIN_OVERLAP_MIN)
}
