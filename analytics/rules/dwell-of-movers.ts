import type { ObjectClass } from '../detection.js'
import type { Point } from '../geometry/point.js'
import { inside } from '../geometry/polygon.js'
import type { Track } from '../track/track.js'
import { begin, end, repeat, type Claim, type Episode } from './episode.js'
import { hasMoved } from './motion.js'
import type { Observation, Reason, Witness } from './observation.js'
import type { Rule } from './rule.js'
import type { RuleStep, Scene } from './scene.js'
import { subjects, witness } from './subject.js'
import { carryVisits, trueSinceMs, type StayLimits, type Visit } from './visits.js'

/** The stay of somebody in a zone, of whom it is asked whether he moves and for how long he is there. */
export interface MoverStay extends Visit {
  readonly class: ObjectClass
  readonly witness: Witness
  /** Whether it was ever seen to move: posts, carts and shadows that a detector calls people do not. */
  readonly moved: boolean
  readonly episode: Episode | null
}

export type MoverStays = readonly MoverStay[]
export const NO_STAYS: MoverStays = []

type DwellRule = Rule & { readonly zone: readonly Point[]; readonly dwellMsMin: number }

interface Terms {
  readonly classes: readonly ObjectClass[]
  readonly limits: Omit<StayLimits, 'atMs' | 'aspect'>
  reason(stay: { readonly class: ObjectClass; readonly dwellMs: number }): Reason
}

/** Claims who was seen to move and has been in the zone for long enough, counted from entering or from arming: intrusion and loitering. */
export function dwellOfMovers<R extends DwellRule>({ classes, limits, reason }: Terms): RuleStep<R, MoverStays> {
  const claimOf = (rule: R, stay: MoverStay, { atMs }: Scene): Claim => ({ rule, atMs, witnesses: [stay.witness], reason: reason({ class: stay.class, dwellMs: Math.round(stay.seenMs - stay.sinceMs) }) })
  const closing = (rule: R, stay: MoverStay, scene: Scene): Observation[] => (stay.episode ? [end(claimOf(rule, stay, scene), stay.episode)] : [])
  return (rule, state, tracks, scene) => {
    if (!scene.armed) return [NO_STAYS, state.flatMap((stay) => closing(rule, stay, scene))]
    const opening = (track: Track): MoverStay => ({ trackId: track.id, sinceMs: trueSinceMs(track, (step) => inside(rule.zone, step.at)), seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), moved: hasMoved(track, scene.aspect), episode: null })
    const { stays, over } = carryVisits(state, subjects(rule, classes, tracks, scene.atMs), rule.zone, { atMs: scene.atMs, aspect: scene.aspect, ...limits }, opening)
    const said: Observation[] = over.flatMap((stay) => closing(rule, stay, scene))
    const next = stays.map(({ visit, track }): MoverStay => {
      if (!track) return visit
      const seen: MoverStay = { trackId: track.id, sinceMs: visit.sinceMs, seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), moved: visit.moved || hasMoved(track, scene.aspect), episode: visit.episode }
      if (!seen.moved || scene.atMs - seen.sinceMs < rule.dwellMsMin) return seen
      const claim = claimOf(rule, seen, scene)
      const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: seen.trackId, sinceMs: seen.sinceMs })
      said.push(...[told.said].flat())
      return { ...seen, episode: told.episode }
    })
    return [next, said]
  }
}
