import type { ObjectClass } from '../../detection.js'
import type { Box } from '../../geometry/box.js'
import type { Point } from '../../geometry/point.js'
import type { Track } from '../../track/track.js'
import { begin, distanceInSizes, end, repeat, type Claim, type Episode } from '../episode.js'
import { duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import type { Observation, Witness } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { boxNow, stillSinceMs } from '../stillness.js'
import { subjects, witness } from '../subject.js'
import { carryVisits, lookBackMs, seenAgain, type Visit } from '../visits.js'

/** A vehicle stands where stopping is forbidden. */
export interface IllegalStopRule extends RuleCore {
  readonly kind: 'illegal_stop'
  readonly zone: readonly Point[]
  readonly dwellMsMin: number
}

const CLASSES = VEHICLES

interface Stand extends Visit {
  readonly class: ObjectClass
  readonly witness: Witness
  /** Where it stands; of a claimed stand, where it was claimed. */
  readonly place: Box
  readonly episode: Episode | null
}

type IllegalStopState = readonly Stand[]
const NO_STANDS: IllegalStopState = []

/** A bus may hide a parked car this long: buses at a Hanoi stop stand 10 to 15 s. */
const AWAY_MS_MAX = 15_000
const HEIR_SIZES = 0.4
/** A claimed vehicle has left when it is this far from where it was claimed. */
const LEFT_SIZES = 0.3

/** A vehicle stays where it stands, in the zone, for long enough. Creeping in a queue starts the count anew each time. */
const step: RuleStep<IllegalStopRule, IllegalStopState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NO_STANDS, state.flatMap((stand) => closing(rule, stand, scene))]
  const opening = (track: Track): Stand => ({ trackId: track.id, sinceMs: stillSinceMs(track, scene.aspect) ?? lookBackMs(track), seenMs: scene.atMs, box: track.box, place: boxNow(track), class: track.class, witness: witness(track), episode: null })
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES }
  const { stays, over } = carryVisits(state, subjects(rule, CLASSES, tracks, scene.atMs), rule.zone, limits, opening)
  const said: Observation[] = over.flatMap((stand) => closing(rule, stand, scene))
  const droveOff = (stand: Stand): boolean => tracks.some((t) => t.id === stand.trackId && t.state === 'confirmed' && distanceInSizes(stand.place, t.box, scene.aspect) > LEFT_SIZES)
  const next = stays.flatMap(({ visit, track }): readonly Stand[] => {
    if (!track && droveOff(visit)) said.push(...closing(rule, visit, scene))
    if (!track) return droveOff(visit) ? [] : [visit]
    const place = boxNow(track)
    if (distanceInSizes(visit.place, place, scene.aspect) > LEFT_SIZES) {
      said.push(...closing(rule, visit, scene))
      return [opening(track)]
    }
    const sinceMs = visit.episode ? visit.sinceMs : Math.max(visit.sinceMs, stillSinceMs(track, scene.aspect) ?? visit.sinceMs)
    const seen: Stand = { ...seenAgain(visit, track, scene.atMs), sinceMs, class: track.class, witness: witness(track), place: visit.episode ? visit.place : place }
    if (scene.atMs - seen.sinceMs < rule.dwellMsMin) return [seen]
    const claim = claimOf(rule, seen, scene)
    const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: seen.trackId, sinceMs: seen.sinceMs })
    said.push(...[told.said].flat())
    return [{ ...seen, episode: told.episode }]
  })
  return [next, said]
}

export const illegalStop = defineKind<IllegalStopRule, IllegalStopState>({ kind: 'illegal_stop', fields: { zone, dwellMsMin: duration }, classes: CLASSES, nothing: NO_STANDS, step })

function claimOf(rule: IllegalStopRule, stand: Stand, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [stand.witness], reason: { code: 'illegal_stop', class: stand.class, dwellMs: Math.round(stand.seenMs - stand.sinceMs) } }
}

function closing(rule: IllegalStopRule, stand: Stand, scene: Scene): Observation[] {
  return stand.episode ? [end(claimOf(rule, stand, scene), stand.episode)] : []
}
