import type { Box } from '../geometry/box.js'
import { inside } from '../geometry/polygon.js'
import type { Point } from '../geometry/point.js'
import { stepsSince } from '../track/path.js'
import type { Step, Track } from '../track/track.js'
import { isHeir } from './episode.js'

/**
 * A stay of one object in a zone, whatever numbers the tracker gave it on the way. Kinds that carry visits on write each as one
 * literal and spread none: V8 gives a copy of a copy another hidden class each time, and it costs 500 ns instead of 25 (Node 20).
 */
export interface Visit {
  readonly trackId: number
  readonly sinceMs: number
  readonly seenMs: number
  readonly box: Box
}

export interface Stay<V extends Visit> {
  readonly visit: V
  /** The track that was seen in this frame, in the zone; null while it is out of sight or outside. */
  readonly track: Track | null
}

export interface StayLimits {
  readonly atMs: number
  readonly aspect: number
  /** How long an object may be out of the zone or out of sight before its visit is over. */
  readonly awayMsMax: number
  /** How far from its last place it may come back under a new number, in its own sizes. */
  readonly heirSizes: number
  /** How soon an heir must follow; as long as the absence allowed, unless said. Its own number proves more than its place. */
  readonly heirMsMax?: number
}

/**
 * Carries visits on: by number, else by place. `open` makes the visit of an object that is new in the zone. Visits whose
 * object has been away too long are in `over`.
 */
export function carryVisits<V extends Visit>(visits: readonly V[], tracks: readonly Track[], zone: readonly Point[], limits: StayLimits, open: (track: Track) => V): { readonly stays: readonly Stay<V>[]; readonly over: readonly V[] } {
  const present = new Map<number, Track>()
  for (const track of tracks) if (track.state === 'confirmed' && inside(zone, track.at)) present.set(track.id, track)
  const seen = visits.map((visit) => present.get(visit.trackId) ?? null)
  const newcomers = strangers(present, visits).filter((track) => {
    const legacy = visits.findIndex((visit, i) => seen[i] === null && isHeir({ trackId: visit.trackId, box: visit.box, atMs: visit.seenMs }, track, { withinMs: limits.heirMsMax ?? limits.awayMsMax, sizes: limits.heirSizes, aspect: limits.aspect }))
    if (legacy >= 0) seen[legacy] = track
    return legacy < 0
  })
  const stays: Stay<V>[] = []
  const over: V[] = []
  visits.forEach((visit, i) => {
    const track = seen[i] ?? null
    if (track === null && limits.atMs - visit.seenMs > limits.awayMsMax) over.push(visit)
    else stays.push({ visit, track })
  })
  for (const track of newcomers) stays.push({ visit: open(track), track })
  return { stays, over }
}

/** Those whose number no visit has; in most frames there is none. */
function strangers(present: ReadonlyMap<number, Track>, visits: readonly Visit[]): Track[] {
  let known = 0
  for (const { trackId } of visits) if (present.has(trackId)) known += 1
  if (known === present.size) return []
  const numbers = new Set(visits.map(({ trackId }) => trackId))
  return [...present.values()].filter(({ id }) => !numbers.has(id))
}

/** A track is confirmed some frames after it was first seen; farther back a visit does not reach, or a rule armed now would claim what was allowed before. */
const LOOK_BACK_MS = 1_000

/** As far back as a visit may be dated that nobody watched until now. */
export function lookBackMs(track: Track): number {
  return Math.max(track.path[0]?.atMs ?? track.lastSeenAtMs, track.lastSeenAtMs - LOOK_BACK_MS)
}

/** Since when, a little way back along its path, each step of the track was `still` so. */
export function trueSinceMs(track: Track, still: (step: Step) => boolean): number {
  let since = track.lastSeenAtMs
  for (const step of stepsSince(track.path, lookBackMs(track)).toReversed()) {
    if (!still(step)) break
    since = step.atMs
  }
  return since
}
