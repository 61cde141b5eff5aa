import type { ObjectClass } from '../detection.js'
import type { Box } from '../geometry/box.js'
import type { Track } from '../track/track.js'
import { begin, distanceInSizes, end, repeat, type Claim, type Episode } from './episode.js'
import type { Observation, Witness } from './observation.js'
import type { IllegalStopRule } from './rule.js'
import type { RuleStep, Scene } from './scene.js'
import { subjects, witness } from './subject.js'
import { carryVisits, seenAgain, trueSinceMs, type Visit } from './visits.js'

interface Stand extends Visit {
  readonly class: ObjectClass
  readonly witness: Witness
  /** Where it stands, slowly following the box so that breathing boxes and a settling suspension do not end a stand. */
  readonly place: Box
  readonly episode: Episode | null
}

export type IllegalStopState = readonly Stand[]
export const NO_STANDS: IllegalStopState = []

/** A bus may hide a parked car this long: buses at a Hanoi stop stand 10 to 15 s. */
const AWAY_MS_MAX = 15_000
const HEIR_SIZES = 0.4
/** Farther from its place than this share of its own size, a vehicle has moved. */
const MOVED_SIZES = 0.3
const PLACE_FOLLOWS_SHARE = 0.05

/** A vehicle stays where it stands, in the zone, for long enough. Creeping in a queue starts the count anew each time. */
export const illegalStop: RuleStep<IllegalStopRule, IllegalStopState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NO_STANDS, state.flatMap((stand) => closing(rule, stand, scene))]
  const opening = (track: Track): Stand => ({ trackId: track.id, sinceMs: trueSinceMs(track, (step) => distanceInSizes(track.box, step.box, scene.aspect) <= MOVED_SIZES), seenMs: scene.atMs, box: track.box, place: track.box, class: track.class, witness: witness(track), episode: null })
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES }
  const { stays, over } = carryVisits(state, subjects(rule, tracks), rule.zone, limits, opening)
  const said: Observation[] = over.flatMap((stand) => closing(rule, stand, scene))
  const next = stays.map(({ visit, track }): Stand => {
    if (!track) return visit
    if (distanceInSizes(visit.place, track.box, scene.aspect) > MOVED_SIZES) {
      said.push(...closing(rule, visit, scene))
      return opening(track)
    }
    const seen: Stand = { ...seenAgain(visit, track, scene.atMs), class: track.class, witness: witness(track), place: towards(visit.place, track.box) }
    if (scene.atMs - seen.sinceMs < rule.dwellMsMin) return seen
    const claim = claimOf(rule, seen, scene)
    const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: seen.trackId, sinceMs: seen.sinceMs })
    said.push(...[told.said].flat())
    return { ...seen, episode: told.episode }
  })
  return [next, said]
}

function towards(place: Box, box: Box): Box {
  const blend = (a: number, b: number): number => a + (b - a) * PLACE_FOLLOWS_SHARE
  return { x1: blend(place.x1, box.x1), y1: blend(place.y1, box.y1), x2: blend(place.x2, box.x2), y2: blend(place.y2, box.y2) }
}

function claimOf(rule: IllegalStopRule, stand: Stand, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [stand.witness], reason: { code: 'illegal_stop', class: stand.class, dwellMs: Math.round(stand.seenMs - stand.sinceMs) } }
}

function closing(rule: IllegalStopRule, stand: Stand, scene: Scene): Observation[] {
  return stand.episode ? [end(claimOf(rule, stand, scene), stand.episode)] : []
}
