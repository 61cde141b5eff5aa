import type { ObjectClass } from '../detection.js'
import { touches, type Box } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'
import type { Track } from '../track/track.js'
import { clustersOf } from './clusters.js'
import { begin, boxSize, distanceBetween, end, repeat, type Claim, type Episode } from './episode.js'
import type { Observation, Reason } from './observation.js'
import type { Rule } from './rule.js'
import type { Scene } from './scene.js'
import { carryStayers, type Stayer } from './stayers.js'

/** Those who stand near each other in a zone, and the claims made of them: one for a group's place, not one for the zone. */
export interface GatheringState {
  readonly stands: readonly Stayer[]
  readonly groups: readonly Group[]
}

/** A group that is claimed. Others need no memory: how long somebody stands is known of each. */
interface Group {
  readonly keys: readonly number[]
  readonly place: Box
  readonly fewSinceMs: number | null
  readonly episode: Episode
}

export interface GatheringTerms {
  readonly countMin: number
  /** So long at least so many have stood. */
  readonly holdMsMin: number
  /** How near each is to another of the group, and how far one may shift about, in sizes. */
  readonly nearSizes: number
  readonly leftSizes: number
  readonly awayMsMax: number
  /** Everything that may hide a place, and how long a hidden one is believed to be taken (stayers.ts); left out: nothing hides any. */
  readonly before?: readonly Track[]
  readonly hiddenMsMax?: number
  readonly reason: (found: { readonly count: number; readonly heldMs: number; readonly classes: readonly ObjectClass[] }) => Reason
}

export const NO_GATHERING: GatheringState = { stands: [], groups: [] }

/** Who only slows down stands this long at most. */
const SETTLED_MS_MIN = 3_000
/** A group is over when it has shrunk to this share for so long: one who goes and another who comes change nothing. */
const OVER_SHARE = 0.75
const OVER_MS_MIN = 10_000
/** Members of a claimed group may be so much farther from each other: a group that thins out in its middle is one still. */
const SAME_GROUP_FACTOR = 1.5
const HEIR_SIZES = 0.8

/** One frame: who stands, which of them are near each other, and what that makes of the claims. */
export function gather(rule: Rule & { readonly zone: readonly Point[] }, terms: GatheringTerms, state: GatheringState, tracks: readonly Track[], scene: Scene): readonly [GatheringState, readonly Observation[]] {
  const claimOf = (members: readonly Stayer[], sinceMs: number): Claim => {
    const classes = [...new Set(members.map((stand) => stand.class))].toSorted()
    return { rule, atMs: scene.atMs, witnesses: members.map((stand) => stand.witness), reason: terms.reason({ count: members.length, heldMs: Math.round(scene.atMs - sinceMs), classes }) }
  }
  if (!scene.armed) return [NO_GATHERING, state.groups.map(({ keys, episode }) => end(claimOf(state.stands.filter((stand) => keys.includes(stand.key)), episode.sinceMs), episode))]
  const stands = carryStayers(state.stands, tracks, rule.zone, { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: terms.awayMsMax, heirSizes: HEIR_SIZES, leftSizes: terms.leftSizes, ...(terms.before ? { before: terms.before } : {}), ...(terms.hiddenMsMax === undefined ? {} : { hiddenMsMax: terms.hiddenMsMax }) })
  const settled = stands.filter((stand) => stoodMs(stand) >= SETTLED_MS_MIN)
  const clusters = clustersIn(settled, terms.holdMsMin, (a, b) => {
    const gap = gapInSizes(a.home, b.home, scene.aspect)
    return gap <= terms.nearSizes || (gap <= terms.nearSizes * SAME_GROUP_FACTOR && areOfOneGroup(state.groups, a, b))
  })
  const owners = clusters.map((members) => ownerOf(state.groups, members))
  const said: Observation[] = []
  const held = state.groups.flatMap((group): Group[] => {
    const members = clusters.filter((_, i) => owners[i] === group).flat()
    const claim = claimOf(members, group.episode.sinceMs)
    const fewSinceMs = members.length < Math.max(1, terms.countMin * OVER_SHARE) ? (group.fewSinceMs ?? scene.atMs) : null
    if (fewSinceMs !== null && scene.atMs - fewSinceMs >= OVER_MS_MIN) {
      said.push(end(claim, group.episode))
      return []
    }
    if (members.length < terms.countMin) return [{ ...group, fewSinceMs }]
    const again = repeat(claim, group.episode)
    said.push(...again.said)
    return [{ keys: members.map((stand) => stand.key), place: around(members), fewSinceMs, episode: again.episode }]
  })
  const begun = clusters.filter((_, i) => owners[i] === null).flatMap((members): Group[] => {
    // The last of the first so many who came made it a group.
    const enough = members.filter((stand) => stoodMs(stand) >= terms.holdMsMin).toSorted((a, b) => a.sinceMs - b.sinceMs)[terms.countMin - 1]
    const eldest = members[0]
    if (!enough || !eldest) return []
    const told = begin(claimOf(members, enough.sinceMs), { first: eldest.trackId, sinceMs: enough.sinceMs })
    said.push(told.said)
    return [{ keys: members.map((stand) => stand.key), place: around(members), fewSinceMs: null, episode: told.episode }]
  })
  return [{ stands, groups: [...held, ...begun] }, said]
}

/** Who has not yet stood long enough to be claimed is of the group that he stands with, and makes no one group of two: he may only have stopped between them. */
function clustersIn(settled: readonly Stayer[], holdMsMin: number, near: (a: Stayer, b: Stayer) => boolean): Stayer[][] {
  const lasting = clustersOf(settled.filter((stand) => stoodMs(stand) >= holdMsMin), near)
  const besideOf = new Map(settled.filter((stand) => stoodMs(stand) < holdMsMin).map((stand) => [stand, lasting.find((members) => members.some((one) => near(one, stand)))]))
  const fresh = [...besideOf.keys()]
  return [...lasting.map((members) => [...members, ...fresh.filter((stand) => besideOf.get(stand) === members)]), ...clustersOf(fresh.filter((stand) => !besideOf.get(stand)), near)]
}

/** Up to when it was seen: who went out of sight on his way did not stand there since. */
function stoodMs({ sinceMs, seenMs }: Stayer): number {
  return seenMs - sinceMs
}

/** The claimed group to which these belong: the one with most of them, else one that stood where all of them are new. */
function ownerOf(groups: readonly Group[], members: readonly Stayer[]): Group | null {
  const shared = (group: Group): number => members.filter((stand) => group.keys.includes(stand.key)).length
  const most = groups.toSorted((a, b) => shared(b) - shared(a))[0]
  if (most && shared(most) > 0) return most
  return groups.find((group) => touches(group.place, around(members))) ?? null
}

function areOfOneGroup(groups: readonly Group[], a: Stayer, b: Stayer): boolean {
  return groups.some(({ keys }) => keys.includes(a.key) && keys.includes(b.key))
}

/** In the mean of both sizes: a person beside a bus is as near as the bus is beside the person. */
function gapInSizes(a: Box, b: Box, aspect: number): number {
  const gap = distanceBetween(a, b, aspect)
  return 2 / (1 / (gap / boxSize(a, aspect)) + 1 / (gap / boxSize(b, aspect)))
}

function around(stands: readonly Stayer[]): Box {
  const edges = (edge: keyof Box): number[] => stands.map(({ home }) => home[edge])
  return { x1: Math.min(...edges('x1')), y1: Math.min(...edges('y1')), x2: Math.max(...edges('x2')), y2: Math.max(...edges('y2')) }
}
