import { centre } from '../../geometry/box.js'
import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import { stepsSince } from '../../track/path.js'
import type { Track } from '../../track/track.js'
import { begin, boxSize, end, repeat, type Claim, type Episode } from '../episode.js'
import { count, zone } from '../fields.js'
import { defineKind, TWO_WHEELERS } from '../kind.js'
import type { Observation, Witness } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { squared, subjects, witness } from '../subject.js'
import { swaysOf, type Footprint } from '../sways.js'
import { carryVisits, type Visit } from '../visits.js'

/*
 *   ┌───────────── zone ─────────────┐
 *   │    ╭──╮      ╭──╮      ╭─►     │   each change of side is a sway: here five
 *   │ ──╯    ╰────╯    ╰────╯        │
 *   │ ─────────╮                     │   a change of lane is one,
 *   │           ╰──────────────────► │
 *   │ ───────╮    ╭────────────────► │   round a hole and back two
 *   │         ╰──╯                   │
 *   └────────────────────────────────┘
 */

/** A two-wheeler sways across its direction of travel (Decree 168, article 7(9)(a)). */
export interface WeavingRule extends RuleCore {
  readonly kind: 'weaving'
  readonly zone: readonly Point[]
  /** Changes of side one after the other, each of at least half its own size. */
  readonly swaysMin: number
}

const CLASSES = TWO_WHEELERS
/** A hole has two; a bend after a change of lane three. */
const SWAYS_LEAST = 3

interface Ride extends Visit {
  readonly class: string
  readonly witness: Witness
  readonly way: readonly Footprint[]
  readonly swayedMs: number
  readonly sways: number
  readonly episode: Episode | null
}

type WeavingState = readonly Ride[]
const NOBODY: WeavingState = []

/** As for wrong_way: a bus that hides a rider for longer hides what he did. */
const AWAY_MS_MAX = 2_500
const HEIR_SIZES = 1.5
/** Longer ago a way says nothing about how he rides now. */
const WAY_MS_MAX = 15_000
/** A number that jumps to the rider beside is no sway: nobody shifts so far, in sizes, between two steps, at such a speed. */
const JUMP_SIZES = 0.6
const JUMP_SIZES_PER_SECOND = 4
/** After riding straight for so long the act is over. */
const OVER_MS = 6_000

const step: RuleStep<WeavingRule, WeavingState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NOBODY, state.flatMap((ride) => closing(rule, ride, scene))]
  const opening = (track: Track): Ride => ({ trackId: track.id, sinceMs: scene.atMs, seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), way: [], swayedMs: -Infinity, sways: 0, episode: null })
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES }
  const { stays, over } = carryVisits(state, subjects(rule, CLASSES, tracks, scene.atMs), rule.zone, limits, opening)
  const said: Observation[] = over.flatMap((ride) => closing(rule, ride, scene))
  const next = stays.map(({ visit, track }): Ride => {
    if (!track) return visit
    const way = goOn(rule, visit.way, track, scene)
    const sways = swaysOf(way)
    const last = sways.at(-1)
    const seen: Ride = { trackId: track.id, sinceMs: visit.sinceMs, seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), way, swayedMs: last && sways.length >= rule.swaysMin ? last.toMs : visit.swayedMs, sways: Math.max(visit.episode ? visit.sways : 0, sways.length), episode: visit.episode }
    if (visit.episode && scene.atMs - seen.swayedMs >= OVER_MS) {
      said.push(...closing(rule, seen, scene))
      return { ...seen, way: [], episode: null }
    }
    if (!visit.episode && (sways.length < rule.swaysMin || !sways[0])) return seen
    const claim = claimOf(rule, seen, scene)
    const told = visit.episode ? repeat(claim, visit.episode) : begin(claim, { first: seen.trackId, sinceMs: sways[0]!.fromMs })
    said.push(...[told.said].flat())
    return { ...seen, episode: told.episode }
  })
  return [next, said]
}

export const weaving = defineKind<WeavingRule, WeavingState>({ kind: 'weaving', fields: { zone, swaysMin: count(SWAYS_LEAST) }, classes: CLASSES, nothing: NOBODY, step })

/** The way with the track's new steps in the zone; a jump, which is another rider's way, begins it anew. */
function goOn(rule: WeavingRule, before: readonly Footprint[], track: Track, { atMs, aspect }: Scene): readonly Footprint[] {
  let way = before.filter((one) => one.atMs > atMs - WAY_MS_MAX)
  for (const { atMs: stepMs, at, box } of stepsSince(track.path, way.at(-1)?.atMs ?? atMs - WAY_MS_MAX)) {
    const last = way.at(-1)
    if (stepMs <= (last?.atMs ?? atMs - WAY_MS_MAX) || !inside(rule.zone, at)) continue
    const foot = { atMs: stepMs, at: squared(centre(box), aspect), size: boxSize(box, aspect) }
    if (last && isJump(way.at(-2), last, foot)) way = [foot]
    else way.push(foot)
  }
  return way
}

/** Across the heading: forward a rider may be as fast as he likes. */
function isJump(before: Footprint | undefined, from: Footprint, to: Footprint): boolean {
  if (!before) return false
  const heading = { x: from.at.x - before.at.x, y: from.at.y - before.at.y }
  const length = Math.hypot(heading.x, heading.y)
  const move = { x: to.at.x - from.at.x, y: to.at.y - from.at.y }
  const aside = length < 0.1 * from.size ? Math.hypot(move.x, move.y) : Math.abs(move.y * heading.x - move.x * heading.y) / length
  const sizes = aside / to.size
  return sizes > JUMP_SIZES && (sizes / (to.atMs - from.atMs)) * 1000 > JUMP_SIZES_PER_SECOND
}

function claimOf(rule: WeavingRule, ride: Ride, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [ride.witness], reason: { code: 'weaving', class: ride.class, sways: ride.sways, swaysMin: rule.swaysMin } }
}

function closing(rule: WeavingRule, ride: Ride, scene: Scene): Observation[] {
  return ride.episode ? [end(claimOf(rule, ride, scene), ride.episode)] : []
}
