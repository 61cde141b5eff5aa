import type { ObjectClass } from '../detection.js'
import type { Point } from '../geometry/point.js'
import type { Track } from '../track/track.js'
import { begin, end, repeat, type Claim, type Episode } from './episode.js'
import type { Observation, Reason, Witness } from './observation.js'
import type { Rule } from './rule.js'
import type { Scene } from './scene.js'
import { subjects, witness } from './subject.js'
import { carryVisits, type StayLimits, type Visit } from './visits.js'

/** What one object did, in numbers. */
export interface Act {
  readonly sinceMs: number
  readonly reason: Reason
}

/** Somebody in a zone of whom one act may be claimed: the claim holds until he has left or the act is over, however often he repeats it. */
export interface Actor<M> extends Visit {
  readonly witness: Witness
  readonly memory: M
  readonly claimed: { readonly act: Act; readonly episode: Episode } | null
}

/** What is thought of an actor after this frame. `over`: the claim ends though he is still there. */
export interface Judged<M> {
  readonly memory: M
  readonly act: Act | null
  readonly over?: boolean
}

export interface Watching<M> extends Pick<StayLimits, 'awayMsMax' | 'heirSizes'> {
  readonly zone: readonly Point[]
  /** Where the rule names none. */
  readonly classes: readonly ObjectClass[]
  readonly fresh: M
  judge(memory: M, track: Track): Judged<M>
}

/** Follows everybody in the zone, under whatever numbers, and makes one claim of each act: the step of every kind that judges one object at a time. */
export function followActs<M>(rule: Rule, actors: readonly Actor<M>[], tracks: readonly Track[], scene: Scene, watching: Watching<M>): readonly [readonly Actor<M>[], readonly Observation[]] {
  if (!scene.armed) return [[], actors.flatMap((actor) => closing(rule, actor, scene))]
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: watching.awayMsMax, heirSizes: watching.heirSizes }
  const opening = (track: Track): Actor<M> => ({ trackId: track.id, sinceMs: scene.atMs, seenMs: scene.atMs, box: track.box, witness: witness(track), memory: watching.fresh, claimed: null })
  const { stays, over } = carryVisits(actors, subjects(rule, watching.classes, tracks, scene.atMs), watching.zone, limits, opening)
  const said: Observation[] = over.flatMap((actor) => closing(rule, actor, scene))
  const next = stays.map(({ visit, track }): Actor<M> => {
    // Out of sight he is neither seen to go on nor to stop.
    if (!track || track.lastSeenAtMs < scene.atMs) return visit
    const judged = watching.judge(visit.memory, track)
    const seen: Actor<M> = { trackId: track.id, sinceMs: visit.sinceMs, seenMs: scene.atMs, box: track.box, witness: witness(track), memory: judged.memory, claimed: visit.claimed }
    if (judged.over) {
      said.push(...closing(rule, seen, scene))
      return { ...seen, claimed: null }
    }
    const act = judged.act ? { ...judged.act, sinceMs: visit.claimed?.act.sinceMs ?? judged.act.sinceMs } : visit.claimed?.act
    if (!act) return seen
    const claim = claimOf(rule, seen, act, scene)
    const words = visit.claimed ? repeat(claim, visit.claimed.episode) : begin(claim, { first: track.id, sinceMs: act.sinceMs })
    said.push(...[words.said].flat())
    return { ...seen, claimed: { act, episode: words.episode } }
  })
  return [next, said]
}

function claimOf<M>(rule: Rule, actor: Actor<M>, { reason }: Act, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [actor.witness], reason }
}

function closing<M>(rule: Rule, actor: Actor<M>, scene: Scene): Observation[] {
  return actor.claimed ? [end(claimOf(rule, actor, actor.claimed.act, scene), actor.claimed.episode)] : []
}
