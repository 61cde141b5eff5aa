import { contains } from '../../geometry/box.js'
import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import type { Track } from '../../track/track.js'
import type { Claim } from '../episode.js'
import { count, duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { carryOn, isGap, NOTHING_LASTS, sampled, type Lasting, type Sample } from '../lasting.js'
import { median } from '../median.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { stoodMs } from '../stillness.js'
import { subjects, witness } from '../subject.js'

/**
 * So many vehicles stand in a zone for so long: the tail of a queue has grown back to where it is drawn. One claim for the
 * zone. A light turns in a minute or two, so what is no queue but a red light is told by a hold longer than that.
 *
 *      light        ┌── zone ──┐
 *        █ ▌▌▌▌▌▌▌▌▌│▌▌▌▌▌▌    │◄── they come
 *                   └──────────┘
 */
export interface QueueRule extends RuleCore {
  readonly kind: 'queue'
  readonly zone: readonly Point[]
  /** So many must stand at once. */
  readonly countMin: number
  readonly holdMsMin: number
}

const CLASSES = VEHICLES
/** Told by place alone, as far as the path reaches: whoever rolls up is not yet part of the queue. */
const STOOD_MS_MIN = 1_500
/** The tracker keeps whom a bus hides for two seconds; who stood there stands there still. */
const UNSEEN_MS_MAX = 2_000
/** It is over when it has shrunk to this share: queues breathe as one leaves and the next closes up. */
const OVER_SHARE = 0.6
const OVER_MS_MIN = 5_000

interface QueueState {
  readonly counts: readonly Sample[]
  readonly lasting: Lasting
}

const NO_QUEUE: QueueState = { counts: [], lasting: NOTHING_LASTS }

/** Enough vehicles stand in the zone, by the median of the last two seconds, for long enough. */
const step: RuleStep<QueueRule, QueueState> = (rule, state, tracks, scene) => {
  const still = subjects(rule, CLASSES, tracks, scene.atMs).filter((track) => scene.atMs - track.lastSeenAtMs <= UNSEEN_MS_MAX && stoodMs(track, scene.aspect) >= STOOD_MS_MIN)
  const seenIn = still.filter((track) => inside(rule.zone, track.at))
  const standing = still.filter((track) => seenIn.includes(track) || seenIn.some((other) => hidesFeetOf(other, track)))
  const counts = sampled(state.counts, { atMs: scene.atMs, value: standing.length })
  const many = median(counts.map((one) => one.value))
  const claim = (sinceMs: number): Claim => ({ rule, atMs: scene.atMs, witnesses: standing.map(witness), reason: { code: 'queue', count: many, countMin: rule.countMin, heldMs: Math.round(scene.atMs - sinceMs) } })
  const few = many < Math.max(1, rule.countMin * OVER_SHARE)
  const [lasting, said] = carryOn(state.lasting, { enough: many >= rule.countMin, few, gap: isGap(state.counts, scene.atMs), holdMsMin: rule.holdMsMin, overMsMin: OVER_MS_MIN, claim }, scene)
  return [{ counts, lasting }, said]
}

/** The one behind hides the wheels of the one before him: what is seen of that one ends too high, at the front of a queue beyond the zone. */
function hidesFeetOf(other: Track, track: Track): boolean {
  return other.at.y > track.at.y && contains(other.box, track.at)
}

export const queue = defineKind<QueueRule, QueueState>({ kind: 'queue', fields: { zone, countMin: count(1), holdMsMin: duration }, classes: CLASSES, nothing: NO_QUEUE, step })
