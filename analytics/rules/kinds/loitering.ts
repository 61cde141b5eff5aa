import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import type { Track } from '../../track/track.js'
import { begin, end, repeat, type Claim, type Episode } from '../episode.js'
import { duration, zone } from '../fields.js'
import { defineKind } from '../kind.js'
import { hasMoved } from '../motion.js'
import type { Observation, Witness } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { subjects, witness } from '../subject.js'
import { carryVisits, seenAgain, trueSinceMs, type Visit } from '../visits.js'

/*
 *      ┌───── zone ─────┐
 *   ───┼─► ╭──╮   ╭─►   │     comes, walks up and down or stands, goes behind a bus, steps out for a moment:
 *      │   ╰► ╰───╯ ···─┼─►   one stay, claimed when it has lasted dwellMsMin
 *   ───┼────────────────┼─►   walks through: no stay so long
 *      └────────────────┘
 */

/** A person stays about in the zone, walking or standing, much longer than anybody needs to pass it. */
export interface LoiteringRule extends RuleCore {
  readonly kind: 'loitering'
  readonly zone: readonly Point[]
  /** From entering the zone, short absences included. */
  readonly dwellMsMin: number
}

const CLASSES = ['person']

interface Lingering extends Visit {
  readonly class: string
  readonly witness: Witness
  /** Whether he was ever seen to move: a post that is taken for a person never does. */
  readonly moved: boolean
  readonly episode: Episode | null
}

type LoiteringState = readonly Lingering[]
const NOBODY: LoiteringState = []

/** Who steps over the border, to a kiosk or behind a bus, is back within this; who went home is not. */
const AWAY_MS_MAX = 15_000
/** Another number is the same person only soon and near: farther and later it is the next who comes out of the door. */
const HEIR_MS_MAX = 5_000
const HEIR_SIZES = 1.5

/** Somebody who was seen to move has been about in the zone for long enough; the count begins at his entering, or at arming. */
const step: RuleStep<LoiteringRule, LoiteringState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NOBODY, state.flatMap((visit) => closing(rule, visit, scene))]
  const opening = (track: Track): Lingering => ({ trackId: track.id, sinceMs: trueSinceMs(track, (step) => inside(rule.zone, step.at)), seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), moved: hasMoved(track, scene.aspect), episode: null })
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES, heirMsMax: HEIR_MS_MAX }
  const { stays, over } = carryVisits(state, subjects(rule, CLASSES, tracks, scene.atMs), rule.zone, limits, opening)
  const said: Observation[] = over.flatMap((visit) => closing(rule, visit, scene))
  const next = stays.map(({ visit, track }): Lingering => {
    if (!track) return visit
    const seen: Lingering = { ...seenAgain(visit, track, scene.atMs), class: track.class, witness: witness(track), moved: visit.moved || hasMoved(track, scene.aspect) }
    if (!seen.moved || scene.atMs - seen.sinceMs < rule.dwellMsMin) return seen
    const claim = claimOf(rule, seen, scene)
    const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: seen.trackId, sinceMs: seen.sinceMs })
    said.push(...[told.said].flat())
    return { ...seen, episode: told.episode }
  })
  return [next, said]
}

export const loitering = defineKind<LoiteringRule, LoiteringState>({ kind: 'loitering', fields: { zone, dwellMsMin: duration }, classes: CLASSES, nothing: NOBODY, step })

function claimOf(rule: LoiteringRule, visit: Lingering, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [visit.witness], reason: { code: 'loitering', class: visit.class, dwellMs: Math.round(visit.seenMs - visit.sinceMs) } }
}

function closing(rule: LoiteringRule, visit: Lingering, scene: Scene): Observation[] {
  return visit.episode ? [end(claimOf(rule, visit, scene), visit.episode)] : []
}
