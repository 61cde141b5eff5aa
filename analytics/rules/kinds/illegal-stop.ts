import type { Point } from '../../geometry/point.js'
import { begin, end, repeat, type Claim, type Episode } from '../episode.js'
import { duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import type { Observation } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { carryStands, remembering, type Stand } from '../stands.js'
import { subjects } from '../subject.js'

/** A vehicle stands where stopping is forbidden. */
export interface IllegalStopRule extends RuleCore {
  readonly kind: 'illegal_stop'
  readonly zone: readonly Point[]
  readonly dwellMsMin: number
}

const CLASSES = VEHICLES

/** It remembers the claim that is made of it. */
type Stop = Stand<Episode | null>
type IllegalStopState = readonly Stop[]
const NO_STOPS: IllegalStopState = []

/** A vehicle stays where it stands, in the zone, for long enough. Creeping in a queue starts the count anew each time. */
const step: RuleStep<IllegalStopRule, IllegalStopState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NO_STOPS, state.flatMap((stop) => closing(rule, stop, scene))]
  const { here, gone } = carryStands(state, subjects(rule, CLASSES, tracks, scene.atMs), scene, { zone: rule.zone, tracks, pinned: ({ memory }) => memory !== null, fresh: () => null })
  const said: Observation[] = gone.flatMap((stop) => closing(rule, stop, scene))
  const next = here.map(({ stand, track }): Stop => {
    if (!track || scene.atMs - stand.sinceMs < rule.dwellMsMin) return stand
    const claim = claimOf(rule, stand, scene)
    const told = stand.memory ? repeat(claim, stand.memory) : begin(claim, { first: stand.trackId, sinceMs: stand.sinceMs })
    said.push(...[told.said].flat())
    return remembering(stand, told.episode)
  })
  return [next, said]
}

export const illegalStop = defineKind<IllegalStopRule, IllegalStopState>({ kind: 'illegal_stop', fields: { zone, dwellMsMin: duration }, classes: CLASSES, nothing: NO_STOPS, step })

function claimOf(rule: IllegalStopRule, stop: Stop, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [stop.witness], reason: { code: 'illegal_stop', class: stop.class, dwellMs: Math.round(stop.seenMs - stop.sinceMs) } }
}

function closing(rule: IllegalStopRule, stop: Stop, scene: Scene): Observation[] {
  return stop.memory ? [end(claimOf(rule, stop, scene), stop.memory)] : []
}
