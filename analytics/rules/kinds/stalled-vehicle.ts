import { centre } from '../../geometry/box.js'
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
import { carryStands, remembering, type Stand } from '../stands.js'
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

/** What went by while it stood. */
interface Traffic {
  /** Tracks on their way that it still lies ahead of, with the way they came: who turns off has it behind him, too. */
  readonly ahead: readonly Comer[]
  /** Counted while it stands alone. */
  readonly passers: number
  /** Since when nobody has stood with it: a queue drives off from its front, and its last are alone for a while. */
  readonly aloneSinceMs: number
  readonly episode: Episode | null
}

type Stall = Stand<Traffic>
type StalledState = readonly Stall[]
const NOBODY_PASSED: Traffic = { ahead: [], passers: 0, aloneSinceMs: -Infinity, episode: null }

/** Stands long enough, was passed by enough, and nobody stands with it. Once claimed, those who get stuck behind it do not end it. */
const step: RuleStep<StalledVehicleRule, StalledState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [[], state.flatMap((stall) => closing(rule, stall, scene))]
  const meant = subjects(rule, CLASSES, tracks, scene.atMs)
  const { here, gone } = carryStands(state, meant, scene, { zone: rule.zone, tracks, pinned: ({ memory }) => memory.episode !== null, fresh: () => NOBODY_PASSED })
  const said: Observation[] = gone.flatMap((stall) => closing(rule, stall, scene))
  const moving = movers(rule, meant, scene)
  const neighbours = here.map(({ stand }) => stand).filter((stand) => scene.atMs - stand.seenMs <= UNSEEN_MS_MAX && scene.atMs - stand.sinceMs >= rule.dwellMsMin * NEIGHBOUR_SHARE)
  const next = here.map(({ stand, track }): Stall => {
    const inQueue = neighbours.some((other) => other !== stand && distanceInSizes(stand.place, other.place, scene.aspect) <= NEIGHBOUR_SIZES)
    const seen: Traffic = inQueue ? { ahead: stand.memory.ahead, passers: 0, aloneSinceMs: scene.atMs, episode: stand.memory.episode } : passedBy(stand, moving, scene.aspect)
    const stoodMs = scene.atMs - Math.max(stand.sinceMs, seen.episode ? -Infinity : seen.aloneSinceMs)
    if (!track || stoodMs < rule.dwellMsMin || (!seen.episode && seen.passers < rule.passersMin)) return remembering(stand, seen)
    const claim = claimOf(rule, remembering(stand, seen), scene)
    const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: stand.trackId, sinceMs: stand.sinceMs })
    said.push(...[told.said].flat())
    return remembering(stand, { ahead: seen.ahead, passers: seen.passers, aloneSinceMs: seen.aloneSinceMs, episode: told.episode })
  })
  return [next, said]
}

export const stalledVehicle = defineKind<StalledVehicleRule, StalledState>({ kind: 'stalled_vehicle', fields: { zone, dwellMsMin: duration, passersMin: count(1) }, classes: CLASSES, nothing: [], step })

interface Mover {
  readonly trackId: number
  readonly heading: Point
  readonly at: Point
  readonly size: number
}

function movers(rule: StalledVehicleRule, meant: readonly Track[], scene: Scene): ReadonlyMap<number, Mover> {
  const moving = new Map<number, Mover>()
  for (const track of meant) {
    if (track.lastSeenAtMs < scene.atMs || !inside(rule.zone, track.at)) continue
    const velocity = velocityInSizes(stepsSince(track.path, scene.atMs - WINDOW_MS), scene.aspect, WINDOW_MS_MIN)
    if (!velocity || Math.hypot(velocity.x, velocity.y) < PASSING_MIN) continue
    moving.set(track.id, { trackId: track.id, heading: unit(velocity), at: squared(centre(track.box), scene.aspect), size: boxSize(track.box, scene.aspect) })
  }
  return moving
}

/** Counts those who had it ahead and have it behind now; who turned off before it, or came out of a gate behind it, did not pass. */
function passedBy({ trackId, place: box, memory }: Stall, moving: ReadonlyMap<number, Mover>, aspect: number): Traffic {
  const place = squared(centre(box), aspect)
  const fresh: Comer[] = []
  for (const mover of moving.values()) {
    if (mover.trackId === trackId || aheadSizes(place, mover, mover.heading) <= CLEAR_SIZES || memory.ahead.some((comer) => comer.trackId === mover.trackId)) continue
    fresh.push({ trackId: mover.trackId, heading: mover.heading })
  }
  const ahead = memory.ahead.filter((comer) => {
    const mover = moving.get(comer.trackId)
    return !mover || aheadSizes(place, mover, comer.heading) >= -CLEAR_SIZES
  })
  return { ahead: [...ahead, ...fresh].slice(-AHEAD_KEPT), passers: memory.passers + memory.ahead.length - ahead.length, aloneSinceMs: memory.aloneSinceMs, episode: memory.episode }
}

function aheadSizes(place: Point, { at, size }: Mover, heading: Point): number {
  return ((place.x - at.x) * heading.x + (place.y - at.y) * heading.y) / size
}

function claimOf(rule: StalledVehicleRule, stall: Stall, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [stall.witness], reason: { code: 'stalled_vehicle', class: stall.class, stoodMs: Math.round(stall.seenMs - stall.sinceMs), passers: stall.memory.passers } }
}

function closing(rule: StalledVehicleRule, stall: Stall, scene: Scene): Observation[] {
  return stall.memory.episode ? [end(claimOf(rule, stall, scene), stall.memory.episode)] : []
}
