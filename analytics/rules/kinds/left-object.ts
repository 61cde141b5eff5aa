import { centre, contains } from '../../geometry/box.js'
import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import type { Track } from '../../track/track.js'
import { boxSize } from '../episode.js'
import { duration, zone } from '../fields.js'
import { defineKind } from '../kind.js'
import { hasMoved } from '../motion.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { claimChanges, NO_STILL_CLAIMS, type StillClaims } from '../still-claims.js'

/*
 *   ┌─── zone ───┐      ┌────────────┐
 *   │   o        │      │            │      the outline of something that was not there, still, with nobody over it,
 *   │  /█\       │  ►   │   █        │      for dwellMsMin: claimed until it is carried away
 *   └────────────┘      └────────────┘
 */

/** A thing was put down and stays: a bag, a box, a load that fell. Told from the pixels; nobody has to know what it is. */
export interface LeftObjectRule extends RuleCore {
  readonly kind: 'left_object'
  readonly zone: readonly Point[]
  readonly dwellMsMin: number
}

interface LeftObjectState {
  readonly claims: StillClaims
  /** How large a car is in the zone, in frame heights; null until one was seen to drive there. */
  readonly carSize: number | null
}

const NOTHING: LeftObjectState = { claims: NO_STILL_CLAIMS, carSize: null }

const CARS: ReadonlySet<string> = new Set(['car', 'van', 'truck', 'bus'])
/** What is about as large as a car is one that the detector does not see. */
const CAR_SHARE_MAX = 0.7
/** Perspective: how large a car is follows slowly what comes by. A bag that is called a car for a second comes from nowhere. */
const CAR_SHARE_OF_NEWEST = 0.02
/** still-changes.ts forgets what lies for two hours. */
const DWELL_MS_MAX = 3_600_000

const step: RuleStep<LeftObjectRule, LeftObjectState> = (rule, state, tracks, scene) => {
  const carSize = tracks.filter((track) => track.state === 'confirmed' && CARS.has(track.class) && inside(rule.zone, track.at) && hasMoved(track, scene.aspect)).reduce((size, car) => nearer(size, car, scene.aspect), state.carSize)
  const [claims, said] = claimChanges(rule, state.claims, {
    holdMsMin: rule.dwellMsMin,
    isMeant: ({ kind, box }) => kind === 'appeared' && boxSize(box, scene.aspect) < CAR_SHARE_MAX * (carSize ?? Infinity) && !tracks.some((track) => contains(track.box, centre(box))),
    reason: (box, dwellMs) => ({ code: 'left_object', dwellMs, size: Math.round(boxSize(box, scene.aspect) * 100) / 100 }),
  }, scene)
  return [{ claims, carSize }, said]
}

export const leftObject = defineKind<LeftObjectRule, LeftObjectState>({ kind: 'left_object', fields: { zone, dwellMsMin: duration.max(DWELL_MS_MAX, 'must be at most one hour') }, classes: [], needs: 'changes', nothing: NOTHING, step })

function nearer(size: number | null, car: Track, aspect: number): number {
  const now = boxSize(car.box, aspect)
  return size === null ? now : size + (now - size) * CAR_SHARE_OF_NEWEST
}
