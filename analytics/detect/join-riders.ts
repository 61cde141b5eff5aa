import type { Detection } from '../detection.js'
import { area, type Box, intersection } from '../geometry/box.js'

/** So much of a person's width must stand over the machine, and so near must the legs end to its wheels. */
const OVER_MIN = 0.5
const LEGS_OFF_MAX = 0.5

/**
 * Our two_wheeler is one box with its rider; models trained on COCO find machine and rider apart. Here they become one, so
 * that rules mean the same whatever the model, and riders are not counted as people on foot.
 */
export function joinRiders(detections: readonly Detection[]): readonly Detection[] {
  const machines = detections.filter((found) => found.class === 'two_wheeler')
  const boxes = machines.map((machine) => machine.box)
  const ridden = new Set<Detection>()
  for (const person of detections) {
    if (person.class !== 'person') continue
    const seats = machines.map((machine, at) => ({ at, fit: seatOf(person.box, machine.box) })).filter((seat) => seat.fit > 0)
    const best = seats.sort((a, b) => b.fit - a.fit)[0]
    if (!best) continue
    ridden.add(person)
    boxes[best.at] = union(boxes[best.at]!, person.box)
  }
  return detections.filter((found) => !ridden.has(found)).map((found) => (found.class === 'two_wheeler' ? { ...found, box: boxes[machines.indexOf(found)]! } : found))
}

/** How well a person sits on a machine: shared area, or 0 for one who stands beside or walks behind. */
function seatOf(person: Box, machine: Box): number {
  const over = (Math.min(person.x2, machine.x2) - Math.max(person.x1, machine.x1)) / (person.x2 - person.x1)
  const tall = machine.y2 - machine.y1
  const seated = person.y1 < machine.y1 + tall / 2 && person.y2 > machine.y1 && person.y2 < machine.y2 + LEGS_OFF_MAX * tall
  return over >= OVER_MIN && seated ? intersection(person, machine) / Math.max(area(person), 1e-9) : 0
}

/** Most of a person inside the box, and the box as sure as the person. */
const INSIDE_MIN = 0.75
const SURE_MIN = 1

/**
 * For models whose two_wheeler box holds the rider, as ours: now and then such a model claims the rider once more as a person.
 * Who lies mostly inside a two-wheeler's box is its rider.
 */
export function withoutRiders(detections: readonly Detection[]): readonly Detection[] {
  const machines = detections.filter((found) => found.class === 'two_wheeler')
  return detections.filter((found) => found.class !== 'person' || !machines.some((machine) => machine.score >= SURE_MIN * found.score && intersection(found.box, machine.box) > INSIDE_MIN * area(found.box)))
}

function union(a: Box, b: Box): Box {
  return { x1: Math.min(a.x1, b.x1), y1: Math.min(a.y1, b.y1), x2: Math.max(a.x2, b.x2), y2: Math.max(a.y2, b.y2) }
}
