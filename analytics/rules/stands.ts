import type { ObjectClass } from '../detection.js'
import type { Box } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'
import type { Track } from '../track/track.js'
import { distanceInSizes } from './episode.js'
import type { Witness } from './observation.js'
import type { Scene } from './scene.js'
import { boxNow, stillSinceMs } from './stillness.js'
import { witness } from './subject.js'
import { carryVisits, lookBackMs, type Visit } from './visits.js'

/** A vehicle that stands in a zone, or may come to. */
export interface Stand extends Visit {
  readonly class: ObjectClass
  readonly witness: Witness
  /** Where it stands; once pinned, where it stood when it was claimed. */
  readonly place: Box
}

/** A bus may hide a parked car this long: buses at a Hanoi stop stand 10 to 15 s. */
const AWAY_MS_MAX = 15_000
const HEIR_SIZES = 0.4
/** A vehicle has left when it is this far from where it stood. */
const LEFT_SIZES = 0.3

export function standOf(track: Track, scene: Scene): Stand {
  return { trackId: track.id, sinceMs: stillSinceMs(track, scene.aspect) ?? lookBackMs(track), seenMs: scene.atMs, box: track.box, place: boxNow(track), class: track.class, witness: witness(track) }
}

interface Following<S extends Stand> {
  readonly zone: readonly Point[]
  /** Every track, to tell who drove out of the zone from who is hidden. */
  readonly tracks: readonly Track[]
  /** A claimed stand is measured from where it was claimed: creeping away ends it. */
  pinned(stand: S): boolean
  open(track: Track): S
}

/**
 * `here`: who stands, with this frame's sighting; null while it is hidden, and in the frame in which it begins to stand somewhere else.
 * `gone`: stands that are over, because it drove off or was not seen for too long.
 */
export function carryStands<S extends Stand>(before: readonly S[], meant: readonly Track[], scene: Scene, { zone, tracks, pinned, open }: Following<S>): { readonly here: readonly { readonly stand: S; readonly track: Track | null }[]; readonly gone: readonly S[] } {
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES }
  const { stays, over } = carryVisits(before, meant, zone, limits, open)
  const gone: S[] = [...over]
  const droveOff = (stand: S): boolean => tracks.some((t) => t.id === stand.trackId && t.state === 'confirmed' && distanceInSizes(stand.place, t.box, scene.aspect) > LEFT_SIZES)
  const here = stays.flatMap(({ visit, track }): readonly { stand: S; track: Track | null }[] => {
    if (!track) {
      if (!droveOff(visit)) return [{ stand: visit, track }]
      gone.push(visit)
      return []
    }
    const place = boxNow(track)
    if (distanceInSizes(visit.place, place, scene.aspect) > LEFT_SIZES) {
      gone.push(visit)
      return [{ stand: open(track), track: null }]
    }
    const sinceMs = pinned(visit) ? visit.sinceMs : Math.max(visit.sinceMs, stillSinceMs(track, scene.aspect) ?? visit.sinceMs)
    return [{ stand: { ...visit, trackId: track.id, seenMs: scene.atMs, box: track.box, sinceMs, class: track.class, witness: witness(track), place: pinned(visit) ? visit.place : place }, track }]
  })
  return { here, gone }
}
