import type { ObjectClass } from '../../detection.js'
import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import { stepsSince } from '../../track/path.js'
import type { Step, Track } from '../../track/track.js'
import { begin, boxSize, end, repeat, type Claim, type Episode } from '../episode.js'
import { arrow, duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { angleBetween, progress, slope, unit } from '../motion.js'
import type { Observation, Witness } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { squared, subjects, witness } from '../subject.js'
import { carryVisits, type Visit } from '../visits.js'

/** A vehicle in the zone moves against `allowed` (a direction in the picture) for long enough and far enough. */
export interface WrongWayRule extends RuleCore {
  readonly kind: 'wrong_way'
  readonly zone: readonly Point[]
  readonly allowed: Point
  readonly holdMsMin: number
}

const CLASSES = VEHICLES

/** Motion against the allowed direction, from the step where it began. */
interface Against {
  readonly sinceMs: number
  readonly lastMs: number
  readonly from: Step
  readonly angleDeg: number
  readonly travelled: number
}

interface Drive extends Visit {
  readonly class: ObjectClass
  readonly witness: Witness
  readonly against: Against | null
  readonly episode: Episode | null
}

type WrongWayState = readonly Drive[]
const NO_WRONG_WAYS: WrongWayState = []

const AWAY_MS_MAX = 2_500
const HEIR_SIZES = 1.5
/** Direction is the slope of the path over this long; one step of a jittering box says nothing. */
const WINDOW_MS = 1_000
const WINDOW_MS_MIN = 400
/** Slower than this, in its own sizes a second, a vehicle stands. */
const MOVING_MIN = 0.3
const AGAINST_DEG_MIN = 120
const LEGAL_DEG_MAX = 75
/** It must have come this far, in its own sizes: pushing a motorbike back out of its parking place is no wrong way. */
const TRAVELLED_MIN = 1
/** Of the steps in the window, the share that goes against: a number that jumps to the vehicle behind makes one step only. */
const STEPS_AGAINST_MIN = 0.65
/** Standing still or turning this long forgets what was held against it. */
const FORGET_MS = 2_000

/** A vehicle in the zone moves against the allowed direction for long enough and far enough. */
const step: RuleStep<WrongWayRule, WrongWayState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NO_WRONG_WAYS, state.flatMap((drive) => closing(rule, drive, scene))]
  const opening = (track: Track): Drive => ({ trackId: track.id, sinceMs: scene.atMs, seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), against: null, episode: null })
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES }
  const { stays, over } = carryVisits(state, subjects(rule, CLASSES, tracks, scene.atMs), rule.zone, limits, opening)
  const said: Observation[] = over.flatMap((drive) => closing(rule, drive, scene))
  const next = stays.map(({ visit, track }): Drive => {
    if (!track) return visit
    const against = judge(rule, visit.against, track, scene)
    const seen: Drive = { trackId: track.id, sinceMs: visit.sinceMs, seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), against, episode: visit.episode }
    if (!against) {
      said.push(...closing(rule, visit, scene))
      return { ...seen, episode: null }
    }
    if (!seen.episode && (scene.atMs - against.sinceMs < rule.holdMsMin || against.travelled < TRAVELLED_MIN || against.lastMs < scene.atMs)) return seen
    const claim = claimOf(rule, seen, scene)
    const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: seen.trackId, sinceMs: against.sinceMs })
    said.push(...[told.said].flat())
    return { ...seen, episode: told.episode }
  })
  return [next, said]
}

export const wrongWay = defineKind<WrongWayRule, WrongWayState>({ kind: 'wrong_way', fields: { zone, allowed: arrow, holdMsMin: duration }, classes: CLASSES, nothing: NO_WRONG_WAYS, step })

/** What is held against a vehicle after this frame; null when nothing is. */
function judge(rule: WrongWayRule, before: Against | null, track: Track, scene: Scene): Against | null {
  // What it did before it came into the zone is not held against it: drivers from the other side cut the corner.
  const recent = stepsSince(track.path, scene.atMs - WINDOW_MS).filter((step) => inside(rule.zone, step.at))
  const first = recent[0]
  const last = recent.at(-1)
  const kept = before && scene.atMs - before.lastMs <= FORGET_MS ? before : null
  if (!first || !last || last.atMs - first.atMs < WINDOW_MS_MIN) return kept
  const speed = slope(recent, scene.aspect)
  const size = boxSize(track.box, scene.aspect)
  if (Math.hypot(speed.x, speed.y) < MOVING_MIN * size) return kept
  const allowed = unit(squared(rule.allowed, scene.aspect))
  const angleDeg = angleBetween(speed, allowed)
  if (angleDeg <= LEGAL_DEG_MAX) return null
  const steps = recent.slice(1).map((step, i) => progress(recent[i] ?? first, step, allowed, scene.aspect))
  const share = steps.filter((step) => step < 0).length / steps.length
  if (angleDeg < AGAINST_DEG_MIN || share < STEPS_AGAINST_MIN) return kept
  const from = kept?.from ?? first
  const travelled = -progress(from, last, allowed, scene.aspect) / ((boxSize(from.box, scene.aspect) + size) / 2)
  return { sinceMs: kept?.sinceMs ?? first.atMs, lastMs: scene.atMs, from, angleDeg: Math.round(angleDeg), travelled: Math.round(travelled * 10) / 10 }
}

function claimOf(rule: WrongWayRule, drive: Drive, { atMs }: Scene): Claim {
  const { against } = drive
  return {
    rule,
    atMs,
    witnesses: [drive.witness],
    reason: { code: 'wrong_way', class: drive.class, heldMs: Math.round(against ? drive.seenMs - against.sinceMs : 0), angleDeg: against?.angleDeg ?? 180, travelled: against?.travelled ?? 0 },
  }
}

function closing(rule: WrongWayRule, drive: Drive, scene: Scene): Observation[] {
  return drive.episode ? [end(claimOf(rule, drive, scene), drive.episode)] : []
}
