import { overlap, type Box } from '../geometry/box.js'
import type { Track } from '../track/track.js'
import type { Observation, Reason, Witness } from './observation.js'
import type { Rule } from './rule.js'

/** A claim that lasts. `saidMs` is when it was last repeated, so that it is repeated once a second and no more. */
export interface Episode {
  readonly episode: string
  readonly sinceMs: number
  readonly saidMs: number
}

const SAY_AGAIN_MS = 1_000

export interface Claim {
  readonly rule: Rule
  readonly atMs: number
  readonly witnesses: readonly Witness[]
  readonly reason: Reason
}

export function begin(claim: Claim, of: { readonly first: number | 'zone'; readonly sinceMs: number }): { episode: Episode; said: Observation } {
  const episode = { episode: `${claim.rule.id}:${of.first}:${Math.round(claim.atMs)}`, sinceMs: of.sinceMs, saidMs: claim.atMs }
  return { episode, said: observe(claim, episode, 'began') }
}

export function repeat(claim: Claim, episode: Episode): { episode: Episode; said: readonly Observation[] } {
  if (claim.atMs - episode.saidMs < SAY_AGAIN_MS) return { episode, said: [] }
  return { episode: { ...episode, saidMs: claim.atMs }, said: [observe(claim, episode, 'holds')] }
}

export function end(claim: Claim, episode: Episode): Observation {
  return observe(claim, episode, 'ended')
}

function observe({ rule, atMs, witnesses, reason }: Claim, { episode, sinceMs }: Episode, phase: Observation['phase']): Observation {
  return { ruleId: rule.id, kind: rule.kind, episode, phase, atMs, sinceMs, witnesses, reason }
}

/** Where and when something of one track was last seen. */
export interface LastSeen {
  readonly trackId: number
  readonly box: Box
  readonly atMs: number
}

/**
 * Whether `track` is the same object under a new number: it is another track, began about when the old one was last
 * seen or later, and began where the old one stood. Trackers change numbers when a bus passes; a claim must not.
 */
export function isHeir(old: LastSeen, track: Track, limits: { readonly withinMs: number; readonly sizes: number; readonly aspect: number }): boolean {
  const first = track.path[0]
  if (track.id === old.trackId || !first) return false
  if (first.atMs < old.atMs - 300 || first.atMs > old.atMs + limits.withinMs) return false
  if (overlap(first.box, old.box) >= 0.3) return true
  return distanceInSizes(old.box, first.box, limits.aspect) <= limits.sizes
}

/** How far apart two boxes stand, in sizes of the first. */
export function distanceInSizes(a: Box, b: Box, aspect: number): number {
  return distanceBetween(a, b, aspect) / boxSize(a, aspect)
}

/** From middle to middle, in frame heights. */
export function distanceBetween(a: Box, b: Box, aspect: number): number {
  return Math.hypot(((b.x1 + b.x2) / 2) * aspect - ((a.x1 + a.x2) / 2) * aspect, (b.y1 + b.y2) / 2 - (a.y1 + a.y2) / 2)
}

/** The side of the square with the box's area, in frame heights. */
export function boxSize(box: Box, aspect: number): number {
  return Math.sqrt(Math.max((box.x2 - box.x1) * aspect * (box.y2 - box.y1), 1e-9))
}
