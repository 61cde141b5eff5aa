import { contains, feet, type Box } from '../../geometry/box.js'
import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import type { Track } from '../../track/track.js'
import { distanceInSizes, type Claim } from '../episode.js'
import { count, duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { carryOn, isGap, NOTHING_LASTS, sampled, type Lasting, type Sample } from '../lasting.js'
import { median } from '../median.js'
import type { Witness } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { boxNow, stoodMs } from '../stillness.js'
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
const HIDDEN_MS_MAX = 2_000
/** In the dark, or behind the next one, he is not found for longer: others around leave him no way out. As long as who is parked may be hidden (stands.ts). */
const UNSEEN_MS_MAX = 15_000
/** Farther than this from where he stood, in his own sizes, he has left; boxes of who stand one behind the other jump by nearly as much. */
const LEFT_SIZES = 0.5
/** Nearer than this to where somebody stood whose number is lost, another number is that very one. */
const SAME_PLACE_SIZES = 0.3
/** It is over when it has shrunk to this share: queues breathe as one leaves and the next closes up. */
const OVER_SHARE = 0.6
const OVER_MS_MIN = 5_000

/** Who stands, or stood there when he was seen last. */
interface Waiting {
  readonly trackId: number
  readonly place: Box
  readonly seenMs: number
  readonly witness: Witness
}

/** The number of whom nobody follows any more. */
const NOBODY = -1

interface QueueState {
  readonly waiting: readonly Waiting[]
  readonly counts: readonly Sample[]
  readonly lasting: Lasting
}

const NO_QUEUE: QueueState = { waiting: [], counts: [], lasting: NOTHING_LASTS }

/** Enough vehicles stand in the zone, by the median of the last two seconds, for long enough. */
const step: RuleStep<QueueRule, QueueState> = (rule, state, tracks, scene) => {
  const gap = isGap(state.counts, scene.atMs)
  const waiting = waitingAfter(gap ? [] : state.waiting, subjects(rule, CLASSES, tracks, scene.atMs), scene)
  const standing = waitingIn(rule.zone, waiting, scene.atMs)
  const counts = sampled(state.counts, { atMs: scene.atMs, value: standing.length })
  const many = median(counts.map((one) => one.value))
  const claim = (sinceMs: number): Claim => ({ rule, atMs: scene.atMs, witnesses: standing.map((one) => one.witness), reason: { code: 'queue', count: many, countMin: rule.countMin, heldMs: Math.round(scene.atMs - sinceMs) } })
  const few = many < Math.max(1, rule.countMin * OVER_SHARE)
  const [lasting, said] = carryOn(state.lasting, { enough: many >= rule.countMin, few, gap, holdMsMin: rule.holdMsMin, overMsMin: OVER_MS_MIN, claim }, scene)
  return [{ waiting, counts, lasting }, said]
}

/** Who stands now, and of those who stood before who did not drive off since, as far as anybody saw. */
function waitingAfter(before: readonly Waiting[], tracks: readonly Track[], { atMs, aspect }: Scene): readonly Waiting[] {
  const now = tracks.filter((track) => atMs - track.lastSeenAtMs <= HIDDEN_MS_MAX && stoodMs(track, aspect) >= STOOD_MS_MIN).map((track): Waiting => ({ trackId: track.id, place: boxNow(track), seenMs: track.lastSeenAtMs, witness: witness(track) }))
  const seen = new Map(tracks.filter(({ lastSeenAtMs }) => lastSeenAtMs === atMs).map((track) => [track.id, track]))
  const remembered = before.flatMap((one): readonly Waiting[] => {
    if (now.some((other) => other.trackId === one.trackId || distanceInSizes(one.place, other.place, aspect) <= LEFT_SIZES)) return []
    const track = seen.get(one.trackId)
    // Where boxes melt, the number of one goes to the next, who was there before: neither drove anywhere.
    const isExchanged = track && before.some((other) => other !== one && !seen.has(other.trackId) && distanceInSizes(other.place, track.box, aspect) <= SAME_PLACE_SIZES)
    if (!track || isExchanged) return atMs - one.seenMs <= UNSEEN_MS_MAX ? [isExchanged ? { ...one, trackId: NOBODY } : one] : []
    return distanceInSizes(one.place, track.box, aspect) <= LEFT_SIZES ? [{ trackId: one.trackId, place: one.place, seenMs: atMs, witness: witness(track) }] : []
  })
  return [...now, ...remembered]
}

/** Those in the zone; of whom nobody saw for long no more than of others. */
function waitingIn(zone: readonly Point[], waiting: readonly Waiting[], atMs: number): readonly Waiting[] {
  const within = waiting.filter(({ place }) => inside(zone, feet(place)))
  const queue = waiting.filter((one) => within.includes(one) || within.some((other) => hidesFeetOf(other.place, one.place)))
  const seen = queue.filter((one) => atMs - one.seenMs <= HIDDEN_MS_MAX)
  return [...seen, ...queue.filter((one) => !seen.includes(one)).slice(0, seen.length)]
}

/** The one behind hides the wheels of the one before him: what is seen of that one ends too high, at the front of a queue beyond the zone. */
function hidesFeetOf(other: Box, box: Box): boolean {
  return other.y2 > box.y2 && contains(other, feet(box))
}

export const queue = defineKind<QueueRule, QueueState>({ kind: 'queue', fields: { zone, countMin: count(1), holdMsMin: duration }, classes: CLASSES, nothing: NO_QUEUE, step })
