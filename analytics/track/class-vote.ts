import type { ObjectClass } from '../detection.js'

/** Score-weighted votes of a track for what it is; old votes fade, so that a first mistake is outvoted within a second or two. */
export type ClassVotes = Readonly<Record<string, number>>

const KEPT_SHARE = 0.97
const LEAD_MIN = 1.2

export function vote(votes: ClassVotes, cls: ObjectClass, score: number): ClassVotes {
  const kept: Record<string, number> = {}
  for (const name in votes) kept[name] = votes[name]! * KEPT_SHARE
  kept[cls] = (kept[cls] ?? 0) + score
  return kept
}

/** The winner; the class worn until now stays unless it is beaten by a clear lead (a van flickers between car and truck). */
export function elected(votes: ClassVotes, worn: ObjectClass): ObjectClass {
  let best = worn
  let bestWeight = (votes[worn] ?? 0) * LEAD_MIN
  for (const name in votes) {
    const weight = votes[name]!
    if (weight > bestWeight) {
      best = name
      bestWeight = weight
    }
  }
  return best
}

const CLOSED_VEHICLES: ReadonlySet<string> = new Set(['car', 'bus', 'truck', 'van'])
const ON_TWO_WHEELS: ReadonlySet<string> = new Set(['two_wheeler', 'motorcycle', 'motorbike', 'bicycle'])

/** How unlikely it is that one object is called `a` in one frame and `b` in the next: 0 the same … 1 hardly. */
export function classDistance(a: ObjectClass, b: ObjectClass): number {
  if (a === b) return 0
  if (CLOSED_VEHICLES.has(a) && CLOSED_VEHICLES.has(b)) return 0.2
  if (ON_TWO_WHEELS.has(a) && ON_TWO_WHEELS.has(b)) return 0.2
  if ((a === 'person' && ON_TWO_WHEELS.has(b)) || (b === 'person' && ON_TWO_WHEELS.has(a))) return 0.6
  return 1
}

export function onTwoWheels(cls: ObjectClass): boolean {
  return ON_TWO_WHEELS.has(cls)
}
