import { centre, intersection, touches, type Box } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'
import { inside } from '../geometry/polygon.js'
import type { StillChange } from '../still-changes.js'
import { begin, end, repeat, type Claim, type Episode } from './episode.js'
import type { Observation, Reason } from './observation.js'
import type { Rule } from './rule.js'
import type { Scene } from './scene.js'
import { concerns } from './subject.js'

/** Claims of what no detector has a word for: a change of the picture that stays. */
export interface StillClaims {
  /** What changed before the rule was armed counts from then. */
  readonly armedMs: number | null
  readonly open: readonly OpenClaim[]
}

interface OpenClaim {
  readonly change: StillChange
  readonly episode: Episode
}

export const NO_STILL_CLAIMS: StillClaims = { armedMs: null, open: [] }

export interface StillTerms {
  readonly holdMsMin: number
  /** Whether this change is meant; asked only before it is claimed. */
  readonly isMeant: (change: StillChange) => boolean
  readonly reason: (box: Box, heldMs: number) => Reason
}

/** Each change that is meant is claimed once it has stayed for long enough, and ends when the place is as it was. */
export function claimChanges(rule: Rule & { readonly zone: readonly Point[] }, state: StillClaims, terms: StillTerms, scene: Scene): readonly [StillClaims, readonly Observation[]] {
  const { atMs } = scene
  const claimOf = ({ box }: StillChange, sinceMs: number): Claim => ({ rule, atMs, witnesses: [{ trackId: NO_TRACK, class: 'thing', score: 1, box, atMs }], reason: terms.reason(box, Math.round(atMs - sinceMs)) })
  if (!scene.armed) return [NO_STILL_CLAIMS, state.open.map(({ change, episode }) => end(claimOf(change, episode.sinceMs), episode))]
  const armedMs = state.armedMs ?? atMs
  const said: Observation[] = []
  const held = state.open.flatMap(({ change, episode }): OpenClaim[] => {
    const now = sameIn(scene.changes, change)
    if (!now) {
      said.push(end(claimOf(change, episode.sinceMs), episode))
      return []
    }
    const again = repeat(claimOf(now, episode.sinceMs), episode)
    said.push(...again.said)
    return [{ change: now, episode: again.episode }]
  })
  const open = [...held]
  for (const change of scene.changes) {
    const sinceMs = Math.max(change.sinceMs, armedMs)
    const place = centre(change.box)
    if (atMs - sinceMs < terms.holdMsMin || !inside(rule.zone, place) || !concerns(rule, place, atMs) || !terms.isMeant(change) || sameIn(open.map((one) => one.change), change)) continue
    const told = begin(claimOf(change, sinceMs), { first: Math.round(change.box.x1 * 1000) * 1000 + Math.round(change.box.y1 * 1000), sinceMs })
    said.push(told.said)
    open.push({ change, episode: told.episode })
  }
  return [{ armedMs, open }, said]
}

/** The one of these that this one is, or is a piece of: one thing may show as several changes that overlap, and they come and go. */
function sameIn(changes: readonly StillChange[], change: StillChange): StillChange | undefined {
  const near = changes.filter((one) => one.kind === change.kind && touches(one.box, change.box))
  return near.toSorted((a, b) => intersection(b.box, change.box) - intersection(a.box, change.box))[0]
}

/** Numbers of tracks begin at one: nobody followed it. */
const NO_TRACK = 0
