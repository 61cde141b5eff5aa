import { centre, type Box } from '../../geometry/box.js'
import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import { stepsSince } from '../../track/path.js'
import type { Track } from '../../track/track.js'
import { begin, boxSize, distanceInSizes, end, repeat, type Claim, type Episode } from '../episode.js'
import { count, duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { unit, velocityInSizes } from '../motion.js'
import type { Observation } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { carryStands, standOf, type Stand } from '../stands.js'
import { squared, subjects } from '../subject.js'

/**
 * A vehicle has broken down in a running lane: it stands, and the others drive round it. In a queue the neighbours stand, too.
 *
 *       │  ▲  │     │        │ ▐█▌ │ ▐█▌ │
 *       │  │ ▐█▌  ▲ │        │ ▐█▌ │ ▐█▌ │
 *       │  │  │   │ │        │ ▐█▌ │ ▐█▌ │
 *       stands, is passed    a queue: not
 */
export interface StalledVehicleRule extends RuleCore {
  readonly kind: 'stalled_vehicle'
  readonly zone: readonly Point[]
  /** Longer than a red light lasts, where the zone has one. */
  readonly dwellMsMin: number
  /** So many others must have driven past it meanwhile. */
  readonly passersMin: number
}

const CLASSES = VEHICLES
const WINDOW_MS = 1_000
const WINDOW_MS_MIN = 400
/** Own sizes a second: who squeezes through a queue is no running lane. */
const PASSING_MIN = 0.7
/** Ahead of a passer, then behind him, by so much of his own size. */
const CLEAR_SIZES = 0.3
/** A neighbour this near, in sizes of the one that stands, who has stood half as long: that is a queue, or they are parked. */
const NEIGHBOUR_SIZES = 2.5
const NEIGHBOUR_SHARE = 0.5
/** A passing bus hides a neighbour for so long; who was seen last before that has driven out of sight. */
const UNSEEN_MS_MAX = 3_000

/** Who turned off is forgotten with the next so many who come. */
const AHEAD_KEPT = 100

interface Comer {
  readonly trackId: number
  readonly heading: Point
}

interface Stall extends Stand {
  /** Tracks on their way that it still lies ahead of, with the way they came: who turns off has it behind him, too. */
  readonly ahead: readonly Comer[]
  /** Counted while it stands alone. */
  readonly passers: number
  /** Since when nobody has stood with it: a queue drives off from its front, and its last are alone for a while. */
  readonly aloneSinceMs: number
  readonly episode: Episode | null
}

type StalledState = readonly Stall[]

/** Stands long enough, was passed by enough, and nobody stands with it. Once claimed, those who get stuck behind it do not end it. */
const step: RuleStep<StalledVehicleRule, StalledState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [[], state.flatMap((stall) => closing(rule, stall, scene))]
  const meant = subjects(rule, CLASSES, tracks, scene.atMs)
  const open = (track: Track): Stall => ({ ...standOf(track, scene), ahead: [], passers: 0, aloneSinceMs: -Infinity, episode: null })
  const { here, gone } = carryStands(state, meant, scene, { zone: rule.zone, tracks, pinned: (stall) => stall.episode !== null, open })
  const said: Observation[] = gone.flatMap((stall) => closing(rule, stall, scene))
  const moving = movers(rule, meant, scene)
  const next = here.map(({ stand, track }): Stall => {
    const inQueue = here.some(({ stand: other }) => other !== stand && scene.atMs - other.seenMs <= UNSEEN_MS_MAX && scene.atMs - other.sinceMs >= rule.dwellMsMin * NEIGHBOUR_SHARE && distanceInSizes(stand.place, other.place, scene.aspect) <= NEIGHBOUR_SIZES)
    const seen: Stall = inQueue ? { ...stand, passers: 0, aloneSinceMs: scene.atMs } : passedBy(stand, moving, scene.aspect)
    const stoodMs = scene.atMs - Math.max(seen.sinceMs, seen.episode ? -Infinity : seen.aloneSinceMs)
    if (!track || stoodMs < rule.dwellMsMin || (!seen.episode && seen.passers < rule.passersMin)) return seen
    const claim = claimOf(rule, seen, scene)
    const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: seen.trackId, sinceMs: seen.sinceMs })
    said.push(...[told.said].flat())
    return { ...seen, episode: told.episode }
  })
  return [next, said]
}

export const stalledVehicle = defineKind<StalledVehicleRule, StalledState>({ kind: 'stalled_vehicle', fields: { zone, dwellMsMin: duration, passersMin: count(1) }, classes: CLASSES, nothing: [], step })

interface Mover {
  readonly track: Track
  readonly heading: Point
}

function movers(rule: StalledVehicleRule, meant: readonly Track[], scene: Scene): readonly Mover[] {
  return meant.flatMap((track) => {
    if (track.lastSeenAtMs < scene.atMs || !inside(rule.zone, track.at)) return []
    const velocity = velocityInSizes(stepsSince(track.path, scene.atMs - WINDOW_MS), scene.aspect, WINDOW_MS_MIN)
    return velocity && Math.hypot(velocity.x, velocity.y) >= PASSING_MIN ? [{ track, heading: unit(velocity) }] : []
  })
}

/** Counts those who had it ahead and have it behind now; who turned off before it, or came out of a gate behind it, did not pass. */
function passedBy(stall: Stall, moving: readonly Mover[], aspect: number): Stall {
  const fresh = moving.filter(({ track, heading }) => track.id !== stall.trackId && !stall.ahead.some((comer) => comer.trackId === track.id) && aheadSizes(stall.place, track.box, heading, aspect) > CLEAR_SIZES)
  const hasPassed = (comer: Comer): boolean => moving.some(({ track }) => track.id === comer.trackId && aheadSizes(stall.place, track.box, comer.heading, aspect) < -CLEAR_SIZES)
  const ahead = stall.ahead.filter((comer) => !hasPassed(comer))
  return { ...stall, ahead: [...ahead, ...fresh.map(({ track, heading }) => ({ trackId: track.id, heading }))].slice(-AHEAD_KEPT), passers: stall.passers + stall.ahead.length - ahead.length }
}

function aheadSizes(place: Box, from: Box, heading: Point, aspect: number): number {
  const [a, b] = [squared(centre(from), aspect), squared(centre(place), aspect)]
  return ((b.x - a.x) * heading.x + (b.y - a.y) * heading.y) / boxSize(from, aspect)
}

function claimOf(rule: StalledVehicleRule, stall: Stall, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [stall.witness], reason: { code: 'stalled_vehicle', class: stall.class, stoodMs: Math.round(stall.seenMs - stall.sinceMs), passers: stall.passers } }
}

function closing(rule: StalledVehicleRule, stall: Stall, scene: Scene): Observation[] {
  return stall.episode ? [end(claimOf(rule, stall, scene), stall.episode)] : []
}
