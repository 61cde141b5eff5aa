import type { ObjectClass } from '../detection.js'
import { area, intersection, type Box } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'
import type { Track } from '../track/track.js'
import { distanceInSizes } from './episode.js'
import type { Witness } from './observation.js'
import { boxNow, stillSinceMs } from './stillness.js'
import { witness } from './subject.js'
import { carryVisits, lookBackMs, type StayLimits, type Visit } from './visits.js'

/** Somebody or something that keeps about one place. Who goes to another place stands anew, and is still who he was: `key`. */
export interface Stayer extends Visit {
  readonly key: number
  readonly class: ObjectClass
  readonly witness: Witness
  /** Where it began to stand: who drifts away step by step leaves as well. */
  readonly home: Box
  /** Since when it has been watched in the zone, wherever it stood: no stay of it is dated farther back. */
  readonly watchedMs: number
  /** How long in all, since it was last seen, nothing stood before its place; and up to when that was looked at. */
  readonly emptyMs: number
  readonly lookedMs: number
}

export interface StayerLimits extends StayLimits {
  /** Farther from where it began than this, in its own sizes, it stands there no more. */
  readonly leftSizes: number
  /** Everything that is seen now and may hide a place; left out: nothing does. */
  readonly before?: readonly Track[]
  /** So long in all it is believed to be there while something hides its place; while its place is seen empty, `awayMsMax`. */
  readonly hiddenMsMax?: number
}

/** So near to where it is now, in its own sizes, it had reached its place: a seller steps about, and what creeps in a queue was farther off a moment ago. */
const REACHED_SIZES = 0.5

/** So much of a place must be covered: less, and whoever is there would be seen. */
const HIDDEN_SHARE_MIN = 0.5

/** Every subject in the zone, with the place that it keeps and since when; who passes through begins anew all the time. */
export function carryStayers(before: readonly Stayer[], tracks: readonly Track[], zone: readonly Point[], limits: StayerLimits): readonly Stayer[] {
  const begun = (track: Track, { key, watchedMs, home, sizes }: Pick<Stayer, 'key' | 'watchedMs' | 'home'> & { readonly sizes: number }): Stayer => {
    const sinceMs = Math.max(stillSinceMs(track, limits.aspect, { sizes, place: home }) ?? track.path[0]?.atMs ?? limits.atMs, watchedMs)
    return { trackId: track.id, sinceMs, seenMs: limits.atMs, box: track.box, key, class: track.class, witness: witness(track), home, watchedMs, emptyMs: 0, lookedMs: limits.atMs }
  }
  const opening = (track: Track): Stayer => begun(track, { key: track.id, watchedMs: lookBackMs(track), home: boxNow(track), sizes: limits.leftSizes })
  // Who came in and settled is not where he was first seen. Found to have left that place, he has been at his own since he reached it.
  const settling = (track: Track, { key, watchedMs }: Stayer, home: Box): Stayer => begun(track, { key, watchedMs, home, sizes: Math.min(limits.leftSizes, REACHED_SIZES) })
  const isElsewhere = (stayer: Stayer): boolean => tracks.some((t) => t.id === stayer.trackId && t.state === 'confirmed' && distanceInSizes(stayer.home, t.box, limits.aspect) > limits.leftSizes)
  const next: Stayer[] = []
  for (const { visit, track } of carryVisits(before, tracks, zone, { ...limits, awayMsMax: limits.hiddenMsMax ?? limits.awayMsMax }, opening).stays) {
    const place = track && boxNow(track)
    if (!track || !place) {
      const unseen = missed(visit, limits)
      if (unseen.emptyMs <= limits.awayMsMax && !isElsewhere(visit)) next.push(unseen)
    } else if (distanceInSizes(visit.home, place, limits.aspect) > limits.leftSizes) next.push(settling(track, visit, place))
    else next.push({ trackId: track.id, sinceMs: visit.sinceMs, seenMs: limits.atMs, box: track.box, key: visit.key, class: track.class, witness: witness(track), home: visit.home, watchedMs: visit.watchedMs, emptyMs: 0, lookedMs: limits.atMs })
  }
  return next
}

/** One more frame in which it was not seen. */
function missed({ trackId, sinceMs, seenMs, box, key, class: name, witness: last, home, watchedMs, emptyMs, lookedMs }: Stayer, { atMs, before = [] }: StayerLimits): Stayer {
  // Who stands nearer to the camera has his feet lower in the picture; what is behind a place hides nothing of it.
  const isHidden = before.some((one) => one.id !== trackId && one.state === 'confirmed' && one.box.y2 >= home.y2 && intersection(one.box, home) >= HIDDEN_SHARE_MIN * area(home))
  return { trackId, sinceMs, seenMs, box, key, class: name, witness: last, home, watchedMs, emptyMs: emptyMs + (isHidden ? 0 : atMs - lookedMs), lookedMs: atMs }
}
