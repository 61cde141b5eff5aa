import type { ObjectClass } from '../detection.js'
import type { Point } from '../geometry/point.js'
import { inside } from '../geometry/polygon.js'
import { firstSince } from '../track/path.js'
import type { Step, Track } from '../track/track.js'
import { begin, distanceInSizes, end, repeat, type Claim, type Episode } from './episode.js'
import { hasMoved } from './motion.js'
import type { Observation, Reason, Witness } from './observation.js'
import type { Rule } from './rule.js'
import type { RuleStep, Scene } from './scene.js'
import { subjects, witness } from './subject.js'
import { carryVisits, trueSinceMs, type Stay, type StayLimits, type Visit } from './visits.js'

/** The stay of somebody in a zone, of whom it is asked whether he moves and for how long he is there. */
export interface MoverStay extends Visit {
  readonly class: ObjectClass
  readonly witness: Witness
  /** Whether it was ever seen to move: posts, carts and shadows that a detector calls people do not. */
  readonly moved: boolean
  /** Beside whom this number began. */
  readonly besideId: number | null
  readonly episode: Episode | null
}

export type MoverStays = readonly MoverStay[]
export const NO_STAYS: MoverStays = []

/** Two numbers of one person are seen so near to each other, in his own sizes, within so long. */
const TWIN_SIZES = 0.5
const TWIN_MS = 300
/** So near to a side, in widths of the picture, a box is cut by it. */
const SIDE = 0.005
/** Who steps to and fro over a border that runs beside it is not yet leaving. */
const OUT_MS_MIN = 1_000

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
    const opening = (track: Track): MoverStay => ({ trackId: track.id, sinceMs: trueSinceMs(track, (step) => inside(rule.zone, step.at)), seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), moved: hasMoved(track, scene.aspect), besideId: bornBeside(track, tracks, scene.aspect), episode: null })
    const left = state.filter((stay) => scene.atMs - stay.seenMs >= OUT_MS_MIN && tracks.some((track) => track.id === stay.trackId && isLeaving(track, rule.zone)))
    const { stays, over } = carryVisits(state.filter((stay) => !left.includes(stay)), subjects(rule, classes, tracks, scene.atMs), rule.zone, { atMs: scene.atMs, aspect: scene.aspect, ...limits }, opening)
    const said: Observation[] = [...left, ...over].flatMap((stay) => closing(rule, stay, scene))
    const next = withoutTwins(stays, tracks, scene.aspect).map(({ visit, track }): MoverStay => {
      if (!track) return visit
      const seen: MoverStay = { trackId: track.id, sinceMs: visit.sinceMs, seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), moved: visit.moved || hasMoved(track, scene.aspect), besideId: visit.besideId, episode: visit.episode }
      if (!seen.moved || scene.atMs - seen.sinceMs < rule.dwellMsMin) return seen
      const claim = claimOf(rule, seen, scene)
      const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: seen.trackId, sinceMs: seen.sinceMs })
      said.push(...[told.said].flat())
      return { ...seen, episode: told.episode }
    })
    return [next, said]
  }
}

/** Outside the zone and cut by a side of the picture: whoever comes in there, a moment later and perhaps by his number, is the next. */
function isLeaving({ state, at, box }: Track, zone: readonly Point[]): boolean {
  return state === 'confirmed' && (box.x1 <= SIDE || box.x2 >= 1 - SIDE) && !inside(zone, at)
}

/** Nobody comes into being in the middle of a street: who is there all at once, so near to somebody, was hidden by him or is he under a second number. */
function bornBeside(track: Track, tracks: readonly Track[], aspect: number): number | null {
  const [first] = track.path
  return (first && tracks.find((other) => other.id !== track.id && isAtStep(other, first, aspect))?.id) ?? null
}

/** Where the first number of such a one is given up while the second is there, the second goes on with his stay. */
function withoutTwins(stays: readonly Stay<MoverStay>[], tracks: readonly Track[], aspect: number): readonly Stay<MoverStay>[] {
  const lost = stays.filter(({ visit, track }) => track === null && !tracks.some(({ id }) => id === visit.trackId))
  if (lost.length === 0) return stays
  const firstOf = new Map(stays.flatMap((stay) => {
    const first = lost.find(({ visit }) => visit.trackId === stay.visit.besideId)
    return first && stay.track && !stay.visit.episode && isAtStep(stay.track, { atMs: first.visit.seenMs, box: first.visit.box }, aspect) ? [[stay, first] as const] : []
  }))
  const carried = [...firstOf.values()]
  return stays.filter((stay) => !carried.includes(stay)).map((stay) => {
    const first = firstOf.get(stay)
    return first ? { visit: { ...first.visit, besideId: null }, track: stay.track } : stay
  })
}

/** Whether it was there at that time. */
function isAtStep({ path }: Track, { atMs, box }: Pick<Step, 'atMs' | 'box'>, aspect: number): boolean {
  for (let i = firstSince(path, atMs - TWIN_MS); i < path.length && path[i]!.atMs <= atMs + TWIN_MS; i += 1) {
    if (distanceInSizes(box, path[i]!.box, aspect) <= TWIN_SIZES) return true
  }
  return false
}
