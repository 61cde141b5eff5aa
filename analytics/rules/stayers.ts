import type { ObjectClass } from '../detection.js'
import type { Box } from '../geometry/box.js'
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
}

export interface StayerLimits extends StayLimits {
  /** Farther from where it began than this, in its own sizes, it stands there no more. */
  readonly leftSizes: number
}

/** Every subject in the zone, with the place that it keeps and since when; who passes through begins anew all the time. */
export function carryStayers(before: readonly Stayer[], tracks: readonly Track[], zone: readonly Point[], limits: StayerLimits): readonly Stayer[] {
  const opening = (track: Track, key = track.id, home = boxNow(track)): Stayer => {
    const sinceMs = Math.max(stillSinceMs(track, limits.aspect, { sizes: limits.leftSizes, place: home }) ?? 0, lookBackMs(track))
    return { trackId: track.id, sinceMs, seenMs: limits.atMs, box: track.box, key, class: track.class, witness: witness(track), home }
  }
  const isElsewhere = (stayer: Stayer): boolean => tracks.some((t) => t.id === stayer.trackId && t.state === 'confirmed' && distanceInSizes(stayer.home, t.box, limits.aspect) > limits.leftSizes)
  const next: Stayer[] = []
  for (const { visit, track } of carryVisits(before, tracks, zone, limits, opening).stays) {
    const place = track && boxNow(track)
    if (!track || !place) {
      if (!isElsewhere(visit)) next.push(visit)
    } else if (distanceInSizes(visit.home, place, limits.aspect) > limits.leftSizes) next.push(opening(track, visit.key, place))
    else next.push({ trackId: track.id, sinceMs: visit.sinceMs, seenMs: limits.atMs, box: track.box, key: visit.key, class: track.class, witness: witness(track), home: visit.home })
  }
  return next
}
