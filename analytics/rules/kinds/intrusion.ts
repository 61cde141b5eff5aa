import type { ObjectClass } from '../../detection.js'
import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import type { Track } from '../../track/track.js'
import { begin, end, repeat, type Claim, type Episode } from '../episode.js'
import { duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { hasMoved } from '../motion.js'
import type { Observation, Witness } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { subjects, witness } from '../subject.js'
import { carryVisits, seenAgain, trueSinceMs, type Visit } from '../visits.js'

/** Somebody who moves is where nobody may be. */
export interface IntrusionRule extends RuleCore {
  readonly kind: 'intrusion'
  readonly zone: readonly Point[]
  readonly dwellMsMin: number
}

const CLASSES = [...VEHICLES, 'person']

interface Trespass extends Visit {
  readonly class: ObjectClass
  readonly witness: Witness
  /** Whether it was ever seen to move: posts, carts and shadows that a detector calls people do not. */
  readonly moved: boolean
  readonly episode: Episode | null
}

type IntrusionState = readonly Trespass[]
const NO_INTRUSIONS: IntrusionState = []

/** A hedge or a passer-by may hide an intruder this long, and he may step over the border, without a second claim. */
const AWAY_MS_MAX = 3_000
const HEIR_SIZES = 1

/** Somebody who moves is in the zone, in the hours, for long enough. The dwell is counted from the moment of entering, or of arming. */
const step: RuleStep<IntrusionRule, IntrusionState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NO_INTRUSIONS, state.flatMap((visit) => closing(rule, visit, scene))]
  const opening = (track: Track): Trespass => ({ trackId: track.id, sinceMs: trueSinceMs(track, (step) => inside(rule.zone, step.at)), seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), moved: hasMoved(track, scene.aspect), episode: null })
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES }
  const { stays, over } = carryVisits(state, subjects(rule, CLASSES, tracks, scene.atMs), rule.zone, limits, opening)
  const said: Observation[] = over.flatMap((visit) => closing(rule, visit, scene))
  const next = stays.map(({ visit, track }): Trespass => {
    if (!track) return visit
    const seen: Trespass = { ...seenAgain(visit, track, scene.atMs), class: track.class, witness: witness(track), moved: visit.moved || hasMoved(track, scene.aspect) }
    if (!seen.moved || scene.atMs - seen.sinceMs < rule.dwellMsMin) return seen
    const claim = claimOf(rule, seen, scene)
    const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: seen.trackId, sinceMs: seen.sinceMs })
    said.push(...[told.said].flat())
    return { ...seen, episode: told.episode }
  })
  return [next, said]
}

export const intrusion = defineKind<IntrusionRule, IntrusionState>({ kind: 'intrusion', fields: { zone, dwellMsMin: duration }, classes: CLASSES, nothing: NO_INTRUSIONS, step })

function claimOf(rule: IntrusionRule, visit: Trespass, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [visit.witness], reason: { code: 'intrusion', class: visit.class, dwellMs: Math.round(visit.seenMs - visit.sinceMs) } }
}

function closing(rule: IntrusionRule, visit: Trespass, scene: Scene): Observation[] {
  return visit.episode ? [end(claimOf(rule, visit, scene), visit.episode)] : []
}
