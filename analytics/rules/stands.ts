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

/** A vehicle that stands in a zone, or may come to, with what a kind remembers of it. */
export interface Stand<M> extends Visit {
  readonly class: ObjectClass
  readonly witness: Witness
  /** Where it stands; once pinned, where it stood when it was claimed. */
  readonly place: Box
  readonly memory: M
}

/** A bus may hide a parked car this long: buses at a Hanoi stop stand 10 to 15 s. */
const AWAY_MS_MAX = 15_000
const HEIR_SIZES = 0.4
/** A vehicle has left when it is this far from where it stood. */
export const LEFT_SIZES = 0.3

interface Following<M> {
  readonly zone: readonly Point[]
  /** Every track, to tell who drove out of the zone from who is hidden. */
  readonly tracks: readonly Track[]
  /** A claimed stand is measured from where it was claimed: creeping away ends it. */
  pinned(stand: Stand<M>): boolean
  /** What is remembered of one that begins to stand. */
  fresh(track: Track): M
}

/**
 * `here`: who stands, with this frame's sighting; null while it is hidden, and in the frame in which it begins to stand somewhere else.
 * `gone`: stands that are over, because it drove off or was not seen for too long.
 */
export function carryStands<M>(before: readonly Stand<M>[], meant: readonly Track[], scene: Scene, { zone, tracks, pinned, fresh }: Following<M>): { readonly here: readonly Here<M>[]; readonly gone: readonly Stand<M>[] } {
  const open = (track: Track, place = boxNow(track)): Stand<M> => ({ trackId: track.id, sinceMs: stillSinceMs(track, scene.aspect, { place }) ?? lookBackMs(track), seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), place, memory: fresh(track) })
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES }
  const { stays, over } = carryVisits(before, meant, zone, limits, open)
  const gone = [...over]
  const droveOff = (stand: Stand<M>): boolean => tracks.some((t) => t.id === stand.trackId && t.state === 'confirmed' && distanceInSizes(stand.place, t.box, scene.aspect) > LEFT_SIZES)
  const here: Here<M>[] = []
  for (const { visit, track } of stays) {
    const place = track && boxNow(track)
    if (!track || !place) {
      if (droveOff(visit)) gone.push(visit)
      else here.push({ stand: visit, track: null })
    } else if (distanceInSizes(visit.place, place, scene.aspect) > LEFT_SIZES) {
      gone.push(visit)
      here.push({ stand: open(track, place), track: null })
    } else {
      const isPinned = pinned(visit)
      const sinceMs = isPinned ? visit.sinceMs : Math.max(visit.sinceMs, stillSinceMs(track, scene.aspect, { place }) ?? visit.sinceMs)
      here.push({ stand: { trackId: track.id, sinceMs, seenMs: scene.atMs, box: track.box, class: track.class, witness: witness(track), place: isPinned ? visit.place : place, memory: visit.memory }, track })
    }
  }
  return { here, gone }
}

interface Here<M> {
  readonly stand: Stand<M>
  readonly track: Track | null
}

/** The stand with something else remembered of it. */
export function remembering<M>({ trackId, sinceMs, seenMs, box, class: name, witness: seen, place }: Stand<M>, memory: M): Stand<M> {
  return { trackId, sinceMs, seenMs, box, class: name, witness: seen, place, memory }
}
